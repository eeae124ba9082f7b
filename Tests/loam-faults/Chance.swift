import Octets

/// A random sequence that its seed settles.
struct Chance: RandomNumberGenerator {
  private var source: SplitMix64

  init(seed: UInt64) { source = SplitMix64(seed: seed) }

  /// The sequence of one step of a run: the same whatever the steps before it drew.
  init(seed: UInt64, step: Int) {
    var whole = Chance(seed: seed)
    self.init(
      seed: whole.next() ^ (UInt64(truncatingIfNeeded: step) &* 0xD134_2543_DE82_EF95))
  }

  mutating func next() -> UInt64 { source.next() }

  /// True once in `count` times.
  mutating func oneIn(_ count: Int) -> Bool { Int.random(in: 0..<count, using: &self) == 0 }
}
