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
      let scored = (0..<Int.random(in: 0...60, using: &random)).map {
        ScoredItem(item: Int32($0), score: Double(Int.random(in: -2...9, using: &random)))
      }
      let kept = scored.map(\.score).sorted(by: >).prefix(limit)
      let expected = scored.filter { $0.score >= kept.last ?? .infinity }
      #expect(leadingItems(limit, of: scored) == expected, "seed \(seed), round \(round)")
    }
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
