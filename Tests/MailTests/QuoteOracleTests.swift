import Glibc
import Grounding
import Mail
import Octets
import TestSupport
import Testing

/// Quotes held to what nobody labelled: on a list's archive a line of a reply that also stands in a
/// message it refers to is quoted, and what is quoted stands in an earlier message.
///
/// Lines have at least five words (``LineFingerprint``). Left out of the first count are lines that
/// the reply's author wrote in that earlier message: who pastes a log or a signature again says it
/// anew. They are counted beside it.
///
/// The second count looks at replies all of whose references are in the archive, in threads where the
/// archive took no part out ("scrubbed"): elsewhere the original is not there to be found. Letters and
/// digits are compared, as running text, since programs wrap lines and the archive replaced characters.
/// Left out are the words of the quoting program itself, by a plain test of each line: a line that ends
/// with a colon, begins like an attribution or a header's field, or holds an address.
@Suite("Quotes of the lists against what they quote", .needsCorpora, .serialized)
struct QuoteOracleTests {
  @Test(
    "quoted lines are told, and nothing else is taken for one",
    arguments: ["r-package-devel", "r-devel-2009-2017"])
  func oracle(name: String) throws {
    let folder = try Corpora.folder("mail/lists")
    let octets = try octets(ofFile: "\(folder)/\(name).mbox")
    var archive = Archive()
    var cursor = Mailbox.Cursor()
    while let message = cursor.next(octets.span) {
      archive.add(parsedItem(Array(octets[message.octets])))
    }
    let counts = archive.counts()
    print("\(name): \(counts)")
    #expect(counts.original > 100_000 && counts.quoted > 100_000)
    #expect(Double(counts.takenForNew) <= 0.005 * Double(counts.original))
    #expect(Double(counts.unfound) <= 0.02 * Double(counts.quoted))
  }
}

private struct Counts: CustomStringConvertible {
  var original = 0
  var takenForNew = 0
  var saidAgain = 0
  var quoted = 0
  var rewrapped = 0
  var program = 0
  var unfound = 0

  var description: String {
    func share(_ count: Int, _ total: Int) -> String {
      "\(count) (\(Double(count * 10_000 / max(total, 1)) / 100) %)"
    }
    return """
      of \(original) lines that stand in a message referred to, \(share(takenForNew, original)) are \
      taken for new, besides \(saidAgain) that their author says again; of \(quoted) lines marked \
      quoted, \(share(rewrapped, quoted)) are wrapped or spelt otherwise than in an earlier message, \
      \(share(program, quoted)) are the program's own, and \(share(unfound, quoted)) are in none
      """
  }
}

private struct Archive {
  struct Line {
    var hash: UInt64
    var role: Segment.Role
    var range: Range<Int>
    var isMarked: Bool
  }

  struct Message {
    var author: String
    var references: [String]
    var text: [UInt8]
    var lines: [Line]
    var hashes: Set<UInt64>
    var isScrubbed: Bool
  }

  var messages: [Message] = []
  var numbers: [String: Int] = [:]

  mutating func add(_ item: ParsedItem) {
    let text = Array(item.text.utf8)
    var segments = item.segments[...]
    let lines = LineFingerprint.lines(of: text.span, in: 0..<text.count).map { line in
      while let first = segments.first, first.span.end <= line.range.lowerBound {
        segments.removeFirst()
      }
      let first = text[line.range].first { $0 > 0x20 }
      return Line(
        hash: line.hash, role: segments.first?.role ?? .new, range: line.range,
        isMarked: first == 0x3E || first == 0x7C)
    }
    let author = item.people.first { $0.role == .from }
    let name = (author?.name ?? author?.address ?? "").lowercased().filter(\.isLetter)
    if let id = item.externalID, numbers[id] == nil { numbers[id] = messages.count }
    messages.append(
      Message(
        author: String(name.suffix(14)), references: item.references, text: text, lines: lines,
        hashes: Set(lines.map(\.hash)), isScrubbed: item.text.contains("scrubbed...")))
  }

  func counts() -> Counts {
    var counts = Counts()
    let threads = threads()
    var letters: [Int: [CChar]] = [:]
    for (number, message) in messages.enumerated() {
      let ancestors = Set(message.references.compactMap { numbers[$0] }).subtracting([number])
      if ancestors.isEmpty { continue }
      let originals = ancestors.map { messages[$0].hashes }
      let own = ancestors.filter { messages[$0].author == message.author }.map { ancestor in
        Set(messages[ancestor].lines.filter { !$0.isMarked }.map(\.hash))
      }
      for line in message.lines where originals.contains(where: { $0.contains(line.hash) }) {
        counts.original += 1
        guard line.role == .new else { continue }
        let isOwn = own.contains { $0.contains(line.hash) }
        counts.saidAgain += isOwn ? 1 : 0
        counts.takenForNew += isOwn ? 0 : 1
      }
      let earlier = Set(threads[number].filter { $0 < number }).union(ancestors).sorted()
      guard message.references.allSatisfy({ numbers[$0] != nil }),
        !earlier.contains(where: { messages[$0].isScrubbed })
      else { continue }
      for line in message.lines where line.role == .quoted {
        counts.quoted += 1
        if earlier.contains(where: { messages[$0].hashes.contains(line.hash) }) { continue }
        let wanted = Self.letters(message.text[Self.unmarked(message.text, line.range)])
        let isThere = earlier.contains { number in
          if letters[number] == nil { letters[number] = Self.letters(messages[number].text[...]) }
          return Self.contains(letters[number] ?? [0], wanted)
        }
        if isThere {
          counts.rewrapped += 1
        } else if Self.isOfProgram(message.text[Self.unmarked(message.text, line.range)]) {
          counts.program += 1
        } else {
          counts.unfound += 1
        }
      }
    }
    return counts
  }

  /// For each message those of its thread: joined by references.
  private func threads() -> [[Int]] {
    var parents = Array(messages.indices)
    func root(_ number: Int) -> Int {
      var number = number
      while parents[number] != number {
        parents[number] = parents[parents[number]]
        number = parents[number]
      }
      return number
    }
    for (number, message) in messages.enumerated() {
      for other in message.references.compactMap({ numbers[$0] }) {
        parents[root(number)] = root(other)
      }
    }
    var members: [Int: [Int]] = [:]
    for number in messages.indices { members[root(number), default: []].append(number) }
    return messages.indices.map { members[root($0)] ?? [] }
  }

  private static func letters(_ text: ArraySlice<UInt8>) -> [CChar] {
    var letters: [CChar] = []
    for octet in text
    where (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet & 0xDF) && octet < 0x80 {
      letters.append(CChar(bitPattern: octet))
    }
    return letters + [0]
  }

  /// Both end with 0.
  private static func contains(_ text: [CChar], _ wanted: [CChar]) -> Bool {
    unsafe strstr(text, wanted) != nil
  }

  /// Without marks, and without the name before a `>`.
  private static func unmarked(_ text: [UInt8], _ range: Range<Int>) -> Range<Int> {
    var start = range.lowerBound
    let isLetter = { (octet: UInt8) in (0x61...0x7A).contains(octet | 0x20) && octet > 0x40 }
    while start < range.upperBound {
      let word = text[start..<range.upperBound].prefix(while: isLetter)
      if text[start] <= 0x20 || text[start] == 0x3E || text[start] == 0x7C {
        start += 1
      } else if !word.isEmpty, word.count <= 10, word.endIndex < range.upperBound,
        text[word.endIndex] == 0x3E
      {
        start = word.endIndex
      } else {
        break
      }
    }
    return start..<range.upperBound
  }

  private static func isOfProgram(_ line: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: line, as: UTF8.self).trimmingSpaces
    let hasDigit = text.utf8.contains { (0x30...0x39).contains($0) }
    if text.hasSuffix(":") || text.hasSuffix("wrote") || text.contains("@") { return true }
    if text.contains(" at ") && (text.contains("<") || text.contains(".")) { return true }
    if hasDigit, ["On ", "Am ", "Le ", "El ", "? "].contains(where: text.hasPrefix) { return true }
    if text.hasPrefix("--") || text.hasPrefix("__") { return true }
    let field = text.prefix { $0 != ":" }
    return field.count <= 16 && field.count < text.count && field.first?.isUppercase == true
      && field.allSatisfy { $0.isLetter || $0 == "-" || $0 == "?" || $0 == "*" }
  }
}

extension String {
  fileprivate var trimmingSpaces: Substring {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }
}
