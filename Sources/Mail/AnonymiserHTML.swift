import Octets

extension AnonymiserRun {
  /// Replaces what is read in HTML: text, comments, scripts, and attributes that are no form.
  ///
  /// Tags, attributes' names, classes, ids, styles and references stay, so that quotes and hidden text
  /// are what they were. O(octets).
  ///
  /// - SeeAlso: HTML standard, section 13.2.5.
  mutating func replaceHTML(_ octets: inout [UInt8], _ range: Range<Int>, _ charset: Charset) {
    var scan = HTMLScan(range)
    while let piece = scan.next(octets) {
      switch piece.kind {
      case .text: replaceWords(&octets, piece.range, charset, .references)
      case .raw: replaceWords(&octets, piece.range, charset)
      case .style: replaceAddresses(&octets, piece.range, charset)
      case .form: break
      }
    }
  }

  /// Replaces what stands in the `url(...)` and the comments of a style sheet.
  private mutating func replaceAddresses(
    _ octets: inout [UInt8], _ range: Range<Int>, _ charset: Charset
  ) {
    for (opening, closing) in [("url(", ")"), ("/*", "*/")] {
      var index = range.lowerBound
      while let open = find(Array(opening.utf8), octets, index..<range.upperBound) {
        let start = open + opening.utf8.count
        let end = find(Array(closing.utf8), octets, start..<range.upperBound) ?? range.upperBound
        replaceWords(&octets, start..<end, charset)
        index = end
      }
    }
  }
}

/// Where `needle`, in lower case, stands first, whatever the case; O(octets).
func find(_ needle: [UInt8], _ octets: [UInt8], _ range: Range<Int>) -> Int? {
  guard let first = needle.first else { return nil }
  var index = range.lowerBound
  while index + needle.count <= range.upperBound {
    if lowered(octets[index]) == first,
      needle.indices.allSatisfy({ lowered(octets[index + $0]) == needle[$0] })
    {
      return index
    }
    index += 1
  }
  return nil
}

func lowered(_ octet: UInt8) -> UInt8 { isUpper(octet) ? octet | 0x20 : octet }

/// Cuts HTML into what is read and what is form.
private struct HTMLScan {
  enum Kind { case text, raw, style, form }

  private var index: Int
  private let end: Int
  /// Pieces that were found ahead, the next one last.
  private var pending: [(kind: Kind, range: Range<Int>)] = []

  init(_ range: Range<Int>) {
    index = range.lowerBound
    end = range.upperBound
  }

  mutating func next(_ octets: [UInt8]) -> (kind: Kind, range: Range<Int>)? {
    if let piece = pending.popLast() { return piece }
    guard index < end else { return nil }
    let start = index
    while index < end, !opensMarkup(octets) { index += 1 }
    if index > start { return (.text, start..<index) }
    if octets[index + 1] == 0x21 || octets[index + 1] == 0x3F { return declaration(octets) }
    readTag(octets)
    pending.reverse()
    return pending.popLast()
  }

  /// Whether a tag, a comment or a declaration begins.
  private func opensMarkup(_ octets: [UInt8]) -> Bool {
    guard octets[index] == 0x3C, index + 1 < end else { return false }
    switch octets[index + 1] {
    case 0x21, 0x3F: return true
    case 0x2F: return index + 2 < end && isLetter(octets[index + 2])
    default: return isLetter(octets[index + 1])
    }
  }

  private func isLetter(_ octet: UInt8) -> Bool { isUpper(octet) || isLower(octet) }

  private mutating func declaration(_ octets: [UInt8]) -> (kind: Kind, range: Range<Int>) {
    let start = index
    if octets[start...].prefix(4).elementsEqual("<!--".utf8) {
      let close = find(Array("-->".utf8), octets, start + 2..<end)
      index = close.map { $0 + 3 } ?? end
      // What Outlook reads of it: `<!--[if mso]>`.
      var content = min(start + 4, index)
      if content < index, octets[content] == 0x5B,
        let condition = find([0x5D, 0x3E], octets, content..<index)
      {
        content = condition + 2
      }
      return (.raw, content..<index)
    }
    index = find([0x3E], octets, start..<end).map { $0 + 1 } ?? end
    let isForm =
      octets[start + 1] == 0x3F || start + 2 < end && octets[start + 2] == 0x5B
      || find(Array("doctype".utf8), octets, start..<min(end, start + 9)) != nil
    return (isForm ? .form : .raw, start..<index)
  }

  private mutating func readTag(_ octets: [UInt8]) {
    let start = index
    index += octets[index + 1] == 0x2F ? 2 : 1
    let nameStart = index
    while index < end, octets[index] > 0x20, octets[index] != 0x2F, octets[index] != 0x3E {
      index += 1
    }
    let name = lowercasedText(octets[nameStart..<index])
    let isStart = nameStart == start + 1
    readAttributes(octets)
    if isStart { readContent(of: name, octets) }
    if pending.isEmpty { pending.append((.form, start..<index)) }
  }

  private mutating func readAttributes(_ octets: [UInt8]) {
    while index < end, octets[index] != 0x3E {
      if octets[index] <= 0x20 || octets[index] == 0x2F {
        index += 1
        continue
      }
      let nameStart = index
      index += 1
      while index < end, octets[index] > 0x20, ![0x2F, 0x3D, 0x3E].contains(octets[index]) {
        index += 1
      }
      let name = lowercasedText(octets[nameStart..<index])
      var behind = index
      while behind < end, octets[behind] <= 0x20 { behind += 1 }
      guard behind < end, octets[behind] == 0x3D else { continue }
      index = behind + 1
      while index < end, octets[index] <= 0x20 { index += 1 }
      add(value(octets), of: name, octets)
    }
    index = min(end, index + 1)
  }

  private mutating func value(_ octets: [UInt8]) -> Range<Int> {
    guard index < end else { return end..<end }
    let mark = octets[index]
    let start: Int
    if mark == 0x22 || mark == 0x27 {
      start = index + 1
      index = octets[start..<end].firstIndex(of: mark) ?? end
      defer { index = min(end, index + 1) }
      return start..<index
    }
    start = index
    while index < end, octets[index] > 0x20, octets[index] != 0x3E { index += 1 }
    return start..<index
  }

  private mutating func add(_ value: Range<Int>, of name: String, _ octets: [UInt8]) {
    if Self.form.contains(name) || name.hasPrefix("xmlns") { return }
    if name == "style" {
      pending.append((.style, value))
    } else if name == "content", find(Array("charset".utf8), octets, value) != nil {
      return
    } else {
      pending.append((.text, value))
    }
  }

  /// Attributes that say how something looks or what it is, not what it says.
  private static let form: Set<String> = [
    "class", "id", "width", "height", "dir", "lang", "type", "rel", "rev", "charset", "http-equiv",
    "align", "valign", "bgcolor", "color", "face", "size", "border", "cellpadding", "cellspacing",
    "colspan", "rowspan", "hidden", "aria-hidden", "role", "start", "nowrap", "target", "media",
    "link", "vlink", "alink", "text", "hspace", "vspace", "clear", "noshade", "method", "encoding",
    "version", "scope", "span", "checked", "selected", "disabled", "open", "reversed", "wrap",
  ]

  /// What stands in an element that holds no tags.
  private mutating func readContent(of name: String, _ octets: [UInt8]) {
    let kind: Kind
    switch name {
    case "style": kind = .style
    case "title", "textarea": kind = .text
    case "script", "xmp", "iframe", "noembed", "noframes": kind = .raw
    default: return
    }
    let start = index
    index = find(Array("</\(name)".utf8), octets, start..<end) ?? end
    pending.append((kind, start..<index))
  }
}
