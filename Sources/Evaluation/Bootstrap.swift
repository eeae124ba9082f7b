import Octets

/// A mean over topics with the range that other topics of the kind would put it in.
package struct Interval: Hashable, Sendable {
  package var mean: Double
  package var low: Double
  package var high: Double

  package init(mean: Double, low: Double, high: Double) {
    self.mean = mean
    self.low = low
    self.high = high
  }
}

/// Percentile bootstrap over topics: how far a mean depends on which topics were asked.
///
/// - SeeAlso: Efron, Tibshirani: An Introduction to the Bootstrap (1993), chapter 13; Sakai:
///   Evaluating evaluation metrics based on the bootstrap (SIGIR 2006).
package struct Bootstrap: Sendable {
  package static let defaultSeed: UInt64 = 20_261_124

  package let seed: UInt64
  package let draws: Int

  package init(seed: UInt64 = defaultSeed, draws: Int = 5_000) {
    self.seed = seed
    self.draws = max(1, draws)
  }

  /// The mean of `values` and its 95 % interval.
  ///
  /// Each call draws the same topics for the same number of values. Without values all is 0.
  ///
  /// - Complexity: O(draws × values).
  package func interval(_ values: [Double]) -> Interval {
    guard !values.isEmpty else { return Interval(mean: 0, low: 0, high: 0) }
    var source = SplitMix64(seed: seed)
    var means: [Double] = []
    means.reserveCapacity(draws)
    for _ in 0..<draws {
      var sum = 0.0
      for _ in values.indices { sum += values[source.next(below: values.count)] }
      means.append(sum / Double(values.count))
    }
    means.sort()
    return Interval(
      mean: values.reduce(0, +) / Double(values.count), low: percentile(means, 0.025),
      high: percentile(means, 0.975))
  }

  /// The mean of `a` minus `b` over the same topics, and its 95 % interval.
  ///
  /// Pairs are cut to the shorter of the two. An interval that leaves out 0 is a difference that
  /// other topics of the kind would show as well.
  package func difference(_ a: [Double], _ b: [Double]) -> Interval {
    interval(zip(a, b).map { $0 - $1 })
  }

  /// By linear interpolation between the neighbouring values.
  private func percentile(_ sorted: [Double], _ share: Double) -> Double {
    let position = share * Double(sorted.count - 1)
    let index = Int(position)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (sorted[next] - sorted[index]) * (position - Double(index))
  }
}
