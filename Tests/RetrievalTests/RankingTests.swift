import Retrieval
import TestSupport
import Testing

@Suite("The leading items")
struct LeadingItemsTests {
  @Test("they are all that reach the score of the last that sorting would keep")
  func agreesWithSorting() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for round in 0..<500 {
      let limit = Int.random(in: 0...20, using: &random)
      // Few different scores, so that ties are common.
      let scores = (0..<Int.random(in: 0...300, using: &random)).map { _ in
        Double(Int.random(in: -2...(round % 2 == 0 ? 9 : 1_000), using: &random))
      }
      let items = scores.enumerated().map { ScoredItem(item: Int32($0), score: $1) }
      let least = scores.sorted(by: >).prefix(limit).last ?? .infinity
      #expect(
        leadingItems(limit, of: items) == items.filter { $0.score >= least },
        "seed \(seed), round \(round)")
    }
  }

  @Test("many are looked through as few are, wherever the best stand", arguments: 0..<40)
  func many(round: Int) {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    var random = RandomSource(seed: seed)
    let count = Int.random(in: 3_000...30_000, using: &random)
    let limit = Int.random(in: 1...400, using: &random)
    var scores = (0..<count).map { _ in
      Int.random(in: 0..<4, using: &random) == 0 ? Double.random(in: 0...1, using: &random) : 0
    }
    // Those that score alike, those that a sample of every 61st sees, and those in one place.
    if round % 4 == 1 { scores = scores.map { ($0 * 8).rounded() } }
    if round % 4 == 2 { for index in stride(from: 0, to: count, by: 61) { scores[index] += 1 } }
    if round % 4 == 3 { scores.sort() }
    let least = scores.sorted(by: >)[limit - 1]
    let items = scores.enumerated().map { ScoredItem(item: Int32($0), score: $1) }
    #expect(
      leadingItems(limit, of: items) == items.filter { $0.score >= least }, "seed \(seed)")
    let shuffled = leadingItems(limit, of: items.shuffled(using: &random))
    #expect(
      shuffled.sorted { $0.item < $1.item } == items.filter { $0.score >= least }, "seed \(seed)")
  }
}

@Suite("The fused score")
struct FusedScoreTests {
  @Test("it is .4 cosine and .6 share")
  func convex() {
    #expect(FusedScore.convex(cosine: 0.5, share: 0.25) == 0.4 * 0.5 + 0.6 * 0.25)
    #expect(FusedScore.convex(cosine: -0.5, share: 0) == -0.2)
  }

  @Test("without a vector the cosine counts 0, without terms the cosine is all")
  func missingParts() {
    #expect(FusedScore.convex(cosine: nil, share: 0.5) == 0.6 * 0.5)
    #expect(FusedScore.convex(cosine: 0.5, share: nil) == 0.5)
    #expect(FusedScore.convex(cosine: nil, share: nil) == 0)
  }

  @Test("reciprocal ranks add up over the legs that have the item")
  func reciprocal() {
    #expect(FusedScore.reciprocal(ranks: 1, 3) == 1.0 / 61 + 1.0 / 63)
    #expect(FusedScore.reciprocal(ranks: nil, 3) == 1.0 / 63)
    #expect(FusedScore.reciprocal(ranks: nil, nil) == 0)
  }
}

@Suite("A score in the output")
struct RoundedScoreTests {
  @Test(
    "it has six decimals at most and prints shortly",
    arguments: [
      (0.46271999999999996, "0.46272"), (0.1234565, "0.123457"), (-0.0000001, "0.0"),
      (1, "1.0"), (0, "0.0"), (-0.25, "-0.25"), (0.99999951, "1.0"), (2.0 / 3, "0.666667"),
    ] as [(Double, String)])
  func printsShortly(score: Double, text: String) {
    #expect(roundedScore(score).description == text)
  }

  @Test("every rounded score reads back as the number of at most six decimals")
  func alwaysSixDecimals() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<20_000 {
      let text = roundedScore(Double.random(in: -1...1, using: &random)).description
      // Small scores print as 1e-06: at most six significant digits either way.
      #expect(text.filter(\.isNumber).count <= 7, "seed \(seed): \(text)")
    }
  }
}
