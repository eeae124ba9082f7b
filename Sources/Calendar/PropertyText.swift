import Chronology
import Grounding
import Octets

/// Decodes the texts of properties and counts what was odd.
struct PropertyText {
  var defects: DefectLog

  /// The text of a property: encoding and charset as its parameters say, escapes undone.
  mutating func text(_ property: ContentLine) -> String {
    unescaped(decoded(property))
  }

  /// The texts of a list, split at commas (or semicolons, as vCalendar 1.0 has it) that are not
  /// escaped; empty ones are left out.
  mutating func list(_ property: ContentLine) -> [String] {
    var items: [[UInt8]] = [[]]
    var isEscaped = false
    for octet in decoded(property).utf8 {
      if !isEscaped, octet == 0x2C || octet == 0x3B {
        items.append([])
      } else {
        items[items.count - 1].append(octet)
      }
      isEscaped = !isEscaped && octet == 0x5C
    }
    return items.map { unescaped(String(decoding: $0, as: UTF8.self)) }.filter { !$0.isEmpty }
  }

  /// The text with its escapes.
  private mutating func decoded(_ property: ContentLine) -> String {
    var octets = property.value
    if property.says("ENCODING", "QUOTED-PRINTABLE") {
      let (plain, defects) = QuotedPrintable.decode(octets.span)
      self.defects.add(.badQuotedPrintable, property.name, count: defects)
      octets = plain
    } else if property.says("ENCODING", "BASE64") || property.says("ENCODING", "B") {
      let (plain, defects) = Base64.decode(octets.span)
      self.defects.add(.badBase64, property.name, count: defects)
      octets = plain
    }
    if let label = property.parameter("CHARSET"), !label.isEmpty {
      guard let charset = Charset(label: label) else {
        defects.add(.unknownCharset, property.name)
        return undeclared(octets, property.name)
      }
      if charset != .utf8, charset != .ascii {
        let (text, replaced) = charset.decode(octets)
        defects.add(.undecodableOctets, property.name, count: replaced)
        return text
      }
    }
    return undeclared(octets, property.name)
  }

  private mutating func undeclared(_ octets: [UInt8], _ name: String) -> String {
    if let text = String(validating: octets, as: UTF8.self) { return text }
    defects.add(.undeclaredOctets, name)
    return Charset.windows1252.decode(octets).text
  }

  /// `\n`, `\,`, `\;`, `\\` and the needless `\:` and `\"`; a backslash before anything else stays.
  private func unescaped(_ text: String) -> String {
    guard text.utf8.contains(0x5C) else { return text }
    var result: [UInt8] = []
    var isEscaped = false
    for octet in text.utf8 {
      guard isEscaped else {
        if octet == 0x5C { isEscaped = true } else { result.append(octet) }
        continue
      }
      isEscaped = false
      switch octet {
      case 0x6E, 0x4E: result.append(0x0A)
      case 0x2C, 0x3B, 0x5C, 0x3A, 0x22: result.append(octet)
      default: result += [0x5C, octet]
      }
    }
    if isEscaped { result.append(0x5C) }
    return String(decoding: result, as: UTF8.self)
  }
}
