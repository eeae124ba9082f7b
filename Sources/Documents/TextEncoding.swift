import Grounding
import Octets

/// Which charset a document's octets are in.
///
/// Asked in this order: a byte order mark (UTF-8, UTF-16, UTF-32); UTF-16 by where its NULs stand;
/// ISO-2022-JP by its escapes; what is declared, unless the octets say otherwise; UTF-8 where that is
/// well formed, or all but; else ``CharsetDetector``.
struct TextEncoding: Equatable {
  var charset: Charset
  /// Octets of the byte order mark.
  var markLength = 0
  var defects: [Defect] = []

  /// The encoding of `octets`, where `label` is the declared one; O(octets).
  static func find(_ octets: [UInt8], label: String?) -> TextEncoding {
    if let wide = marked(octets) ?? unmarkedWide(octets) { return wide }
    if isShiftedJapanese(octets), let charset = Charset(label: "iso-2022-jp") {
      return TextEncoding(charset: charset)
    }
    let shape = UTF8Shape(octets)
    guard let label else { return undeclared(octets, shape) }
    guard let charset = Charset(label: label) else {
      var found = undeclared(octets, shape)
      found.defects.insert(DocumentText.defect(.unknownCharset), at: 0)
      return found
    }
    guard isContradicted(charset, shape) else { return TextEncoding(charset: charset) }
    var found = undeclared(octets, shape)
    if charset != .utf8 || !shape.isLikely {
      found.defects.insert(DocumentText.defect(.wrongCharset, charset.name), at: 0)
    }
    return found
  }

  private static func undeclared(_ octets: [UInt8], _ shape: UTF8Shape) -> TextEncoding {
    if shape.isLikely { return TextEncoding(charset: .utf8) }
    let charset = CharsetDetector.detect(octets)
    return TextEncoding(
      charset: charset, defects: [DocumentText.defect(.undeclaredOctets, charset.name)])
  }

  /// Whether octets of this shape are certainly not in the charset that is declared.
  ///
  /// A page that was moved to UTF-8 often keeps the label it had, and one that was not often has the
  /// template's.
  private static func isContradicted(_ charset: Charset, _ shape: UTF8Shape) -> Bool {
    switch charset {
    case .utf8, .ascii: shape.sequences > 0 || shape.broken > 0
    case .windows1252: shape.broken == 0 && shape.sequences >= 3
    default:
      (charset.name.hasPrefix("utf-16") || charset.name.hasPrefix("utf-32"))
        && shape.broken == 0 && !shape.hasNull
    }
  }

  /// What the byte order mark says.
  static func marked(_ octets: [UInt8]) -> TextEncoding? {
    let marks: [([UInt8], String)] = [
      ([0xEF, 0xBB, 0xBF], "utf-8"), ([0xFF, 0xFE, 0, 0], "utf-32le"),
      ([0, 0, 0xFE, 0xFF], "utf-32be"), ([0xFF, 0xFE], "utf-16le"), ([0xFE, 0xFF], "utf-16be"),
    ]
    for (mark, label) in marks where octets.starts(with: mark) {
      return Charset(label: label).map { TextEncoding(charset: $0, markLength: mark.count) }
    }
    return nil
  }

  /// UTF-16 without a mark: NULs on one side of the pairs only, in at least one pair of sixteen, and
  /// no pair that is a control or half a surrogate pair.
  static func unmarkedWide(_ octets: [UInt8]) -> TextEncoding? {
    let head = octets.prefix(4_096)
    guard head.count >= 4, head.contains(0) else { return nil }
    for (side, charset) in [(1, Charset.utf16LittleEndian), (0, .utf16BigEndian)]
    where isWide(head, highSide: side) {
      return TextEncoding(
        charset: charset, defects: [DocumentText.defect(.undeclaredOctets, charset.name)])
    }
    return nil
  }

  private static func isWide(_ head: ArraySlice<UInt8>, highSide: Int) -> Bool {
    var nulls = 0
    var expectsLow = false
    let pairs = head.count / 2
    for pair in 0..<pairs {
      let high = head[pair * 2 + highSide]
      let low = head[pair * 2 + 1 - highSide]
      let unit = UInt16(high) << 8 | UInt16(low)
      let isLow = (0xDC00..<0xE000).contains(unit)
      guard low != 0 || high != 0, isLow == expectsLow, !(0xE000..<0xF900).contains(unit) else {
        return false
      }
      expectsLow = (0xD800..<0xDC00).contains(unit)
      if high == 0 {
        nulls += 1
        let isControl = low < 0x20 && ![0x09, 0x0A, 0x0C, 0x0D].contains(low)
        guard !isControl, !(0x7F..<0xA0).contains(low) else { return false }
      }
    }
    return nulls >= 2 && nulls * 16 >= pairs
  }

  /// Seven-bit Japanese: an escape to JIS X 0208 and no octet above ASCII.
  private static func isShiftedJapanese(_ octets: [UInt8]) -> Bool {
    let span = octets.span
    var escape = firstIndex(of: 0x1B, in: span, from: 0, to: octets.count)
    guard escape < octets.count, isASCII(span) else { return false }
    while escape + 2 < octets.count {
      if octets[escape + 1] == 0x24, [0x40, 0x42].contains(octets[escape + 2]) { return true }
      escape = firstIndex(of: 0x1B, in: span, from: escape + 1, to: octets.count)
    }
    return false
  }
}
