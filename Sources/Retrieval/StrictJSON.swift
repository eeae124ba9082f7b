import Grounding

/// Holds a request's octets to one JSON text that every reader takes alike, before anything is decoded.
///
/// Well-formed UTF-8 without a byte order mark, the grammar of RFC 8259 with nothing behind the
/// value, no name twice in an object, no half of a surrogate pair (RFC 7493), containers at most
/// ``depthLimit`` deep and numbers at most ``numberLimit`` octets long.
///
/// - Complexity: O(*n*) in the octets; open containers are kept in an array, so nesting takes no stack.
struct StrictJSON {
  static let depthLimit = 16
  static let numberLimit = 64

  private let octets: [UInt8]
  private var index = 0
  private var open: [Container] = []

  /// An open container with the names it has so far; an array has none.
  private struct Container {
    let isObject: Bool
    var isEmpty = true
    var names: Set<[UInt8]> = []
  }

  private init(_ octets: [UInt8]) { self.octets = octets }

  /// - Throws: `bad_request`; its place is the name where one is there twice.
  static func check(_ octets: [UInt8]) throws(Problem) {
    guard (try? UTF8Span(validating: octets.span)) != nil else {
      throw Problem(
        .badRequest, "The request is not UTF-8.", remedy: "Send one JSON object in UTF-8.")
    }
    var reader = StrictJSON(octets)
    try reader.run()
  }

  private mutating func run() throws(Problem) {
    try value()
    while let container = open.last {
      try member(of: container)
    }
    skipSpace()
    guard index == octets.count else { throw malformed }
  }

  private var malformed: Problem {
    Problem(
      .badRequest, "The request is not JSON from octet \(index) on.",
      remedy: "Send one object in UTF-8 with at least the field query.")
  }

  private var next: UInt8? { index < octets.count ? octets[index] : nil }

  private mutating func skipSpace() {
    while let octet = next, [0x20, 0x09, 0x0A, 0x0D].contains(octet) { index += 1 }
  }

  private mutating func take(_ octet: UInt8) -> Bool {
    guard next == octet else { return false }
    index += 1
    return true
  }

  /// One more member of the innermost container, or its end.
  private mutating func member(of container: Container) throws(Problem) {
    skipSpace()
    if take(container.isObject ? 0x7D : 0x5D) {
      open.removeLast()
      return
    }
    if !container.isEmpty {
      guard take(0x2C) else { throw malformed }
      skipSpace()
    }
    open[open.count - 1].isEmpty = false
    if container.isObject {
      guard take(0x22) else { throw malformed }
      let name = try string()
      guard open[open.count - 1].names.insert(name).inserted else {
        throw Problem(
          .badRequest, "A field is there twice.",
          place: String(String(decoding: name, as: UTF8.self).unicodeScalars.prefix(64)),
          remedy: "Give each field once.")
      }
      skipSpace()
      guard take(0x3A) else { throw malformed }
    }
    try value()
  }

  /// A value that is no container, or the beginning of one.
  private mutating func value() throws(Problem) {
    skipSpace()
    switch next {
    case 0x7B, 0x5B:
      guard open.count < Self.depthLimit else {
        throw Problem(
          .badRequest, "The request is nested too deeply.",
          remedy: "Send one object whose fields are texts, numbers or lists of texts.")
      }
      open.append(Container(isObject: next == 0x7B))
      index += 1
    case 0x22:
      index += 1
      _ = try string()
    case 0x74: try literal("true")
    case 0x66: try literal("false")
    case 0x6E: try literal("null")
    default: try number()
    }
  }

  private mutating func literal(_ word: StaticString) throws(Problem) {
    for octet in word.description.utf8 where !take(octet) { throw malformed }
  }

  private mutating func digits() throws(Problem) {
    let start = index
    while let octet = next, (0x30...0x39).contains(octet) { index += 1 }
    guard index > start else { throw malformed }
  }

  private mutating func number() throws(Problem) {
    let start = index
    _ = take(0x2D)
    if !take(0x30) { try digits() }
    if take(0x2E) { try digits() }
    if take(0x65) || take(0x45) {
      if !take(0x2B) { _ = take(0x2D) }
      try digits()
    }
    guard index - start <= Self.numberLimit else { throw malformed }
  }

  /// The rest of a string whose quotation mark is behind: its octets with escapes resolved.
  private mutating func string() throws(Problem) -> [UInt8] {
    var result: [UInt8] = []
    while let octet = next, octet >= 0x20 {
      index += 1
      switch octet {
      case 0x22: return result
      case 0x5C: try escape(into: &result)
      default: result.append(octet)
      }
    }
    throw malformed
  }

  private mutating func escape(into result: inout [UInt8]) throws(Problem) {
    guard let octet = next else { throw malformed }
    index += 1
    switch octet {
    case 0x22, 0x5C, 0x2F: result.append(octet)
    case 0x62: result.append(0x08)
    case 0x66: result.append(0x0C)
    case 0x6E: result.append(0x0A)
    case 0x72: result.append(0x0D)
    case 0x74: result.append(0x09)
    case 0x75: result += Array(String(try escapedScalar()).utf8)
    default: throw malformed
    }
  }

  /// The scalar of `\u`, of which both halves must be there where it is beyond the first plane.
  private mutating func escapedScalar() throws(Problem) -> Character {
    var value = try hexadecimal()
    if (0xD800..<0xDC00).contains(value) {
      guard take(0x5C), take(0x75) else { throw malformed }
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else { throw malformed }
      value = 0x10000 + (value - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(value) else { throw malformed }
    return Character(scalar)
  }

  private mutating func hexadecimal() throws(Problem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let octet = next, let digit = Character(Unicode.Scalar(octet)).hexDigitValue else {
        throw malformed
      }
      index += 1
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
