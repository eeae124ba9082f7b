import Octets
import TestSupport
import Testing

@Suite("Base64")
struct Base64Tests {
  @Test(
    "reads what is well formed and counts what is not",
    arguments: [
      ("", "", 0), ("Zg==", "f", 0), ("Zm8=", "fo", 0), ("Zm9v", "foo", 0),
      ("Zm9v\r\nYmFy\r\n", "foobar", 0), (" Z m 9 v ", "foo", 0),
      ("Zg", "f", 1), ("Zg=", "f", 1), ("Zm8", "fo", 1),  // no padding
      ("Z", "", 1), ("Zm9vY", "foo", 1), ("Z===", "", 3),  // a letter that holds no octet
      ("Zm!9v", "foo", 1), ("Zm9v-_", "foo", 2),  // outside of the alphabet
      ("Zg==Zg==", "ff", 1), ("Zm9v=", "foo", 1), ("====", "", 4), ("Zg==\n--\n", "f", 2),
    ])
  func table(encoded: String, plain: String, defects: Int) {
    let result = Base64.decode(Array(encoded.utf8).span)
    #expect(result.octets == Array(plain.utf8))
    #expect(result.defects == defects)
  }

  @Test("what any encoder writes comes back")
  func roundTrip() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    for _ in 0..<200 {
      let octets = random.octets(upTo: 200)
      var encoded: [UInt8] = []
      for start in stride(from: 0, to: octets.count, by: 3) {
        let group = octets[start..<min(start + 3, octets.count)]
        let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << UInt32(24 - 8 * group.count)
        for letter in 0..<4 {
          encoded.append(
            letter <= group.count ? alphabet[Int(bits >> UInt32(26 - 6 * letter - 8) & 63)] : 0x3D)
        }
        if Int.random(in: 0..<20, using: &random) == 0 { encoded += [13, 10] }
      }
      let result = Base64.decode(encoded.span)
      #expect(result.octets == octets && result.defects == 0, "seed \(seed)")
    }
  }
}

@Suite("Quoted-printable")
struct QuotedPrintableTests {
  @Test(
    "reads what is well formed and counts what is not",
    arguments: [
      ("", "", 0), ("a=3Db", "a=b", 0), ("caf=c3=A9", "caf\u{E9}", 0),
      ("one=\ntwo=\r\nthree", "onetwothree", 0), ("one=  \ntwo", "onetwo", 0),
      ("padded  \t\nnext \r\n", "padded\nnext\r\n", 0), ("kept=20\n", "kept \n", 0),
      ("soft =\nline", "soft line", 0), ("end=", "end", 0), ("end  ", "end", 0),
      ("a=ZZb", "a=ZZb", 1), ("a=4", "a=4", 1), ("x = y", "x = y", 1), ("==41", "=A", 1),
    ])
  func table(encoded: String, plain: String, defects: Int) {
    let result = QuotedPrintable.decode(Array(encoded.utf8).span)
    #expect(result.octets == Array(plain.utf8))
    #expect(result.defects == defects)
  }

  @Test("in an encoded word an underscore is a space")
  func words() {
    #expect(QuotedPrintable.decodeWord(Array("a_b=5F".utf8).span).octets == Array("a b_".utf8))
    #expect(QuotedPrintable.decodeWord(Array("a=".utf8).span).defects == 1)
  }

  @Test("what an encoder of every octet writes comes back")
  func roundTrip() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let octets = random.octets(upTo: 200)
      let encoded = octets.flatMap { Array("=\(SHA256.hex([$0]).uppercased())".utf8) }
      let result = QuotedPrintable.decode(encoded.span)
      #expect(result.octets == octets && result.defects == 0, "seed \(seed)")
    }
  }
}

extension RandomSource {
  /// Up to `limit` random octets.
  mutating func octets(upTo limit: Int) -> [UInt8] {
    var octets: [UInt8] = []
    for _ in 0..<Int.random(in: 0...limit, using: &self) {
      octets.append(UInt8.random(in: 0...255, using: &self))
    }
    return octets
  }
}
