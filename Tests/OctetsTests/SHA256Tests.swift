import CKernels
import Grounding
import Octets
import TestSupport
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  /// From NIST's examples and the byte-oriented vectors of the CAVP (SHA256ShortMsg.rsp).
  @Test(
    "agrees with the standard's vectors",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
      (
        "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno"
          + "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
        "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
      ),
    ])
  func standardVectors(message: String, digest: String) {
    #expect(SHA256.hex(SHA256.digest(Array(message.utf8))) == digest)
  }

  @Test("a million times a, whole and in uneven pieces")
  func millionTimesA() {
    let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(SHA256.hex(SHA256.digest([UInt8](repeating: 0x61, count: 1_000_000))) == digest)
    var hasher = SHA256.Hasher()
    let piece = [UInt8](repeating: 0x61, count: 1_000)
    for _ in 0..<1_000 { hasher.update(piece) }
    #expect(SHA256.hex(hasher.finish()) == digest)
  }

  /// Computed by coreutils' sha256sum over as many letters a.
  @Test(
    "lengths around the limits of a block",
    arguments: [
      (1, "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb"),
      (54, "a3f01b6939256127582ac8ae9fb47a382a244680806a3f613a118851c1ca1d47"),
      (55, "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
      (56, "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
      (57, "f13b2d724659eb3bf47f2dd6af1accc87b81f09f59f2b75e5c0bed6589dfe8c6"),
      (63, "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
      (64, "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
      (65, "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
      (111, "6374f73208854473827f6f6a3f43b1f53eaa3b82c21c1a6d69a2110b2a79baad"),
      (112, "f54353008a2553262ecdc4a34749563ba0950e8b0fc8652780b0a614b99683c1"),
      (119, "31eba51c313a5c08226adf18d4a359cfdfd8d2e816b13f4af952f7ea6584dcfb"),
      (120, "2f3d335432c70b580af0e8e1b3674a7c020d683aa5f73aaaedfdc55af904c21c"),
      (127, "c57e9278af78fa3cab38667bef4ce29d783787a2f731d4e12200270f0c32320a"),
      (128, "6836cf13bac400e9105071cd6af47084dfacad4e5e302c94bfed24e013afb73e"),
      (129, "c12cb024a2e5551cca0e08fce8f1c5e314555cc3fef6329ee994a3db752166ae"),
      (1000, "41edece42d63e8d9bf515a9ba6932e1c20cbc9f5a5d134645adb5db1b9737ea3"),
    ])
  func blockLimits(length: Int, digest: String) {
    #expect(SHA256.hex(SHA256.digest([UInt8](repeating: 0x61, count: length))) == digest)
  }

  @Test("where the pieces are cut changes nothing")
  func pieces() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let octets = (0..<Int.random(in: 0...700, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      var hasher = SHA256.Hasher()
      var rest = octets[...]
      while !rest.isEmpty {
        let count = Int.random(in: 0...min(rest.count, 130), using: &random)
        hasher.update(Array(rest.prefix(count)))
        rest = rest.dropFirst(count)
      }
      #expect(hasher.finish() == SHA256.digest(octets), "seed \(seed)")
    }
  }

  @Test("a copy of a hasher goes its own way")
  func copies() {
    var hasher = SHA256.Hasher()
    hasher.update(Array("ab".utf8))
    var other = hasher
    other.update(Array("c".utf8))
    hasher.update(Array("d".utf8))
    #expect(other.finish() == SHA256.digest(Array("abc".utf8)))
    #expect(hasher.finish() == SHA256.digest(Array("abd".utf8)))
  }

  @Test("hexadecimal digits keep leading zeros")
  func hexadecimal() { #expect(SHA256.hex([0, 1, 0x9a, 0xff]) == "00019aff") }
}

@Suite("Base32 and item names")
struct Base32Tests {
  @Test(
    "agrees with RFC 4648, section 10, in lower case and without padding",
    arguments: [
      ("", ""), ("f", "my"), ("fo", "mzxq"), ("foo", "mzxw6"), ("foob", "mzxw6yq"),
      ("fooba", "mzxw6ytb"), ("foobar", "mzxw6ytboi"),
    ])
  func vectors(plain: String, encoded: String) {
    #expect(Base32.encode(Array(plain.utf8)) == encoded)
  }

  @Test("an item's id is the first 100 bits of source, 0x00, key, and depends on them alone")
  func itemIDs() {
    let id = itemID(source: "mail", key: Array("k".utf8))
    let digest = SHA256.digest(Array("mail".utf8) + [0] + Array("k".utf8))
    #expect(Base32.encode(digest).hasPrefix(id.text))
    #expect(itemID(source: "mai", key: Array("lk".utf8)) != id)
    #expect(itemID(source: "mail", key: Array("k".utf8)) == id)
  }

  @Test("is one function, whether the processor's instructions compute it or not")
  func instructions() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    guard loam_sha256_can() != 0 else { return }
    for _ in 0..<300 {
      let count = Int.random(in: 0...400, using: &random)
      let octets = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      var plain = SHA256.Hasher(plainly: true)
      plain.update(octets)
      #expect(SHA256.digest(octets) == plain.finish(), "seed \(seed)")
    }
  }
}
