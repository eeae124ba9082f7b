import Grounding
import Mail
import Testing

@Suite("Names in a Maildir")
struct MaildirNameTests {
  @Test(
    "the letters after the mark are flags, the rest is the unique part",
    arguments: [
      ("1000.M1P2.host:2,S", "1000.M1P2.host", ["seen"]),
      ("1000.M1P2.host,S=12,W=13:2,RS", "1000.M1P2.host,S=12,W=13", ["seen", "replied"]),
      ("a:2,DFPRST", "a", ["seen", "replied", "flagged", "draft", "trashed", "passed"]),
      ("a:2,TSSF", "a", ["seen", "flagged", "trashed"]), ("a:2,", "a", []), ("a", "a", []),
      ("a:2,abZ", "a", []), ("a;2,S", "a", ["seen"]), ("a!2,F", "a", ["flagged"]),
      ("a:1,S", "a:1,S", []), ("a:2S", "a:2S", []), ("a:2,S:2,R", "a:2,S", ["replied"]),
      (":2,S", ":2,S", []), ("", "", []), ("\u{E9}:2,S", "\u{E9}", ["seen"]),
    ])
  func names(name: String, unique: String, flags: [String]) {
    #expect(MaildirName.uniquePart(name) == unique)
    #expect(MaildirName.flags(name) == flags)
  }

  @Test("flags are facts, in one order, known ones only")
  func facts() {
    let message = MessageParser.parse(
      Array("Subject: s\n\nb".utf8), hints: MailHints(flags: ["replied", "x", "seen", "seen"]))
    #expect(
      message.item.facts == [Fact("flag", .text("seen")), Fact("flag", .text("replied"))])
  }
}
