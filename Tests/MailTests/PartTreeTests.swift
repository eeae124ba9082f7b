import Mail
import Testing

@Suite("The tree of a message's parts")
struct PartTreeTests {
  private func tree(_ source: String) -> PartTree { PartTree.read(Array(source.utf8).span).tree }

  @Test("says what each part is, decoded, and where it stands")
  func form() {
    let source = """
      Subject: =?utf-8?q?=C3=A4?=
       b
      Content-Type: Multipart/Mixed; Boundary=b

      before
      --b
      Content-Type: text/x; name*0*=utf-8''%C3%A4; name*1=.txt
      Content-Transfer-Encoding: BASE64
      Content-Disposition: Attachment

      YWI=
      --b--
      after
      """
    let octets = Array(source.utf8)
    let root = tree(source)
    func text(_ range: Range<Int>?) -> String {
      range.map { String(decoding: octets[$0], as: UTF8.self) } ?? "none"
    }
    #expect(root.number.isEmpty && root.mediaType == "multipart/mixed")
    #expect(root.fields.map { "\($0.name): \($0.value)" }.first == "Subject: ä b")
    #expect(text(root.fields.first?.octets) == "Subject: =?utf-8?q?=C3=A4?=\n b")
    #expect(text(root.preamble) == "before" && text(root.epilogue) == "after")
    #expect(root.children.count == 1)
    for part in root.children {
      #expect(part.number == "1" && part.mediaType == "text/x" && part.fileName == "ä.txt")
      #expect(part.parameters.map { "\($0.name)=\($0.value)" } == ["name=ä.txt"])
      #expect(part.transferEncoding == "base64" && part.disposition == "attachment")
      #expect(text(part.header).hasPrefix("Content-Type") && text(part.header).hasSuffix("\n\n"))
      #expect(text(part.body) == "YWI=" && part.content(in: octets.span) == Array("ab".utf8))
    }
  }

  @Test(
    "is that of RFC 2046, and of what is sent in its stead",
    arguments: [
      ("--b\n\nx\n--b--", ["1"]),
      ("--b \t\n\nx\n--b-- ", ["1"]),
      ("--b and more\n\nx\n--b-- and more\n--b\n\ny", ["1"]),
      ("--bb\n\nx\n--b--b\n--b", ["1"]),
      ("--b\n--b\n--b--", ["1", "2"]),
      ("--b", ["1"]),
      ("--b--", []), ("", []), (" --b\n\nx", []),
      (
        "--b\nContent-Type: multipart/x; boundary=c\n\n--c\n\n--c\n\n--b\n",
        ["1", "1.1", "1.2", "2"]
      ),
      ("--b\nContent-Type: multipart/x; boundary=b\n\n--b\n\nx\n--b--", ["1", "2"]),
      ("--b\nContent-Type: message/rfc822\n\nA: b\n\n--b--", ["1"]),
    ] as [(String, [String])])
  func structure(body: String, numbers: [String]) {
    func numbersOf(_ part: PartTree) -> [String] {
      part.children.flatMap { [$0.number] + numbersOf($0) }
    }
    for type in ["boundary=b", "boundary*=us-ascii''%62", "boundary*0=b"] {
      let root = tree("Content-Type: multipart/mixed; \(type)\n\n\(body)")
      #expect(numbersOf(root) == numbers)
    }
  }
}
