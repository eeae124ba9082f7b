import Mail
import TestSupport
import Testing

@Suite("Dialects of mailboxes")
struct MailboxDialectTests {
  static let line = "From a@b  Mon Jan  5 10:00:00 2026\n"

  private func messages(_ octets: [UInt8], _ dialect: MailboxDialect) -> [String] {
    var cursor = Mailbox.Cursor(dialect: dialect)
    var found: [String] = []
    while let message = cursor.next(octets.span) {
      let text = dialect.withoutMarks(octets.span, message.octets) ?? Array(octets[message.octets])
      found.append(String(decoding: text, as: UTF8.self))
    }
    return found
  }

  private func dialect(_ octets: [UInt8]) -> MailboxDialect { MailboxDialect.detect(octets.span) }

  /// A message as a mailbox has it, with a length or without.
  private static func entry(_ body: String, length: Int? = nil, field: String = "") -> String {
    let header = length.map { "A: 1\n\(field)Content-Length: \($0)\n" } ?? "A: 1\n\(field)"
    return "\(line)\(header)\n\(body)\n"
  }

  private static func counted(_ body: String) -> String { entry(body, length: body.utf8.count) }

  @Test(
    "are told by how lines that begin with From stand in bodies",
    arguments: [
      ([entry("x\n"), entry("y\n")], .mboxo),
      ([entry("x\n\n>From here on\n"), entry("y\n")], .mboxo),
      // One that is not marked behind an empty line shows that none is.
      ([entry("x\n\nFrom here on\n\n>From there\n"), entry("y\n")], .mbox),
      // Some writers mark only what stands behind an empty line.
      ([entry("x\nFrom here on\n\n>From there\n"), entry("y\n")], .mboxo),
      // A quoted line of another depth than those around it, and one of the same.
      ([entry("> so\n>>From here on\n> and so\n"), entry("y\n")], .mboxrd),
      ([entry(">> so\n>>From here on\n>> and so\n"), entry("y\n")], .mboxo),
      ([entry("> > so\n>>>From here on\n>> x"), entry("y\n")], .mboxrd),
      ([entry("> so\n>>From here on\n> and so\n"), entry("> y\n>From z\n> y\n")], .mboxo),
      ([entry("> so\n>>From here on\nand so\n"), entry("y\n")], .mboxo),
      ([entry("\n>>From here on\n\n"), entry("y\n")], .mboxo),
      ([counted("x\n"), counted("\nFrom here on\n")], .mboxcl2),
      ([counted("x\n"), counted("\n>From here on\n")], .mboxcl),
      ([counted("x\n"), counted("> so\n>From here on\n")], .mboxcl2),
      ([counted("x\n"), counted("\n>From here\n\nFrom there\n")], .mboxcl2),
      // Lengths that say nothing true are passed over.
      ([entry("x\n", length: 700), entry("y\n", length: 1)], .mboxo),
      ([counted("x\n"), entry("y\n"), entry("z\n")], .mboxo),
      ([counted("x\n"), counted("y\n"), entry("z\n")], .mboxcl2),
    ] as [([String], MailboxDialect)])
  func told(entries: [String], expected: MailboxDialect) {
    #expect(dialect(Array(entries.joined().utf8)) == expected)
  }

  @Test("a header without a body does not take the next message's length for its own")
  func headerAlone() {
    let next = "\(Self.line)From: b\nContent-Length: 2\n\ny\n\n"
    let octets = Array((Self.counted("x\n") + "\(Self.line)From: a\n" + next).utf8)
    #expect(dialect(octets) == .mboxcl2)
    #expect(messages(octets, .mboxcl2).count == 3)
  }

  @Test(
    "give back what was written: the marks that the mailbox put there go, others stay",
    arguments: [
      (.mbox, "\n>From a\n", "\n>From a\n"), (.mboxo, "\n>From a\n", "\nFrom a\n"),
      (.mboxo, "x\n>From a\n>From b\ny\n", "x\nFrom a\nFrom b\ny\n"),
      (.mboxo, "> x\n>From a\n", "> x\n>From a\n"), (.mboxo, ">From a\n> x\n", ">From a\n> x\n"),
      (.mboxo, "\n>>From a\n", "\n>>From a\n"), (.mboxo, ">From a", "From a"),
      (.mboxo, ">Fromage\n >From a\n>from a\n", ">Fromage\n >From a\n>from a\n"),
      (.mboxo, "\r\n>From a\r\n", "\r\nFrom a\r\n"),
      (.mboxrd, "\n>From a\n>>From b\n", "\nFrom a\n>From b\n"),
      (.mboxrd, "> x\n>From a\n", "> x\nFrom a\n"), (.mboxcl, "\n>From a\n", "\nFrom a\n"),
      (.mboxcl2, "\n>From a\n", "\n>From a\n"),
    ] as [(MailboxDialect, String, String)])
  func unmarked(dialect: MailboxDialect, body: String, expected: String) {
    let octets = Array("A: 1\n>From header\n\n\(body)".utf8)
    let result = dialect.withoutMarks(octets.span, 0..<octets.count)
    let text = result.map { String(decoding: $0, as: UTF8.self) }
    #expect(text == (body == expected ? nil : "A: 1\n>From header\n\n\(expected)"))
  }

  @Test(
    "a length that ends at a separator or at the end counts, whether it has the empty line or not")
  func lengths() {
    let inner = "\(Self.line)From: c@d\n\nattached\n"
    let body = "x\n\n\(inner)"
    for entry in [Self.counted(body), Self.entry(body, length: body.utf8.count + 1)] {
      let source = entry + Self.counted("y\n") + Self.counted("z\n")
      #expect(dialect(Array(source.utf8)) == .mboxcl2)
      let found = messages(Array(source.utf8), .mboxcl2)
      #expect(found.count == 3)
      #expect(found.first?.hasSuffix("attached\n") == true)
      #expect(found.last == "A: 1\nContent-Length: 2\n\nz\n")
    }
  }

  @Test(
    "a length that does not is no length: separators tell",
    arguments: [
      "Content-Length: 1\n", "Content-Length: 3\n", "Content-Length: 99999999999999999999\n",
      "Content-Length: -2\n", "Content-Length: 2 x\n", "Content-Length: \n",
      "Content-Length: 2\nContent-Length: 2\n", "Content-Lengths: 2\n",
      "Content-Length: 999999999999999\n",
    ])
  func untrueLengths(field: String) {
    let source = "\(Self.line)A: 1\n\(field)\nx\n\n\(Self.line)B: 2\n\ny\n"
    #expect(
      messages(Array(source.utf8), .mboxcl2) == ["A: 1\n\(field)\nx\n", "B: 2\n\ny\n"])
  }

  @Test("a message from outside with a length cannot swallow those behind it")
  func swallowing() {
    let rest = Self.entry("y\n") + Self.entry("z\n")
    let body = "x\n\n" + rest
    let source = Array(Self.entry("x\n", length: body.utf8.count).utf8) + Array(rest.utf8)
    #expect(messages(source, .mboxcl2).count == 1)
    #expect(dialect(source) == .mboxo)
    #expect(messages(source, dialect(source)).count == 3)
  }

  @Test(
    "an archive that does not mark every line keeps its marks, and has all of its messages",
    .needsCorpora, arguments: [("r-package-devel", 11_114), ("r-devel-2009-2017", 23_646)])
  func archives(name: String, count: Int) throws {
    let octets = try octets(ofFile: "\(Corpora.folder("mail/lists"))/\(name).mbox")
    let dialect = dialect(octets)
    #expect(dialect == .mbox)
    var cursor = Mailbox.Cursor(dialect: dialect)
    var found = 0
    while cursor.next(octets.span) != nil { found += 1 }
    #expect(found == count)
  }

  @Test("what a writer of each dialect writes is read back")
  func roundTrips() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let lines = ["From here on", ">From a", "> quoted", ">>From b", "text", "", "From: x", ">> so"]
    for round in 0..<400 {
      let dialect: MailboxDialect = round % 2 == 0 ? .mboxrd : .mboxcl2
      var source = ""
      var written: [String] = []
      for _ in 0..<Int.random(in: 2...6, using: &random) {
        let body = (0..<Int.random(in: 1...8, using: &random)).map { _ in
          lines.randomElement(using: &random) ?? ""
        }
        let marked = body.map { dialect == .mboxrd && $0.isFromLine ? ">" + $0 : $0 }
        let text = marked.joined(separator: "\n") + "\n"
        source += dialect == .mboxrd ? Self.entry(text) : Self.counted(text)
        let field = dialect == .mboxrd ? "" : "Content-Length: \(text.utf8.count)\n"
        written.append("A: 1\n\(field)\n\(body.joined(separator: "\n"))\n")
      }
      let octets = Array(source.utf8)
      #expect(messages(octets, dialect) == written, "seed \(seed), round \(round)")
      if dialect == .mboxcl2 { #expect(self.dialect(octets) != .mbox, "seed \(seed)") }
    }
  }

  @Test("any octets are some dialect, and its messages lie in order inside of them")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      Self.line, "From ", ">From x\n", ">", "\n", "\n\n", "A: 1\n", "Content-Length: 4\n",
      "Content-Length: 0\n", "\r\n", "x\n", "> x\n",
    ]
    for _ in 0..<3_000 {
      var octets: [UInt8] = []
      for _ in 0..<Int.random(in: 0...24, using: &random) {
        octets += Array((pieces.randomElement(using: &random) ?? "").utf8)
      }
      for dialect in [dialect(octets), .mboxcl2] {
        var cursor = Mailbox.Cursor(dialect: dialect)
        var end = 0
        while let message = cursor.next(octets.span) {
          #expect(message.separator.lowerBound >= end, "seed \(seed)")
          #expect(message.separator.upperBound == message.octets.lowerBound, "seed \(seed)")
          #expect(message.octets.upperBound <= cursor.position, "seed \(seed)")
          let text = dialect.withoutMarks(octets.span, message.octets)
          #expect(text?.count ?? 0 <= message.octets.count, "seed \(seed)")
          end = message.octets.upperBound
        }
        #expect(cursor.position == octets.count, "seed \(seed)")
      }
    }
  }
}

extension String {
  fileprivate var isFromLine: Bool { drop { $0 == ">" }.hasPrefix("From ") }
}
