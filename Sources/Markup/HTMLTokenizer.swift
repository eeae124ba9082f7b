import Octets

/// Splits HTML into tokens as the standard's section 13.2.5 says.
///
/// The octets are UTF-8 and are given to each call of ``next(_:)``; they must be the same each time.
/// Octets from 0x80 on are passed through unseen, so that what is no UTF-8 comes out as it went in.
/// Line ends become LF (section 13.2.3.5), on the way.
///
/// Which elements change ``model`` is the tree builder's knowledge, and so the caller's: after a
/// start tag it sets the model that the element asks for. ``next(_:)`` goes back to `.data` with the
/// end tag that closes it.
///
/// - Complexity: O(octets) over all calls; a token's parts are kept in buffers that are used again.
package struct HTMLTokenizer: Sendable {
  /// How octets are read: the states between which the tree builder switches.
  package enum Model: Sendable { case data, rcdata, rawtext, scriptData, plaintext, cdata }

  package enum Token: Equatable, Sendable {
    /// A run of characters: these octets of the input.
    case characters(Range<Int>)
    /// Characters that the input does not have as they are: in ``data``.
    case text
    /// In ``name``, ``attributes`` and ``isSelfClosing``.
    case startTag, endTag
    /// In ``data``, where ``keepsComments`` is set.
    case comment
    /// In ``name``, ``publicIdentifier``, ``systemIdentifier`` and ``forcesQuirks``.
    case doctype
    case end
  }

  /// An attribute of the current tag; its text is ``value(_:)``.
  package struct Attribute: Sendable {
    var key: UInt64
    package var name: Range<Int>
    package var value: Range<Int>
  }

  package var model = Model.data
  /// Whether `<![CDATA[` opens a section: in svg and math only.
  package var allowsCDATA = false
  package var keepsComments = false

  /// Of the current tag or doctype, in lower case.
  package internal(set) var name: [UInt8] = []
  /// ``HTMLName/key`` of the name.
  package internal(set) var nameKey: UInt64 = 0
  package internal(set) var attributes: [Attribute] = []
  package internal(set) var isSelfClosing = false
  package internal(set) var data: [UInt8] = []
  package internal(set) var publicIdentifier: [UInt8]?
  package internal(set) var systemIdentifier: [UInt8]?
  package internal(set) var forcesQuirks = false
  /// Attributes and octets of attributes beyond the limits, which were left out.
  package internal(set) var attributesLeftOut = 0

  /// Where reading goes on.
  package internal(set) var position = 0
  var attributeOctets: [UInt8] = []
  var errors = [Int](repeating: 0, count: HTMLParseError.allCases.count)
  /// The name of the last start tag: only its end tag closes RCDATA, RAWTEXT and script data.
  var lastStartTag: [UInt8] = []
  var scriptState = ScriptState.plain
  let limits: HTMLLimits

  /// - Parameter lastStartTag: The start tag that is taken to stand before the input.
  package init(
    model: Model = .data, lastStartTag: String = "", limits: HTMLLimits = HTMLLimits()
  ) {
    self.model = model
    self.lastStartTag = Array(lastStartTag.utf8)
    self.limits = limits
  }

  /// How often each parse error came up so far; those of the input stream are
  /// ``inputErrors(_:)``.
  package var errorCounts: [HTMLParseError: Int] {
    Dictionary(
      uniqueKeysWithValues: zip(HTMLParseError.allCases, errors).filter { $0.1 > 0 }.map { $0 })
  }

  package func name(_ attribute: Attribute) -> ArraySlice<UInt8> {
    attributeOctets[attribute.name]
  }

  package func value(_ attribute: Attribute) -> ArraySlice<UInt8> {
    attributeOctets[attribute.value]
  }

  /// The next token of `input`; `.end` again and again at its end.
  package mutating func next(_ input: Span<UInt8>) -> Token {
    while position < input.count {
      let token =
        switch model {
        case .data: readData(input)
        case .rcdata, .rawtext: readRawText(input)
        case .scriptData: readScript(input)
        case .plaintext: readPlaintext(input)
        case .cdata: readCDATA(input)
        }
      if let token { return token }
    }
    atEnd()
    return .end
  }

  private mutating func atEnd() {
    if model == .cdata {
      fail(.eofInCDATA)
    } else if model == .scriptData, scriptState != .plain {
      fail(.eofInScriptComment)
    }
    model = .data
    scriptState = .plain
  }

  mutating func fail(_ error: HTMLParseError) { errors[error.place] &+= 1 }

  /// Text, or what `<` begins; `nil` where it came to nothing.
  private mutating func readData(_ input: Span<UInt8>) -> Token? {
    let start = position
    let octet = input[start]
    if octet == 0x3C { return readTagOpen(input) }
    if octet == 0x26 { return readReference(input) }
    if octet == 0x0D { return readReturn(input) }
    if octet == 0 {
      // The tree builder passes over it.
      fail(.unexpectedNull)
      position = start &+ 1
      return .characters(start..<start &+ 1)
    }
    var index = start &+ 1
    while index < input.count {
      let octet = input[index]
      if octet == 0x3C || octet == 0x26 || octet == 0x0D || octet == 0 { break }
      index &+= 1
    }
    position = index
    return .characters(start..<index)
  }

  /// A carriage return: nothing before a line feed, else a line feed.
  mutating func readReturn(_ input: Span<UInt8>) -> Token? {
    position &+= 1
    if position < input.count, input[position] == 0x0A { return nil }
    return text([0x0A])
  }

  mutating func readReference(_ input: Span<UInt8>) -> Token? {
    data.removeAll(keepingCapacity: true)
    let start = position
    if let reference = CharacterReference(input, at: start, inAttribute: false, &errors) {
      reference.append(to: &data)
      position = start &+ reference.length
      return .text
    }
    position = start &+ 1
    return .characters(start..<start &+ 1)
  }

  mutating func text(_ octets: [UInt8]) -> Token {
    data.removeAll(keepingCapacity: true)
    data.append(contentsOf: octets)
    return .text
  }

  private mutating func readTagOpen(_ input: Span<UInt8>) -> Token? {
    let start = position
    guard start &+ 1 < input.count else {
      fail(.eofBeforeTagName)
      position = input.count
      return .characters(start..<start &+ 1)
    }
    let next = input[start &+ 1]
    if isLetter(next) { return readTag(input, from: start &+ 1, isEnd: false) }
    switch next {
    case 0x2F: return readEndTagOpen(input)
    case 0x21: return readMarkupDeclaration(input)
    case 0x3F:
      fail(.unexpectedQuestionMark)
      return readBogusComment(input, from: start &+ 1)
    default:
      fail(.invalidFirstCharacterOfTagName)
      position = start &+ 1
      return .characters(start..<start &+ 1)
    }
  }

  private mutating func readEndTagOpen(_ input: Span<UInt8>) -> Token? {
    let start = position
    guard start &+ 2 < input.count else {
      fail(.eofBeforeTagName)
      position = input.count
      return .characters(start..<start &+ 2)
    }
    let next = input[start &+ 2]
    if isLetter(next) { return readTag(input, from: start &+ 2, isEnd: true) }
    if next == 0x3E {
      fail(.missingEndTagName)
      position = start &+ 3
      return nil
    }
    fail(.invalidFirstCharacterOfTagName)
    return readBogusComment(input, from: start &+ 2)
  }
}

/// The octets of U+FFFD.
let replacementOctets: [UInt8] = [0xEF, 0xBF, 0xBD]

@inline(__always)
func isLetter(_ octet: UInt8) -> Bool { (octet | 0x20) &- 0x61 < 26 }

@inline(__always)
func isDigit(_ octet: UInt8) -> Bool { octet &- 0x30 < 10 }

/// Tab, line feed, form feed, carriage return, space.
@inline(__always)
func isSpace(_ octet: UInt8) -> Bool {
  octet == 0x20 || octet == 0x0A || octet == 0x09 || octet == 0x0D || octet == 0x0C
}

@inline(__always)
func lowercased(_ octet: UInt8) -> UInt8 { octet &- 0x41 < 26 ? octet | 0x20 : octet }
