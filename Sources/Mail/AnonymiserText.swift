import Octets

/// One run over a message: the substitutes of its words, and where they are put.
struct AnonymiserRun {
  /// What else than words a text has.
  struct Form: OptionSet {
    let rawValue: Int
    /// Character references, as HTML has.
    static let references = Form(rawValue: 1)
    /// The end of a file's name, which says a type.
    static let fileName = Form(rawValue: 2)
    /// Words of trace fields.
    static let trace = Form(rawValue: 4)
  }

  var substitutes: AnonymiserSubstitutes
  let limits: MailLimits
  /// What the header says that its body is in, while the header is replaced.
  var headerCharset: Charset?
  private var charsets: [Charset: AnonymiserCharset] = [:]

  init(seed: UInt64, limits: MailLimits) {
    substitutes = AnonymiserSubstitutes(seed: seed)
    self.limits = limits
  }

  /// Replaces the words of a text that `charset` reads.
  ///
  /// A word is a run of letters, digits and their marks, cut at 128 characters. O(octets).
  mutating func replaceWords(
    _ octets: inout [UInt8], _ range: Range<Int>, _ charset: Charset, _ form: Form = []
  ) {
    guard !range.isEmpty else { return }
    var written = charsets.removeValue(forKey: charset) ?? AnonymiserCharset(charset)
    written.begin()
    var word: [AnonymiserCharacter] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let character = AnonymiserCharacter(
        octets, at: index, end: range.upperBound, form, &written)
      if character.kind != nil {
        if word.isEmpty || word.count < 128 {
          word.append(character)
        } else {
          replace(word, &octets, &written, range.lowerBound, form)
          word = [character]
        }
      } else if !word.isEmpty {
        replace(word, &octets, &written, range.lowerBound, form)
        word.removeAll(keepingCapacity: true)
      }
      index += character.length
    }
    replace(word, &octets, &written, range.lowerBound, form)
    charsets[charset] = written
  }

  private mutating func replace(
    _ word: [AnonymiserCharacter], _ octets: inout [UInt8], _ written: inout AnonymiserCharset,
    _ textStart: Int, _ form: Form
  ) {
    var rest = word[...]
    while let first = rest.first {
      let (phrase, isKept) = AnonymiserWords.stretch(rest.map(\.scalar))
      let piece = rest.prefix(phrase)
      rest = rest.dropFirst(phrase)
      if isKept { continue }
      let key = piece.flatMap(\.folded)
      if form.contains(.trace), AnonymiserWords.trace.contains(key) { continue }
      if form.contains(.fileName), first.start > textStart, octets[first.start - 1] == 0x2E,
        AnonymiserWords.suffixes.contains(key)
      {
        continue
      }
      guard let draws = substitutes.draws(for: key, count: piece.count) else { continue }
      for (character, draw) in zip(piece, draws) {
        character.replace(&octets, draw, &written)
      }
    }
  }

  /// Replaces the words of octets that nothing says a charset of, as readers take them: in a header
  /// UTF-8 where they are well formed, else as its body where that is possible, else as they look.
  mutating func replaceWords(_ octets: inout [UInt8], _ range: Range<Int>, _ form: Form = []) {
    var charset = Charset.ascii
    if !isASCII(octets[range].span) {
      let isAsBody = headerCharset.map {
        $0 != .ascii && String(validating: octets[range], as: UTF8.self) == nil
          && $0.decode(Array(octets[range])).replaced == 0
      }
      charset = isAsBody == true ? headerCharset ?? .ascii : undeclaredCharset(octets[range])
    }
    replaceWords(&octets, range, charset, form)
  }
}

/// The charset of octets of which nothing says one.
func undeclaredCharset(_ octets: ArraySlice<UInt8>) -> Charset {
  isASCII(octets.span) ? .ascii : likelyCharset(Array(octets))
}

/// A character of a text, however it is written.
struct AnonymiserCharacter {
  private enum Writing {
    case octets
    /// `&#1234;` or `&#x4d2;`: where its digits are.
    case reference(Range<Int>, isHexadecimal: Bool)
    /// `&auml;`, which a number may be written in place of.
    case name
    /// A letter behind `&` that must not begin a reference.
    case afterMark
    /// An octet that is none of UTF-8.
    case broken
  }

  var start: Int
  var length: Int
  var scalar: Unicode.Scalar = " "
  var kind: AnonymiserKind?
  private var writing = Writing.octets
  private var shift = AnonymiserCharset.Shift()

  /// The character at `index`; what is part of no word may be longer than one.
  init(
    _ octets: [UInt8], at index: Int, end: Int, _ form: AnonymiserRun.Form,
    _ charset: inout AnonymiserCharset
  ) {
    start = index
    length = 1
    if form.contains(.references), octets[index] == 0x26 {
      readReference(octets, end)
      return
    }
    let read = charset.character(octets, at: index, end: end)
    length = read.length
    shift = read.shift
    guard let known = read.scalar else {
      if read.length == 1, octets[index] >= 0x80 {
        writing = .broken
        kind = .other
        scalar = Unicode.Scalar(octets[index])
      }
      return
    }
    scalar = known
    kind = AnonymiserKind(known)
    if form.contains(.references), index > 0, octets[index - 1] == 0x26 { writing = .afterMark }
  }

  private mutating func readReference(_ octets: [UInt8], _ end: Int) {
    var index = start + 1
    if index < end, octets[index] == 0x23 {
      index += 1
      let isHexadecimal = index < end && octets[index] | 0x20 == 0x78
      if isHexadecimal { index += 1 }
      let first = index
      var value: UInt32 = 0
      while index < end, let digit = hexadecimalValue(octets[index]), isHexadecimal || digit < 10 {
        value = min(value * (isHexadecimal ? 16 : 10) + UInt32(digit), 0x11_0000)
        index += 1
      }
      if index < end, octets[index] == 0x3B { index += 1 }
      length = index - start
      guard let known = Unicode.Scalar(value) else { return }
      scalar = known
      kind = AnonymiserKind(known)
      let last = octets[index - 1] == 0x3B ? index - 1 : index
      writing = .reference(first..<last, isHexadecimal: isHexadecimal)
      return
    }
    while index < end, index - start < 32, isLetterOrDigit(octets[index]) { index += 1 }
    let name = octets[(start + 1)..<index]
    if index < end, octets[index] == 0x3B {
      length = index + 1 - start
    } else if let known = name.indices.first(where: { Self.bareNames.contains(name[...$0]) }) {
      length = known + 1 - start
      return
    } else {
      return
    }
    guard let place = Self.latinNames.firstIndex(of: String(decoding: name, as: UTF8.self)),
      let known = Unicode.Scalar(0xC0 + UInt32(place)), length >= 6
    else { return }
    scalar = known
    kind = AnonymiserKind(known)
    writing = .name
  }

  /// The names of U+00C0 to U+00FF.
  private static let latinNames = """
    Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc \
    Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute \
    THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave \
    iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml
    """.split(separator: " ").map(String.init)

  /// References that are read without their semicolon and stand in texts.
  private static let bareNames: Set<ArraySlice<UInt8>> = Set(
    ["amp", "lt", "gt", "quot", "nbsp", "copy", "reg"].map { Array($0.utf8)[...] })

  /// In lower case, as UTF-8.
  var folded: [UInt8] { foldedOctets(scalar) }

  /// Puts another of its kind in its place.
  func replace(
    _ octets: inout [UInt8], _ draw: UInt8, _ charset: inout AnonymiserCharset
  ) {
    guard kind != .mark else { return }
    switch writing {
    case .octets, .afterMark:
      if scalar.isASCII, length == 1 {
        octets[start] = letter(octets[start], draw)
      } else {
        // A copy: a slice that lives on would make the text be copied as it is changed.
        let written = Array(octets[start..<(start + length)])
        put(charset.replacement(for: written, scalar, shift, draw), &octets)
      }
    case .name:
      put(Array("&#".utf8), &octets)
      octets[start + length - 1] = 0x3B
      putNumber(draw, start + 2..<(start + length - 1), isHexadecimal: false, &octets)
    case .reference(let digits, let isHexadecimal):
      putNumber(draw, digits, isHexadecimal: isHexadecimal, &octets)
    case .broken: octets[start] = Self.broken(octets[start], draw)
    }
  }

  /// Another ASCII letter or digit; behind `&` a letter that begins no reference.
  private func letter(_ octet: UInt8, _ draw: UInt8) -> UInt8 {
    if case .afterMark = writing, !isDigit(octet) { return isUpper(octet) ? 0x4A : 0x6A }
    return asciiReplacement(octet, draw) ?? octet
  }

  private func put(_ new: [UInt8], _ octets: inout [UInt8]) {
    for (offset, octet) in new.enumerated() { octets[start + offset] = octet }
  }

  /// Writes the number of another scalar of its kind, zeros before it.
  private func putNumber(
    _ draw: UInt8, _ digits: Range<Int>, isHexadecimal: Bool, _ octets: inout [UInt8]
  ) {
    func written(_ value: UInt32) -> [UInt8] {
      let isUpperCase = octets[digits].contains(where: isUpper)
      return Array(
        String(value, radix: isHexadecimal ? 16 : 10, uppercase: isUpperCase).utf8)
    }
    var number: [UInt8] = []
    if scalar.isASCII, let letter = asciiReplacement(UInt8(scalar.value), draw) {
      number = written(UInt32(letter))
    }
    if number.isEmpty || number.count > digits.count {
      let found = neighbours(of: scalar).map { written($0.value) }.filter {
        $0.count <= digits.count
      }
      guard !found.isEmpty else { return }
      number = found[Int(draw) % found.count]
    }
    let zeros = [UInt8](repeating: 0x30, count: digits.count - number.count)
    octets.replaceSubrange(digits, with: zeros + number)
  }

  /// Another octet that breaks UTF-8 in the same way.
  private static func broken(_ octet: UInt8, _ draw: UInt8) -> UInt8 {
    switch octet {
    case 0x80...0xBF: 0x80 + draw % 0x40
    case 0xC2...0xDF: 0xC2 + draw % 0x1E
    case 0xE1...0xEC: 0xE1 + draw % 12
    case 0xF1...0xF3: 0xF1 + draw % 3
    default: octet
    }
  }
}

/// A character in lower case, as UTF-8.
func foldedOctets(_ scalar: Unicode.Scalar) -> [UInt8] {
  if scalar.isASCII {
    let octet = UInt8(scalar.value)
    return [isUpper(octet) ? octet | 0x20 : octet]
  }
  let isUpper = AnonymiserKind(scalar) == .upper
  return Array((isUpper ? scalar.properties.lowercaseMapping : String(scalar)).utf8)
}
