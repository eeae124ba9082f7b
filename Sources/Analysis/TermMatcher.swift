/// Finds the words of a query in one text after another.
///
/// It keeps the stems of words that it has seen, so that a page's snippets share one.
package struct TermMatcher {
  private var analyzer = Analyzer(cacheBits: 10)
  /// The terms' octets by the first of these.
  private let terms: [[[UInt8]]]

  /// `terms` are finished terms, as ``queryTerms(_:)`` gives them.
  package init(_ terms: some Sequence<String>) {
    var byFirst = [[[UInt8]]](repeating: [], count: 256)
    for term in terms {
      let octets = Array(term.utf8)
      if let first = octets.first { byFirst[Int(first)].append(octets) }
    }
    self.terms = byFirst
    // A stem begins as its word does: what begins otherwise than all terms need not be stemmed.
    analyzer.stemmedLetters = (0..<26).reduce(0) { letters, letter in
      byFirst[0x61 + letter].isEmpty ? letters : letters | 1 << UInt32(letter)
    }
  }

  /// Where the terms stand in `text`, which is UTF-8: octet ranges in order, those that touch or overlap
  /// joined.
  ///
  /// For a compound that matches whole, the range is the whole.
  package mutating func spans(in text: Span<UInt8>) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    let terms = terms
    analyzer.analyze(text, mode: .text) { term, token in
      guard !term.isEmpty, terms[Int(term[0])].contains(where: { isEqual($0, term) }) else {
        return true
      }
      // A whole begins before parts that were emitted earlier, or ends behind them.
      var span = token.start..<token.end
      while let last = spans.last, last.upperBound >= span.lowerBound {
        span = min(last.lowerBound, span.lowerBound)..<max(last.upperBound, span.upperBound)
        spans.removeLast()
      }
      spans.append(span)
      return true
    }
    return spans
  }
}

private func isEqual(_ a: [UInt8], _ b: Span<UInt8>) -> Bool {
  guard a.count == b.count else { return false }
  for index in a.indices where a[index] != b[index] { return false }
  return true
}
