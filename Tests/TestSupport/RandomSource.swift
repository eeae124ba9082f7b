/// A small random source, the same on every machine: SplitMix64.
///
/// Tests print its seed when they fail.
///
/// - SeeAlso: Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators (OOPSLA 2014).
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var state: UInt64

  package init(seed: UInt64) { state = seed }

  /// The seed in `LOAM_TEST_SEED`, else a random one.
  package static func seedFromEnvironment() -> UInt64 {
    Corpora.environment("LOAM_TEST_SEED").flatMap { UInt64($0) }
      ?? UInt64.random(in: 0...UInt64.max)
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
