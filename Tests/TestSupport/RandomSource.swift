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

extension RandomSource {
  /// Changes `octets` in one to eight places: puts in one of `pieces`, takes some out, puts in an
  /// octet, or repeats a stretch.
  package mutating func mutate(_ octets: inout [UInt8], with pieces: [[UInt8]]) {
    for _ in 0..<Int.random(in: 1...8, using: &self) {
      let at = Int.random(in: 0...octets.count, using: &self)
      switch Int.random(in: 0..<4, using: &self) {
      case 0: octets.insert(contentsOf: pieces.randomElement(using: &self) ?? [], at: at)
      case 1:
        octets.removeSubrange(at..<min(octets.count, at + Int.random(in: 0...30, using: &self)))
      case 2: octets.insert(UInt8.random(in: 0...255, using: &self), at: at)
      default:
        let from = Int.random(in: 0...octets.count, using: &self)
        octets.insert(contentsOf: octets[from..<min(octets.count, from + 60)], at: at)
      }
    }
  }
}
