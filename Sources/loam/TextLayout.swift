/// `text` without what could drive or confuse a terminal, on one line.
///
/// Control characters become spaces; marks that turn the direction of text are left out. Titles and
/// names come from strangers, and a terminal obeys what it is sent.
func printable(_ text: some StringProtocol) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x2028, 0x2029: result.append(" ")
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xE0000...0xE007F, 0xFEFF: continue
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// How many columns a terminal gives a character: 0, 1 or 2.
///
/// By its first scalar's block: East Asian wide and full-width forms and emoji take two.
///
/// - SeeAlso: Unicode Standard Annex 11.
func columns(of character: Character) -> Int {
  guard let scalar = character.unicodeScalars.first else { return 0 }
  switch scalar.value {
  case 0x200B...0x200D, 0xFE00...0xFE0F, 0x300...0x36F: return 0
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x20000...0x3FFFD:
    return 2
  default: return 1
  }
}

func columns(of text: some StringProtocol) -> Int { text.reduce(0) { $0 + columns(of: $1) } }

/// The start of `text` that fits into `limit` columns, with an ellipsis where something was cut.
func cut(_ text: String, to limit: Int) -> String {
  guard columns(of: text) > limit else { return text }
  var result = ""
  var used = 0
  for character in text {
    used += columns(of: character)
    if used > limit - 1 { break }
    result.append(character)
  }
  return result + "…"
}

/// A piece of text that is marked or not.
struct Run: Equatable {
  var text: String
  var isMarked: Bool
}

/// `text` broken at white space into lines of at most `columns` columns.
func wrapped(_ text: String, columns limit: Int) -> [String] {
  wrapped([Run(text: text, isMarked: false)], columns: limit).map { line in
    line.map(\.text).joined()
  }
}

/// The runs broken into lines: white space between words becomes one space; a word that is longer
/// than a line is broken where the line ends.
func wrapped(_ runs: [Run], columns limit: Int) -> [[Run]] {
  var lines = LineBuilder(limit: max(1, limit))
  for run in runs {
    for character in run.text {
      lines.add(character, isMarked: run.isMarked)
    }
  }
  return lines.finish()
}

private struct LineBuilder {
  let limit: Int
  private var lines: [[Run]] = []
  private var line: [Run] = []
  private var lineColumns = 0
  private var word: [Run] = []
  private var wordColumns = 0

  init(limit: Int) { self.limit = limit }

  mutating func add(_ character: Character, isMarked: Bool) {
    if character.isWhitespace {
      endWord()
      return
    }
    let count = columns(of: character)
    if wordColumns + count > limit { endWord() }
    append(Run(text: String(character), isMarked: isMarked), to: &word)
    wordColumns += count
  }

  mutating func finish() -> [[Run]] {
    endWord()
    if !line.isEmpty { endLine() }
    return lines
  }

  private mutating func endWord() {
    guard !word.isEmpty else { return }
    if lineColumns > 0, lineColumns + 1 + wordColumns > limit { endLine() }
    if lineColumns > 0 {
      append(Run(text: " ", isMarked: false), to: &line)
      lineColumns += 1
    }
    for run in word { append(run, to: &line) }
    lineColumns += wordColumns
    word = []
    wordColumns = 0
  }

  private mutating func endLine() {
    lines.append(line)
    line = []
    lineColumns = 0
  }

  private func append(_ run: Run, to runs: inout [Run]) {
    if let last = runs.indices.last, runs[last].isMarked == run.isMarked {
      runs[last].text += run.text
    } else {
      runs.append(run)
    }
  }
}

/// `text` cut into runs by `marks`, pairs of octet offsets; what does not fit the text is ignored.
func runs(of text: String, marks: [[Int]]) -> [Run] {
  let octets = Array(text.utf8)
  var result: [Run] = []
  var position = 0
  for mark in marks where mark.count == 2 {
    guard position <= mark[0], mark[0] < mark[1], mark[1] <= octets.count else { continue }
    if position < mark[0] {
      result.append(
        Run(text: String(decoding: octets[position..<mark[0]], as: UTF8.self), isMarked: false))
    }
    result.append(
      Run(text: String(decoding: octets[mark[0]..<mark[1]], as: UTF8.self), isMarked: true))
    position = mark[1]
  }
  result.append(Run(text: String(decoding: octets[position...], as: UTF8.self), isMarked: false))
  return result
}

/// A bar of eighths of blocks: `share` of `width` columns, the rest left light.
func barOfBlocks(_ share: Double, width: Int) -> String {
  let eighths = Int((max(0, min(1, share)) * Double(width) * 8).rounded())
  let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
  let full = String(repeating: "█", count: eighths / 8) + partial
  let used = eighths / 8 + (partial.isEmpty ? 0 : 1)
  return full + String(repeating: "·", count: max(0, width - used))
}

/// `1234567` as `1,234,567`.
func grouped(_ number: Int) -> String {
  var digits = Array(String(number.magnitude))
  var index = digits.count - 3
  while index > 0 {
    digits.insert(",", at: index)
    index -= 3
  }
  return (number < 0 ? "-" : "") + String(digits)
}

/// `value` with `digits` decimals, rounded half away from zero.
func fixed(_ value: Double, _ digits: Int) -> String {
  guard value.isFinite, abs(value) < 1e12 else { return String(value) }
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = Int((abs(value) * scale).rounded())
  let whole = scaled / Int(scale)
  guard digits > 0 else { return (value < 0 && whole > 0 ? "-" : "") + String(whole) }
  let fraction = String(scaled % Int(scale))
  let padding = String(repeating: "0", count: digits - fraction.count)
  return (value < 0 && scaled > 0 ? "-" : "") + "\(whole).\(padding)\(fraction)"
}

/// Seconds as `8 s`, `2 min 05 s`, `3 h 20 min`.
func duration(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds < 1e9 else { return "long" }
  let whole = Int(seconds.rounded())
  func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
  if whole < 60 { return "\(whole) s" }
  if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
  return "\(whole / 3600) h \(two(whole % 3600 / 60)) min"
}
