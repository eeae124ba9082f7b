/// Tags and their attributes (13.2.5.8, 13.2.5.32 to 13.2.5.40).
extension HTMLTokenizer {
  /// A tag whose name begins at `start`; nothing where the input ends inside of it.
  mutating func readTag(_ input: Span<UInt8>, from start: Int, isEnd: Bool) -> Token? {
    var index = readTagName(input, from: start)
    if !attributes.isEmpty { attributes.removeAll(keepingCapacity: true) }
    if !attributeOctets.isEmpty { attributeOctets.removeAll(keepingCapacity: true) }
    isSelfClosing = false
    while index < input.count {
      let octet = input[index]
      if isSpace(octet) {
        index &+= 1
      } else if octet == 0x3E {
        position = index &+ 1
        return emitTag(isEnd)
      } else if octet == 0x2F {
        index &+= 1
        guard index < input.count else { break }
        if input[index] == 0x3E {
          isSelfClosing = true
        } else {
          fail(.unexpectedSolidus)
        }
      } else {
        index = readAttribute(input, from: index)
      }
    }
    fail(.eofInTag)
    position = input.count
    return nil
  }

  private mutating func readTagName(_ input: Span<UInt8>, from start: Int) -> Int {
    name.removeAll(keepingCapacity: true)
    var key = HTMLName()
    var index = start
    while index < input.count {
      let octet = input[index]
      if isSpace(octet) || octet == 0x2F || octet == 0x3E { break }
      if octet == 0 {
        fail(.unexpectedNull)
        for octet in replacementOctets {
          name.append(octet)
          key.add(octet)
        }
      } else {
        let octet = lowercased(octet)
        name.append(octet)
        key.add(octet)
      }
      index &+= 1
    }
    nameKey = key.key
    return index
  }

  private mutating func emitTag(_ isEnd: Bool) -> Token {
    if isEnd {
      if !attributes.isEmpty { fail(.endTagWithAttributes) }
      if isSelfClosing { fail(.endTagWithTrailingSolidus) }
      return .endTag
    }
    swap(&lastStartTag, &name)
    name.removeAll(keepingCapacity: true)
    name.append(contentsOf: lastStartTag)
    return .startTag
  }

  /// An attribute that begins at `start`; returns where reading goes on, before the next attribute.
  private mutating func readAttribute(_ input: Span<UInt8>, from start: Int) -> Int {
    let nameStart = attributeOctets.count
    var index = start
    var key = HTMLName()
    if input[index] == 0x3D {
      fail(.unexpectedEquals)
      attributeOctets.append(0x3D)
      key.add(0x3D)
      index &+= 1
    }
    while index < input.count {
      var octet = input[index]
      if isSpace(octet) || octet == 0x2F || octet == 0x3E || octet == 0x3D { break }
      index &+= 1
      if octet == 0 {
        fail(.unexpectedNull)
        attributeOctets += replacementOctets
        key.add(0xFD)
        continue
      }
      if octet == 0x22 || octet == 0x27 || octet == 0x3C { fail(.unexpectedInAttributeName) }
      octet = lowercased(octet)
      attributeOctets.append(octet)
      key.add(octet)
    }
    let name = nameStart..<attributeOctets.count
    let isKept = keeps(key.key, name)
    let next = skipSpace(input, index)
    guard next < input.count, input[next] == 0x3D else {
      finish(key.key, name, isKept)
      return next
    }
    index = readValue(input, from: skipSpace(input, next &+ 1))
    finish(key.key, name, isKept)
    return index
  }

  /// Whether the attribute is the first of its name, and within the limit.
  private mutating func keeps(_ key: UInt64, _ name: Range<Int>) -> Bool {
    for other in attributes where other.key == key {
      if attributeOctets[other.name] == attributeOctets[name] {
        fail(.duplicateAttribute)
        return false
      }
    }
    return true
  }

  private mutating func finish(_ key: UInt64, _ name: Range<Int>, _ isKept: Bool) {
    let value = name.upperBound..<attributeOctets.count
    if isKept, attributes.count < limits.attributes, value.upperBound <= limits.attributeOctets {
      attributes.append(Attribute(key: key, name: name, value: value))
    } else {
      if isKept { attributesLeftOut &+= 1 }
      attributeOctets.removeSubrange(name.lowerBound...)
    }
  }

  private func skipSpace(_ input: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < input.count, isSpace(input[index]) { index &+= 1 }
    return index
  }

  /// The value that begins at `start`, behind the equals sign and white space.
  private mutating func readValue(_ input: Span<UInt8>, from start: Int) -> Int {
    guard start < input.count else { return start }
    let octet = input[start]
    if octet == 0x22 || octet == 0x27 {
      let end = readQuotedValue(input, from: start &+ 1, quote: octet)
      guard end < input.count else { return end }
      let next = end &+ 1
      if next < input.count, !isSpace(input[next]), input[next] != 0x2F, input[next] != 0x3E {
        fail(.missingSpaceBetweenAttributes)
      }
      return next
    }
    if octet == 0x3E {
      fail(.missingAttributeValue)
      return start
    }
    return readUnquotedValue(input, from: start)
  }

  /// Returns where the closing quotation mark is.
  private mutating func readQuotedValue(
    _ input: Span<UInt8>, from start: Int, quote: UInt8
  ) -> Int {
    var index = start
    while index < input.count {
      let run = index
      while index < input.count {
        let octet = input[index]
        if octet == quote || octet == 0x26 || octet == 0 || octet == 0x0D { break }
        index &+= 1
      }
      attributeOctets.append(input, run..<index)
      guard index < input.count else { break }
      if input[index] == quote { return index }
      index = readUnusual(input, index)
    }
    return index
  }

  private mutating func readUnquotedValue(_ input: Span<UInt8>, from start: Int) -> Int {
    var index = start
    while index < input.count {
      let octet = input[index]
      if isSpace(octet) || octet == 0x3E { return index }
      if octet == 0x26 || octet == 0 {
        index = readUnusual(input, index)
        continue
      }
      if octet == 0x22 || octet == 0x27 || octet == 0x3C || octet == 0x3D || octet == 0x60 {
        fail(.unexpectedInUnquotedValue)
      }
      attributeOctets.append(octet)
      index &+= 1
    }
    return index
  }

  /// A reference, a null or a carriage return in a value.
  private mutating func readUnusual(_ input: Span<UInt8>, _ index: Int) -> Int {
    switch input[index] {
    case 0:
      fail(.unexpectedNull)
      attributeOctets += replacementOctets
    case 0x0D:
      if index &+ 1 >= input.count || input[index &+ 1] != 0x0A { attributeOctets.append(0x0A) }
    default:
      if let reference = CharacterReference(input, at: index, inAttribute: true, &errors) {
        reference.append(to: &attributeOctets)
        return index &+ reference.length
      }
      attributeOctets.append(0x26)
    }
    return index &+ 1
  }
}
