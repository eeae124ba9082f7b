import Analysis
import TestSupport
import Testing

@Suite struct QueryTermsTests {
  @Test(
    "a query's terms are unique, in order, and without stop words",
    arguments: [
      ("what did we decide about the budget", "decid:1 budget:1"),
      ("budgets, budget's Budget", "budget:3"),
      ("to be or not to be", "to:2 be:2 or:1 not:1"),
      ("", ""), ("?!", ""),
      ("e-mail email", "e:1 email:2 mail:1"),
      (
        "ann.lee@example.org",
        "ann:1 ann.lee:1 ann.lee@example.org:1 lee:1 exampl:1 example.org:1 org:1"
      ),
      // "doing" is a stop word, "do" its stem; "does" stems to "doe", which is a word.
      ("doe does", "doe:2"),
    ])
  func terms(_ query: String, _ expected: String) {
    let written = queryTerms(query).map { "\($0.term):\($0.count)" }.joined(separator: " ")
    #expect(written == expected)
  }

  @Test(
    "matched words are marked by octets",
    arguments: [
      ("The budgets of the Budget Committee", ["budget"], ["budgets", "Budget"]),
      ("an e-mail about email", ["email"], ["e-mail", "email"]),
      ("see ann.lee@example.org now", ["lee", "example.org"], ["lee", "example.org"]),
      ("ann.lee@example.org", ["ann", "ann.lee@example.org", "org"], ["ann.lee@example.org"]),
      ("Müller und Mueller", ["muller"], ["Müller"]),
      ("東京都庁", ["東京", "京都"], ["東京都"]),
      ("東京都庁", ["東京", "都庁"], ["東京都庁"]),
      ("nothing", ["budget"], []), ("", ["budget"], []), ("budget", [], []),
    ] as [(String, Set<String>, [String])])
  func marks(_ text: String, _ terms: Set<String>, _ expected: [String]) {
    let octets = Array(text.utf8)
    var matcher = TermMatcher(terms)
    // The second time stems are known.
    for _ in 0..<2 {
      let spans = matcher.spans(in: octets.span)
      #expect(spans.map { String(decoding: octets[$0], as: UTF8.self) } == expected)
    }
  }

  @Test("marks are where the analysis of the text has the terms", .needsCorpora)
  func marksOfRandomTexts() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let vocabulary = lines(
      try octets(ofFile: try Corpora.folder("text/snowball") + "/english/voc.txt"))
    for _ in 0..<300 {
      let words = (0..<80).map { _ in vocabulary.randomElement(using: &random) ?? "" }
      let text = words.map { word -> String in
        let shown = Bool.random(using: &random) ? word : word.uppercased()
        let joint = [" ", " ", " ", "-", "@", ".", "'", "_"].randomElement(using: &random)
        return shown + (joint ?? "")
      }.joined()
      let octets = Array(text.utf8)
      let tokens = spans(octets)
      let wanted = Set((0..<5).compactMap { _ in tokens.randomElement(using: &random)?.octets })
      var expected: [Range<Int>] = []
      for found in tokens where wanted.contains(found.octets) {
        var span = found.token.start..<found.token.end
        while let last = expected.last, last.upperBound >= span.lowerBound {
          span = min(last.lowerBound, span.lowerBound)..<max(last.upperBound, span.upperBound)
          expected.removeLast()
        }
        expected.append(span)
      }
      var matcher = TermMatcher(wanted.map { String(decoding: $0, as: UTF8.self) })
      #expect(matcher.spans(in: octets.span) == expected && !expected.isEmpty, "seed \(seed)")
    }
  }
}
