import Grounding
import Octets

/// A strict reader of one JSON value: of some members of an object, or of all (`JSONReader+Flat`).
///
/// - SeeAlso: RFC 8259.
struct JSONReader {
  let octets: [UInt8]
  let depthLimit: Int
  private(set) var index = 0

  /// A reader of well-formed UTF-8.
  init(_ octets: [UInt8], depthLimit: Int) {
    self.octets = octets
    self.depthLimit = depthLimit
  }

  /// The members of the object called one of `names`, strings and numbers as text, `null` left out.
  ///
  /// - Throws: `malformed` where the octets are not one object, where a wanted member is there twice
  ///   or is no string, number or `null`; `too_deep` beyond the limit.
  mutating func members(_ names: Set<String>) throws(Problem) -> [String: String] {
    var found: [String: String] = [:]
    var seen: Set<String> = []
    skipSpace()
    try require(0x7B)
    skipSpace()
    if peek() == 0x7D {
      index += 1
    } else {
      repeat {
        skipSpace()
        let name = try string()
        skipSpace()
        try require(0x3A)
        skipSpace()
        if names.contains(name) {
          guard seen.insert(name).inserted else { throw malformed() }
          found[name] = try scalar()
        } else {
          try skipValue(depth: 1)
        }
        skipSpace()
      } while take(0x2C)
      try require(0x7D)
    }
    skipSpace()
    guard index == octets.count else { throw malformed() }
    return found
  }

  func malformed() -> Problem {
    Problem(
      .malformed, "The record is not the JSON object that is expected.", place: "octet \(index)",
      remedy: "Write one object a line, with _id, title and text as strings.")
  }

  func peek() -> UInt8? { index < octets.count ? octets[index] : nil }

  mutating func take(_ octet: UInt8) -> Bool {
    guard peek() == octet else { return false }
    index += 1
    return true
  }

  mutating func require(_ octet: UInt8) throws(Problem) {
    guard take(octet) else { throw malformed() }
  }

  mutating func skipSpace() {
    while let octet = peek(), [0x20, 0x09, 0x0A, 0x0D].contains(octet) { index += 1 }
  }

  /// A string or a number as text; `nil` for `null`.
  private mutating func scalar() throws(Problem) -> String? {
    switch peek() {
    case 0x22: return try string()
    case 0x6E:
      try literal("null")
      return nil
    default:
      let start = index
      try number()
      return String(decoding: octets[start..<index], as: UTF8.self)
    }
  }

  mutating func literal(_ text: String) throws(Problem) {
    guard octets[index...].starts(with: text.utf8) else { throw malformed() }
    index += text.utf8.count
  }

  mutating func number() throws(Problem) {
    _ = take(0x2D)
    if !take(0x30) { try digits() }
    if take(0x2E) { try digits() }
    if let exponent = peek(), exponent | 0x20 == 0x65 {
      index += 1
      if !take(0x2B) { _ = take(0x2D) }
      try digits()
    }
  }

  private mutating func digits() throws(Problem) {
    let start = index
    while let octet = peek(), (0x30...0x39).contains(octet) { index += 1 }
    if index == start { throw malformed() }
  }

  func requireDepth(_ depth: Int) throws(Problem) {
    guard depth < depthLimit else {
      throw Problem(
        .tooDeep, "The record is nested more than \(depthLimit) deep.", place: "octet \(index)",
        remedy: "Flatten the record.")
    }
  }

  private mutating func skipValue(depth: Int) throws(Problem) {
    try requireDepth(depth)
    switch peek() {
    case 0x22: _ = try string()
    case 0x7B: try skipContainer(close: 0x7D, hasNames: true, depth: depth)
    case 0x5B: try skipContainer(close: 0x5D, hasNames: false, depth: depth)
    case 0x74: try literal("true")
    case 0x66: try literal("false")
    case 0x6E: try literal("null")
    default: try number()
    }
  }

  private mutating func skipContainer(
    close: UInt8, hasNames: Bool, depth: Int
  ) throws(Problem) {
    index += 1
    skipSpace()
    if take(close) { return }
    repeat {
      skipSpace()
      if hasNames {
        _ = try string()
        skipSpace()
        try require(0x3A)
        skipSpace()
      }
      try skipValue(depth: depth + 1)
      skipSpace()
    } while take(0x2C)
    try require(close)
  }
}

extension JSONReader {
  mutating func string() throws(Problem) -> String {
    try require(0x22)
    var text: [UInt8] = []
    while true {
      let end = stretchEnd()
      text += octets[index..<end]
      index = end
      guard let octet = peek() else { throw malformed() }
      index += 1
      if octet == 0x22 { return String(decoding: text, as: UTF8.self) }
      guard octet == 0x5C else { throw malformed() }
      try escape(into: &text)
    }
  }

  /// Where the next quotation mark, backslash or control character stands.
  private func stretchEnd() -> Int {
    var end = index
    while end < octets.count, octets[end] != 0x22, octets[end] != 0x5C, octets[end] >= 0x20 {
      end &+= 1
    }
    return end
  }

  private mutating func escape(into text: inout [UInt8]) throws(Problem) {
    guard let letter = peek() else { throw malformed() }
    index += 1
    switch letter {
    case 0x22, 0x5C, 0x2F: text.append(letter)
    case 0x62: text.append(0x08)
    case 0x66: text.append(0x0C)
    case 0x6E: text.append(0x0A)
    case 0x72: text.append(0x0D)
    case 0x74: text.append(0x09)
    case 0x75: text += String(try unicodeEscape()).utf8
    default: throw malformed()
    }
  }

  /// The scalar of `\uXXXX`, a pair of them read as one; a lone surrogate is U+FFFD.
  private mutating func unicodeEscape() throws(Problem) -> Unicode.Scalar {
    let first = try fourDigits()
    let replacement: Unicode.Scalar = "\u{FFFD}"
    if (0xD800..<0xDC00).contains(first), octets[index...].starts(with: [0x5C, 0x75]) {
      let mark = index
      index += 2
      let second = try fourDigits()
      if (0xDC00..<0xE000).contains(second) {
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00)) ?? replacement
      }
      index = mark
    }
    return Unicode.Scalar(first) ?? replacement
  }

  private mutating func fourDigits() throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let octet = peek(), let digit = hexadecimalValue(octet) else { throw malformed() }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }
}
