import Grounding

/// A line of arguments, cut into its command, options and words.
struct ParsedArguments: Sendable {
  var command: Command?
  /// The values of each option that was given, in order; a switch has one empty value.
  var values: [String: [String]] = [:]
  /// The words after the command's own.
  var operands: [String] = []
  /// All words, for a message where no command fits.
  var words: [String] = []

  var asksForHelp: Bool { values[CommandOption.help.name] != nil }
}

/// Cuts `arguments` (without the program's name) by the table.
///
/// Options may stand anywhere; `--name value`, `--name=value` and `-o value` are the same; `--` ends
/// the options. What is wrong is reported with the nearest name that would have been right.
///
/// - Throws: `usage`.
func parse(_ arguments: [String], by table: CommandTable) throws(Problem) -> ParsedArguments {
  var parsed = ParsedArguments()
  var rest = arguments[...]
  while let argument = rest.popFirst() {
    if argument == "--" {
      parsed.words += rest
      break
    }
    guard argument.hasPrefix("-"), argument != "-" else {
      parsed.words.append(argument)
      continue
    }
    let name = String(argument.prefix { $0 != "=" })
    guard let option = table.options.first(where: { $0.name == name || $0.short == name }) else {
      throw unknownOption(name, command: table.command(for: parsed.words), table: table)
    }
    let attached =
      name.count < argument.count ? String(argument.dropFirst(name.count + 1)) : nil
    let value = try value(of: option, attached: attached, following: &rest)
    if !option.repeats, parsed.values[option.name] != nil, option.value != nil {
      throw Problem(.usage, "\(option.name) was given twice.")
    }
    parsed.values[option.name, default: []].append(value)
  }
  parsed.command = table.command(for: parsed.words)
  if let command = parsed.command {
    parsed.operands = Array(parsed.words.dropFirst(command.words.count))
    try check(parsed, for: command, table: table)
  }
  return parsed
}

private func value(
  of option: CommandOption, attached: String?, following rest: inout ArraySlice<String>
) throws(Problem) -> String {
  guard let placeholder = option.value else {
    if attached != nil { throw Problem(.usage, "\(option.name) takes no value.") }
    return ""
  }
  if attached == nil, let next = rest.first, next.hasPrefix("--") {
    throw Problem(
      .usage, "\(option.name) needs a value: \(placeholder).",
      remedy: "Write \(option.name)=\(next) if that is the value.")
  }
  guard let value = attached ?? rest.popFirst(), !value.isEmpty else {
    throw Problem(.usage, "\(option.name) needs a value: \(placeholder).")
  }
  try checkChoice(value, of: option)
  return value
}

private func checkChoice(_ value: String, of option: CommandOption) throws(Problem) {
  guard !option.choices.isEmpty, !option.choices.contains(value) else { return }
  let hint = nearest(to: value, among: option.choices).map { " Did you mean \($0)?" } ?? ""
  throw Problem(
    .usage, "\(option.name) cannot be \(printable(value)).\(hint)",
    remedy: "Give one of \(option.choices.joined(separator: ", ")).")
}

private func check(
  _ parsed: ParsedArguments, for command: Command, table: CommandTable
) throws(Problem) {
  let allowed = Set(command.options.map(\.name))
  for name in parsed.values.keys.sorted() where !allowed.contains(name) {
    throw unknownOption(name, command: command, table: table)
  }
  guard !parsed.asksForHelp else { return }
  let needed = command.operands.filter { !$0.isOptional }
  if parsed.operands.count < needed.count {
    let missing = needed[parsed.operands.count].name
    throw Problem(
      .usage, "loam \(command.name) needs \(missing).",
      remedy: "Usage: \(usageLine(command)). See loam \(command.name) --help.")
  }
  let takesMore = command.operands.contains(where: \.repeats)
  if !takesMore, parsed.operands.count > command.operands.count {
    throw Problem(
      .usage,
      "loam \(command.name) takes no \(printable(parsed.operands[command.operands.count])).",
      remedy: "Usage: \(usageLine(command)). See loam \(command.name) --help.")
  }
}

private func unknownOption(_ name: String, command: Command?, table: CommandTable) -> Problem {
  let options = command?.options ?? table.options
  let hint =
    nearest(to: name, among: options.map(\.name)).map { " Did you mean \($0)?" } ?? ""
  let place = command.map { "loam \($0.name)" } ?? "loam"
  return Problem(
    .usage, "\(place) has no option \(printable(name)).\(hint)", remedy: "See \(place) --help.")
}

/// What to say where the words begin no command.
func unknownCommand(_ words: [String], table: CommandTable) -> Problem {
  guard let first = words.first else {
    return Problem(.usage, "No command was given.", remedy: "See loam --help.")
  }
  let inGroup = table.commands(in: first)
  if !inGroup.isEmpty {
    let names = inGroup.compactMap { $0.words.dropFirst().first }
    let given = words.dropFirst().first
    let hint =
      given.flatMap { nearest(to: $0, among: names) }.map { " Did you mean \($0)?" } ?? ""
    return Problem(
      .usage, "loam \(first) needs one of \(names.joined(separator: ", ")).\(hint)",
      remedy: "See loam \(first) --help.")
  }
  let hint = nearest(to: first, among: table.groups).map { " Did you mean \($0)?" } ?? ""
  return Problem(
    .usage, "There is no command \(printable(first)).\(hint)", remedy: "See loam --help.")
}

/// The one of `names` that takes the fewest changes of one letter, if it takes few for its length.
///
/// - Complexity: O(names x length squared).
func nearest(to word: String, among names: [String]) -> String? {
  let letters = Array(word.utf8.prefix(64))
  let scored = names.map { (name: $0, distance: editDistance(letters, Array($0.utf8))) }
  guard let best = scored.min(by: { $0.distance < $1.distance }),
    best.distance <= max(2, letters.count / 3)
  else { return names.first { word.count >= 3 && $0.hasPrefix(word) } }
  return best.name
}

/// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
///
/// - SeeAlso: Damerau: A technique for computer detection and correction of spelling errors (1964);
///   this is the restricted form, which never edits a letter twice.
func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var row = [i + 1]
    for (j, y) in b.enumerated() {
      var best = min(row[j] + 1, last[j + 1] + 1, last[j] + (x == y ? 0 : 1))
      if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { best = min(best, beforeLast[j - 1] + 1) }
      row.append(best)
    }
    (beforeLast, last) = (last, row)
  }
  return last[b.count]
}
