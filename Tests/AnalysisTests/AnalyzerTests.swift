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
}
