import Octets

/// A header's text, decoded, and what was odd about it.
struct HeaderText {
  var text = ""
  var badWords = 0
  var unknownCharsets = 0
  var hasUndeclaredOctets = false
  fileprivate var charset: Charset?

  fileprivate init(charset: Charset?) { self.charset = charset }
}

/// The text of a header's value with its encoded words read.
///
/// White space between encoded words goes; the octets of adjacent words of one charset are joined
/// before they are decoded, since senders cut characters in two. Words are found without white space
/// around them too, and may hold spaces: both are common and mean one thing only. A word whose charset
/// is not known stays as written. Octets above 127 are UTF-8 where they are well formed (RFC 6532),
/// else in `charset`, such as the body's, where that reads them all, else in what they look like.
/// O(octets).
///
/// - SeeAlso: RFC 2047, sections 5 and 6; RFC 2231, section 5 (language after the charset).
func headerText(_ octets: [UInt8], otherwise charset: Charset? = nil) -> HeaderText {
  var result = HeaderText(charset: charset)
  guard let first = encodedWordMark(octets, from: 0) else {
    result.text = plainText(octets, &result)
    return result
  }
  var words = WordJoiner()
  var literalStart = 0
  var index = first
  while true {
    if let word = EncodedWord(octets, at: index) {
      let literal = octets[literalStart..<index]
      if !words.isPending || !literal.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) {
        words.flush(into: &result)
        result.text += plainText(Array(literal), &result)
      }
      words.add(word, written: octets[index..<word.end], into: &result)
      literalStart = word.end
      index = word.end
    } else {
      if looksLikeWord(octets, at: index) { result.badWords += 1 }
      index += 2
    }
    guard let next = encodedWordMark(octets, from: index) else { break }
    index = next
  }
  words.flush(into: &result)
  result.text += plainText(Array(octets[literalStart...]), &result)
  return result
}

/// How many octets of text one encoded word may have; RFC 2047 allows 75, some programs write a
/// thousand.
let longestEncodedWord = 4_096

/// Whether an encoded word may begin somewhere.
func hasEncodedWordMark(_ octets: [UInt8]) -> Bool { encodedWordMark(octets, from: 0) != nil }

/// Whether octets are nothing but ASCII from the space to the tilde: as text they need no cleaning.
func isPrintableASCII(_ octets: ArraySlice<UInt8>) -> Bool {
  for octet in octets where octet &- 0x20 > 0x5E { return false }
  return true
}

/// Where `=?` stands next.
private func encodedWordMark(_ octets: [UInt8], from start: Int) -> Int? {
  var index = start
  while true {
    index = firstIndex(of: 0x3D, in: octets.span, from: index, to: octets.count)
    guard index + 1 < octets.count else { return nil }
    if octets[index + 1] == 0x3F { return index }
    index += 1
  }
}

/// What stands outside of encoded words.
private func plainText(_ octets: [UInt8], _ result: inout HeaderText) -> String {
  if isASCII(octets.span) { return String(decoding: octets, as: UTF8.self) }
  result.hasUndeclaredOctets = true
  if let text = String(validating: octets, as: UTF8.self) { return text }
  if let charset = result.charset, charset != .ascii, charset != .utf8 {
    let (text, replaced) = charset.decode(octets)
    if replaced == 0 { return text }
  }
  return CharsetDetector.detect(octets).decode(octets).text
}

/// `=?charset?b?` or `?q?` begins here, whatever follows.
private func looksLikeWord(_ octets: [UInt8], at start: Int) -> Bool {
  guard let second = octets[(start + 2)...].prefix(80).firstIndex(of: 0x3F),
    second + 2 < octets.count, octets[second + 2] == 0x3F
  else { return false }
  return [0x42, 0x62, 0x51, 0x71].contains(octets[second + 1])
}

/// One encoded word: `=?charset?encoding?text?=`.
private struct EncodedWord {
  var label: String
  var octets: [UInt8]
  var faults: Int
  /// Where it ends.
  var end: Int

  init?(_ source: [UInt8], at start: Int) {
    guard looksLikeWord(source, at: start),
      let labelEnd = source[(start + 2)...].firstIndex(of: 0x3F), labelEnd > start + 2
    else { return nil }
    let textStart = labelEnd + 3
    // Without a limit a header of nothing but beginnings would be searched once for each of them.
    let limit = min(source.count, textStart + longestEncodedWord)
    var close = textStart
    while true {
      close = firstIndex(of: 0x3F, in: source.span, from: close, to: limit)
      guard close + 1 < limit else { return nil }
      if source[close + 1] == 0x3D { break }
      close += 1
    }
    let text = source.span.extracting(textStart..<close)
    let isBase64 = source[labelEnd + 1] | 0x20 == 0x62
    let decoded = isBase64 ? Base64.decode(text) : QuotedPrintable.decodeWord(text)
    label = String(
      decoding: source[(start + 2)..<labelEnd].prefix { $0 != 0x2A }, as: UTF8.self)
    octets = decoded.octets
    faults = decoded.defects + (source[textStart..<close].contains(0x20) ? 1 : 0)
    end = close + 2
  }
}

/// Joins the octets of adjacent words of one charset.
private struct WordJoiner {
  private(set) var isPending = false
  private var charset: Charset?
  private var octets: [UInt8] = []

  mutating func add(
    _ word: EncodedWord, written: ArraySlice<UInt8>, into result: inout HeaderText
  ) {
    if word.faults > 0 { result.badWords += 1 }
    guard let known = Charset(label: word.label) else {
      flush(into: &result)
      result.unknownCharsets += 1
      result.text += plainText(Array(written), &result)
      return
    }
    if known != charset { flush(into: &result) }
    charset = known
    octets += word.octets
    isPending = true
  }

  mutating func flush(into result: inout HeaderText) {
    if let charset, !octets.isEmpty {
      let (text, replaced) = charset.decode(octets)
      result.text += text
      if replaced > 0 { result.badWords += 1 }
    }
    octets = []
    charset = nil
    isPending = false
  }
}
