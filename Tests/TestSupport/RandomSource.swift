import Octets

/// A random source, the same on every machine; tests print its seed when they fail.
package struct RandomSource: RandomNumberGenerator, Sendable {
  private var source: SplitMix64

  package init(seed: UInt64) { source = SplitMix64(seed: seed) }

  /// The seed in `LOAM_TEST_SEED`, else a random one.
  package static func seedFromEnvironment() -> UInt64 {
    Corpora.environment("LOAM_TEST_SEED").flatMap { UInt64($0) }
      ?? UInt64.random(in: 0...UInt64.max)
  }

  package mutating func next() -> UInt64 { source.next() }
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
