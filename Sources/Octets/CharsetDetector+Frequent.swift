extension CharsetDetector {
  /// The characters by whose share in a text ``detect(_:)`` knows `charset`: the most frequent ones of
  /// its language; empty where it is not told by them alone.
  package static func frequentCharacters(of charset: Charset) -> Set<UInt32> {
    if let known = FrequentCharacters.byCharset.first(where: { Charset(label: $0.label) == charset }
    ) {
      return known.common
    }
    let letters = frequentLetters[charset.name] ?? ""
    return Set((letters + letters.uppercased()).unicodeScalars.map(\.value))
  }

  /// Of the scripts of one octet a letter, the half of the letters that ``LetterModel`` ranks first.
  private static let frequentLetters = [
    "windows-1251": "оеаинтсрвлкмдпуя", "koi8-r": "оеаинтсрвлкмдпуя",
    "windows-1253": "αοιετσνηυρπκμλς", "windows-1255": "יוהלאתרבמשנםד",
  ]
}
