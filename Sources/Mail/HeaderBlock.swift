import Octets

/// The fields of one header and where the body begins, as ranges of the message's octets.
///
/// - SeeAlso: RFC 5322, sections 2.2 and 4.5 (a space before the colon is tolerated).
struct HeaderBlock {
  struct Field {
    var name: Range<Int>
    /// Without the colon; folds are still in it.
    var value: Range<Int>
    /// A number for the name, whatever its case, so that most other names are told by it.
    fileprivate let key: UInt64

    fileprivate init(_ octets: Span<UInt8>, name: Range<Int>, value: Range<Int>) {
      self.name = name
      self.value = value
      var key = UInt64(name.count)
      for index in name { key = key &* 31 &+ UInt64(octets[index] | 0x20) }
      self.key = key
    }

    /// Whether it is called `name`.
    fileprivate func isCalled(_ name: FieldName, _ octets: Span<UInt8>) -> Bool {
      key == name.key && matches(octets, self.name, name.text)
    }
  }

  private(set) var fields: [Field] = []
  /// A bit for each name that occurs, by ``FieldName/bit(_:)``: most names that are looked for do not.
  private var names: UInt64 = 0
  /// The bits that more than one field has: most names occur once.
  private var repeated: UInt64 = 0
  /// Where the header begins.
  let start: Int
  private(set) var bodyStart: Int
  private(set) var defects: [MailDefect] = []

  /// Reads the header that begins at `range`'s start.
  ///
  /// - Complexity: O(octets of the header).
  init(_ octets: Span<UInt8>, _ range: Range<Int>, lines: Lines, limits: MailLimits) {
    bodyStart = range.upperBound
    self.start = range.lowerBound
    fields.reserveCapacity(min(32, limits.headerFields))
    var start = range.lowerBound
    // A fold belongs to the field before it, unless that was left out.
    var canFold = false
    while start < range.upperBound {
      let (contentEnd, next) = lines.line(octets, at: start, end: range.upperBound)
      if contentEnd == start {
        bodyStart = next
        return
      }
      if octets[start] == 0x20 || octets[start] == 0x09 {
        if isBlank(octets, start..<contentEnd), fields.isEmpty {
          bodyStart = next
          return
        }
        if canFold, let last = fields.indices.last {
          fields[last].value = fields[last].value.lowerBound..<contentEnd
        } else if fields.isEmpty {
          add(.strayHeaderLine)
        }
      } else if let colon = Self.colon(octets, start..<contentEnd) {
        canFold = false
        if fields.count >= limits.headerFields {
          add(.tooManyFields)
        } else if contentEnd - range.lowerBound > limits.headerOctets {
          add(.headerTooLong)
        } else {
          let field = Field(
            octets, name: start..<colon.nameEnd, value: colon.at + 1..<contentEnd)
          let bit = FieldName.bit(field.key)
          repeated |= names & bit
          names |= bit
          fields.append(field)
          canFold = true
        }
      } else if Self.isEnvelopeLine(octets, start..<contentEnd)
        || Self.hasNameOfOtherOctets(octets, start..<contentEnd)
      {
        add(.strayHeaderLine)
        canFold = false
      } else {
        add(fields.isEmpty ? .noHeader : .missingHeaderEnd)
        bodyStart = start
        return
      }
      start = next
    }
  }

  private mutating func add(_ defect: MailDefect) {
    if !defects.contains(defect) { defects.append(defect) }
  }

  /// Where the colon of a field stands that begins with the line, and where its name ends.
  static func colon(_ octets: Span<UInt8>, _ line: Range<Int>) -> (nameEnd: Int, at: Int)? {
    var index = line.lowerBound
    while index < line.upperBound, octets[index] > 0x20, octets[index] < 0x7F,
      octets[index] != 0x3A
    {
      index &+= 1
    }
    let nameEnd = index
    while index < line.upperBound, octets[index] == 0x20 || octets[index] == 0x09 { index &+= 1 }
    guard nameEnd > line.lowerBound, index < line.upperBound, octets[index] == 0x3A else {
      return nil
    }
    return (nameEnd, index)
  }

  /// A colon after one word with octets above 127 or controls: a field, but no name of one (RFC 5322,
  /// section 2.2).
  private static func hasNameOfOtherOctets(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool {
    var isPrintable = true
    for index in line.prefix(100) {
      let octet = octets[index]
      if octet == 0x3A { return !isPrintable && index > line.lowerBound }
      if octet == 0x20 || octet == 0x09 || octet == 0x0D { return false }
      if octet >= 0x7F || octet < 0x20 { isPrintable = false }
    }
    return false
  }

  /// `From ` or `>From `: what a mailbox or a careless program left among the fields.
  private static func isEnvelopeLine(_ octets: Span<UInt8>, _ line: Range<Int>) -> Bool {
    let start = line.lowerBound + (octets[line.lowerBound] == 0x3E ? 1 : 0)
    return matches(octets, start..<min(start + 5, line.upperBound), "from ")
  }
}

/// Whether `range` holds nothing but spaces and tabs.
func isBlank(_ octets: Span<UInt8>, _ range: Range<Int>) -> Bool {
  for index in range where octets[index] != 0x20 && octets[index] != 0x09 { return false }
  return true
}

/// Whether `range` reads `lowerCase`, whatever its case.
func matches(_ octets: Span<UInt8>, _ range: Range<Int>, _ lowerCase: String) -> Bool {
  guard range.count == lowerCase.utf8.count, range.upperBound <= octets.count else { return false }
  var index = range.lowerBound
  for letter in lowerCase.utf8 {
    let octet = octets[index]
    guard octet == letter || ((0x41...0x5A).contains(octet) && octet | 0x20 == letter) else {
      return false
    }
    index &+= 1
  }
  return true
}

extension HeaderBlock {
  /// The fields called `name`, in order.
  func all(_ name: FieldName, _ octets: Span<UInt8>) -> [Field] {
    guard var index = index(of: name, octets) else { return [] }
    var found = [fields[index]]
    while let next = self.index(of: name, behind: index, octets) {
      found.append(fields[next])
      index = next
    }
    return found
  }

  /// The first field called `name`.
  func first(_ name: FieldName, _ octets: Span<UInt8>) -> Field? {
    index(of: name, octets).map { fields[$0] }
  }

  /// Where in ``fields`` the first field called `name` stands.
  func index(of name: FieldName, _ octets: Span<UInt8>) -> Int? {
    guard names & FieldName.bit(name.key) != 0 else { return nil }
    return index(of: name, from: 0, octets)
  }

  /// Where in ``fields`` the next field called `name` stands, behind one that was found.
  func index(of name: FieldName, behind index: Int, _ octets: Span<UInt8>) -> Int? {
    guard repeated & FieldName.bit(name.key) != 0 else { return nil }
    return self.index(of: name, from: index + 1, octets)
  }

  private func index(of name: FieldName, from start: Int, _ octets: Span<UInt8>) -> Int? {
    var index = start
    while index < fields.count {
      if fields[index].isCalled(name, octets) { return index }
      index &+= 1
    }
    return nil
  }

  /// `range` without the white space around it.
  static func trimmed(_ octets: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    var range = range
    while let first = range.first, octets[first] <= 0x20 {
      range = first + 1..<range.upperBound
    }
    while let last = range.last, octets[last] <= 0x20 { range = range.lowerBound..<last }
    return range
  }

  /// The value of `field` on one line: line ends and the white space around it dropped, at most
  /// `limit` octets; a carriage return between words that ends no line is a space.
  static func unfolded(_ octets: Span<UInt8>, _ field: Field, limit: Int) -> [UInt8] {
    let range = trimmed(octets, field.value.prefix(max(0, limit)))
    let feed = firstIndex(of: 0x0A, in: octets, from: range.lowerBound, to: range.upperBound)
    let end = firstIndex(of: 0x0D, in: octets, from: range.lowerBound, to: feed)
    if end == range.upperBound {
      // Safe: the buffer lives while it is copied.
      return unsafe octets.extracting(range).withUnsafeBufferPointer { unsafe Array($0) }
    }
    var value: [UInt8] = []
    value.reserveCapacity(range.count)
    for index in range where octets[index] != 0x0A {
      if octets[index] != 0x0D {
        value.append(octets[index])
      } else if octets[index + 1] > 0x20 {
        value.append(0x20)
      }
    }
    return value
  }
}
