import Grounding
import Testing

@Suite("A subject")
struct SubjectTests {
  @Test(
    "loses the marks and tags before it",
    arguments: [
      ("Ferry", "Ferry", "ferry", false), ("Re: Ferry", "Ferry", "ferry", true),
      ("[R-help] AW: [R-help] Re[2]:  The  Ferry (fwd)", "The  Ferry (fwd)", "the ferry", true),
      ("Fwd: Ferry", "Ferry", "ferry", false), ("Fw: Re: Ferry", "Ferry", "ferry", true),
      ("Re:", "Re:", "re:", false), ("[list] ", "[list] ", "[list]", false),
      ("Regarding: x", "Regarding: x", "regarding: x", false), ("?!", "?!", "", false),
      ("", "", "", false), ("[a link](x) y", "[a link](x) y", "[a link](x) y", false),
    ])
  func base(title: String, base: String, key: String, isReply: Bool) {
    let subject = Subject(title)
    #expect(subject.base == base)
    #expect(subject.key == key)
    #expect(subject.isReply == isReply)
  }
}
