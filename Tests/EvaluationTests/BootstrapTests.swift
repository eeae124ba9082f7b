import Glibc
import Testing

import Evaluation

@Suite("Intervals")
struct BootstrapTests {
  @Test("a fair coin's mean over 400 topics is within two standard errors of its interval's ends")
  func coin() {
    let values = (0..<400).map { Double($0 % 2) }
    let interval = Bootstrap().interval(values)
    #expect(interval.mean == 0.5)
    // The standard error is 0.025, so the normal interval is 0.451 to 0.549.
    #expect(abs(interval.low - 0.451) < 0.004)
    #expect(abs(interval.high - 0.549) < 0.004)
  }

  @Test("the same seed gives the same interval, another seed another")
  func seeds() {
    let values = (0..<50).map { sqrt(Double($0)) }
    #expect(Bootstrap(seed: 1).interval(values) == Bootstrap(seed: 1).interval(values))
    #expect(Bootstrap(seed: 1).interval(values) != Bootstrap(seed: 2).interval(values))
  }

  @Test("a constant difference is certain however the two sides vary")
  func paired() {
    let a = (0..<30).map { Double($0 * 7 % 10) }
    let interval = Bootstrap().difference(a.map { $0 + 0.25 }, a)
    #expect(interval == Interval(mean: 0.25, low: 0.25, high: 0.25))
  }

  @Test("no topics and one topic")
  func few() {
    #expect(Bootstrap().interval([]) == Interval(mean: 0, low: 0, high: 0))
    #expect(Bootstrap(draws: 0).interval([0.3]) == Interval(mean: 0.3, low: 0.3, high: 0.3))
  }
}

@Suite("Decimals as printf rounds them")
struct DecimalsTests {
  @Test(
    "halves go by the exact binary value",
    arguments: [
      (0.00625, 4, "0.0063"), (0.03125, 4, "0.0312"), (0.09375, 4, "0.0938"), (1.0, 4, "1.0000"),
      (0.99995, 4, "1.0000"), (0.12345, 4, "0.1235"), (0.00015, 4, "0.0001"), (2.5, 0, "2"),
      (-0.5, 3, "-0.500"), (1e9, 2, "1000000000.00"), (0, 4, "0.0000"), (.nan, 4, "nan"),
      (-.infinity, 4, "-inf"),
    ])
  func rounding(value: Double, digits: Int, text: String) {
    #expect(fixed(value, digits) == text)
  }
}
