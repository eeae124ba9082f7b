import Octets

/// Octets that are written some way, and can be written again in the same places.
enum AnonymiserWriting {
  case plain, base64, quotedPrintable
  /// Of an encoded word: quoted-printable with `_` for the space.
  case word
  /// Of RFC 2231 and of addresses: `%` and two digits.
  case percent

  init(_ encoding: TransferEncoding) {
    self =
      switch encoding {
      // A uuencoded file's lines do not stay what they were; nothing of them is left to read.
      case .identity, .uuencode: .plain
      case .base64: .base64
      case .quotedPrintable: .quotedPrintable
      }
  }

  /// What stands in `range`, as its reader decodes it.
  ///
  /// Faults are passed over as the decoders of `Octets` do. O(octets).
  func read(_ source: [UInt8], _ range: Range<Int>) -> [UInt8] {
    var octets: [UInt8] = []
    octets.reserveCapacity(range.count)
    switch self {
    case .plain: octets += source[range]
    case .base64:
      walkBase64(source, range) { group in octets += group.octets(source) }
    case .quotedPrintable, .word, .percent:
      walkEscapes(source, range) { place in
        octets.append(place.octet(source, isWord: self == .word))
      }
    }
    return octets
  }

  /// Writes `octets`, as many as ``read(_:_:)`` gave, in the places of what stands in `range`.
  ///
  /// An octet that is what it was stays written as it was. O(octets).
  func write(_ octets: [UInt8], to target: inout [UInt8], _ range: Range<Int>) {
    var next = 0
    let source = target
    switch self {
    case .plain: target.replaceSubrange(range, with: octets)
    case .base64:
      walkBase64(source, range) { group in
        group.write(octets[next..<(next + group.octetCount)], to: &target)
        next += group.octetCount
      }
    case .quotedPrintable, .word, .percent:
      walkEscapes(source, range) { place in
        if place.octet(source, isWord: self == .word) != octets[next] {
          place.write(octets[next], to: &target)
        }
        next += 1
      }
    }
  }

  /// Calls `body` for each group of letters that holds an octet.
  private func walkBase64(
    _ source: [UInt8], _ range: Range<Int>, _ body: (Base64Group) -> Void
  ) {
    var group = Base64Group()
    for index in range {
      let octet = source[index]
      if base64Value(octet) != nil {
        group.add(index)
        if group.count == 4 {
          body(group)
          group = Base64Group()
        }
      } else if octet == 0x3D {
        if group.count > 1 { body(group) }
        group = Base64Group()
      }
    }
    if group.count > 1 { body(group) }
  }

  /// Calls `body` for each octet that is written in `range`.
  private func walkEscapes(
    _ source: [UInt8], _ range: Range<Int>, _ body: (EscapedOctet) -> Void
  ) {
    let mark: UInt8 = self == .percent ? 0x25 : 0x3D
    var index = range.lowerBound
    while index < range.upperBound {
      if source[index] == mark {
        if index + 2 < range.upperBound, hexadecimalValue(source[index + 1]) != nil,
          hexadecimalValue(source[index + 2]) != nil
        {
          body(EscapedOctet(start: index, isEscaped: true))
          index += 3
          continue
        }
        if self == .quotedPrintable, let next = softBreakEnd(source, index + 1..<range.upperBound) {
          index = next
          continue
        }
      }
      body(EscapedOctet(start: index, isEscaped: false))
      index += 1
    }
  }

  /// Where the line end behind `=` ends.
  private func softBreakEnd(_ source: [UInt8], _ range: Range<Int>) -> Int? {
    var index = range.lowerBound
    while index < range.upperBound, source[index] == 0x20 || source[index] == 0x09 { index += 1 }
    guard index < range.upperBound else { return index }
    if source[index] == 0x0A { return index + 1 }
    guard source[index] == 0x0D else { return nil }
    return index + 1 < range.upperBound && source[index + 1] == 0x0A ? index + 2 : index + 1
  }
}

/// Where one octet is written: as itself, or as two hexadecimal digits behind a mark.
private struct EscapedOctet {
  var start: Int
  var isEscaped: Bool

  func octet(_ source: [UInt8], isWord: Bool) -> UInt8 {
    guard isEscaped else { return isWord && source[start] == 0x5F ? 0x20 : source[start] }
    return (hexadecimalValue(source[start + 1]) ?? 0) << 4
      | (hexadecimalValue(source[start + 2]) ?? 0)
  }

  func write(_ octet: UInt8, to target: inout [UInt8]) {
    guard isEscaped else {
      target[start] = octet
      return
    }
    let letters: UInt8 = isLower(target[start + 1]) || isLower(target[start + 2]) ? 0x57 : 0x37
    for (index, digit) in [(start + 1, octet >> 4), (start + 2, octet & 15)] {
      target[index] = digit < 10 ? 0x30 + digit : letters + digit
    }
  }
}

/// Two to four letters of base64, wherever they stand, and the octets in them.
private struct Base64Group {
  private(set) var count = 0
  private var places = (0, 0, 0, 0)

  mutating func add(_ place: Int) {
    switch count {
    case 0: places.0 = place
    case 1: places.1 = place
    case 2: places.2 = place
    default: places.3 = place
    }
    count += 1
  }

  var octetCount: Int { count - 1 }

  private func place(_ index: Int) -> Int {
    switch index {
    case 0: places.0
    case 1: places.1
    case 2: places.2
    default: places.3
    }
  }

  private func bits(_ source: [UInt8]) -> UInt32 {
    var bits: UInt32 = 0
    for index in 0..<count {
      bits |= UInt32(base64Value(source[place(index)]) ?? 0) << UInt32(18 - index * 6)
    }
    return bits
  }

  func octets(_ source: [UInt8]) -> ArraySlice<UInt8> {
    let bits = bits(source)
    return [UInt8(bits >> 16 & 255), UInt8(bits >> 8 & 255), UInt8(bits & 255)].prefix(octetCount)
  }

  /// Writes the octets; bits of the last letter that belong to none stay as they are.
  func write(_ octets: ArraySlice<UInt8>, to target: inout [UInt8]) {
    var bits = bits(target)
    for (index, octet) in octets.enumerated() {
      let shift = UInt32(16 - index * 8)
      bits = bits & ~(255 << shift) | UInt32(octet) << shift
    }
    for index in 0..<count {
      target[place(index)] = base64Alphabet[Int(bits >> UInt32(18 - index * 6) & 63)]
    }
  }
}

private let base64Alphabet = Array(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

private func base64Value(_ octet: UInt8) -> UInt8? {
  switch octet {
  case 0x41...0x5A: octet - 0x41
  case 0x61...0x7A: octet - 0x47
  case 0x30...0x39: octet + 4
  case 0x2B: 62
  case 0x2F: 63
  default: nil
  }
}
