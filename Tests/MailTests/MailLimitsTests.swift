import Grounding
import Mail
import Testing

@Suite("Limits of a message")
struct MailLimitsTests {
  private func codes(_ source: String, _ limits: MailLimits) -> [String] {
    parsedItem(Array((BodyTests.head + source).utf8), limits: limits).defects.map(\.code)
  }

  /// Each limit with a source of exactly its size and the defect that one less brings.
  @Test("at and below its limit a message is whole, above it a defect says so")
  func each() {
    let head = BodyTests.head
    func nested(_ depth: Int) -> String {
      (0..<depth).map { "Content-Type: multipart/mixed; boundary=b\($0)\n\n--b\($0)\n" }.joined()
        + "\nx\n"
        + (0..<depth).reversed().map { "--b\($0)--\n" }.joined()
    }
    let parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\n\n2\n--b\n\n3\n--b--\n"
    let cases: [(String, Int, String, WritableKeyPath<MailLimits, Int>)] = [
      ("\nbody", (head + "\nbody").utf8.count, "message_too_large", \.octets),
      ("X: 1\n\n", 5, "too_many_fields", \.headerFields),
      ("X: \(String(repeating: "x", count: 99))\n\n", 100, "field_too_long", \.headerFieldOctets),
      ("X: 1\n\n", (head + "X: 1").utf8.count, "header_too_long", \.headerOctets),
      (nested(3), 3, "parts_too_deep", \.partDepth), (parts, 4, "too_many_parts", \.parts),
      ("\nbody", 4, "text_too_long", \.textOctets),
      ("To: a@b, c@d\n\n", 3, "too_many_people", \.people),
    ]
    for (source, size, defect, limit) in cases {
      for (value, isWhole) in [
        (size + 1, true), (size, true), (size - 1, false), (0, false), (-1, false),
      ] {
        var limits = MailLimits()
        limits[keyPath: limit] = value
        #expect(codes(source, limits).contains(defect) != isWhole, "\(defect) at \(value)")
      }
      #expect(codes(source, MailLimits()).filter { $0 == defect } == [])
    }
  }

  @Test("text is cut at a scalar, over parts as well")
  func textCut() {
    var limits = MailLimits()
    limits.textOctets = 4
    let source = "Content-Type: text/plain; charset=utf-8\n\nabcé"
    #expect(parsedItem(Array(source.utf8), limits: limits).text == "abc")
    let parts = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nab\n--b\n\ncd\n--b--"
    #expect(parsedItem(Array(parts.utf8), limits: limits).segments.count == 1)
  }

  @Test("defects are listed up to their limit, then one says that there are more")
  func defects() {
    var limits = MailLimits()
    limits.defects = 2
    #expect(parsedItem([], limits: limits).defects.map(\.code).last == "more_defects")
    #expect(parsedItem([], limits: limits).defects.count == 3)
  }
}
