import UnicodeTables

/// Comments and what begins like one (13.2.5.41 to 13.2.5.52).
extension HTMLTokenizer {
  /// `<!` and what it opens.
  mutating func readMarkupDeclaration(_ input: Span<UInt8>) -> Token? {
    let start = position &+ 2
    if matches(input, start, "--") { return readComment(input, from: start &+ 2) }
    if matches(input, start, "doctype") { return readDoctype(input, from: start &+ 7) }
    if matches(input, start, "[CDATA[", exactly: true) {
      if allowsCDATA {
        model = .cdata
        position = start &+ 7
        return nil
      }
      fail(.cdataInHTMLContent)
      return readBogusComment(input, from: start)
    }
    fail(.incorrectlyOpenedComment)
    return readBogusComment(input, from: start)
  }

  /// Whether `word` (in lower case unless `exactly`) stands at `start`.
  func matches(
    _ input: Span<UInt8>, _ start: Int, _ word: StaticString, exactly: Bool = false
  ) -> Bool {
    guard start &+ word.utf8CodeUnitCount <= input.count else { return false }
    for offset in 0..<word.utf8CodeUnitCount {
      let there = input[start &+ offset]
      if (exactly ? there : lowercased(there)) != Table.octet(word, offset) { return false }
    }
    return true
  }

  /// Everything up to `>`.
  mutating func readBogusComment(_ input: Span<UInt8>, from start: Int) -> Token? {
    data.removeAll(keepingCapacity: true)
    var index = start
    while index < input.count, input[index] != 0x3E {
      addToComment(input, index)
      index &+= 1
    }
    position = min(index &+ 1, input.count)
    return .comment
  }

  private mutating func addToComment(_ input: Span<UInt8>, _ index: Int) {
    let octet = input[index]
    if octet == 0 { fail(.unexpectedNull) }
    guard keepsComments else { return }
    if octet == 0 {
      data += replacementOctets
    } else if octet != 0x0D {
      data.append(octet)
    } else if index &+ 1 >= input.count || input[index &+ 1] != 0x0A {
      data.append(0x0A)
    }
  }

  private mutating func addToComment(_ octets: [UInt8]) {
    if keepsComments { data += octets }
  }

  private enum CommentState {
    case start, startDash, inside, lessThan, lessThanBang, lessThanBangDash, lessThanBangDashDash
    case endDash, end, endBang
  }

  /// A comment whose text begins at `start`.
  private mutating func readComment(_ input: Span<UInt8>, from start: Int) -> Token? {
    data.removeAll(keepingCapacity: true)
    var state = CommentState.start
    var index = start
    while index < input.count {
      if state == .inside {
        index = readPlainComment(input, index)
        guard index < input.count else { break }
      }
      switch step(&state, input, index) {
      case .taken: index &+= 1
      case .again: break
      case .closed:
        position = index &+ 1
        return .comment
      }
    }
    fail(.eofInComment)
    position = input.count
    return .comment
  }

  /// Passes over what neither ends a comment nor can be part of an error.
  private mutating func readPlainComment(_ input: Span<UInt8>, _ start: Int) -> Int {
    var index = start
    while index < input.count, input[index] != 0x2D, input[index] != 0x3C {
      addToComment(input, index)
      index &+= 1
    }
    return index
  }

  private enum CommentStep { case taken, again, closed }

  /// One octet in `state`; `.again` leaves it for the next state.
  private mutating func step(
    _ state: inout CommentState, _ input: Span<UInt8>, _ index: Int
  ) -> CommentStep {
    let octet = input[index]
    switch (state, octet) {
    case (.start, 0x2D): state = .startDash
    case (.startDash, 0x2D), (.endDash, 0x2D): state = .end
    case (.start, 0x3E), (.startDash, 0x3E):
      fail(.abruptClosingOfEmptyComment)
      return .closed
    case (.start, _): return leave(&state, to: .inside)
    case (.startDash, _), (.endDash, _):
      addToComment([0x2D])
      return leave(&state, to: .inside)
    case (.inside, 0x3C), (.lessThan, 0x3C):
      addToComment([0x3C])
      state = .lessThan
    case (.inside, 0x2D): state = .endDash
    case (.inside, _): addToComment(input, index)
    case (.lessThan, 0x21):
      addToComment([0x21])
      state = .lessThanBang
    case (.lessThanBang, 0x2D): state = .lessThanBangDash
    case (.lessThanBangDash, 0x2D): state = .lessThanBangDashDash
    case (.lessThan, _), (.lessThanBang, _): return leave(&state, to: .inside)
    case (.lessThanBangDash, _): return leave(&state, to: .endDash)
    case (.lessThanBangDashDash, _):
      if octet != 0x3E { fail(.nestedComment) }
      return leave(&state, to: .end)
    case (.end, 0x3E): return .closed
    case (.end, 0x21): state = .endBang
    case (.end, 0x2D): addToComment([0x2D])
    case (.end, _):
      addToComment([0x2D, 0x2D])
      return leave(&state, to: .inside)
    case (.endBang, 0x3E):
      fail(.incorrectlyClosedComment)
      return .closed
    case (.endBang, 0x2D):
      addToComment([0x2D, 0x2D, 0x21])
      state = .endDash
    case (.endBang, _):
      addToComment([0x2D, 0x2D, 0x21])
      return leave(&state, to: .inside)
    }
    return .taken
  }

  private func leave(_ state: inout CommentState, to next: CommentState) -> CommentStep {
    state = next
    return .again
  }
}
