import Octets

/// Fisher's paired randomisation test: how often chance alone makes a difference as great.
///
/// If two rankings were equally good, each topic's difference could as well have the other sign. The
/// two-sided p is the share of sign assignments whose mean is at least as far from 0 as the one seen.
///
/// - SeeAlso: Smucker, Allan, Carterette: A comparison of statistical significance tests for
///   information retrieval evaluation (CIKM 2007).
package struct RandomisationTest: Sendable {
  package let seed: UInt64
  package let draws: Int

  /// Up to so many topics that differ, every assignment is counted instead of drawn.
  static let exactTopics = 16

  package init(seed: UInt64 = Bootstrap.defaultSeed, draws: Int = 100_000) {
    self.seed = seed
    self.draws = max(1, draws)
  }

  /// The p of the paired `differences`; 1 where none differs.
  ///
  /// Drawn, it is (assignments as extreme + 1) / (draws + 1), which is never 0.
  ///
  /// - Complexity: O(draws × topics that differ).
  package func p(_ differences: [Double]) -> Double {
    let differing = differences.filter { $0 != 0 }
    guard !differing.isEmpty else { return 1 }
    // Sums of the same numbers in another order differ by rounding; they count as equal.
    let bound = abs(differing.reduce(0, +)) - 1e-12 * differing.reduce(0) { $0 + abs($1) }
    return differing.count <= Self.exactTopics
      ? counted(differing, bound) : drawn(differing, bound)
  }

  private func counted(_ differences: [Double], _ bound: Double) -> Double {
    let assignments = 1 << differences.count
    var extreme = 0
    for signs in 0..<assignments where abs(sum(differences, UInt64(signs))) >= bound {
      extreme += 1
    }
    return Double(extreme) / Double(assignments)
  }

  private func drawn(_ differences: [Double], _ bound: Double) -> Double {
    var source = SplitMix64(seed: seed)
    var extreme = 0
    for _ in 0..<draws {
      var total = 0.0
      for start in stride(from: 0, to: differences.count, by: 64) {
        total += sum(differences[start..<min(start + 64, differences.count)], source.next())
      }
      if abs(total) >= bound { extreme += 1 }
    }
    return Double(extreme + 1) / Double(draws + 1)
  }

  /// The sum with the sign of each difference flipped where its bit of `signs` is set.
  private func sum(_ differences: some Collection<Double>, _ signs: UInt64) -> Double {
    var total = 0.0
    var rest = signs
    for difference in differences {
      total += rest & 1 == 0 ? difference : -difference
      rest >>= 1
    }
    return total
  }
}
