import CKernels

/// SHA-256 over octets, by the processor's instructions where it has them, else in plain Swift.
///
/// - Complexity: O(*n*) in the octets; no allocation but the 32 octets of the result.
/// - SeeAlso: FIPS 180-4, section 6.2.
package enum SHA256 {
  /// The 32 octets of the digest of `octets`.
  package static func digest(_ octets: Span<UInt8>) -> [UInt8] {
    var hasher = Hasher()
    hasher.update(octets)
    return hasher.finish()
  }

  /// The 32 octets of the digest of `octets`.
  package static func digest(_ octets: [UInt8]) -> [UInt8] { digest(octets.span) }

  /// `octets` as lower-case hexadecimal digits, two an octet.
  package static func hex(_ octets: [UInt8]) -> String {
    var digits: [UInt8] = []
    digits.reserveCapacity(octets.count * 2)
    for octet in octets {
      digits.append(hexadecimalDigit(octet >> 4))
      digits.append(hexadecimalDigit(octet & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  /// A digest that takes its octets in pieces; a copy goes on from where the original stood.
  package struct Hasher: Sendable {
    private var state = State()
    private var pending = InlineArray<64, UInt8>(repeating: 0)
    private var pendingCount = 0
    private var total: UInt64 = 0
    private let usesInstructions: Bool

    package init() { self.init(plainly: false) }

    /// `plainly`: without the processor's instructions, for whoever compares the two.
    package init(plainly: Bool) { usesInstructions = !plainly && loam_sha256_can() != 0 }

    /// Takes the next octets; where the pieces are cut changes nothing.
    package mutating func update(_ octets: Span<UInt8>) {
      total &+= UInt64(octets.count)
      var offset = 0
      if pendingCount > 0 {
        while pendingCount < 64, offset < octets.count {
          pending[pendingCount] = octets[offset]
          pendingCount &+= 1
          offset &+= 1
        }
        guard pendingCount == 64 else { return }
        compressPending()
      }
      let blocks = (octets.count - offset) / 64
      state.compress(octets, from: offset, blocks: blocks, usesInstructions)
      offset += blocks * 64
      while offset < octets.count {
        pending[pendingCount] = octets[offset]
        pendingCount &+= 1
        offset &+= 1
      }
    }

    /// Takes the next octets.
    package mutating func update(_ octets: [UInt8]) { update(octets.span) }

    /// Takes one octet.
    package mutating func update(_ octet: UInt8) {
      total &+= 1
      pending[pendingCount] = octet
      pendingCount &+= 1
      if pendingCount == 64 { compressPending() }
    }

    private mutating func compressPending() {
      state.compress(pending.span, from: 0, blocks: 1, usesInstructions)
      pendingCount = 0
    }

    /// The digest of what was taken.
    ///
    /// The hasher is spent afterwards: begin anew for the next digest.
    package mutating func finish() -> [UInt8] {
      let bits = total &* 8
      update(0x80)
      while pendingCount != 56 { update(0) }
      for place in 0..<8 { update(UInt8(truncatingIfNeeded: bits &>> UInt64(56 - 8 * place))) }
      return state.octets
    }
  }
}

@inline(__always)
func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

/// The eight working words and the compression function.
private struct State: Sendable {
  var h0: UInt32 = 0x6a09_e667
  var h1: UInt32 = 0xbb67_ae85
  var h2: UInt32 = 0x3c6e_f372
  var h3: UInt32 = 0xa54f_f53a
  var h4: UInt32 = 0x510e_527f
  var h5: UInt32 = 0x9b05_688c
  var h6: UInt32 = 0x1f83_d9ab
  var h7: UInt32 = 0x5be0_cd19

  var octets: [UInt8] {
    let words: InlineArray<8, UInt32> = [h0, h1, h2, h3, h4, h5, h6, h7]
    return Array(capacity: 32) { octets in
      for place in 0..<32 {
        let shift = UInt32(truncatingIfNeeded: 24 - place % 4 * 8)
        octets.append(UInt8(truncatingIfNeeded: words[place / 4] &>> shift))
      }
    }
  }

  /// One round; the caller renames the words instead of moving them.
  @inline(__always)
  static func round(
    _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32,
    _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32, _ word: UInt32
  ) {
    let sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)
    let sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)
    let t1 = h &+ sum1 &+ (g ^ (e & (f ^ g))) &+ word
    d = d &+ t1
    h = t1 &+ sum0 &+ ((a & b) | (c & (a | b)))
  }

  @inline(__always)
  static func rotated(_ word: UInt32, _ by: UInt32) -> UInt32 {
    (word &>> by) | (word &<< (32 &- by))
  }

  /// The next word of the message schedule, in place: `w` holds the last sixteen.
  @inline(__always)
  static func extend(_ w: inout InlineArray<16, UInt32>, _ i: Int) {
    let early = w[(i &+ 1) & 15]
    let late = w[(i &+ 14) & 15]
    let sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early &>> 3)
    let sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late &>> 10)
    w[i] = w[i] &+ sigma0 &+ w[(i &+ 9) & 15] &+ sigma1
  }

  mutating func compress(
    _ octets: Span<UInt8>, from start: Int, blocks: Int, _ usesInstructions: Bool
  ) {
    precondition(blocks >= 0 && start >= 0 && blocks <= (octets.count - start) / 64)
    if usesInstructions {
      compressByInstructions(octets, from: start, blocks: blocks)
    } else {
      compressPlainly(octets, from: start, blocks: blocks)
    }
  }

  private mutating func compressByInstructions(
    _ octets: Span<UInt8>, from start: Int, blocks: Int
  ) {
    guard blocks > 0 else { return }
    unsafe withUnsafeMutableBytes(of: &self) { words in
      unsafe octets.withUnsafeBufferPointer { octets in
        // Safe: the precondition keeps the blocks inside, and `self` is eight UInt32.
        guard let first = octets.baseAddress, let state = words.baseAddress else { return }
        unsafe loam_sha256_blocks(
          state.assumingMemoryBound(to: UInt32.self), first + start, blocks)
      }
    }
  }

  private mutating func compressPlainly(
    _ octets: Span<UInt8>, from start: Int, blocks: Int
  ) {
    let bytes = unsafe octets.bytes
    for block in 0..<blocks {
      let base = start &+ block &* 64
      var w = InlineArray<16, UInt32>(repeating: 0)
      for i in 0..<16 {
        // Safe: any octets are a UInt32, and the precondition keeps the offset inside.
        w[i] = unsafe UInt32(
          bigEndian: bytes.unsafeLoadUnaligned(
            fromUncheckedByteOffset: base &+ i &* 4, as: UInt32.self))
      }
      compress(&w)
    }
  }

  @inline(__always)
  private mutating func compress(_ w: inout InlineArray<16, UInt32>) {
    var (a, b, c, d, e, f, g, h) = (h0, h1, h2, h3, h4, h5, h6, h7)
    for sixteen in 0..<4 {
      let at = sixteen &* 16
      if sixteen > 0 {
        for i in 0..<16 { Self.extend(&w, i) }
      }
      for half in 0..<2 {
        let j = half &* 8
        let k = at &+ j
        Self.round(a, b, c, &d, e, f, g, &h, roundConstants[k] &+ w[j])
        Self.round(h, a, b, &c, d, e, f, &g, roundConstants[k &+ 1] &+ w[j &+ 1])
        Self.round(g, h, a, &b, c, d, e, &f, roundConstants[k &+ 2] &+ w[j &+ 2])
        Self.round(f, g, h, &a, b, c, d, &e, roundConstants[k &+ 3] &+ w[j &+ 3])
        Self.round(e, f, g, &h, a, b, c, &d, roundConstants[k &+ 4] &+ w[j &+ 4])
        Self.round(d, e, f, &g, h, a, b, &c, roundConstants[k &+ 5] &+ w[j &+ 5])
        Self.round(c, d, e, &f, g, h, a, &b, roundConstants[k &+ 6] &+ w[j &+ 6])
        Self.round(b, c, d, &e, f, g, h, &a, roundConstants[k &+ 7] &+ w[j &+ 7])
      }
    }
    (h0, h1, h2, h3) = (h0 &+ a, h1 &+ b, h2 &+ c, h3 &+ d)
    (h4, h5, h6, h7) = (h4 &+ e, h5 &+ f, h6 &+ g, h7 &+ h)
  }
}

/// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
private let roundConstants: InlineArray<64, UInt32> = [
  0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4,
  0xab1c_5ed5, 0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe,
  0x9bdc_06a7, 0xc19b_f174, 0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f,
  0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da, 0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7,
  0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967, 0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc,
  0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85, 0xa2bf_e8a1, 0xa81a_664b,
  0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070, 0x19a4_c116,
  0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
  0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7,
  0xc671_78f2,
]
