/// The distinct words of a text, by their hashes.
///
/// A word is a run of ASCII letters and digits and of two-octet letters, whatever its case in ASCII.
/// Every scalar of three octets or more is a word by itself, but for punctuation: scripts without
/// spaces come cut differently by each way of writing a text. Hashes that collide make two words one,
/// which changes no more than a share by a word.
struct DistinctWords {
  private(set) var hashes: Set<UInt64> = []

  init() {}

  /// The words of well-formed UTF-8, at most `limit` distinct ones.
  ///
  /// O(octets).
  init(_ text: Span<UInt8>, limit: Int) {
    var hash: UInt64 = Self.seed
    var index = 0
    while index < text.count, hashes.count < limit {
      let octet = text[index]
      switch octet {
      case 0x30...0x39, 0x61...0x7A: Self.add(octet, to: &hash)
      case 0x41...0x5A: Self.add(octet | 0x20, to: &hash)
      case 0x80..<0xC0: Self.add(octet, to: &hash)
      case 0xC3..<0xE0: Self.add(octet, to: &hash)
      case 0xE0...:
        end(&hash)
        let length = min(octet < 0xF0 ? 3 : 4, text.count - index)
        if !Self.isPunctuation(text, index, length) {
          for offset in 0..<length { Self.add(text[index + offset], to: &hash) }
          end(&hash)
        }
        index += length
        continue
      case 0xC2:
        // Signs of Latin-1, the no-break space among them.
        end(&hash)
        index += 1
      default: end(&hash)
      }
      index += 1
    }
    end(&hash)
  }

  mutating func add(_ others: DistinctWords) {
    if hashes.isEmpty { hashes = others.hashes } else { hashes.formUnion(others.hashes) }
  }

  /// What share of these words is among `others`, from 0 to 1; 1 where there are none.
  func share(among others: DistinctWords) -> Double {
    guard !hashes.isEmpty else { return 1 }
    return Double(hashes.count { others.hashes.contains($0) }) / Double(hashes.count)
  }

  private static let seed: UInt64 = 0xCBF2_9CE4_8422_2325

  private static func add(_ octet: UInt8, to hash: inout UInt64) {
    hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3
  }

  private mutating func end(_ hash: inout UInt64) {
    guard hash != Self.seed else { return }
    hashes.insert(hash)
    hash = Self.seed
  }

  /// General punctuation (U+2000 to U+206F), ideographic punctuation (U+3000 to U+303F), and U+FEFF.
  private static func isPunctuation(_ text: Span<UInt8>, _ index: Int, _ length: Int) -> Bool {
    guard length == 3 else { return false }
    switch (text[index], text[index + 1]) {
    case (0xE2, 0x80...0x81), (0xE3, 0x80): return true
    case (0xEF, 0xBB): return text[index + 2] == 0xBF
    default: return false
    }
  }
}
