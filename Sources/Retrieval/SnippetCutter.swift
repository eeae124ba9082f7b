import Analysis
import Grounding
import Octets
import Partition

/// Cuts an item's best passages out of its text.
struct SnippetCutter {
  private let scores: PassageScores
  private let rows: RowSet
  /// Whether words alone decide.
  private let isLexical: Bool
  private var matcher: TermMatcher

  /// - Parameter terms: what the marks look for.
  init(scores: PassageScores, rows: RowSet, terms: some Sequence<String>, isLexical: Bool) {
    (self.scores, self.rows, self.isLexical) = (scores, rows, isLexical)
    matcher = TermMatcher(terms)
  }

  /// The best passages as snippets, score descending, then ordinal ascending; `limit` at most.
  ///
  /// A passage without text gives none. Where words alone decide, a passage without any of them says
  /// nothing about the question and stands only where no other passage of the item has one: then the
  /// first, for an item that was found by its title. An item that was found by what it quotes alone
  /// shows that, and says so.
  ///
  /// - Throws: `damaged` where a span is not one of the text.
  mutating func snippets(
    text: String, passages: [StoredPassage], limit: Int
  ) throws(Problem) -> [Snippet] {
    var ranked: [(passage: StoredPassage, score: Double, hasWords: Bool)] = []
    var quoted: [(passage: StoredPassage, score: Double, hasWords: Bool)] = []
    for passage in passages where !passage.span.isEmpty {
      if let score = scores.quotedScore(row: passage.row) { quoted.append((passage, score, true)) }
      guard let position = rows.position(ofRow: passage.row) else { continue }
      ranked.append((passage, scores.score(position), scores.hasWords(position)))
    }
    if isLexical, ranked.contains(where: \.hasWords) {
      ranked.removeAll { !$0.hasWords }
    } else if isLexical {
      ranked = quoted.isEmpty ? Array(ranked.prefix(1)) : quoted
    }
    ranked.sort { a, b in
      a.score != b.score ? a.score > b.score : a.passage.ordinal < b.passage.ordinal
    }
    var result: [Snippet] = []
    let octets = Array(text.utf8)
    for (passage, score, _) in ranked.prefix(limit) {
      result.append(try snippet(octets, passage, score))
    }
    return result
  }

  private mutating func snippet(
    _ octets: [UInt8], _ passage: StoredPassage, _ score: Double
  ) throws(Problem) -> Snippet {
    guard passage.span.end <= octets.count,
      let text = String(validating: octets[passage.span.range], as: UTF8.self)
    else { throw Problem(.damaged, "A passage's span does not fit its item's text.") }
    let own = Array(octets[passage.span.range])
    return Snippet(
      text: text, span: passage.span, sha256: SHA256.hex(SHA256.digest(own)),
      locator: passage.locator == Locator() ? nil : passage.locator,
      marks: matcher.spans(in: own.span).map { [$0.lowerBound, $0.upperBound] },
      score: roundedScore(score), quoted: passage.role == .quoted ? true : nil)
  }
}
