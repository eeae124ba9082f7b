import Analysis
import Testing

@Suite struct AnalyzerTests {
  @Test(
    "text becomes terms",
    arguments: [
      ("", ""),
      ("The budgets were decided.", "the! budget were! decid"),
      ("don't", "don! t!"),
      ("the budget's end", "the! budget s! end"),
      ("l’homme", "l homm"),
      ("п'ять комп’ютер", "пять компютер"),
      ("Müller café naïve Straße", "muller cafe naiv strass"),
      ("cafe\u{301} ﬁnance ＡＢＣ", "cafe financ abc"),
      ("hy\u{AD}phen", "hyphen"),
      ("state-of-the-art", "state +stateoftheart of! the! art"),
      ("e-mails", "e +email mail"),
      ("snake_case_name __init__", "snake +snakecasenam case name init"),
      ("camelCase HTMLParser", "camel +camelcas case html +htmlparser parser"),
      ("iPhone PhD PDFs NASA", "iphon phd pdfs nasa"),
      ("loam.search.rank", "loam +loam.search.rank search rank"),
      ("notes2.txt", "notes2 +notes2.txt txt"),
      ("mail.example.org", "mail +mail.example.org exampl org"),
      (
        "ann.lee@example.org",
        "ann +ann.lee +ann.lee@example.org lee exampl +example.org org"
      ),
      ("ann+tag@example.org", "ann +anntag +ann+tag@example.org tag exampl +example.org org"),
      ("1,000,000 3,14 1,2,3 3.14 1.2.3 1'000", "1000000 3 14 1 2 3 3.14 1.2.3 1000"),
      ("2026-11-24 10:30", "2026 +2026-11-24 11 24 10 30"),
      ("covid-19 v1.2.3", "covid +covid19 19 v1.2.3"),
      ("U.S.A. e.g. U.S. a.m.", "usa eg u.s a.m"),
      ("AT&T R&D a&b Q&Amp", "at! +att t! r +rd d! a! b q amp"),
      ("C++ a+b", "c a! b"),
      (
        "https://www.example.com/a/b.html?x=1",
        "https www +www.example.com exampl com a! b +b.html html x 1"
      ),
      ("東京都", "東京 京都"),
      ("水", "水"),
      ("abc東京xyz", "abc 東京 xyz"),
      ("ガイド か\u{3099}き ｶﾞｲ", "ガイ イド がき ガイ"),
      ("서울시 한국", "서울 울시 한국"),
      ("\u{1112}\u{1161}\u{11AB}\u{1100}\u{116E}\u{11A8}", "한국"),
      ("ภาษา", "ภา าษ ษา"),
      ("a:b Subject:Re", "a! b subject re!"),
      ("\u{1F600} ... --- \u{301}", ""),
      ("@ann -x- .net", "ann x net"),
      ("Dr.Smith@", "dr +dr.smith smith"),
    ])
  func textBecomesTerms(_ text: String, _ expected: String) {
    #expect(terms(text) == expected)
  }

  @Test(
    "the first octet chooses the mode",
    arguments: [
      ("the running", "the! run"), ("\u{1}the running Will", "the running will"),
      ("\u{2}the running budget.s", "the running budget.s"), ("\u{2}", ""), ("\u{1}", ""), ("", ""),
    ])
  func modes(_ text: String, _ expected: String) {
    #expect(terms(text, mode: nil) == expected)
  }

  @Test("offsets count the mode's octet")
  func offsets() {
    let found = spans(Array("\u{1}Ann Lee".utf8), mode: nil)
    #expect(found.map { $0.token.start..<$0.token.end } == [1..<4, 5..<8])
    let finished = spans(Array("\u{2}decid  budget".utf8), mode: nil)
    #expect(finished.map { $0.token.start..<$0.token.end } == [1..<6, 8..<14])
  }

  @Test("a term is cut at 64 octets, at a scalar's border; its token has the whole word")
  func longTerms() {
    let exact = spans(Array(String(repeating: "1", count: 64).utf8))
    #expect(exact.first?.octets.count == 64)
    let long = spans(Array(String(repeating: "x1", count: 500).utf8))
    #expect(long.count == 1 && long.first?.octets.count == 64 && long.first?.token.end == 1000)
    let wide = spans(Array(("a" + String(repeating: "ж", count: 50)).utf8))
    #expect(wide.first?.octets.count == 63)
  }

  @Test("a chain of parts is cut at sixteen")
  func longCompounds() {
    let chain = Array(repeating: "ab", count: 40).joined(separator: "-")
    let found = spans(Array(chain.utf8))
    #expect(found.filter { !$0.token.isColocated }.count == 40)
    #expect(found.filter { $0.token.isColocated }.count == 3)
  }

  @Test("emit stops the analysis")
  func stops() {
    for text in ["one two three", "東京都庁", "a-b-c-d", "x1 y2 z3", "\u{2}a b c"] {
      let octets = Array(text.utf8)
      var analyzer = Analyzer()
      var count = 0
      analyzer.analyze(octets.span, mode: nil) { _, _ in
        count += 1
        return count < 2
      }
      #expect(count == 2, "\(text)")
    }
  }

  @Test("a text's length leaves stop words out and counts wholes")
  func length() {
    let octets = Array("The state-of-the-art budget".utf8)
    var analyzer = Analyzer()
    #expect(analyzer.countTerms(octets.span, mode: .text) == 4)
    #expect(analyzer.countTerms(octets.span, mode: .names) == 7)
  }

  @Test("the stop words are 127, and each is one")
  func stopWords() {
    let list = """
      a about above after again against all also am an and any are as at be because been before \
      being below between both but by can could d did do does doing don done down during each for \
      from further had has have having he her here him his how i if in into is it its just ll m may \
      me might more most must my no nor not of off on once only or other our out over own re s same \
      shall she should so some such t than that the their them then there these they this through \
      to too under until up us ve very was we were what when where which while who whom whose why \
      will with would you your
      """
    let words = list.split(separator: " ").map(String.init)
    #expect(Set(words).count == 127)
    for word in words {
      let found = spans(Array(word.utf8))
      #expect(found.count == 1 && found.first?.token.isStopWord == true, "\(word)")
    }
    for word in ["budget", "doe", "hi", "ha", "e", "o", "between2"] {
      #expect(spans(Array(word.utf8)).first?.token.isStopWord == false, "\(word)")
    }
  }
}
