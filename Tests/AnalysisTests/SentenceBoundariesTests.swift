import Analysis
import TestSupport
import Testing

@Suite struct SentenceBoundariesTests {
  /// Unicode's file of version 15.0.0; the properties are those of 17.0.0.
  @Test("every case of SentenceBreakTest 15.0.0", .needsCorpora)
  func sentenceBreakTest() throws {
    let path = try Corpora.folder("text/unicode") + "/15.0.0/SentenceBreakTest.txt"
    let cases = lines(try octets(ofFile: path)).compactMap(BreakCase.init)
    #expect(cases.count == 502)
    var wrong: [String] = []
    for each in cases {
      var found = [0]
      while let last = found.last, last < each.octets.count {
        found.append(SentenceBoundaries.end(in: each.octets.span, from: last))
      }
      if found != each.boundaries { wrong.append("\(each): \(found)") }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(10))")
  }

  @Test(
    "prose is cut at sentences, not at abbreviations or line ends",
    arguments: [
      ("One. Two! Three?", ["One. ", "Two! ", "Three?"]),
      ("Dr. Smith met Mr. Jones. They left.", ["Dr. Smith met Mr. Jones. ", "They left."]),
      ("See Fig. 2 and No. 7. No. Never.", ["See Fig. 2 and No. 7. ", "No. ", "Never."]),
      ("J. R. R. Tolkien wrote. He did.", ["J. R. R. Tolkien wrote. ", "He did."]),
      ("a line\nbroken. Next\nline", ["a line\nbroken. ", "Next\nline"]),
      ("Done.\nNext.", ["Done.\n", "Next."]),
      ("It costs 3.50 euros. Or so.", ["It costs 3.50 euros. ", "Or so."]),
      ("“Really?” he asked. “Yes.” Good.", ["“Really?” he asked. ", "“Yes.” ", "Good."]),
      ("z.B. Äpfel und d.h. Obst. Ende.", ["z.B. Äpfel und d.h. Obst. ", "Ende."]),
      ("これは本です。次の文。", ["これは本です。", "次の文。"]),
      ("wait... what", ["wait... what"]), (". .", [". ."]), ("x", ["x"]),
    ])
  func prose(_ text: String, _ expected: [String]) {
    let octets = Array(text.utf8)
    var sentences: [String] = []
    var position = 0
    while position < octets.count {
      let end = SentenceBoundaries.end(in: octets.span, from: position, style: .prose)
      sentences.append(String(decoding: octets[position..<end], as: UTF8.self))
      position = end
    }
    #expect(sentences == expected)
  }
}
