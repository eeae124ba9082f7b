extension HTMLText {
  /// How far the declaration of an encoding is looked for.
  package static let prescanOctets = 1_024

  /// The label of the encoding that a `<meta>` in the first 1,024 octets names, trimmed and in lower
  /// case; whether there is such an encoding is the caller's to look up, and a byte order mark too.
  ///
  /// - SeeAlso: HTML standard, section 13.2.3.2 (prescan a byte stream to determine its encoding).
  package static func declaredCharset(_ head: Span<UInt8>) -> String? {
    let end = min(head.count, prescanOctets)
    var scan = Prescan(octets: (0..<end).map { head[$0] })
    return scan.run()
  }
}

private struct Prescan {
  let octets: [UInt8]
  var index = 0

  init(octets: [UInt8]) { self.octets = octets }

  mutating func run() -> String? {
    while index < octets.count {
      if starts("<!--") {
        index = after("-->", from: index + 2)
      } else if starts("<meta"), ends(index + 5) {
        index += 5
        if let label = meta() { return label }
        index += 1
      } else if octets[index] == 0x3C, isLetter(at(1)) || at(1) == 0x2F && isLetter(at(2)) {
        while index < octets.count, !isSpace(octets[index]), octets[index] != 0x3E { index += 1 }
        while attribute() != nil {}
        index += 1
      } else if octets[index] == 0x3C, at(1) == 0x21 || at(1) == 0x2F || at(1) == 0x3F {
        index = after(">", from: index)
      } else {
        index += 1
      }
    }
    return nil
  }

  private func at(_ offset: Int) -> UInt8 {
    index + offset < octets.count ? octets[index + offset] : 0
  }

  private func ends(_ index: Int) -> Bool {
    index < octets.count && (isSpace(octets[index]) || octets[index] == 0x2F)
  }

  private func starts(_ word: String) -> Bool {
    octets.count - index >= word.utf8.count
      && octets[index..<(index + word.utf8.count)].map(lowercased).elementsEqual(word.utf8)
  }

  private func after(_ word: String, from start: Int) -> Int {
    let word = Array(word.utf8)
    var place = start
    while place + word.count <= octets.count {
      if octets[place..<(place + word.count)].elementsEqual(word) { return place + word.count }
      place += 1
    }
    return octets.count
  }

  private mutating func meta() -> String? {
    var names: Set<String> = []
    var isPragma = false
    var needsPragma: Bool?
    var label: String?
    while let (name, value) = attribute() {
      guard names.insert(name).inserted else { continue }
      switch name {
      case "http-equiv": if value == "content-type" { isPragma = true }
      case "content":
        if label == nil, let found = Self.charset(inContent: value) {
          label = found
          needsPragma = true
        }
      case "charset":
        label = value
        needsPragma = false
      default: break
      }
    }
    // A tag that is cut off says nothing.
    guard index < octets.count, let needsPragma, let label, !needsPragma || isPragma else {
      return nil
    }
    let trimmed = Array(label.utf8).drop(while: isSpace)
    let result = prefixOfScalars(Array(trimmed), 64)
    if result.isEmpty { return nil }
    // Octets that show the label cannot be UTF-16.
    if Self.sixteen.contains(result) { return "utf-8" }
    return result == "x-user-defined" ? "windows-1252" : result
  }

  /// The labels of UTF-16 in the Encoding standard.
  private static let sixteen: Set<String> = [
    "csunicode", "iso-10646-ucs-2", "ucs-2", "unicode", "unicodefeff", "unicodefffe", "utf-16",
    "utf-16be", "utf-16le",
  ]

  /// The next attribute of the tag, in lower case; `nil` where the tag ends.
  private mutating func attribute() -> (name: String, value: String)? {
    while index < octets.count, isSpace(octets[index]) || octets[index] == 0x2F { index += 1 }
    guard index < octets.count, octets[index] != 0x3E else { return nil }
    var name: [UInt8] = []
    while index < octets.count {
      let octet = octets[index]
      if octet == 0x3D, !name.isEmpty { break }
      if isSpace(octet) || octet == 0x2F || octet == 0x3E { break }
      name.append(lowercased(octet))
      index += 1
    }
    let text = String(decoding: name, as: UTF8.self)
    while index < octets.count, isSpace(octets[index]) { index += 1 }
    guard index < octets.count, octets[index] == 0x3D else { return (text, "") }
    index += 1
    while index < octets.count, isSpace(octets[index]) { index += 1 }
    return (text, String(decoding: value(), as: UTF8.self))
  }

  private mutating func value() -> [UInt8] {
    var value: [UInt8] = []
    guard index < octets.count else { return value }
    let quote = octets[index]
    if quote == 0x22 || quote == 0x27 {
      index += 1
      while index < octets.count, octets[index] != quote {
        value.append(lowercased(octets[index]))
        index += 1
      }
      index += 1
      return value
    }
    while index < octets.count, !isSpace(octets[index]), octets[index] != 0x3E {
      value.append(lowercased(octets[index]))
      index += 1
    }
    return value
  }

  /// The algorithm for extracting a character encoding from a meta element (section 2.4.4).
  private static func charset(inContent content: String) -> String? {
    let octets = Array(content.utf8)
    let word = Array("charset".utf8)
    var index = 0
    while index + word.count <= octets.count {
      guard octets[index..<(index + word.count)].elementsEqual(word) else {
        index += 1
        continue
      }
      index += word.count
      while index < octets.count, isSpace(octets[index]) { index += 1 }
      guard index < octets.count, octets[index] == 0x3D else { continue }
      index += 1
      while index < octets.count, isSpace(octets[index]) { index += 1 }
      guard index < octets.count else { return nil }
      let rest = octets[index...]
      if let quote = rest.first, quote == 0x22 || quote == 0x27 {
        guard let close = rest.dropFirst().firstIndex(of: quote) else { return nil }
        return String(decoding: rest[(rest.startIndex + 1)..<close], as: UTF8.self)
      }
      return String(decoding: rest.prefix { !isSpace($0) && $0 != 0x3B }, as: UTF8.self)
    }
    return nil
  }
}
