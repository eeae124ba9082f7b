/// DOCTYPE (13.2.5.53 to 13.2.5.68).
extension HTMLTokenizer {
  /// A doctype, read behind the word; a token whatever follows.
  mutating func readDoctype(_ input: Span<UInt8>, from start: Int) -> Token? {
    name.removeAll(keepingCapacity: true)
    nameKey = 0
    publicIdentifier = nil
    systemIdentifier = nil
    forcesQuirks = false
    position = start
    readDoctypeParts(input)
    return .doctype
  }

  private mutating func readDoctypeParts(_ input: Span<UInt8>) {
    guard position < input.count else { return endDoctype() }
    if !isSpace(input[position]), input[position] != 0x3E {
      fail(.missingSpaceBeforeDoctypeName)
    }
    guard skipSpace(input) else { return endDoctype() }
    if input[position] == 0x3E {
      fail(.missingDoctypeName)
      forcesQuirks = true
      position &+= 1
      return
    }
    readDoctypeName(input)
    guard skipSpace(input) else { return endDoctype() }
    if input[position] == 0x3E {
      position &+= 1
    } else if matches(input, position, "public") {
      position &+= 6
      readPublic(input)
    } else if matches(input, position, "system") {
      position &+= 6
      readSystem(input)
    } else {
      fail(.invalidAfterDoctypeName)
      forcesQuirks = true
      readBogusDoctype(input)
    }
  }

  /// The end of the input inside of a doctype.
  private mutating func endDoctype() {
    fail(.eofInDoctype)
    forcesQuirks = true
  }

  /// Moves to what is no white space; `false` at the end of the input.
  private mutating func skipSpace(_ input: Span<UInt8>) -> Bool {
    while position < input.count, isSpace(input[position]) { position &+= 1 }
    return position < input.count
  }

  private mutating func readDoctypeName(_ input: Span<UInt8>) {
    while position < input.count, !isSpace(input[position]), input[position] != 0x3E {
      let octet = input[position]
      if octet == 0 {
        fail(.unexpectedNull)
        name += replacementOctets
      } else {
        name.append(lowercased(octet))
      }
      position &+= 1
    }
  }

  private mutating func readBogusDoctype(_ input: Span<UInt8>) {
    while position < input.count, input[position] != 0x3E {
      if input[position] == 0 { fail(.unexpectedNull) }
      position &+= 1
    }
    position = min(position &+ 1, input.count)
  }

  private mutating func readPublic(_ input: Span<UInt8>) {
    guard
      let quote = openIdentifier(
        input, missingSpace: .missingSpaceAfterPublic,
        missing: .missingDoctypePublicIdentifier, missingQuote: .missingQuoteBeforePublic)
    else { return }
    let (identifier, isClosed) = readIdentifier(input, quote, .abruptDoctypePublicIdentifier)
    publicIdentifier = identifier
    guard isClosed else { return }
    let hasSpace = position < input.count && isSpace(input[position])
    guard skipSpace(input) else { return endDoctype() }
    switch input[position] {
    case 0x3E: position &+= 1
    case 0x22, 0x27:
      if !hasSpace { fail(.missingSpaceBetweenIdentifiers) }
      readSystemIdentifier(input)
    default:
      fail(.missingQuoteBeforeSystem)
      forcesQuirks = true
      readBogusDoctype(input)
    }
  }

  private mutating func readSystem(_ input: Span<UInt8>) {
    guard
      openIdentifier(
        input, missingSpace: .missingSpaceAfterSystem,
        missing: .missingDoctypeSystemIdentifier, missingQuote: .missingQuoteBeforeSystem) != nil
    else { return }
    readSystemIdentifier(input)
  }

  /// The quotation mark at the position, behind a keyword; `nil` where the doctype is over.
  private mutating func openIdentifier(
    _ input: Span<UInt8>, missingSpace: HTMLParseError, missing: HTMLParseError,
    missingQuote: HTMLParseError
  ) -> UInt8? {
    let hasSpace = position < input.count && isSpace(input[position])
    guard skipSpace(input) else {
      endDoctype()
      return nil
    }
    let octet = input[position]
    if octet == 0x22 || octet == 0x27 {
      if !hasSpace { fail(missingSpace) }
      return octet
    }
    forcesQuirks = true
    if octet == 0x3E {
      fail(missing)
      position &+= 1
    } else {
      fail(missingQuote)
      readBogusDoctype(input)
    }
    return nil
  }

  private mutating func readSystemIdentifier(_ input: Span<UInt8>) {
    let (identifier, isClosed) = readIdentifier(
      input, input[position], .abruptDoctypeSystemIdentifier)
    systemIdentifier = identifier
    guard isClosed else { return }
    guard skipSpace(input) else { return endDoctype() }
    if input[position] == 0x3E {
      position &+= 1
    } else {
      // Not forcing quirks, as the standard has it.
      fail(.unexpectedAfterSystemIdentifier)
      readBogusDoctype(input)
    }
  }

  /// A quoted identifier at the position; not closed where `>` or the end of the input comes first.
  private mutating func readIdentifier(
    _ input: Span<UInt8>, _ quote: UInt8, _ abrupt: HTMLParseError
  ) -> ([UInt8], isClosed: Bool) {
    var identifier: [UInt8] = []
    position &+= 1
    while position < input.count {
      let octet = input[position]
      position &+= 1
      switch octet {
      case quote: return (identifier, true)
      case 0x3E:
        fail(abrupt)
        forcesQuirks = true
        return (identifier, false)
      case 0:
        fail(.unexpectedNull)
        identifier += replacementOctets
      case 0x0D:
        if position >= input.count || input[position] != 0x0A { identifier.append(0x0A) }
      default: identifier.append(octet)
      }
    }
    endDoctype()
    return (identifier, false)
  }
}
