import Octets
import Testing

@Suite("SplitMix64")
struct SplitMix64Tests {
  @Test("the first numbers are those of Vigna's reference implementation")
  func reference() {
    var source = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
    ]
    #expect((0..<3).map { _ in source.next() } == expected)
  }
}
