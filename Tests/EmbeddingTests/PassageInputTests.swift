import Embedding
import TestSupport
import Testing

@Suite("What the encoder reads of a passage")
struct PassageInputTests {
  @Test(
    "reply marks and list tags are not part of a title",
    arguments: [
      ("Budget", "Budget"), ("Re: Budget", "Budget"), ("RE: re: AW: Budget", "Budget"),
      ("Fwd: [heron-list] Re: Budget", "Budget"), ("[heron] Budget", "Budget"),
      ("Re[2]: Budget", "Budget"), ("Re (3): Budget", "Re (3): Budget"),
      ("Re(3): Budget", "Budget"),
      ("Re : Budget", "Budget"), ("  Re:Budget 2027", "Budget 2027"),
      ("Regarding: x", "Regarding: x"),
      ("Re: ", "Re: "), ("[heron]", "[heron]"), ("Re: [x]", "Re: [x]"),
      ("AW: Über uns", "Über uns"),
      ("[link](target) title", "[link](target) title"), ("[]: x", "[]: x"), ("[a", "[a"),
      ("Budget: Re: x", "Budget: Re: x"), ("Re[", "Re["), ("Re[2", "Re[2"), ("Re[]: x", "Re[]: x"),
      (
        "[the effect of salt water on the hulls of ferries] Study",
        "[the effect of salt water on the hulls of ferries] Study"
      ),
    ])
  func titles(title: String, expected: String) throws {
    let input = try Encoder.bundled().passageInput(title: title, headings: [], body: "Body.")
    let header = expected.split(separator: " ").joined(separator: " ")
    #expect(input == (header.isEmpty ? "Body." : "\(header)\nBody."))
  }

  @Test("title and headings on one line, a heading that repeats the title once")
  func headings() throws {
    let encoder = try Encoder.bundled()
    #expect(encoder.passageInput(title: nil, headings: [], body: "b") == "b")
    #expect(encoder.passageInput(title: "", headings: [""], body: "b") == "b")
    #expect(encoder.passageInput(title: nil, headings: ["H", "I"], body: "b") == "H > I\nb")
    #expect(encoder.passageInput(title: "T", headings: ["T", "I"], body: "b") == "T > I\nb")
    #expect(encoder.passageInput(title: "T", headings: ["H"], body: "") == "T > H\n")
    #expect(encoder.passageInput(title: "T\n\tU ", headings: [], body: "b") == "T U\nb")
  }

  @Test("a header of more than 64 pieces is cut between words, never more, never less")
  func cut() throws {
    let encoder = try Encoder.bundled()
    var random = RandomSource(seed: 3)
    let words = ["ferry", "antidisestablishmentarianism", "2027-10-03", "x", "naïveté", "漢字", "—"]
    for _ in 0..<200 {
      let title = (0..<Int.random(in: 1...90, using: &random))
        .map { _ in words.randomElement(using: &random) ?? "" }
      let input = encoder.passageInput(title: title.joined(separator: " "), headings: [], body: "")
      let header = input.dropLast().split(separator: " ").map(String.init)
      #expect(title.starts(with: header))
      #expect(encoder.pieceCount(header.joined(separator: " ")) <= 64)
      if header.count < title.count {
        #expect(encoder.pieceCount(title[...header.count].joined(separator: " ")) > 64)
      }
    }
    let word = String(repeating: "antidisestablishmentarianism", count: 3)
    #expect(
      encoder.passageInput(
        title: "\(String(repeating: ".", count: 65)) \(word)", headings: [], body: "b") == "b")
  }
}
