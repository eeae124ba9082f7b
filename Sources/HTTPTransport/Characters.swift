/// The octets of the grammar, by class.
///
/// - SeeAlso: RFC 9110, section 5.6.2 (token); RFC 3986, appendix A (URI).
struct CharacterClass: OptionSet, Sendable {
  let rawValue: UInt8

  /// Letters, digits and `!#$%&'*+-.^_`|~`.
  static let token = CharacterClass(rawValue: 1)
  /// What a path or query is written in, without the percent sign.
  static let target = CharacterClass(rawValue: 2)
  /// What a host and port are written in; no comma, which would join two of them.
  static let host = CharacterClass(rawValue: 4)
  /// Visible octets, those above ASCII, space and tab.
  static let value = CharacterClass(rawValue: 8)

  private static let table: [CharacterClass] = (0...255).map { classes(of: UInt8($0)) }

  static func of(_ octet: UInt8) -> CharacterClass { table[Int(octet)] }

  private static func classes(of octet: UInt8) -> CharacterClass {
    var found: CharacterClass = []
    let isAlphanumeric =
      (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet)
      || (0x61...0x7A).contains(octet)
    func isIn(_ characters: StaticString) -> Bool { "\(characters)".utf8.contains(octet) }
    if isAlphanumeric || isIn("!#$%&'*+-.^_`|~") { found.insert(.token) }
    if isAlphanumeric || isIn("-._~!$&'()*+,;=:@/?") { found.insert(.target) }
    if isAlphanumeric || isIn("-._~!$&'()*+;=%:[]") { found.insert(.host) }
    if octet == 0x09 || (octet >= 0x20 && octet != 0x7F) { found.insert(.value) }
    return found
  }
}

/// The small letter of a capital one of ASCII.
@inline(__always)
func lowered(_ octet: UInt8) -> UInt8 { (0x41...0x5A).contains(octet) ? octet | 0x20 : octet }

/// 0 to 15, or `nil`.
func hexadecimal(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x30...0x39: octet - 0x30
  case 0x41...0x46: octet - 0x37
  case 0x61...0x66: octet - 0x57
  default: nil
  }
}

extension Span<UInt8> {
  /// Whether every octet is of one of `classes`; an empty span is.
  func isOf(_ classes: CharacterClass) -> Bool {
    for at in indices where CharacterClass.of(self[at]).isDisjoint(with: classes) { return false }
    return true
  }

  /// The first place of `octet` from `start`.
  func first(_ octet: UInt8, from start: Int = 0) -> Int? {
    var at = start
    while at < count {
      if self[at] == octet { return at }
      at += 1
    }
    return nil
  }

  /// Whether these are the octets of `text`.
  func isEqual(_ text: StaticString) -> Bool {
    guard count == text.utf8CodeUnitCount else { return false }
    return text.withUTF8Buffer { octets in
      for at in indices where unsafe self[at] != octets[at] { return false }
      return true
    }
  }

  /// Whether these are the letters of `lowerCase`, in whatever case.
  func isWord(_ lowerCase: StaticString) -> Bool {
    guard count == lowerCase.utf8CodeUnitCount else { return false }
    var at = 0
    return lowerCase.withUTF8Buffer { letters in
      while at < count {
        if unsafe lowered(self[at]) != letters[at] { return false }
        at += 1
      }
      return true
    }
  }

  /// The bounds of what is left without spaces and tabs at either end.
  func trimmed() -> Range<Int> {
    var (start, end) = (0, count)
    while start < end, self[start] == 0x20 || self[start] == 0x09 { start += 1 }
    while start < end, self[end - 1] == 0x20 || self[end - 1] == 0x09 { end -= 1 }
    return start..<end
  }

  /// As UTF-8; what is not is read as ISO 8859-1, so that every value has its own text.
  ///
  /// - SeeAlso: RFC 9110, section 5.5.
  func text() -> String {
    if let valid = try? UTF8Span(validating: self) { return String(copying: valid) }
    var scalars = String.UnicodeScalarView()
    for at in indices { scalars.append(Unicode.Scalar(self[at])) }
    return String(scalars)
  }
}
