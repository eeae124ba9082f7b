/// The tokens of an address header.
struct AddressScanner {
  enum Token: Equatable {
    case word([UInt8], isJoined: Bool)
    case quoted([UInt8], isJoined: Bool)
    case comment([UInt8])
    case angle([UInt8])
    case comma, colon, semicolon
    /// Something left open, or closed without having been opened.
    case fault
  }

  private let octets: [UInt8]
  private var index = 0
  private var isAfterSpace = true
  private var pendingFault = false

  init(_ octets: [UInt8]) { self.octets = octets }

  mutating func next() -> Token? {
    if pendingFault {
      pendingFault = false
      return .fault
    }
    skipSpace()
    guard index < octets.count else { return nil }
    let isJoined = !isAfterSpace
    isAfterSpace = false
    switch octets[index] {
    case 0x22: return .quoted(enclosed(by: 0x22), isJoined: isJoined)
    case 0x28:
      isAfterSpace = true
      return .comment(comment())
    case 0x3C: return .angle(angle())
    case 0x2C: return single(.comma)
    case 0x3A: return single(.colon)
    case 0x3B: return single(.semicolon)
    case 0x29, 0x3E: return single(.fault)
    default: return .word(word(), isJoined: isJoined)
    }
  }

  private mutating func skipSpace() {
    while index < octets.count, octets[index] <= 0x20 {
      index += 1
      isAfterSpace = true
    }
  }

  private mutating func single(_ token: Token) -> Token {
    index += 1
    isAfterSpace = true
    return token
  }

  private mutating func word() -> [UInt8] {
    let start = index
    // An encoded word may hold what elsewhere ends a word.
    if let end = encodedWordEnd() {
      index = end
    } else {
      index += 1
    }
    while index < octets.count, !isSpecial(octets[index]) { index += 1 }
    return Array(octets[start..<index])
  }

  private func isSpecial(_ octet: UInt8) -> Bool {
    switch octet {
    case 0...0x20, 0x22, 0x28, 0x29, 0x2C, 0x3A, 0x3B, 0x3C, 0x3E: true
    default: false
    }
  }

  private func encodedWordEnd() -> Int? {
    guard octets[index] == 0x3D, index + 1 < octets.count, octets[index + 1] == 0x3F else {
      return nil
    }
    var marks = 0
    var at = index + 2
    let limit = min(octets.count, index + longestEncodedWord)
    while at < limit, octets[at] > 0x20 {
      if octets[at] == 0x3F {
        if marks >= 2, at + 1 < limit, octets[at + 1] == 0x3D { return at + 2 }
        marks += 1
      }
      at += 1
    }
    return nil
  }

  /// What stands between quotation marks, backslashes taken off.
  private mutating func enclosed(by mark: UInt8) -> [UInt8] {
    index += 1
    var text: [UInt8] = []
    while index < octets.count {
      let octet = octets[index]
      index += 1
      if octet == mark { return text }
      if octet == 0x5C, index < octets.count {
        text.append(octets[index])
        index += 1
      } else {
        text.append(octet)
      }
    }
    pendingFault = true
    return text
  }

  /// What stands in parentheses, the inner ones included.
  private mutating func comment() -> [UInt8] {
    var depth = 0
    var text: [UInt8] = []
    while index < octets.count {
      let octet = octets[index]
      index += 1
      switch octet {
      case 0x5C where index < octets.count:
        text.append(octets[index])
        index += 1
        continue
      case 0x28:
        depth += 1
        if depth == 1 { continue }
      case 0x29:
        depth -= 1
        if depth == 0 { return trimmed(text) }
      default: break
      }
      text.append(octet)
    }
    pendingFault = true
    return trimmed(text)
  }

  /// What stands in angle brackets; without the closing one, up to a comma.
  private mutating func angle() -> [UInt8] {
    index += 1
    let start = index
    var isQuoted = false
    while index < octets.count, isQuoted || (octets[index] != 0x3E && octets[index] != 0x3C) {
      if octets[index] == 0x22 { isQuoted.toggle() }
      index += 1
    }
    if index < octets.count, octets[index] == 0x3E {
      defer { index += 1 }
      return Array(octets[start..<index])
    }
    pendingFault = true
    index = octets[start...].firstIndex(of: 0x2C) ?? octets.count
    return Array(octets[start..<index])
  }

  private func trimmed(_ text: [UInt8]) -> [UInt8] {
    var rest = text[...]
    while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
    while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
    return Array(rest)
  }
}
