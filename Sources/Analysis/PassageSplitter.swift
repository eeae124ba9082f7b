package import Grounding

/// Cuts an item's text into passages.
package struct PassageSplitter: Sendable {
  /// About how many words a passage has.
  package var wordLimit: Int

  package init(wordLimit: Int = 120) { self.wordLimit = wordLimit }

  /// The passages of `text`, in its order, without overlap, covering all that is not blank.
  ///
  /// An empty text yields one passage with an empty span, so that titles are found.
  package func split(_ text: String, segments: [Segment]) -> [Passage] {
    var passages: [Passage] = []
    let octets = Array(text.utf8)
    var start = 0
    var words = 0
    var index = 0
    while index < octets.count {
      let isSpace = octets[index] <= 0x20
      if isSpace, index > 0, octets[index - 1] > 0x20 { words += 1 }
      if words >= wordLimit {
        passages.append(Passage(ordinal: passages.count, span: TextSpan(start..<index)))
        start = index + 1
        words = 0
      }
      index += 1
    }
    if start < octets.count || passages.isEmpty {
      passages.append(Passage(ordinal: passages.count, span: TextSpan(start..<octets.count)))
    }
    return passages
  }
}
