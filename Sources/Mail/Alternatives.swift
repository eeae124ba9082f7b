import Grounding
import Markup

/// Chooses among the parts of a multipart/alternative.
///
/// The last one with text is the richest (RFC 2046, section 5.1.4). Where HTML is in it, the last one
/// of nothing but plain text is preferred if it has at least three quarters of the distinct words
/// that the HTML shows: then the HTML says no more, and the plain text says it without the page's
/// furniture. A plain part that is empty or only sends its reader to a browser has not. HTML that
/// hardly shows a word, such as a picture, gives way to plain text with three times its words.
///
/// - Complexity: Each part is decoded and counted once, however the alternatives are nested; at most
///   a million distinct words are kept, what is beyond is not looked at.
struct Alternatives {
  static let leastShare = 0.75

  /// Ways of writing a text that are not read: in an alternative another part says the same.
  static let unreadTexts: Set<String> = [
    "text/enriched", "text/richtext", "text/rtf", "text/x-amp-html", "text/watch-html",
  ]

  private var room = 1_000_000
  private var words: [String: DistinctWords] = [:]

  /// The place of the child that reads best; `nil` where none has text.
  mutating func best(
    of children: [PartContents], _ octets: Span<UInt8>
  ) -> Int? {
    guard let richest = children.lastIndex(where: { !$0.texts.isEmpty }) else { return nil }
    guard children[richest].texts.contains(where: \.isHTML),
      let plain = children.lastIndex(where: {
        !$0.texts.isEmpty && !$0.texts.contains(where: \.isHTML)
      })
    else { return richest }
    let said = words(of: children[plain], octets)
    if said.hashes.isEmpty { return richest }
    let shown = words(of: children[richest], octets)
    let saysMore = said.hashes.count >= 3 * shown.hashes.count
    return saysMore || shown.share(among: said) >= Self.leastShare ? plain : richest
  }

  private mutating func words(
    of contents: PartContents, _ octets: Span<UInt8>
  ) -> DistinctWords {
    var all = DistinctWords()
    for leaf in contents.texts { all.add(words(of: leaf, octets)) }
    return all
  }

  private mutating func words(
    of leaf: PartContents.Leaf, _ octets: Span<UInt8>
  ) -> DistinctWords {
    if let known = words[leaf.number] { return known }
    // Whatever is odd is noted when the chosen part is read.
    var defects = DefectLog(limit: 1)
    let text = leaf.utf8(octets, &defects)
    var found: DistinctWords
    if leaf.isHTML {
      var page = CanonicalText()
      _ = HTMLText.append(text.span, to: &page)
      found = DistinctWords(page.text.utf8Span.span, limit: room)
    } else {
      found = DistinctWords(text.span, limit: room)
    }
    room -= found.hashes.count
    words[leaf.number] = found
    return found
  }
}
