import Octets

/// The beginning of a file, as octets and, where it is text, in UTF-8.
struct FileHead {
  private let octets: [UInt8]
  /// The octets, brought to UTF-8 where they are UTF-16 or UTF-32; without a byte order mark.
  let text: [UInt8]
  private let isWide: Bool

  private static let limit = 64 << 10

  init(_ span: Span<UInt8>) {
    var octets: [UInt8] = []
    octets.reserveCapacity(min(span.count, Self.limit))
    for index in 0..<min(span.count, Self.limit) { octets.append(span[index]) }
    self.octets = octets
    let encoding = TextEncoding.marked(octets) ?? TextEncoding.unmarkedWide(octets)
    if let encoding, encoding.charset != .utf8 {
      // Cut between two characters, so that only broken ones become U+FFFD.
      let end = octets.count - octets.count % 4
      let start = min(encoding.markLength, end)
      text = Array(encoding.charset.decode(Array(octets[start..<end])).text.utf8)
      isWide = true
    } else {
      text = Array(octets[(encoding?.markLength ?? 0)...])
      isWide = false
    }
  }

  /// Whether the file may go on behind it.
  var isFull: Bool { octets.count == Self.limit }

  func begins(_ magic: [UInt8]) -> Bool { octets.starts(with: magic) }

  func contains(_ wanted: String, within limit: Int) -> Bool {
    index(of: Array(wanted.utf8), in: text.prefix(limit)) != nil
  }

  func place(of wanted: [UInt8]) -> Int? { index(of: wanted, in: octets[...]) }

  /// A zip file; an empty one and one of several parts begin otherwise.
  var isArchive: Bool {
    [[0x03, 0x04], [0x05, 0x06], [0x07, 0x08]].contains { begins([0x50, 0x4B] + $0) }
  }

  private func index(of wanted: [UInt8], in area: ArraySlice<UInt8>) -> Int? {
    guard let first = wanted.first, area.count >= wanted.count else { return nil }
    let last = area.endIndex - wanted.count
    return (area.startIndex...last).first { area[$0] == first && area[$0...].starts(with: wanted) }
  }

  /// `%PDF-` at the beginning; within the first 1,024 octets as well, where readers look for it, but
  /// only at a line's start of what is no text or has a PDF's objects: texts are about PDFs, too.
  var isPDF: Bool {
    let mark = Array("%PDF-".utf8)
    let start = text.firstIndex { $0 > 0x20 } ?? text.count
    if text[start...].starts(with: mark), (text[start...].dropFirst(5).first ?? 0x31) < 0x3A {
      return true
    }
    guard let found = index(of: mark, in: octets.prefix(1_024 + mark.count)) else { return false }
    guard isText else { return true }
    let isAtLineStart = found == 0 || [0x0A, 0x0D].contains(octets[found - 1])
    return isAtLineStart && place(of: Array(" obj".utf8)) != nil
      && place(of: Array("endobj".utf8)) != nil
  }

  /// No NUL and hardly any control character; octets beyond ASCII are UTF-8, or few, or a charset in
  /// which they make sense.
  var isText: Bool {
    let body = text
    guard !body.contains(0) else { return false }
    let controls = body.count {
      $0 < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D, 0x1B].contains($0) || $0 == 0x7F
    }
    guard controls * 50 <= body.count else { return false }
    if isWide { return replacements(body) * 50 <= body.count }
    if isASCII(body.span) || isUTF8 { return true }
    return body.count(where: { $0 >= 0x80 }) * 3 <= body.count
      || CharsetDetector.confident(body) != nil
  }

  private func replacements(_ body: [UInt8]) -> Int {
    (0..<max(0, body.count - 2)).count {
      body[$0] == 0xEF && body[$0 + 1] == 0xBF && body[$0 + 2] == 0xBD
    }
  }

  /// UTF-8, but for a character that the end of the head may have cut.
  private var isUTF8: Bool {
    (0...3).contains {
      text.count >= $0 && String(validating: text.dropLast($0), as: UTF8.self) != nil
    }
  }

  /// The first octets in lower case, white space and comments before them dropped.
  var firstWords: String { lowercased(skippingComments(0).prefix(32)) }

  /// Whether an XML document's first element, or its document type, is HTML's.
  var isXHTML: Bool {
    let start = skippingComments(0)
    guard let close = start.prefix(1_024).firstIndex(of: 0x3E) else { return false }
    let word = lowercased(skippingComments(close + 1).prefix(32))
    return word.hasPrefix("<html") || word.hasPrefix("<!doctype html")
  }

  private func skippingComments(_ start: Int) -> ArraySlice<UInt8> {
    var rest = text[start...].drop { $0 <= 0x20 }
    while rest.starts(with: "<!--".utf8) {
      guard let end = index(of: Array("-->".utf8), in: rest.prefix(16 << 10)) else { break }
      rest = text[(end + 3)...].drop { $0 <= 0x20 }
    }
    return rest
  }

  private func lowercased(_ part: ArraySlice<UInt8>) -> String {
    String(decoding: part.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }

  var hasShebang: Bool { CodeLanguage.interpreted(text) != nil }

  var isCorpusRecord: Bool {
    firstWords.hasPrefix("{") && contains("\"_id\"", within: 16 << 10)
  }
}
