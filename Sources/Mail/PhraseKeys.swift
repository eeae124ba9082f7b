/// Phrases that are looked up whole, by ``FoldedLine/key(_:)``; folded as ``FoldedLine`` folds.
struct PhraseKeys: Sendable {
  /// As they are written in the table.
  let phrases: [String]
  private let keys: Set<UInt64>
  /// A bit for each ASCII letter that a phrase begins with.
  private let initials: UInt32

  init(_ phrases: [String]) {
    self.phrases = phrases
    keys = Set(phrases.map { FoldedLine.key($0.utf8) })
    initials = Self.initials(phrases)
  }

  /// Found as archives made them, too.
  init(archived phrases: [String]) {
    self.phrases = phrases
    keys = Set(phrases.flatMap(Self.variants).map { FoldedLine.key($0.utf8) })
    initials = Self.initials(phrases)
  }

  private static func initials(_ phrases: [String]) -> UInt32 {
    phrases.reduce(0) { $0 | ($1.utf8.first.map { $0 < 0x80 ? 1 << UInt32($0 & 31) : 0 } ?? 0) }
  }

  /// Whether a phrase may begin with `octet`, whatever its case: a quick look before a line is folded.
  func mayBegin(with octet: UInt8) -> Bool {
    octet >= 0x80 || initials >> UInt32(octet & 31) & 1 == 1
  }

  func contains(_ key: UInt64) -> Bool { keys.contains(key) }

  /// A phrase, and what it is after an archive had no place for its letters above ASCII.
  static func variants(_ phrase: String) -> [String] {
    let octets = phrase.unicodeScalars.map { $0.isASCII ? UInt8($0.value) : 0x3F }
    let isReadable = octets.count { isSmallLetter($0) } >= 3
    return isReadable ? [phrase, String(decoding: octets, as: UTF8.self)] : [phrase]
  }
}
