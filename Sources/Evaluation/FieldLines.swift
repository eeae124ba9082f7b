import Grounding

/// The lines of a text file as fields: what qrels, runs and lists have in common.
///
/// Fields are separated by white space (as C's `isspace` has it). Blank lines are passed over, and
/// with `comments` those that begin with `#`. Line ends are LF or CR LF; the last may be missing.
package struct FieldLines {
  struct Line {
    /// From 1, blank and comment lines counted.
    var number: Int
    var fields: [ArraySlice<UInt8>]
  }

  /// trec_eval's own limit.
  package static let octetLimit = 10_000
  package static let lineLimit = 50_000_000

  let octets: [UInt8]
  let name: String
  let comments: Bool
  /// With tabs alone fields may be empty or contain spaces.
  let tabsOnly: Bool
  private var position = 0
  private var number = 0

  init(octets: [UInt8], name: String, comments: Bool, tabsOnly: Bool = false) {
    self.octets = octets
    self.name = name
    self.comments = comments
    self.tabsOnly = tabsOnly
  }

  /// The next line that says something, `nil` at the end.
  ///
  /// - Throws: `malformed` for a NUL octet, `too_large` for a line above 10,000 octets, `too_many`
  ///   above 50,000,000 lines.
  mutating func next() throws(Problem) -> Line? {
    while position < octets.count {
      var end = position
      while end < octets.count, octets[end] != 0x0A { end += 1 }
      let range = position..<end
      position = end + 1
      number += 1
      guard number <= Self.lineLimit else {
        throw problem(.tooMany, "The file has too many lines.")
      }
      guard range.count <= Self.octetLimit else {
        throw problem(.tooLarge, "A line is longer than \(Self.octetLimit) octets.")
      }
      let line = octets[range]
      guard !line.contains(0) else { throw problem(.malformed, "A line contains a NUL octet.") }
      let fields = tabsOnly ? tabbed(line) : line.split(whereSeparator: isSpace)
      guard let first = fields.first(where: { !$0.isEmpty }) else { continue }
      if comments, first.first == 0x23 { continue }
      return Line(number: number, fields: fields)
    }
    return nil
  }

  private func tabbed(_ line: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    let content = line.last == 0x0D ? line.dropLast() : line
    return content.split(separator: 0x09, omittingEmptySubsequences: false)
  }

  /// A problem at the line last read.
  func problem(_ code: Problem.Code, _ detail: String, remedy: String? = nil) -> Problem {
    Problem(code, detail, place: "\(name), line \(number)", remedy: remedy)
  }
}

private func isSpace(_ octet: UInt8) -> Bool { octet == 0x20 || (0x09...0x0D).contains(octet) }

/// A grade as it is written: an integer of at most six digits.
func integer(_ field: ArraySlice<UInt8>) -> Int? {
  guard (1...7).contains(field.count) else { return nil }
  return Int(String(decoding: field, as: UTF8.self))
}

/// A score as C's `strtod` reads it, when it is finite.
func number(_ field: ArraySlice<UInt8>) -> Double? {
  guard field.count <= 64, field.allSatisfy({ $0 < 0x80 }) else { return nil }
  guard let value = Double(String(decoding: field, as: UTF8.self)), value.isFinite else {
    return nil
  }
  return value
}
