import Octets

/// How the characters of a charset are written, and which others of their kind and length there are.
///
/// Kept over a run, since what a character may become is looked up once.
struct AnonymiserCharset {
  /// One character as it is written.
  struct Written {
    var length: Int
    /// What it means; `nil` for what cannot be read and for what changes how the rest is read.
    var scalar: Unicode.Scalar?
    var shift = Shift()
  }

  /// What stands before and behind two octets that are read by themselves; empty where one octet is a
  /// character.
  struct Shift {
    var before: [UInt8] = []
    var after: [UInt8] = []
  }

  private enum Form {
    case utf8
    /// One octet a character.
    case single([Unicode.Scalar?])
    /// One octet for ASCII, two to four for all else.
    case multiple
    /// Two octets a character between the marks of ISO-2022 or HZ.
    case shifted
    case utf16(isLittleEndian: Bool)
  }

  private let charset: Charset
  private let form: Form
  private var read: [[UInt8]: Unicode.Scalar?] = [:]
  private var others: [[UInt8]: [[UInt8]]] = [:]
  private var shift = Shift()
  private var designation: [UInt8] = []
  /// The characters by which readers find the charset where nothing says it: they are exchanged among
  /// each other, so that it is found still.
  private let frequent: Set<UInt32>
  private var frequentWritings: [[UInt8]]?

  init(_ charset: Charset) {
    self.charset = charset
    frequent = CharsetDetector.frequentCharacters(of: charset)
    switch charset.name {
    case "utf-8", "us-ascii": form = .utf8
    case "utf-16le", "utf-16": form = .utf16(isLittleEndian: true)
    case "utf-16be": form = .utf16(isLittleEndian: false)
    case "gb2312", "gbk", "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr": form = .multiple
    case "hz-gb-2312": form = .shifted
    case let name where name.hasPrefix("iso-2022"): form = .shifted
    default:
      form = .single((0...255).map { Self.scalar(UInt8($0), charset) })
    }
  }

  private static func scalar(_ octet: UInt8, _ charset: Charset) -> Unicode.Scalar? {
    single(charset.decode([octet]))
  }

  /// The one scalar of a text without a fault.
  private static func single(_ decoded: (text: String, replaced: Int)) -> Unicode.Scalar? {
    let scalars = decoded.text.unicodeScalars
    return decoded.replaced == 0 && scalars.count == 1 ? scalars.first : nil
  }

  /// Begins a text: no mark of a shift was seen yet.
  mutating func begin() {
    shift = Shift()
    designation = []
  }

  /// The character at `index`; `end` is behind it.
  mutating func character(_ octets: [UInt8], at index: Int, end: Int) -> Written {
    let octet = octets[index]
    switch form {
    case .utf16(let isLittleEndian):
      guard index + 1 < end else { return Written(length: 1) }
      let unit =
        isLittleEndian
        ? UInt32(octets[index + 1]) << 8 | UInt32(octet)
        : UInt32(octet) << 8 | UInt32(octets[index + 1])
      return Written(length: 2, scalar: Unicode.Scalar(unit))
    case .shifted: return shiftedCharacter(octets, at: index, end: end)
    case _ where octet < 0x80: return Written(length: 1, scalar: Unicode.Scalar(octet))
    case .utf8: return Self.utf8Character(octets, at: index, end: end)
    case .single(let scalars): return Written(length: 1, scalar: scalars[Int(octet)])
    case .multiple:
      for length in 1...4 where index + length <= end {
        if let scalar = scalar(Array(octets[index..<(index + length)]), shift) {
          return Written(length: length, scalar: scalar)
        }
      }
      return Written(length: 1)
    }
  }

  private static func utf8Character(_ octets: [UInt8], at index: Int, end: Int) -> Written {
    let length =
      switch octets[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    guard length > 1, index + length <= end else { return Written(length: 1) }
    var value = UInt32(octets[index]) & (0x7F >> UInt32(length))
    for octet in octets[(index + 1)..<(index + length)] {
      guard octet & 0xC0 == 0x80 else { return Written(length: 1) }
      value = value << 6 | UInt32(octet & 0x3F)
    }
    guard let scalar = Unicode.Scalar(value), UTF8.width(scalar) == length else {
      return Written(length: 1)
    }
    return Written(length: length, scalar: scalar)
  }

  private mutating func shiftedCharacter(_ octets: [UInt8], at index: Int, end: Int) -> Written {
    let octet = octets[index]
    if octet == 0x1B, charset.name != "hz-gb-2312" {
      var last = index + 1
      while last < end, (0x20...0x2F).contains(octets[last]) { last += 1 }
      let mark = Array(octets[index..<min(end, last + 1)])
      if mark.count == 4, mark[1] == 0x24, mark[2] == 0x29 {
        designation = mark
      } else {
        let isDouble = mark.count > 2 && mark[1] == 0x24
        shift = isDouble ? Shift(before: mark, after: [0x1B, 0x28, 0x42]) : Shift()
      }
      return Written(length: mark.count)
    }
    if octet == 0x0E || octet == 0x0F {
      shift = octet == 0x0E ? Shift(before: designation + [0x0E], after: [0x0F]) : Shift()
      return Written(length: 1)
    }
    if octet == 0x7E, charset.name == "hz-gb-2312", index + 1 < end {
      if octets[index + 1] == 0x7B { shift = Shift(before: [0x7E, 0x7B], after: [0x7E, 0x7D]) }
      if octets[index + 1] == 0x7D { shift = Shift() }
      return Written(length: 2)
    }
    if shift.before.isEmpty || octet <= 0x20 || index + 1 >= end {
      return Written(length: 1, scalar: octet < 0x80 ? Unicode.Scalar(octet) : nil)
    }
    return Written(
      length: 2, scalar: scalar(Array(octets[index...(index + 1)]), shift), shift: shift)
  }

  /// What `written` means by itself.
  private mutating func scalar(_ written: [UInt8], _ shift: Shift) -> Unicode.Scalar? {
    let whole = shift.before + written + shift.after
    if let known = read[whole] { return known }
    let found = Self.single(charset.decode(whole))
    read[whole] = .some(found)
    return found
  }

  // MARK: What else it may be

  /// What `written`, which means `scalar`, becomes by `draw`; as many octets.
  ///
  /// ASCII letters and digits become any others of their kind; all else one of the 64 scalars around
  /// it that is of its kind, or, where charsets are told by frequent characters, one that is frequent
  /// or not as it is; what stands alone stays.
  mutating func replacement(
    for written: [UInt8], _ scalar: Unicode.Scalar, _ shift: Shift, _ draw: UInt8
  ) -> [UInt8] {
    if scalar.isASCII, let letter = asciiReplacement(UInt8(scalar.value), draw) {
      guard written.count == 2 else { return [letter] }
      return written.first == 0 ? [0, letter] : [letter, 0]
    }
    let key = shift.before + written
    if others[key] == nil { others[key] = candidates(written, scalar, shift) }
    guard let found = others[key], !found.isEmpty else { return written }
    return found[Int(draw) % found.count]
  }

  private mutating func candidates(
    _ written: [UInt8], _ scalar: Unicode.Scalar, _ shift: Shift
  ) -> [[UInt8]] {
    guard let kind = AnonymiserKind(scalar) else { return [] }
    let all: [[UInt8]]
    switch form {
    case .utf8: all = neighbours(of: scalar).map { Array(String($0).utf8) }
    case .utf16(let isLittleEndian):
      all = neighbours(of: scalar).map { neighbour in
        let (low, high) = (UInt8(neighbour.value & 255), UInt8(neighbour.value >> 8 & 255))
        return isLittleEndian ? [low, high] : [high, low]
      }
    case .single(let scalars):
      let same = (0x80...0xFF).filter {
        scalars[$0].map {
          $0 != scalar && AnonymiserKind($0) == kind
            && frequent.contains($0.value) == frequent.contains(scalar.value)
        } == true
      }
      let near = same.filter { scalars[$0].map { isNear($0, scalar) } == true }
      all = (near.isEmpty ? same : near).map { [UInt8($0)] }
    case .multiple, .shifted:
      let isFrequent = frequent.contains(scalar.value)
      let row = (UInt8.min...UInt8.max).map { Array(written.dropLast()) + [$0] }
      let near = others(in: row, scalar, kind, shift, isFrequent: isFrequent)
        .filter { keepsWriting(written, $0) }
      guard isFrequent, near.count < Self.fewest else { return near }
      all = others(in: allFrequent(), scalar, kind, shift, isFrequent: true)
    }
    return all.filter { keepsWriting(written, $0) }
  }

  /// Where fewer frequent characters share a row, they come from all rows.
  private static let fewest = 10

  private mutating func others(
    in writings: [[UInt8]], _ scalar: Unicode.Scalar, _ kind: AnonymiserKind, _ shift: Shift,
    isFrequent: Bool
  ) -> [[UInt8]] {
    writings.filter { writing in
      guard let found = self.scalar(writing, shift) else { return false }
      return found != scalar && AnonymiserKind(found) == kind
        && frequent.contains(found.value) == isFrequent
    }
  }

  /// All that is frequent, written in two octets.
  private mutating func allFrequent() -> [[UInt8]] {
    if let known = frequentWritings { return known }
    var found: [[UInt8]] = []
    let trails = Array(UInt8(0x40)...0xFE)
    for lead in UInt8(0x81)...0xFE {
      // Line by line, as reading each alone takes long.
      let row = charset.decode(trails.flatMap { [lead, $0, 0x0A] }).text
      guard row.unicodeScalars.contains(where: { frequent.contains($0.value) }) else { continue }
      for trail in trails {
        if let scalar = scalar([lead, trail], Shift()), frequent.contains(scalar.value) {
          found.append([lead, trail])
        }
      }
    }
    frequentWritings = found
    return found
  }

  /// An octet that may stand for itself in any writing stays one.
  private func keepsWriting(_ old: [UInt8], _ new: [UInt8]) -> Bool {
    old.count == new.count
      && zip(old, new).allSatisfy { $0 == $1 || $1 >= 0x80 && $0 >= 0x80 || isLetterOrDigit($1) }
  }
}

/// The letter or digit of `octet`'s kind that `draw` says; `nil` for what is neither.
func asciiReplacement(_ octet: UInt8, _ draw: UInt8) -> UInt8? {
  if isDigit(octet) { return 0x30 + draw % 10 }
  if isUpper(octet) { return 0x41 + draw % 26 }
  if isLower(octet) { return 0x61 + draw % 26 }
  return nil
}

/// The scalars of `scalar`'s kind among the 64 that share its first octets in UTF-8.
func neighbours(of scalar: Unicode.Scalar) -> [Unicode.Scalar] {
  let first = scalar.value & ~63
  let kind = AnonymiserKind(scalar)
  return (first...(first | 63)).compactMap { Unicode.Scalar($0) }.filter {
    $0 != scalar && AnonymiserKind($0) == kind
  }
}

private func isNear(_ a: Unicode.Scalar, _ b: Unicode.Scalar) -> Bool {
  a.value & ~63 == b.value & ~63
}

/// What a character is, as far as a substitute must be the same.
enum AnonymiserKind: Equatable {
  case upper, lower, title, modifier, other, digit, number
  /// It goes with the letter before it, and stays.
  case mark

  /// `nil` for what is part of no word.
  init?(_ scalar: Unicode.Scalar) {
    // Tag characters are ASCII that nobody sees.
    if (0xE0021...0xE007E).contains(scalar.value) {
      guard let shown = Unicode.Scalar(scalar.value & 0x7F) else { return nil }
      self.init(shown)
      return
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter: self = .upper
    case .lowercaseLetter: self = .lower
    case .titlecaseLetter: self = .title
    case .modifierLetter: self = .modifier
    case .otherLetter: self = .other
    case .decimalNumber: self = .digit
    case .letterNumber, .otherNumber: self = .number
    case .nonspacingMark, .spacingMark, .enclosingMark: self = .mark
    default: return nil
    }
  }
}
