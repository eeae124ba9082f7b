import Evaluation
import TestSupport
import Testing

@Suite("The paired randomisation test")
struct RandomisationTestTests {
  @Test("few topics are counted: every assignment of signs, by hand")
  func counted() {
    let test = RandomisationTest()
    // Of the 8 sums of 1, 2 and 3, only 6 and -6 are as far from 0.
    #expect(test.p([1, 2, 3]) == 0.25)
    // 1 + 2 - 3 = 0 is not as far as 0 is: everything is.
    #expect(test.p([1, 2, -3]) == 1)
    // Topics that do not differ do not count.
    #expect(test.p([0, 1, 0, 2, 3, 0]) == 0.25)
    #expect(test.p([]) == 1)
    #expect(test.p([0, 0]) == 1)
    // Sums of tenths are not exact; they count as equal all the same.
    #expect(test.p([0.1, 0.2, 0.3]) == 0.25)
    #expect(test.p(Array(repeating: 0.1, count: 10)) == 2.0 / 1024)
  }

  @Test("many topics are drawn, and agree with the count over the same differences")
  func drawn() {
    let seed = RandomSource.seedFromEnvironment()
    var source = RandomSource(seed: seed)
    let differences = (0..<16).map { _ in Double.random(in: -0.4...0.6, using: &source) }
    let exact = RandomisationTest().p(differences)
    // One more topic that weighs next to nothing makes it draw.
    let drawn = RandomisationTest().p(differences + [1e-9])
    // Five standard errors of 100,000 draws.
    let error = 5 * (exact * (1 - exact) / 100_000).squareRoot() + 2e-5
    #expect(abs(exact - drawn) <= error, "seed \(seed)")
  }

  @Test("more than 64 topics use all their signs; a sure difference is never called impossible")
  func extremes() {
    let test = RandomisationTest(seed: 7, draws: 999)
    #expect(test.p(Array(repeating: 1, count: 200)) == 1.0 / 1000)
    let balanced = (0..<200).map { $0 % 2 == 0 ? 1.0 : -1.0 }
    #expect(test.p(balanced) == 1)
    let weak = (0..<200).map { $0 % 2 == 0 ? 1.05 : -1.0 }
    #expect(test.p(weak) > 0.5)
    #expect(test.p(weak) == RandomisationTest(seed: 7, draws: 999).p(weak))
  }
}
