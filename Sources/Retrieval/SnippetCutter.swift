import Analysis
import Grounding
import Partition

/// Cuts items' best passages out of their texts.
struct SnippetCutter {
  private let scores: PassageScores
  private let rows: RowSet
  /// Whether words alone decide.
  private let isLexical: Bool
  private let pieceCount: (String) -> Int
  private var matcher: TermMatcher

  /// - Parameters:
  ///   - terms: what the marks look for.
  ///   - pieceCount: counts a text's pieces for the model.
  init(
    scores: PassageScores, rows: RowSet, terms: some Sequence<String>, isLexical: Bool,
    pieceCount: @escaping (String) -> Int
  ) {
    (self.scores, self.rows, self.isLexical) = (scores, rows, isLexical)
    self.pieceCount = pieceCount
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
    of item: ReadItem, limit: Int
  ) throws(Problem) -> [(snippet: Snippet, pieces: Int)] {
    var ranked: [(passage: StoredPassage, score: Double, hasWords: Bool)] = []
    var quoted: [(passage: StoredPassage, score: Double, hasWords: Bool)] = []
    for passage in item.passages where !passage.span.isEmpty {
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
    var result: [(snippet: Snippet, pieces: Int)] = []
    for (passage, score, _) in ranked.prefix(limit) {
      result.append(try snippet(item, passage, score))
    }
    return result
  }

  private mutating func snippet(
    _ item: ReadItem, _ passage: StoredPassage, _ score: Double
  ) throws(Problem) -> (snippet: Snippet, pieces: Int) {
    let shown = try item.shown(passage, pieceCount: pieceCount)
    let octets = try item.octets(of: passage)
    let marks = matcher.spans(in: octets.span)
    let snippet = Snippet(
      text: shown.text, span: passage.span, sha256: shown.sha256,
      locator: passage.locator == Locator() ? nil : passage.locator,
      marks: marks.map { [$0.lowerBound, $0.upperBound] },
      score: roundedScore(score), quoted: passage.role == .quoted ? true : nil)
    return (snippet, shown.pieces)
  }
}
