import UnicodeTables

/// What a scalar is to the analyser: Word_Break properties, as far as the tailoring tells them apart.
enum ScalarClass: UInt8 {
  /// Ends a word; also every mark and joiner where there is no word.
  case separator
  case letter
  case digit
  /// Written without spaces: searched by pairs.
  case paired
  /// Goes with the scalar before it: Extend, Format, ZWJ.
  case ignorable
  /// The punctuation that UAX 29 lets stand within words or numbers, and what else joins compounds.
  case apostrophe, dot, comma, middle, doubleQuote, hyphen, underscore, at, plus, ampersand

  var isWord: Bool { self == .letter || self == .digit }

  init(_ scalar: UInt32) {
    self = scalar < 0x80 ? ScalarClass(ascii: UInt8(scalar)) : ScalarClass(beyondASCII: scalar)
  }

  private init(ascii octet: UInt8) {
    switch octet {
    case 0x41...0x5A, 0x61...0x7A: self = .letter
    case 0x30...0x39: self = .digit
    case UInt8(ascii: "'"): self = .apostrophe
    case UInt8(ascii: "."): self = .dot
    case UInt8(ascii: ","): self = .comma
    case UInt8(ascii: "\""): self = .doubleQuote
    case UInt8(ascii: "-"): self = .hyphen
    case UInt8(ascii: "_"): self = .underscore
    case UInt8(ascii: "@"): self = .at
    case UInt8(ascii: "+"): self = .plus
    case UInt8(ascii: "&"): self = .ampersand
    default: self = .separator
    }
  }

  private init(beyondASCII scalar: UInt32) {
    let properties = ScalarProperties(scalar)
    switch properties.wordBreak {
    case .aLetter, .hebrewLetter: self = properties.pairedScript == .none ? .letter : .paired
    case .numeric: self = .digit
    case .extend, .format, .zwj: self = .ignorable
    case .singleQuote: self = .apostrophe
    case .midNumLet:
      // Dots of other widths, and quotation marks (U+2018, U+2019, U+FF07).
      self = scalar == 0x2024 || scalar == 0xFE52 || scalar == 0xFF0E ? .dot : .apostrophe
    // Of MidLetter the colons end a word, the middle dots and the Hebrew gershayim do not.
    case .midLetter:
      self = scalar == 0xFE13 || scalar == 0xFE55 || scalar == 0xFF1A ? .separator : .middle
    case .midNum:
      self = scalar == 0xFF0C || scalar == 0x66C || scalar == 0xFE50 ? .comma : .separator
    case .katakana: self = .paired
    case .other where properties.pairedScript != .none: self = .paired
    case .other where isLetter(properties.generalCategory): self = .paired
    case .other where scalar == 0x2010 || scalar == 0x2011: self = .hyphen
    default: self = .separator
    }
  }
}

private func isLetter(_ category: GeneralCategory) -> Bool {
  switch category {
  case .lowercaseLetter, .modifierLetter, .otherLetter, .titlecaseLetter, .uppercaseLetter: true
  default: false
  }
}

/// The case of a letter, for the humps of `camelCase`.
enum LetterCase {
  case upper, lower, none

  init(_ scalar: UInt32) {
    switch scalar {
    case 0x41...0x5A: self = .upper
    case 0x61...0x7A: self = .lower
    case 0..<0x80: self = .none
    default:
      switch generalCategory(scalar) {
      case .uppercaseLetter, .titlecaseLetter: self = .upper
      case .lowercaseLetter: self = .lower
      default: self = .none
      }
    }
  }
}
