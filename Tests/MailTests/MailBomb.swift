import Grounding
import Mail

/// A message made to take time or memory, and what is read of it all the same.
struct MailBomb: Sendable {
  var name: String
  /// The codes of its defects, each once, in order.
  var codes: [String]
  var source: @Sendable () -> String
  /// Whether what comes out is what it should be, and no more.
  var isRead: @Sendable (ParsedMessage) -> Bool

  init(
    _ name: String, _ codes: [String], _ source: @autoclosure @escaping @Sendable () -> String,
    _ isRead: @escaping @Sendable (ParsedMessage) -> Bool = { $0.item.text == "kept" }
  ) {
    (self.name, self.codes, self.source, self.isRead) = (name, codes, source, isRead)
  }

  static let all = parts + headers + addresses + parameters + files + texts

  static let start = "From: a@b.c\nMessage-ID: <x@y>\n"
  static let head = start + "Date: 1 Jan 2026 0:00 Z\n"
  private static let mixed = head + "Content-Type: multipart/mixed; boundary=b\n\n"

  private static func times(_ count: Int, _ text: String) -> String {
    String(repeating: text, count: count)
  }

  private static func joined(_ count: Int, _ text: (Int) -> String) -> String {
    (0..<count).map(text).joined()
  }

  private static let parts: [MailBomb] = [
    MailBomb("a million parts", ["too_many_parts"], mixed + times(1_000_000, "--b\n\nx\n")) {
      Set($0.item.segments.map(\.locator.part)).count == 999
    },
    MailBomb(
      "a million parts behind bare returns", ["bare_carriage_return", "too_many_parts"],
      mixed + times(1_000_000, "--b\r\rx\r")
    ) { Set($0.item.segments.map(\.locator.part)).count == 999 },
    MailBomb(
      "a million files", ["too_many_parts", "too_many_attachments", "more_defects"],
      mixed + times(1_000_000, "--b\nContent-Type: a/b\n\nx\n")
    ) {
      $0.attachments.count == 500 && $0.item.facts.count == 999
    },
    MailBomb(
      "multiparts 100,000 deep", ["parts_too_deep"],
      head
        + joined(100_000) {
          "Content-Type: multipart/mixed; boundary=b\($0)\n\n"
            + ($0 == 0 ? "--b0\n\nkept\n" : "") + "--b\($0)\n"
        } + "\nx" + joined(100_000) { "\n--b\(99_999 - $0)--\n" }),
    MailBomb(
      "multiparts of one boundary 100,000 deep",
      ["too_many_parts", "boundary_not_found", "more_defects"],
      mixed + "--b\n\nkept\n"
        + times(100_000, "--b\nContent-Type: multipart/mixed; boundary=b\n\n")
    ) { $0.item.text.hasPrefix("kept") && $0.attachments.isEmpty },
  ]

  private static let headers: [MailBomb] = [
    MailBomb("a million fields", ["too_many_fields"], head + times(1_000_000, "X: 1\n") + "\nkept"),
    MailBomb(
      "a million fields that end with bare returns", ["bare_carriage_return", "too_many_fields"],
      head.replacing("\n", with: "\r") + times(1_000_000, "X: 1\r") + "\rkept"),
    MailBomb(
      "a field of a million lines", ["field_too_long"],
      head + "Subject: a\n" + times(1_000_000, " x\n") + "\nkept"
    ) { $0.item.text == "kept" && ($0.item.title ?? "").utf8.count < 64 << 10 },
    MailBomb(
      "a field of a hundred thousand octets", ["field_too_long"],
      head + "Subject: " + times(100_000, "x") + "\n\nkept"
    ) { $0.item.text == "kept" && $0.item.title?.utf8.count == 64 << 10 - 1 },
    MailBomb(
      "a field of two million octets", ["header_too_long"],
      head + "Subject: " + times(2_000_000, "x") + "\n\nkept"
    ) { $0.item.text == "kept" && $0.item.title == nil },
    MailBomb(
      "a million encoded words", ["field_too_long"],
      head + "Subject:" + times(1_000_000, " =?utf-8?q?ab?=\n") + "\nkept"
    ) { $0.item.title == times(4_096, "ab") },
    MailBomb(
      "encoded words that each change the charset", ["field_too_long", "bad_encoded_word"],
      head + "Subject:"
        + times(50_000, " =?iso-8859-2?q?=E9?=\n  =?iso-8859-5?q?=E9?=\n") + "\nkept"
    ) { ($0.item.title ?? "").hasPrefix("éщéщ") && $0.item.text == "kept" },
    MailBomb(
      "a hundred thousand beginnings of encoded words", ["field_too_long", "bad_encoded_word"],
      head + "Subject: " + times(100_000, "=?utf-8?q?") + "\n\nkept"
    ) { ($0.item.title ?? "").utf8.count < 64 << 10 && $0.item.text == "kept" },
    MailBomb(
      "a million references", ["field_too_long"],
      head + "References:" + joined(1_000_000) { "\n <\($0)@b>" } + "\n\nkept"
    ) {
      (5_000..<10_000).contains($0.item.references.count) && $0.item.references.first == "0@b"
        && $0.item.text == "kept"
    },
    MailBomb(
      "comments a million deep in a date", ["field_too_long", "bad_date"],
      start + "Date: " + times(1_000_000, "(") + "1 Jan 2026 0:00 Z\n\nkept"),
    MailBomb(
      "a date before comments a million deep", ["field_too_long"],
      start + "Date: 1 Jan 2026 0:00 Z " + times(1_000_000, "(") + "\n\nkept"
    ) { $0.item.times.first?.instant == 1_767_225_600 },
  ]

  private static let addresses: [MailBomb] = [
    MailBomb(
      "a hundred thousand addresses", ["field_too_long", "too_many_people"],
      head + "To: " + times(100_000, "a@b.c, ") + "\n\nkept"
    ) { $0.item.people.count == 2_000 },
    MailBomb(
      "a hundred thousand addresses in fields of their own", ["too_many_fields"],
      head + times(100_000, "To: a@b.c\n") + "\nkept"
    ) { $0.item.people.count == 998 },
    MailBomb(
      "comments a million deep in addresses", ["field_too_long", "bad_address"],
      head + "To: d@e.f " + times(1_000_000, "(") + "\n\nkept"
    ) { $0.item.people.map(\.address) == ["a@b.c", "d@e.f"] },
    MailBomb(
      "names, quotes and brackets without an end",
      ["field_too_long", "bad_address", "too_many_people"],
      head + "To: " + times(100_000, "\"<a,") + "\nCc: " + times(60_000, "<") + "\nReply-To: "
        + times(30_000, "a ") + "\n\nkept"),
  ]

  private static let parameters: [MailBomb] = [
    MailBomb(
      "a million parameters", ["field_too_long", "too_many_parameters"],
      head + "Content-Type: text/plain" + times(1_000_000, ";\n a=b") + "\n\nkept"),
    MailBomb(
      "a million parameters of a part", ["field_too_long", "too_many_parameters"],
      mixed + "--b\nContent-Disposition: inline" + times(1_000_000, ";\n a=b")
        + "\n\nkept\n--b--\n"
    ) {
      $0.item.text == "kept" && $0.item.defects.allSatisfy { $0.detail == "part 1" }
    },
    MailBomb(
      "comments a million deep in a type", ["field_too_long"],
      head + "Content-Type: text/plain; a=b" + times(1_000_000, "(") + "\n\nkept"),
    MailBomb(
      "a hundred thousand pieces of a name, the last first",
      ["field_too_long", "too_many_parameters"],
      head + "Content-Type: a/b" + joined(100_000) { ";\n name*\(100_000 - $0)*=x" } + "\n\nx"
    ) { $0.attachments.map(\.name) == [nil] },
    MailBomb(
      "pieces of a name with numbers up to beyond all", [],
      head + "Content-Type: a/b; name*1000000000=c; name*99999999999999999999=d; name*0=a;"
        + " name*00=x; name*-1=y; name*1=b\n\nx"
    ) { $0.attachments.map(\.name) == ["ab"] },
  ]

  private static let encoded = "Content-Type: a/b\nContent-Transfer-Encoding: "

  private static let files: [MailBomb] = [
    MailBomb(
      "a uuencoded file of twenty megabytes", [],
      head + "\nbegin 644 a\n" + times(330_000, "M" + times(60, "0") + "\n") + "`\nend\nkept"
    ) { $0.item.text == "kept" && $0.attachments.map(\.octets.count) == [330_000 * 45] },
    MailBomb(
      "a hundred thousand uuencoded files", ["too_many_attachments"],
      head + "\n" + times(100_000, "begin 644 a\n!00\n`\nend\n") + "kept"
    ) {
      $0.attachments.count == 500 && $0.item.facts.count == 500 && $0.item.text.hasSuffix("kept")
    },
    MailBomb(
      "uuencoded lines of one letter that stand for 63 octets", ["bad_uuencode"],
      head + encoded + "x-uuencode\n\nbegin 644 a\n" + times(2_000_000, "_\n") + "end\n"
    ) { $0.attachments.count == 1 && $0.attachments[0].octets.count <= 4_000_016 },
    MailBomb(
      "a hundred thousand beginnings of uuencoded files", [],
      head + "\n" + times(100_000, "begin 644 a\n`\n`\n") + "kept"
    ) { $0.attachments.isEmpty && $0.item.text.hasSuffix("kept") },
    MailBomb(
      "base64 of nothing but faults", ["bad_base64"],
      head + encoded + "base64\n\n" + times(5_000_000, "*")
    ) { $0.attachments.map(\.octets.count) == [0] },
    MailBomb(
      "a million soft line breaks", [],
      head + "Content-Transfer-Encoding: quoted-printable\n\n" + times(1_000_000, "=\n") + "kept"),
    MailBomb(
      "quoted-printable of spaces", ["bad_quoted_printable"],
      head + "Content-Transfer-Encoding: quoted-printable\n\nkept=" + times(2_000_000, " ") + "x"
    ) { $0.item.text.utf8.count == 2_000_006 },
  ]

  private static let texts: [MailBomb] = [
    MailBomb("a line of 17 million octets", ["text_too_long"], head + "\n" + times(17 << 20, "x")) {
      $0.item.text.utf8.count == 16 << 20
    },
    MailBomb(
      "a million elements inside of each other", ["html_too_deep"],
      head + "Content-Type: text/html\n\n" + times(1_000_000, "<div>") + "kept"),
    MailBomb(
      "a million attributes", ["too_many_attributes"],
      head + "Content-Type: text/html\n\n<p " + joined(300_000) { "a\($0)=b " } + ">kept"),
    MailBomb(
      "a preheader padded a million times", ["invisible_padding"],
      head + "Content-Type: text/html\n\n<p>kept" + times(1_000_000, "&zwnj;&nbsp;")),
    MailBomb(
      "a million joiners", ["zero_width_characters"],
      head + "Content-Type: text/plain; charset=utf-8\n\nke" + times(1_000_000, "\u{200D}") + "pt"),
  ]
}
