import Grounding
import TestSupport
import Testing

import Evaluation

@Suite("A written run keeps our order for every reader")
struct RunWriterTests {
  @Test("a line has topic, Q0, item, rank, score with six decimals and tag")
  func form() throws {
    var writer = RunWriter(tag: "hybrid")
    try writer.append(
      topic: "1",
      [Run.Result(item: "a", score: 0.4627204), Run.Result(item: "b", score: -0.0000007)])
    #expect(
      String(decoding: writer.octets, as: UTF8.self)
        == "1 Q0 a 1 0.462720 hybrid\n1 Q0 b 2 -0.000001 hybrid\n")
  }

  @Test("scores that are equal, close, huge, infinite or not numbers leave no ties")
  func strictlyFalling() throws {
    let seed = RandomSource.seedFromEnvironment()
    print("seed \(seed)")
    var source = RandomSource(seed: seed)
    for magnitude in [0, 1e-9, 1e-6, 1, 7.9, 40, 1e4, 1e8, 1e12, .infinity, .nan] {
      var score = magnitude
      let ranking = (0..<300).map { index in
        score -= Double.random(in: 0...2e-6, using: &source).rounded(.down)
        // Names that would win every tie, so that a tie shows.
        return Run.Result(item: Identifier("d\(1_000 + index)"), score: score)
      }
      var writer = RunWriter(tag: "t")
      try writer.append(topic: "1", ranking)
      let run = try Run(trec: writer.octets, name: "written")
      #expect(run.results["1"]?.map(\.item) == ranking.map(\.item), "magnitude \(magnitude)")
      let single = run.results["1"]?.map { Float($0.score) } ?? []
      #expect(zip(single, single.dropFirst()).allSatisfy { $0 > $1 }, "magnitude \(magnitude)")
    }
  }

  @Test("a name that a run cannot hold is refused", arguments: ["", "a b", "a\tb", "a\nb"])
  func unwritable(name: String) {
    var writer = RunWriter(tag: "t")
    #expect(throws: Problem.self) {
      try writer.append(topic: "1", [Run.Result(item: Identifier(name), score: 1)])
    }
    #expect(throws: Problem.self) {
      try writer.append(topic: Identifier(name), [Run.Result(item: "a", score: 1)])
    }
  }
}
