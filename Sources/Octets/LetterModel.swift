/// A language's letters beyond ASCII in one charset of one octet a letter.
///
/// A reading costs bits: a letter by its rank among the language's letters (geometric, so that only
/// the order has to be known), more for a capital, much more for a capital behind a small letter, for
/// letters of two scripts in one word, and for signs inside of words.
struct LetterModel {
  private let label: String
  /// Whether words are written in these letters alone: Cyrillic, Greek, Hebrew.
  private let isScript: Bool
  /// What each octet from 0x80 is, and what it costs by itself in eighths of a bit.
  private let kinds: [Kind]
  private let costs: [Int]

  private enum Kind {
    case small, capital, foreign, mark, sign, junk, asciiSmall, asciiCapital, blank

    var isASCII: Bool { self == .asciiSmall || self == .asciiCapital }
    /// A letter beyond ASCII.
    var isOwn: Bool { self == .small || self == .capital || self == .foreign }
  }

  /// The label of the charset that reads `sample` best, where it is not windows-1252.
  static func best(_ sample: ArraySlice<UInt8>) -> String? {
    var western = Int.max
    var other: (label: String, cost: Int)?
    for model in all {
      let cost = model.cost(sample)
      if model.label == "windows-1252" {
        western = min(western, cost)
      } else if cost < other?.cost ?? .max {
        other = (model.label, cost)
      }
    }
    // A margin of 16 bits: three or four letters that windows-1252 has no use for.
    guard let other, other.cost + 16 * 8 <= western else { return nil }
    return other.label
  }

  private func cost(_ sample: ArraySlice<UInt8>) -> Int {
    var total = 0
    var previous = Kind.blank
    for index in sample.indices {
      let octet = sample[index]
      let kind = self.kind(octet)
      if octet >= 0x80 {
        let next = index + 1 < sample.endIndex ? self.kind(sample[index + 1]) : .blank
        total += costs[Int(octet) - 0x80] + cost(of: kind, between: previous, next)
      }
      previous = kind
    }
    return total
  }

  private func kind(_ octet: UInt8) -> Kind {
    switch octet {
    case 0x61...0x7A: .asciiSmall
    case 0x41...0x5A: .asciiCapital
    case 0x80...: kinds[Int(octet) - 0x80]
    default: .blank
    }
  }

  /// What the neighbours add.
  private func cost(of kind: Kind, between previous: Kind, _ next: Kind) -> Int {
    let ascii = (previous.isASCII ? 1 : 0) + (next.isASCII ? 1 : 0)
    let own = (previous.isOwn ? 1 : 0) + (next.isOwn ? 1 : 0)
    switch kind {
    case .small, .capital, .foreign:
      var bits = 0
      if kind == .capital, previous == .small || previous == .asciiSmall { bits += 6 }
      if isScript, ascii > 0 { bits += 6 }
      if !isScript, own == 2 { bits += 3 }
      return bits * 8
    case .sign:
      return ascii + own == 2 ? 8 * 8 : ascii + own == 1 ? 2 * 8 : 0
    default: return 0
    }
  }

  private init(_ label: String, isScript: Bool, letters: String) {
    self.label = label
    self.isScript = isScript
    var ranks: [Unicode.Scalar: Int] = [:]
    for (rank, letter) in letters.unicodeScalars.enumerated() { ranks[letter] = rank }
    var kinds: [Kind] = []
    var costs: [Int] = []
    let charset = Charset(label: label) ?? .ascii
    for octet in UInt8(0x80)...0xFF {
      let scalar = charset.decode([octet]).text.unicodeScalars.first ?? "\u{FFFD}"
      let small = scalar.properties.lowercaseMapping.unicodeScalars.first ?? scalar
      let (kind, cost) =
        ranks[small].map { rank in
          // q = 0.91 for whole alphabets, 0.72 for the few letters beyond ASCII.
          let cost = isScript ? 28 + rank * 35 / 32 : 15 + rank * 38 / 10
          return small == scalar ? (.small, cost) : (.capital, cost + 3 * 8)
        } ?? Self.otherwise(scalar)
      kinds.append(kind)
      costs.append(cost)
    }
    self.kinds = kinds
    self.costs = costs
  }

  /// Of what is no letter of the language.
  private static func otherwise(_ scalar: Unicode.Scalar) -> (Kind, Int) {
    switch scalar.value {
    case 0x80..<0xA0, 0xFFFD: (.junk, 14 * 8)
    case 0x2500..<0x2600, 0x2219...0x2265, 0x2320...0x2321: (.junk, 10 * 8)
    case 0xA0, 0xAB, 0xBB, 0x2010...0x203A: (.mark, 0)
    default: scalar.properties.isAlphabetic ? (.foreign, 12 * 8) : (.sign, 8)
    }
  }

  private static let all: [LetterModel] = [
    ("windows-1252", false, "éèàêçôùûîâœëïæÿ"),  // French
    ("windows-1252", false, "üäößé"),  // German
    ("windows-1252", false, "óíáéñúü"),  // Spanish
    ("windows-1252", false, "ãçáéíóêõúâàô"),  // Portuguese
    ("windows-1252", false, "èàùòìé"),  // Italian
    ("windows-1252", false, "äöåéü"),  // Swedish, Finnish
    ("windows-1252", false, "øåæéöä"),  // Danish, Norwegian
    ("windows-1252", false, "ðíáþúöéóæý"),  // Icelandic
    ("windows-1252", false, "àéóèíòçúïü"),  // Catalan
    ("windows-1252", false, "éëïöèüáóñçà"),  // Dutch, English and names
    ("windows-1250", false, "óęąłżśćńź"),  // Polish
    ("windows-1250", false, "íáěéžýčřšůúťňóď"),  // Czech
    ("windows-1250", false, "áíéčžýšúľťôňóäďĺŕ"),  // Slovak
    ("windows-1250", false, "áéöóőüíúű"),  // Hungarian
    ("windows-1250", false, "čšžćđ"),  // Croatian, Slovene
    ("windows-1250", false, "ăîţâş"),  // Romanian
    ("windows-1251", true, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),  // Russian
    ("windows-1251", true, "оаинвіетрслкдупмяьзгбчйхюєїшжцщфґ"),  // Ukrainian
    ("windows-1251", true, "аиоетнрсвлкдпмзгуъбчяйцщхжшфюь"),  // Bulgarian
    ("windows-1251", true, "аиоенсјртвукдплмгзбцхчшљћжњђфџ"),  // Serbian
    ("koi8-r", true, "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё"),
    ("windows-1253", true, "αοιετσνηυρπκμλςωίόάέθγδήφχβύώξζψϊϋ"),
    ("windows-1255", true, "יוהלאתרבמשנםדחעקפטגכזןצסךץף"),
  ].map { LetterModel($0.0, isScript: $0.1, letters: $0.2) }
}
