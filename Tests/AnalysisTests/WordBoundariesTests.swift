import Analysis
import TestSupport
import Testing

/// One case of Unicode's break tests: octets and the boundaries within them.
struct BreakCase: CustomStringConvertible {
  var octets: [UInt8] = []
  var boundaries: [Int] = []
  var description: String

  /// Reads `÷ 0061 × 0308 ÷`; `nil` for a line that is only a comment.
  init?(_ line: String) {
    let fields = (line.split(separator: "#", omittingEmptySubsequences: false).first ?? "")
      .split(whereSeparator: { $0 == " " || $0 == "\t" || $0 == "\r" })
    guard !fields.isEmpty else { return nil }
    description = fields.joined(separator: " ")
    for field in fields {
      if field == "÷" {
        boundaries.append(octets.count)
      } else if field != "×" {
        guard let value = UInt32(field, radix: 16), let scalar = Unicode.Scalar(value) else {
          return nil
        }
        octets.append(contentsOf: String(scalar).utf8)
      }
    }
  }
}

@Suite(.needsCorpora) struct WordBoundariesTests {
  @Test("every case of WordBreakTest 17.0.0")
  func wordBreakTest() throws {
    let path = try Corpora.folder("text/unicode") + "/17.0.0/WordBreakTest.txt"
    let cases = lines(try octets(ofFile: path)).compactMap(BreakCase.init)
    #expect(cases.count == 1_944)
    var wrong: [String] = []
    for each in cases {
      var found = [0]
      while let last = found.last, last < each.octets.count {
        found.append(WordBoundaries.end(in: each.octets.span, from: last))
      }
      if found != each.boundaries { wrong.append("\(each): \(found)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(10))")
  }
}
