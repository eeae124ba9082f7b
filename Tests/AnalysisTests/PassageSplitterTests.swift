import Analysis
import Grounding
import TestSupport
import Testing

@Suite struct PassageSplitterTests {
  private func passages(
    _ text: String, _ segments: [Segment] = [], words: Int = 120
  ) -> [String] {
    let octets = Array(text.utf8)
    return PassageSplitter(wordLimit: words).split(text, segments: segments)
      .map { String(decoding: octets[$0.span.range], as: UTF8.self) }
  }

  /// Segments of a text whose lines are `# heading` at any depth or paragraphs.
  private func segments(_ lines: [(String, Locator, Segment.Kind)]) -> (String, [Segment]) {
    var text = ""
    var segments: [Segment] = []
    for (line, locator, kind) in lines {
      let start = text.utf8.count
      text += line
      segments.append(
        Segment(kind: kind, span: TextSpan(start..<text.utf8.count), locator: locator))
      text += "\n\n"
    }
    return (text, segments)
  }

  @Test(
    "a text without words yields one passage with an empty span",
    arguments: ["", " \n\t", "\u{3000}"])
  func emptyTexts(_ text: String) {
    let passages = PassageSplitter().split(text, segments: [])
    #expect(passages == [Passage(ordinal: 0, span: TextSpan(start: 0, end: 0))])
  }

  @Test("a short text is one passage, without the blanks around it")
  func shortText() {
    #expect(passages("\n  One. Two.\n\nThree.\n") == ["One. Two.\n\nThree."])
  }

  @Test("passages end at sentences, in about equal shares")
  func sentences() {
    let text = "One two three. Four five six. Seven eight nine. Ten eleven twelve."
    #expect(
      passages(text, words: 8) == [
        "One two three. Four five six.", "Seven eight nine. Ten eleven twelve.",
      ])
    #expect(
      passages(text, words: 10) == [
        "One two three. Four five six.", "Seven eight nine. Ten eleven twelve.",
      ])
    #expect(passages(text, words: 12) == [text])
  }

  @Test("a paragraph's end is preferred")
  func paragraphs() {
    let text = "A b c d. E f g h.\n\nI j k l. M n o p. Q r s t."
    #expect(passages(text, words: 12) == ["A b c d. E f g h.", "I j k l. M n o p. Q r s t."])
  }

  @Test("a long sentence is cut at a word, at a line's end where one is near")
  func longSentences() {
    #expect(passages("a b c d e f g", words: 4) == ["a b c d", "e f g"])
    #expect(passages("a b c\nd e f g", words: 4) == ["a b c", "d e f g"])
    #expect(passages("a\nb c d e f g", words: 4) == ["a\nb c d", "e f g"])
  }

  @Test("passages do not cross headings; a heading goes with what it heads")
  func headings() {
    let (text, segments) = segments([
      ("Preface words.", Locator(), .paragraph),
      ("# Costs", Locator(), .heading),
      ("They rise.", Locator(heading: ["Costs"]), .paragraph),
      ("They fall.", Locator(heading: ["Costs"]), .paragraph),
      ("## Travel", Locator(heading: ["Costs"]), .heading),
      ("By train.", Locator(heading: ["Costs", "Travel"], page: 3), .paragraph),
      ("# Empty", Locator(), .heading),
      ("# End", Locator(), .heading),
    ])
    let found = PassageSplitter().split(text, segments: segments)
    let octets = Array(text.utf8)
    #expect(
      found.map { String(decoding: octets[$0.span.range], as: UTF8.self) } == [
        "Preface words.", "# Costs\n\nThey rise.\n\nThey fall.", "## Travel\n\nBy train.",
        "# Empty\n\n# End",
      ])
    #expect(
      found.map(\.locator) == [
        Locator(), Locator(heading: ["Costs"]), Locator(heading: ["Costs", "Travel"], page: 3),
        Locator(),
      ])
    #expect(found.map(\.ordinal) == [0, 1, 2, 3])
  }

  @Test("passages do not cross message parts, and carry the page where they begin")
  func partsAndPages() {
    let (text, segments) = segments([
      ("One.", Locator(part: "1", page: 1), .paragraph),
      ("Two.", Locator(part: "1", page: 2), .paragraph),
      ("Three.", Locator(part: "2", page: 2), .paragraph),
    ])
    let found = PassageSplitter().split(text, segments: segments)
    #expect(found.map(\.locator) == [Locator(part: "1", page: 1), Locator(part: "2", page: 2)])
  }

  @Test("code is cut at lines")
  func code() {
    let text = "a b. C\nd e. F\ng h. I"
    let segment = Segment(kind: .code, span: TextSpan(0..<text.utf8.count))
    #expect(passages(text, [segment], words: 4) == ["a b. C", "d e. F", "g h. I"])
  }

  @Test("dense text is bounded by an estimate of pieces, and anything by octets")
  func denseText() {
    let ideographs = String(repeating: "東京都", count: 200)
    for passage in passages(ideographs) { #expect(passage.unicodeScalars.count <= 190) }
    let letters = String(repeating: "qx", count: 5_000)
    let found = passages(letters)
    #expect(found.joined() == letters && found.count > 10)
    let url = "https://example.org/" + String(repeating: "a1/b2?c=3&", count: 200)
    let parts = passages(url)
    #expect(parts.joined() == url && parts.allSatisfy { $0.utf8.count < 600 })
    let spread = Array(repeating: "a", count: 50).joined(
      separator: String(repeating: " ", count: 300))
    for passage in passages(spread) { #expect(passage.utf8.count <= 4096) }
  }

  @Test("a heading with many short paragraphs is cut in one pass")
  func manySegments() {
    let count = 50_000
    let text = String(repeating: "A b c d e. \n\n", count: count)
    let length = text.utf8.count / count
    let segments = (0..<count).map {
      Segment(
        kind: .paragraph, span: TextSpan($0 * length..<($0 + 1) * length),
        locator: Locator(heading: ["h"], page: $0 + 1))
    }
    let found = PassageSplitter().split(text, segments: segments)
    // 24 paragraphs of five words are 120 words.
    #expect(found.count >= count / 24 && found.count <= count / 16)
    #expect(found.allSatisfy { $0.locator.page == $0.span.start / length + 1 })
  }

  @Test("segments that lie are clipped")
  func lyingSegments() {
    let text = "é one. Two ß three."
    let segments = [
      Segment(kind: .paragraph, span: TextSpan(start: 1, end: 5)),
      Segment(kind: .heading, span: TextSpan(start: 3, end: 14), locator: Locator(heading: ["x"])),
      Segment(kind: .paragraph, span: TextSpan(start: 2, end: 4)),
      Segment(kind: .code, span: TextSpan(start: 90, end: 900)),
    ]
    check(text, segments, 120, "lying segments")
  }

  @Test("on any string: spans are in order, whole scalars, and cover all that is not blank")
  func properties() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pieces = [
      "word", "Dr. ", "End. ", "\n", "\n\n", " ", "\t", "\u{C}", "東京", "。", "é", "e\u{301}", "😀",
      "👩‍👩‍👧",
      "\u{3000}", "\u{2028}", "...", "! ", "?) ", "1.5", "https://a.example/b?c=d", "\r\n", "\u{0}",
      "longerwordwithoutend", "“Q.” ", "\u{200D}", "- item\n", "> quoted\n",
    ]
    for round in 0..<1_500 {
      var text = ""
      for _ in 0..<Int.random(in: 0...80, using: &random) {
        text += pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }
      var segments: [Segment] = []
      var position = 0
      let count = text.utf8.count
      while round % 3 != 0, position < count {
        let start = Int.random(in: position...count, using: &random)
        let end = Int.random(in: start...min(start + 40, count), using: &random)
        let kinds = Segment.Kind.allCases
        segments.append(
          Segment(
            kind: kinds[Int.random(in: 0..<kinds.count, using: &random)],
            span: TextSpan(start: start, end: end),
            locator: Locator(heading: [["a"], ["a", "b"], ["c"]].randomElement(using: &random))))
        position = end + 1
      }
      check(text, segments, Int.random(in: 1...20, using: &random), "seed \(seed), round \(round)")
    }
  }

  private func check(_ text: String, _ segments: [Segment], _ words: Int, _ note: String) {
    let octets = Array(text.utf8)
    let splitter = PassageSplitter(wordLimit: words)
    let passages = splitter.split(text, segments: segments)
    #expect(passages == splitter.split(text, segments: segments), "\(note): twice the same")
    #expect(passages.map(\.ordinal) == Array(0..<passages.count), "\(note): ordinals")
    var covered = 0
    var isGood = true
    for passage in passages {
      let range = passage.span.range
      isGood = isGood && range.lowerBound >= covered && range.upperBound <= octets.count
      guard isGood else { break }
      isGood = isGood && isBlank(octets[covered..<range.lowerBound])
      let part = String(decoding: octets[range], as: UTF8.self)
      isGood = isGood && Array(part.utf8) == Array(octets[range])
      isGood = isGood && part.split(whereSeparator: \.isWhitespace).count <= words
      covered = range.upperBound
    }
    isGood = isGood && isBlank(octets[covered...])
    #expect(isGood, "\(note): \(text.debugDescription) \(segments) \(passages)")
  }

  private func isBlank(_ octets: ArraySlice<UInt8>) -> Bool {
    let text = String(decoding: octets, as: UTF8.self)
    return Array(text.utf8) == Array(octets)
      && text.unicodeScalars.allSatisfy(\.properties.isWhitespace)
  }
}

@Suite("Whose words a passage has")
struct PassageRoleTests {
  struct Piece {
    var text: String
    var kind = Segment.Kind.paragraph
    var role = Segment.Role.new
  }

  private static let reply = Piece(text: "Yes, at nine.")
  private static let other = Piece(text: "On pier two.")
  private static let quote = Piece(text: "> When?", kind: .quote, role: .quoted)
  private static let line = Piece(text: "Ann wrote:", role: .quoted)
  private static let signature = Piece(text: "Bo, Harbour office", role: .signature)
  private static let disclaimer = Piece(text: "This is confidential.", role: .disclaimer)
  private static let banner = Piece(text: "Sent from a ship", role: .banner)
  private static let forward = Piece(
    text: "Forwarded: the pier", kind: .forwarded, role: .quoted)
  private static let blank = Piece(text: "--")

  /// The words of the passages of each role.
  private func passages(_ pieces: [Piece]) -> (new: [String], quoted: [String]) {
    var text = ""
    var segments: [Segment] = []
    for piece in pieces {
      let start = text.utf8.count
      text += piece.text
      segments.append(
        Segment(kind: piece.kind, role: piece.role, span: TextSpan(start..<text.utf8.count)))
      text += "\n"
    }
    let octets = Array(text.utf8)
    let passages = PassageSplitter().split(text, segments: segments)
    #expect(passages.map(\.ordinal) == Array(0..<passages.count))
    let count = passages.prefix { $0.role == .new }.count
    #expect(count > 0 && passages[count...].allSatisfy { $0.role == .quoted })
    func words(_ passages: ArraySlice<Passage>) -> [String] {
      passages.map { String(decoding: octets[$0.span.range], as: UTF8.self) }
    }
    return (words(passages[..<count]), words(passages[count...]))
  }

  @Test(
    "a mail's own words come first, then what it quotes; no passage crosses from one to the other",
    arguments: [
      ([reply, quote, other, quote], ["Yes, at nine.", "On pier two."], ["> When?", "> When?"]),
      ([quote, reply], ["Yes, at nine."], ["> When?"]),
      ([reply, line, quote], ["Yes, at nine."], ["Ann wrote:\n> When?"]),
      ([reply, signature, disclaimer, banner], ["Yes, at nine."], []),
      ([reply, signature, other], ["Yes, at nine.", "On pier two."], []),
      ([signature], [""], []), ([], [""], []),
      ([reply, forward], ["Yes, at nine.\nForwarded: the pier"], []),
      ([forward, quote], ["Forwarded: the pier"], ["> When?"]),
      ([line, quote, signature], ["Ann wrote:\n> When?"], []),
      ([signature, quote], ["> When?"], []),
      ([quote, blank], ["> When?\n--"], []),
    ] as [([Piece], [String], [String])])
  func roles(pieces: [Piece], new: [String], quoted: [String]) {
    let found = passages(pieces)
    #expect(found.new == new)
    #expect(found.quoted == quoted)
  }

  @Test("a quote in a document is the document's own")
  func documents() {
    let pieces = [Piece(text: "He said:"), Piece(text: "> Go.", kind: .quote)]
    #expect(passages(pieces).new == ["He said:\n> Go."])
  }

  @Test(
    "quotes are a mail's own where nothing else has a word",
    arguments: ["--", "\u{3000}", "...!", "+ # *"])
  func nothingElse(_ rest: String) {
    let found = passages([Self.quote, Piece(text: rest)])
    #expect(found.new.joined(separator: "\n").contains("> When?"))
    #expect(found.quoted == [])
  }

  @Test("are quotes beside a word in any script", arguments: ["ja", "9", "はい", "نعم", "👍ok"])
  func scripts(_ rest: String) {
    let found = passages([Self.quote, Piece(text: rest)])
    #expect(found.new == [rest])
    #expect(found.quoted == ["> When?"])
  }
}
