import Octets

/// The text of a key, which only its holder knows.
///
/// 62 characters: `loam_`, then in base 62 (`0-9A-Za-z`, most significant digit first, padded with
/// `0`)
/// - 8 digits by chance: the key's id, which logs and lists show;
/// - 43 digits: 256 bits by chance, the secret;
/// - 6 digits: the first 32 bits of the SHA-256 of the 56 characters before, so that a mistyped key
///   is told from a wrong one without a look at any file, by scanners for leaked secrets too.
///
/// The keys file keeps the SHA-256 of the whole text. A secret of 256 random bits cannot be guessed
/// from it, so neither salt nor a slow hash is needed.
package struct KeyText: Hashable, Sendable {
  package static let prefix = "loam_"
  package static let idLength = 8
  static let secretLength = 43
  static let checkLength = 6
  static let length = 62

  /// What the holder keeps; never logged.
  package let text: String

  package var id: String { String(text.dropFirst(Self.prefix.count).prefix(Self.idLength)) }

  /// What the keys file keeps.
  package var digest: [UInt8] { SHA256.digest(Array(text.utf8)) }

  /// A new key.
  ///
  /// - Parameter random: has to be fit for secrets, as the system's is.
  package init(using random: inout some RandomNumberGenerator) {
    let id = (0..<Self.idLength).map { _ in
      Base62.digits[Int.random(in: 0..<62, using: &random)]
    }
    let secret = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
    let body =
      Array(Self.prefix.utf8) + id + Base62.encode(secret, width: Self.secretLength)
    text = String(decoding: body + Self.check(body), as: UTF8.self)
  }

  /// `nil` for a text that no key has: another length, another letter, a wrong checksum.
  package init?(_ text: String) {
    let octets = Array(text.utf8)
    let body = octets.prefix(Self.length - Self.checkLength)
    guard octets.count == Self.length, octets.starts(with: Self.prefix.utf8),
      octets.dropFirst(Self.prefix.utf8.count).allSatisfy(Base62.digits.contains),
      Self.check(Array(body)).elementsEqual(octets.suffix(Self.checkLength))
    else { return nil }
    self.text = text
  }

  private static func check(_ body: [UInt8]) -> [UInt8] {
    Base62.encode(Array(SHA256.digest(body).prefix(4)), width: checkLength)
  }
}

/// Numbers in base 62.
enum Base62 {
  static let digits = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

  /// The number that `octets` are, most significant first, in `width` digits that are enough for it.
  static func encode(_ octets: [UInt8], width: Int) -> [UInt8] {
    var number = octets
    var result = [UInt8](repeating: digits[0], count: width)
    for index in result.indices.reversed() {
      var rest = 0
      for place in number.indices {
        let value = rest << 8 | Int(number[place])
        number[place] = UInt8(value / 62)
        rest = value % 62
      }
      result[index] = digits[rest]
    }
    return result
  }
}
