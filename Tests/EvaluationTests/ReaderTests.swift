import Grounding
import TestSupport
import Testing

import Evaluation

@Suite("Judgements, runs and topics are read as they are written")
struct ReaderTests {
  @Test("qrels take any white space, comments, blank lines, CR LF and a missing last line end")
  func tolerantQrels() throws {
    let text = "# a comment\n\n 1 0\td1   2\r\n\t\n1 0 d#2 -1\n  # another\n2 Q0 d1 0"
    let judgements = try Judgements(trec: Array(text.utf8), name: "q")
    #expect(judgements.topics == ["1", "2"])
    #expect(judgements.grades["1"] == ["d1": 2, "d#2": -1])
    #expect(judgements.grades["2"] == ["d1": 0])
  }

  @Test("a run takes any order of lines, ignores ranks and what follows the tag")
  func tolerantRun() throws {
    let text = "# c\n2 Q0 x 9 1e-1 t\n1 Q0 a 1 -5 t junk at end\r\n\n1\tQ0\tb\t2\t+.5\tlast"
    let run = try Run(trec: Array(text.utf8), name: "r")
    #expect(run.tag == "last")
    #expect(run.results["1"]?.map(\.item) == ["b", "a"])
    #expect(run.results["2"] == [Run.Result(item: "x", score: 0.1)])
  }

  @Test("equal scores are ordered by the item's octets, descending")
  func ties() throws {
    let text = "1 Q0 a 1 1.0 t\n1 Q0 é 2 1.00 t\n1 Q0 Z 3 1 t\n1 Q0 ab 4 1 t"
    let run = try Run(trec: Array(text.utf8), name: "r")
    #expect(run.results["1"]?.map(\.item) == ["é", "ab", "a", "Z"])
  }

  @Test("canonically equivalent names are two names")
  func equivalence() throws {
    let text = "1 0 e\u{301} 1\n1 0 \u{E9} 2"
    let judgements = try Judgements(trec: Array(text.utf8), name: "q")
    #expect(judgements.grades["1"]?.count == 2)
  }

  @Test(
    "what is no qrels file is refused with its line",
    arguments: [
      ("1 0 d1 1\n1 0 d2", "malformed", "q, line 2"),
      ("1 0 d1 1 more", "malformed", "q, line 1"),
      ("\n\n1 0 d1 high", "malformed", "q, line 3"),
      ("1 0 d1 1.0", "malformed", "q, line 1"),
      ("1 0 d1 99999999", "malformed", "q, line 1"),
      ("1 0 d1 9223372036854775808", "malformed", "q, line 1"),
      ("1 0 d1 1\n# c\n1 0 d1 1", "malformed", "q, line 3"),
      ("1 0 d\u{0} 1", "malformed", "q, line 1"),
      ("", "empty", "q"),
      ("# only a comment\n", "empty", "q"),
      (String(repeating: "x", count: 10_001), "too_large", "q, line 1"),
    ])
  func badQrels(text: String, code: String, place: String) {
    let problem = problem { try Judgements(trec: Array(text.utf8), name: "q") }
    #expect(problem?.code.rawValue == code)
    #expect(problem?.place == place)
  }

  @Test(
    "what is no run is refused with its line",
    arguments: [
      ("1 Q0 a 1 2.0", "malformed", "r, line 1"),
      ("1 Q0 a 1 nan t", "malformed", "r, line 1"),
      ("1 Q0 a 1 inf t", "malformed", "r, line 1"),
      ("1 Q0 a 1 1e999 t", "malformed", "r, line 1"),
      ("1 Q0 a 1 two t", "malformed", "r, line 1"),
      ("1 Q0 a 1 1 t\n1 Q0 a 2 0.5 t", "malformed", "r, line 2"),
      ("\n", "empty", "r"),
    ])
  func badRun(text: String, code: String, place: String) {
    let problem = problem { try Run(trec: Array(text.utf8), name: "r") }
    #expect(problem?.code.rawValue == code)
    #expect(problem?.place == place)
  }

  @Test("a line of exactly the limit is read")
  func atTheLimit() throws {
    let item = String(repeating: "d", count: FieldLines.octetLimit - 6)
    let judgements = try Judgements(trec: Array("1 0 \(item) 1".utf8), name: "q")
    #expect(judgements.grades["1"] == [Identifier(item): 1])
  }

  @Test("BEIR's qrels have a header, which may be missing")
  func beir() throws {
    let text = "query-id\tcorpus-id\tscore\r\n1\t31715818\t1\r\n3\t14717500\t2\n"
    let judgements = try Judgements(beir: Array(text.utf8), name: "q")
    #expect(judgements.grades == ["1": ["31715818": 1], "3": ["14717500": 2]])
    let bare = try Judgements(beir: Array("1\ta\t1".utf8), name: "q")
    #expect(bare.grades == ["1": ["a": 1]])
  }

  @Test(
    "what is no BEIR file is refused with its line",
    arguments: [
      ("query-id\tcorpus-id\tscore\n1 a 1", 2), ("h\th\th\n1\ta\tx", 2), ("h\th\th\n1\t\t1", 2),
      ("h\th\th\n1\ta b\t1", 2), ("h\th\th\n1\ta\t1\n1\ta\t0", 3), ("1\ta", 1),
    ])
  func badBEIR(text: String, line: Int) {
    let problem = problem { try Judgements(beir: Array(text.utf8), name: "q") }
    #expect(problem?.code == .malformed)
    #expect(problem?.place == "q, line \(line)")
  }

  @Test("topics keep the file's order; a name may be a number or be called id")
  func topics() throws {
    let text = """
      {"_id": "b", "text": "why", "metadata": {"split": "test"}}

      {"id": 7, "text": "\\u00fcber"}
      """
    let topics = try Topic.read(jsonLines: Array(text.utf8), name: "t")
    #expect(topics == [Topic(id: "b", text: "why"), Topic(id: "7", text: "über")])
  }

  @Test(
    "what is no topic is refused with its line",
    arguments: [
      ("{\"_id\": \"1\"}", "malformed", "t, line 1"),
      ("\n{\"text\": \"a\"}", "malformed", "t, line 2"),
      ("{\"_id\": \"1\", \"text\": \" \"}", "malformed", "t, line 1"),
      ("{\"_id\": \"1 2\", \"text\": \"a\"}", "malformed", "t, line 1"),
      ("{\"_id\": [1], \"text\": \"a\"}", "malformed", "t, line 1"),
      (
        "{\"_id\": \"1\", \"text\": \"a\"}\n{\"_id\": \"1\", \"text\": \"b\"}", "malformed",
        "t, line 2"
      ),
      ("[\n", "malformed", "t, line 1"),
      (String(repeating: "[", count: 100_000), "malformed", "t, line 1"),
      (String(repeating: "x", count: Topic.lineLimit + 1), "too_large", "t, line 1"),
      (" \n", "empty", "t"),
    ])
  func badTopics(text: String, code: String, place: String) {
    let problem = problem { try Topic.read(jsonLines: Array(text.utf8), name: "t") }
    #expect(problem?.code.rawValue == code)
    #expect(problem?.place == place)
  }

  @Test("no octets make a reader trap")
  func anyOctets() {
    let seed = RandomSource.seedFromEnvironment()
    print("seed \(seed)")
    var source = RandomSource(seed: seed)
    let alphabet = Array("01 \t\n\r#dQ{}\"_id:text.-e\u{0}é".utf8) + [0xFF, 0xC3]
    for _ in 0..<2_000 {
      let octets = (0..<Int.random(in: 0...80, using: &source)).map { _ in
        alphabet[Int.random(in: alphabet.indices, using: &source)]
      }
      _ = try? Judgements(trec: octets, name: "q")
      _ = try? Judgements(beir: octets, name: "q")
      _ = try? Run(trec: octets, name: "r")
      _ = try? Topic.read(jsonLines: octets, name: "t")
    }
  }

  private func problem<R>(_ body: () throws -> R) -> Problem? {
    do {
      _ = try body()
      return nil
    } catch { return error as? Problem }
  }
}
