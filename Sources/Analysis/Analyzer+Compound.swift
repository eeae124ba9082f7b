import UnicodeTables

/// A part of a compound: a word by itself.
struct Leaf {
  var start: Int
  var end: Int
  /// What joins it to the part before it; of the first part, the strongest.
  var bond: Bond
  /// Whether it is a letter alone, as in an abbreviation with dots.
  var isSingleLetter: Bool

  /// More parts begin a new compound: no chain of hyphens can grow without end.
  static let mostInCompound = 16
}

/// How firmly parts of a compound belong together, the firmest first.
enum Bond: UInt8, Comparable, CaseIterable {
  /// `camelCase`
  case hump
  /// Hyphens, underscores, an ampersand, a plus sign.
  case joiner
  case dot
  case at
  /// None: a compound begins.
  case start

  static func < (a: Bond, b: Bond) -> Bool { a.rawValue < b.rawValue }
}

extension Analyzer {
  /// Emits the word or compound that begins at `start`, with its parts and wholes.
  ///
  /// Returns where to read on, or `nil` where `emit` stopped.
  mutating func emitCompound(_ text: Span<UInt8>, from start: Int, _ emit: Emit) -> Int? {
    leaves.removeAll(keepingCapacity: true)
    var position = start
    var bond = Bond.start
    while true {
      let atom = readAtom(text, from: position)
      appendLeaves(text, atom, bond)
      position = atom.end
      guard leaves.count < Leaf.mostInCompound,
        let joint = joint(text, after: atom, since: start)
      else { break }
      (bond, position) = (joint.bond, joint.end)
    }
    return emitLeaves(text, emit) ? position : nil
  }

  // MARK: Reading

  struct Atom {
    var start: Int
    var end: Int
    var hasHumps = false
    var scalarCount = 0
    /// The class of its last letter or digit.
    var last = ScalarClass.letter
  }

  /// Reads letters and digits, and what may stand between them, up to the end of a word.
  private func readAtom(_ text: Span<UInt8>, from start: Int) -> Atom {
    var atom = Atom(start: start, end: start)
    // Digits since the last comma; -1 behind a letter.
    var digits = 0
    var upperCount = 0
    var position = start
    var lastScalar: UInt32 = 0
    while position < text.count {
      let scalar = text.scalar(at: position)
      let kind = ScalarClass(scalar.value)
      switch kind {
      case .letter, .digit:
        let letterCase = LetterCase(scalar.value)
        if letterCase == .upper {
          if atom.scalarCount > 0, upperCount == 0 { atom.hasHumps = true }
          upperCount &+= 1
        } else {
          if letterCase == .lower, upperCount > 1 { atom.hasHumps = true }
          upperCount = 0
        }
        digits = kind == .letter ? -1 : digits < 0 ? -1 : digits &+ 1
        atom.last = kind
        atom.scalarCount &+= 1
        lastScalar = scalar.value
      case .ignorable: break
      default:
        let next = position &+ scalar.count
        guard next < text.count,
          staysInside(text, kind, at: next, after: atom.last, lastScalar, digits)
        else { return atom }
        if kind == .comma { digits = 0 }
      }
      position &+= scalar.count
      atom.end = position
    }
    return atom
  }

  /// Whether punctuation before `next` is part of the word or number around it.
  private func staysInside(
    _ text: Span<UInt8>, _ kind: ScalarClass, at next: Int, after last: ScalarClass,
    _ lastScalar: UInt32, _ digits: Int
  ) -> Bool {
    let follower = ScalarClass(text.scalar(at: next).value)
    switch kind {
    case .dot: return last == .digit && follower == .digit
    case .apostrophe:
      if last == .digit { return follower == .digit }
      return follower == .letter && !isLatin(lastScalar)
    case .middle: return last == .letter && follower == .letter
    case .doubleQuote:
      return wordBreak(lastScalar) == .hebrewLetter
        && wordBreak(text.scalar(at: next).value) == .hebrewLetter
    case .comma: return (1...3).contains(digits) && isGroupOfThree(text, at: next)
    default: return false
    }
  }

  private func isGroupOfThree(_ text: Span<UInt8>, at start: Int) -> Bool {
    guard text.count &- start >= 3 else { return false }
    for index in start..<start &+ 3 where !(0x30...0x39).contains(text[index]) { return false }
    return text.count == start &+ 3 || !ScalarClass(text.scalar(at: start &+ 3).value).isWord
  }

  private func isLatin(_ scalar: UInt32) -> Bool {
    scalar < 0x250 || (0x1E00...0x1EFF).contains(scalar) || (0xFF21...0xFF5A).contains(scalar)
  }

  /// What joins the word after `atom` to it, and where that word begins.
  private func joint(
    _ text: Span<UInt8>, after atom: Atom, since start: Int
  ) -> (bond: Bond, end: Int)? {
    guard atom.end < text.count else { return nil }
    let scalar = text.scalar(at: atom.end)
    let kind = ScalarClass(scalar.value)
    var next = atom.end &+ scalar.count
    if kind == .underscore {
      while next < text.count, text[next] == UInt8(ascii: "_") { next &+= 1 }
    }
    guard next < text.count, ScalarClass(text.scalar(at: next).value).isWord else { return nil }
    switch kind {
    case .hyphen, .underscore: return (.joiner, next)
    case .dot: return (.dot, next)
    case .at: return leaves.contains { $0.bond == .at } ? nil : (.at, next)
    case .plus: return isInAddress(text, from: next) ? (.joiner, next) : nil
    case .ampersand: return isInitials(text, atom, next) ? (.joiner, next) : nil
    default: return nil
    }
  }

  /// Whether an e-mail address's `@` follows, which makes a plus sign part of its name.
  private func isInAddress(_ text: Span<UInt8>, from start: Int) -> Bool {
    var position = start
    while position < text.count, position &- start <= Analysis.longestTerm {
      let octet = text[position]
      if octet == UInt8(ascii: "@") {
        return position &+ 1 < text.count
          && ScalarClass(text.scalar(at: position &+ 1).value).isWord
      }
      switch ScalarClass(UInt32(octet)) {
      case .letter, .digit, .dot, .hyphen, .underscore, .plus: position &+= 1
      default: return false
      }
    }
    return false
  }

  /// Whether an ampersand stands in a name such as AT&T: one to three capital letters on each side.
  private func isInitials(_ text: Span<UInt8>, _ atom: Atom, _ next: Int) -> Bool {
    func areCapitals(_ start: Int, _ end: Int) -> Bool {
      guard (1...3).contains(end &- start) else { return false }
      for index in start..<end where !(0x41...0x5A).contains(text[index]) { return false }
      return true
    }
    var end = next
    while end < text.count, end &- next < 4, ScalarClass(UInt32(text[end])).isWord { end &+= 1 }
    return areCapitals(atom.start, atom.end) && areCapitals(next, end)
  }

  // MARK: Parts

  private mutating func appendLeaves(_ text: Span<UInt8>, _ atom: Atom, _ bond: Bond) {
    let isSingle = atom.scalarCount == 1 && atom.last == .letter
    let first = leaves.count
    if atom.hasHumps, appendHumps(text, atom, bond) { return }
    leaves.removeSubrange(first...)
    leaves.append(Leaf(start: atom.start, end: atom.end, bond: bond, isSingleLetter: isSingle))
  }

  /// Cuts `camelCase` and `HTMLParser` at their humps; false where the pieces are none.
  ///
  /// A piece of one letter is none: `iPhone`, `PhD` and random letters stay whole. Nor is the
  /// plural of an abbreviation: `PDFs`.
  private mutating func appendHumps(_ text: Span<UInt8>, _ atom: Atom, _ bond: Bond) -> Bool {
    var bond = bond
    var pieceStart = atom.start
    var pieceLength = 0
    var previous = LetterCase.none
    var position = atom.start
    let limit = leaves.count &+ 6
    while position < atom.end {
      let scalar = text.scalar(at: position)
      let next = position &+ scalar.count
      let kind = ScalarClass(scalar.value)
      if kind.isWord {
        let letterCase = LetterCase(scalar.value)
        let follower = next < atom.end ? text.scalar(at: next) : DecodedScalar(value: 0, count: 0)
        let isPlural =
          next &+ follower.count == atom.end
          && (follower.value == 0x73 || follower.value == 0xFF53)  // s, of either width
        if letterCase == .upper, pieceLength > 0,
          previous != .upper || LetterCase(follower.value) == .lower && !isPlural
        {
          guard pieceLength > 1, leaves.count < limit else { return false }
          leaves.append(
            Leaf(start: pieceStart, end: position, bond: bond, isSingleLetter: false))
          (bond, pieceStart, pieceLength) = (.hump, position, 0)
        }
        previous = letterCase
        pieceLength &+= 1
      }
      position = next
    }
    guard pieceLength > 1 else { return false }
    leaves.append(Leaf(start: pieceStart, end: atom.end, bond: bond, isSingleLetter: false))
    return true
  }

  // MARK: Emitting

  private mutating func emitLeaves(_ text: Span<UInt8>, _ emit: Emit) -> Bool {
    if leaves.count == 1 { return emitWord(text, leaves[0].start, leaves[0].end, emit) }
    if leaves.allSatisfy({ $0.isSingleLetter && ($0.bond == .dot || $0.bond == .start) }) {
      return emitAbbreviation(text, emit)
    }
    for index in 0..<leaves.count {
      guard emitWord(text, leaves[index].start, leaves[index].end, emit) else { return false }
      for level in [Bond.hump, .joiner, .dot, .at] where leaves[index].bond > level {
        guard emitWhole(text, from: index, level, emit) else { return false }
      }
    }
    return true
  }

  /// Emits one word, folded and stemmed.
  mutating func emitWord(_ text: Span<UInt8>, _ start: Int, _ end: Int, _ emit: Emit) -> Bool {
    let isPlain = fold(text, start, end, keepsJoints: false)
    return emitTerm(start, end, isPlain: isPlain, emit)
  }

  /// Emits the group of parts that begins at `first` and holds together by `level`, if that is one.
  private mutating func emitWhole(
    _ text: Span<UInt8>, from first: Int, _ level: Bond, _ emit: Emit
  ) -> Bool {
    var end = first &+ 1
    var isGroup = false
    while end < leaves.count, leaves[end].bond <= level {
      isGroup = isGroup || leaves[end].bond == level
      end &+= 1
    }
    guard isGroup else { return true }
    let (start, stop) = (leaves[first].start, leaves[end &- 1].end)
    let isPlain = fold(text, start, stop, keepsJoints: level >= .dot)
    return emitTerm(
      start, stop, isColocated: true, isPlain: isPlain && level < .dot, emit)
  }

  /// `U.S.A.` is `usa`; what would then be a stop word keeps its dots.
  private mutating func emitAbbreviation(_ text: Span<UInt8>, _ emit: Emit) -> Bool {
    let (start, end) = (leaves[0].start, leaves[leaves.count &- 1].end)
    term.removeAll()
    var isPlain = true
    for leaf in leaves { isPlain = appendFolded(text, leaf.start, leaf.end, false) && isPlain }
    if isPlain, isStopWord() { isPlain = fold(text, start, end, keepsJoints: true) }
    return emitTerm(start, end, isPlain: isPlain, emit)
  }

  /// Puts the folded text into the term buffer.
  ///
  /// True where it is of `a` to `z` only.
  private mutating func fold(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, keepsJoints: Bool
  ) -> Bool {
    term.removeAll()
    return appendFolded(text, start, end, keepsJoints)
  }

  private mutating func appendFolded(
    _ text: Span<UInt8>, _ start: Int, _ end: Int, _ keepsJoints: Bool
  ) -> Bool {
    var isPlain = true
    var position = start
    while position < end {
      let scalar = text.scalar(at: position)
      position &+= scalar.count
      switch ScalarClass(scalar.value) {
      case .letter, .digit, .ignorable:
        if scalar.value < 0x80 {
          let octet = UInt8(truncatingIfNeeded: scalar.value)
          let isLetter = octet >= 0x41
          isPlain = isPlain && isLetter
          guard term.append(isLetter ? octet | 0x20 : octet) else { return isPlain }
        } else {
          for folded in searchFolding(scalar.value) {
            isPlain = isPlain && (0x61...0x7A).contains(folded)
            guard term.append(scalar: folded) else { return isPlain }
          }
        }
      case .dot:
        isPlain = false
        guard term.append(UInt8(ascii: ".")) else { return false }
      case .hyphen where !keepsJoints && !isBetweenDigits(text, position &- scalar.count, position):
        break
      case .at, .plus, .ampersand, .hyphen, .underscore:
        guard keepsJoints || scalar.value == 0x2D else { break }
        isPlain = false
        let octet = scalar.value < 0x80 ? UInt8(truncatingIfNeeded: scalar.value) : 0x2D
        guard term.append(octet) else { return false }
      default: break
      }
    }
    return isPlain
  }

  private func isBetweenDigits(_ text: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    start > 0 && end < text.count && (0x30...0x39).contains(text[start &- 1])
      && (0x30...0x39).contains(text[end])
  }
}
