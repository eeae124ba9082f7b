import UnicodeTables

/// A character reference of the HTML standard, section 13.2.5.72 to 13.2.5.80.
struct CharacterReference {
  /// Octets from `&` on.
  private(set) var length: Int
  private let meaning: Meaning

  private enum Meaning {
    case named(Int)
    case scalar(UInt32)
  }

  /// The reference at `start`, where `&` stands; `nil` where that is only itself.
  ///
  /// In an attribute, a name without semicolon is text before a letter, a digit or `=`.
  /// Errors are counted in `errors` by ``HTMLParseError/place``.
  init?(_ input: Span<UInt8>, at start: Int, inAttribute: Bool, _ errors: inout [Int]) {
    guard start &+ 1 < input.count else { return nil }
    let next = input[start &+ 1]
    if next == 0x23 {
      self.init(numeric: input, start, &errors)
    } else if isLetter(next) || isDigit(next) {
      self.init(named: input, start, inAttribute, &errors)
    } else {
      return nil
    }
  }

  /// Appends what it stands for.
  func append(to octets: inout [UInt8]) {
    switch meaning {
    case .named(let place):
      let entry = NamedReferences.target(place)
      for index in entry { octets.append(Table.octet(namedReferenceText, index)) }
    case .scalar(let value):
      appendUTF8(value, to: &octets)
    }
  }

  private init?(
    named input: Span<UInt8>, _ start: Int, _ inAttribute: Bool, _ errors: inout [Int]
  ) {
    guard let found = NamedReferences.longest(input, start &+ 1) else {
      Self.checkAmbiguous(input, start &+ 1, &errors)
      return nil
    }
    let end = start &+ 1 &+ found.length
    if input[end &- 1] != 0x3B {
      if inAttribute, end < input.count,
        input[end] == 0x3D || isLetter(input[end]) || isDigit(input[end])
      {
        return nil
      }
      errors[HTMLParseError.missingSemicolon.place] &+= 1
    }
    length = 1 &+ found.length
    meaning = .named(found.place)
  }

  /// A name that does not exist is an error where a semicolon ends it.
  private static func checkAmbiguous(_ input: Span<UInt8>, _ start: Int, _ errors: inout [Int]) {
    var index = start
    while index < input.count, isLetter(input[index]) || isDigit(input[index]) { index &+= 1 }
    if index < input.count, input[index] == 0x3B {
      errors[HTMLParseError.unknownNamedReference.place] &+= 1
    }
  }

  private init?(numeric input: Span<UInt8>, _ start: Int, _ errors: inout [Int]) {
    var index = start &+ 2
    let isHex = index < input.count && input[index] | 0x20 == 0x78
    if isHex { index &+= 1 }
    let first = index
    var value: UInt32 = 0
    while index < input.count, let digit = Self.digit(input[index], isHex) {
      value = min(value &* (isHex ? 16 : 10) &+ digit, 0x11_0000)
      index &+= 1
    }
    guard index > first else {
      errors[HTMLParseError.absenceOfDigits.place] &+= 1
      return nil
    }
    if index < input.count, input[index] == 0x3B {
      index &+= 1
    } else {
      errors[HTMLParseError.missingSemicolon.place] &+= 1
    }
    length = index &- start
    meaning = .scalar(Self.checked(value, &errors))
  }

  private static func digit(_ octet: UInt8, _ isHex: Bool) -> UInt32? {
    if isDigit(octet) { return UInt32(octet &- 0x30) }
    let lower = octet | 0x20
    return isHex && lower &- 0x61 < 6 ? UInt32(lower &- 0x61 &+ 10) : nil
  }

  /// The scalar that `value` means.
  private static func checked(_ value: UInt32, _ errors: inout [Int]) -> UInt32 {
    func fail(_ error: HTMLParseError) { errors[error.place] &+= 1 }
    switch value {
    case 0:
      fail(.nullReference)
      return 0xFFFD
    case 0x11_0000...:
      fail(.referenceOutsideUnicode)
      return 0xFFFD
    case 0xD800...0xDFFF:
      fail(.surrogateReference)
      return 0xFFFD
    case 0xFDD0...0xFDEF: fail(.noncharacterReference)
    case _ where value & 0xFFFE == 0xFFFE: fail(.noncharacterReference)
    case 0x09, 0x0A, 0x0C, 0x20...0x7E: break
    case 0x80...0x9F:
      fail(.controlReference)
      let scalar = windows1252[Int(value) - 0x80]
      return scalar == 0 ? value : scalar
    case 0...0x1F, 0x7F: fail(.controlReference)
    default: break
    }
    return value
  }

  /// What 0x80 to 0x9F mean; 0 where they mean themselves.
  private static let windows1252: [UInt32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC,
    0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
  ]
}

/// Appends a scalar's UTF-8; the value is no surrogate and at most 0x10FFFF.
func appendUTF8(_ value: UInt32, to octets: inout [UInt8]) {
  func tail(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift & 0x3F) }
  switch value {
  case 0..<0x80: octets.append(UInt8(truncatingIfNeeded: value))
  case 0x80..<0x800:
    octets.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
    octets.append(tail(0))
  case 0x800..<0x10000:
    octets.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
    octets.append(tail(6))
    octets.append(tail(0))
  default:
    octets.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
    octets.append(tail(12))
    octets.append(tail(6))
    octets.append(tail(0))
  }
}

/// The table of names, in the order of their octets.
enum NamedReferences {
  private static let entryDigits = 8

  /// The longest name that stands at `start`.
  ///
  /// Narrows the range of names by one octet after the other: at most 32, each with two searches.
  static func longest(_ input: Span<UInt8>, _ start: Int) -> (place: Int, length: Int)? {
    var low = 0
    var high = namedReferenceCount
    var best: (place: Int, length: Int)?
    var depth = 0
    while start &+ depth < input.count {
      let octet = input[start &+ depth]
      low = bound(low, high, depth) { $0 < octet }
      high = bound(low, high, depth) { $0 <= octet }
      guard low < high else { break }
      depth &+= 1
      // A name comes before all that it begins.
      if length(low) == depth { best = (low, depth) }
    }
    return best
  }

  /// Where the UTF-8 that a name stands for lies in the text of all.
  static func target(_ place: Int) -> Range<Int> {
    let digits = place &* entryDigits
    let start = number(digits &+ 4)
    return start..<start &+ Table.digit(namedReferenceEntries, digits &+ 7)
  }

  private static func number(_ index: Int) -> Int {
    Table.digit(namedReferenceEntries, index) &<< 12
      | Table.digit(namedReferenceEntries, index &+ 1) &<< 6
      | Table.digit(namedReferenceEntries, index &+ 2)
  }

  private static func length(_ place: Int) -> Int {
    Table.digit(namedReferenceEntries, place &* entryDigits &+ 3)
  }

  /// The octet of a name at `depth`; 0 behind its end, which sorts first.
  private static func octet(_ place: Int, _ depth: Int) -> UInt8 {
    guard depth < length(place) else { return 0 }
    return Table.octet(namedReferenceNames, number(place &* entryDigits) &+ depth)
  }

  /// The first of `low..<high` whose octet at `depth` is not `isBefore`.
  private static func bound(
    _ low: Int, _ high: Int, _ depth: Int, _ isBefore: (UInt8) -> Bool
  ) -> Int {
    var low = low
    var high = high
    while low < high {
      let middle = low &+ (high &- low) / 2
      if isBefore(octet(middle, depth)) { low = middle &+ 1 } else { high = middle }
    }
    return low
  }
}
