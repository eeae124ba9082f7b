package import Grounding

/// The name of an item: base32 of the first 100 bits of SHA-256 over `source`, 0x00 and `key`.
///
/// It depends on the thing alone, never on what else is stored. A source's name holds no 0x00.
package func itemID(source: String, key: [UInt8]) -> ItemID {
  var hasher = SHA256.Hasher()
  hasher.update(Array(source.utf8))
  hasher.update([0])
  hasher.update(key)
  let letters = String(Base32.encode(Array(hasher.finish()[..<13])).prefix(20))
  guard let id = ItemID(letters) else { preconditionFailure("13 octets are 21 letters of base32") }
  return id
}
