import UnicodeTables

/// One written character: a scalar with the marks that belong to it, folded.
private struct Character {
  /// At most four scalars; more marks than that say nothing that a search needs.
  var scalars = InlineArray<4, UInt32>(repeating: 0)
  var count = 0
  var start = 0
  var end = 0

  mutating func append(_ scalar: UInt32) {
    guard count < 4 else { return }
    scalars[count] = scalar
    count &+= 1
  }

  /// Joins a Hangul jamo with the last scalar, where both are written as one syllable.
  ///
  /// Some systems take syllables apart. Voiced kana stay apart, as the folding leaves them.
  mutating func compose(_ scalar: UInt32) -> Bool {
    guard count > 0 else { return false }
    let last = scalars[count &- 1]
    if (0x1100...0x1112).contains(last), (0x1161...0x1175).contains(scalar) {
      scalars[count &- 1] = 0xAC00 &+ ((last &- 0x1100) &* 21 &+ (scalar &- 0x1161)) &* 28
      return true
    }
    if (0xAC00...0xD7A3).contains(last), (last &- 0xAC00) % 28 == 0,
      (0x11A8...0x11C2).contains(scalar)
    {
      scalars[count &- 1] = last &+ (scalar &- 0x11A7)
      return true
    }
    return false
  }
}

extension Analyzer {
  /// Emits the pairs of neighbouring characters of the run that begins at `start`; a character
  /// alone where there is but one.
  ///
  /// Each pair has a position of its own.
  ///
  /// Returns where to read on, or `nil` where `emit` stopped.
  mutating func emitPairs(_ text: Span<UInt8>, from start: Int, _ emit: Emit) -> Int? {
    var position = start
    var previous = nextCharacter(text, &position)
    var isAlone = true
    while let current = nextCharacter(text, &position) {
      if let earlier = previous {
        isAlone = false
        term.removeAll()
        guard append(earlier), append(current),
          emitTerm(earlier.start, current.end, isPlain: false, emit)
        else { return nil }
      }
      previous = current
    }
    if isAlone, let only = previous {
      term.removeAll()
      guard append(only), emitTerm(only.start, only.end, isPlain: false, emit) else { return nil }
    }
    return max(position, start &+ 1)
  }

  private mutating func append(_ character: Character) -> Bool {
    for index in 0..<character.count {
      guard term.append(scalar: character.scalars[index]) else { return false }
    }
    return true
  }

  /// Reads a character of the run, with its marks; `nil` at the run's end.
  private func nextCharacter(_ text: Span<UInt8>, _ position: inout Int) -> Character? {
    var character = Character()
    character.start = position
    while position < text.count {
      let scalar = text.scalar(at: position)
      let kind = ScalarClass(scalar.value)
      guard kind == .paired || kind == .ignorable && character.count > 0 else { break }
      if kind == .paired, character.count > 0, !isTrailingJamo(scalar.value, character) { break }
      for folded in searchFolding(scalar.value) where !character.compose(folded) {
        character.append(folded)
      }
      position &+= scalar.count
      character.end = position
    }
    return character.count > 0 ? character : nil
  }

  /// Whether `scalar` is a vowel or final consonant that completes the syllable before it.
  private func isTrailingJamo(_ scalar: UInt32, _ character: Character) -> Bool {
    var completed = character
    return (0x1161...0x11C2).contains(scalar) && completed.compose(scalar)
  }
}
