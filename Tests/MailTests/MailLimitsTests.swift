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
    let file = "--b\nContent-Type: a/b; name=name\nContent-Transfer-Encoding: base64\n\nYWI=\n"
    let files =
      "Content-Type: multipart/mixed; boundary=b\n\n\(file)\(file)\(file)--b--\n"
    let uuencoded = "\nbegin 644 a\n#0V%T\n`\nend\nbegin 644 b\n#0V%T\n`\nend\n"
    let cases: [(String, Int, String, WritableKeyPath<MailLimits, Int>)] = [
      ("\nbody", (head + "\nbody").utf8.count, "message_too_large", \.octets),
      ("X: 1\n\n", 5, "too_many_fields", \.headerFields),
      ("X: \(String(repeating: "x", count: 99))\n\n", 100, "field_too_long", \.headerFieldOctets),
      ("X: 1\n\n", (head + "X: 1").utf8.count, "header_too_long", \.headerOctets),
      (nested(3), 3, "parts_too_deep", \.partDepth), (parts, 4, "too_many_parts", \.parts),
      ("\nbody", 4, "text_too_long", \.textOctets),
      ("To: a@b, c@d\n\n", 3, "too_many_people", \.people),
      (files, 3, "too_many_attachments", \.attachments),
      (files, 6, "attachments_too_large", \.attachmentOctets),
      (files, 4, "name_too_long", \.nameOctets),
      (uuencoded, 2, "too_many_attachments", \.attachments),
      (uuencoded, 6, "attachments_too_large", \.attachmentOctets),
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

  @Test("fields of parts have the limits of fields, and each parameters up to a number")
  func partFields() {
    func codes(_ field: String, _ octets: Int, inPart: Bool) -> [String] {
      var limits = MailLimits()
      limits.headerFieldOctets = octets
      let head = "From: a@b.c\nDate: 1 Jan 26 0:00 Z\nMessage-ID: <x@y>\n"
      let source =
        inPart
        ? "Content-Type: multipart/mixed; boundary=b\n\n--b\n\(field)\n\nx\n--b--\n"
        : "\(field)\n\nx"
      return parsedItem(Array((head + source).utf8), limits: limits).defects.map {
        "\($0.code) \($0.detail ?? "-")"
      }
    }
    let long = String(repeating: "x", count: 40)
    for field in ["Content-Type: a/b; c=\(long)", "Content-Disposition: a; b=\(long)"] {
      let value = field.utf8.count - field.utf8.prefix { $0 != 0x3A }.count - 1
      for (octets, isWhole) in [(value + 1, true), (value, true), (value - 1, false)] {
        #expect(codes(field, octets, inPart: true) == (isWhole ? [] : ["field_too_long part 1"]))
        #expect(codes(field, octets, inPart: false) == (isWhole ? [] : ["field_too_long -"]))
      }
    }
    for (count, isWhole) in [(99, true), (100, true), (101, false)] {
      let parameters = String(repeating: "; a=b", count: count)
      for field in ["Content-Type: a/b\(parameters)", "Content-Disposition: a\(parameters)"] {
        for inPart in [true, false] {
          #expect(
            codes(field, 64 << 10, inPart: inPart)
              == (isWhole ? [] : ["too_many_parameters part 1"]))
        }
      }
    }
  }

  @Test("defects are listed up to their limit, then one says that there are more")
  func defects() {
    let all = parsedItem([]).defects.map(\.code)
    #expect(all == ["no_header", "missing_from", "missing_date", "missing_message_id"])
    for (limit, expected) in [
      (5, all), (4, all), (3, all.prefix(3) + ["more_defects"]),
      (1, all.prefix(1) + ["more_defects"]), (0, all.prefix(1) + ["more_defects"]),
    ] {
      var limits = MailLimits()
      limits.defects = limit
      #expect(parsedItem([], limits: limits).defects.map(\.code) == expected)
    }
  }
}
