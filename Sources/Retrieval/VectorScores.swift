import Partition

/// The vector leg's answer to one query over one row set.
///
/// Where the set is small every row is compared. Else sketches choose rows, and their items are compared:
/// an item's score is exact whichever way it came up, only which items are put forward is not. What is
/// chosen depends on the visible rows alone, on neither how they lie nor what else the store has.
struct VectorScores {
  private let query: VectorQuery?
  private let vectors: VectorSet
  private let rows: RowSet
  /// What was compared, until the next question.
  private let board: CosineBoard
  /// The items that are put forward with the scores of their best passages, in no order that means
  /// anything; more than asked for where some share the last score.
  let leading: [ScoredItem]
  /// Whether every row was compared.
  let isExact: Bool

  /// Up to so many rows are compared each: where the time of one way is about the other's.
  private static let exactLimit = 4_096

  /// Puts `depth` items forward.
  ///
  /// O(rows x dimension / 8) for a sketch's octets, and O(depth x dimension).
  init(query vector: [Float], vectors: VectorSet, rows: RowSet, board: CosineBoard, depth: Int) {
    self.vectors = vectors
    self.rows = rows
    self.board = board
    let query = vectors.query(vector)
    self.query = query
    guard let query else {
      (leading, isExact) = ([], true)
      return
    }
    board.begin()
    isExact = rows.passageCount <= Self.exactLimit
    let items =
      isExact ? rows.items : Self.chosenItems(query, vectors, rows, depth: depth)
    let cosines = VectorBatch(vectors, items: items, of: rows).best(query)
    board.note(cosines, of: items)
    leading = leadingItems(
      depth,
      of: zip(items, cosines).compactMap { item, cosine in
        cosine.isNaN ? nil : ScoredItem(item: item, score: Double(cosine))
      })
  }

  /// The cosine of each item's best passage; `nil` where no passage has a vector.
  func cosines(of items: [Int32]) -> [Double?] {
    guard let query else { return items.map { _ in nil } }
    let missing = board.unknown(of: items)
    board.note(VectorBatch(vectors, items: missing, of: rows).best(query), of: missing)
    return board.cosines(of: items)
  }

  /// The cosine of one passage; `nil` where it has no vector.
  func cosine(at position: Int) -> Double? {
    guard let query else { return nil }
    let cosine = VectorBatch(vectors, position: position, of: rows).best(query)[0]
    return cosine.isNaN ? nil : Double(cosine)
  }

  /// How many of `count` rows sketches choose for `depth` items.
  ///
  /// Of the ten nearest of 100,000 passages of mail the best 600 estimates have .994, 1,000 have .998,
  /// and 2,000 have .9995; what rounding to 8 bits loses comes on top, .007 here. What a sketch takes for as
  /// near as one of them is a share of all rows.
  private static func choice(_ depth: Int, of count: Int) -> Int {
    max(2_000, depth + depth / 4 + max(600, count / 160))
  }

  /// The items of the rows that sketches choose, ascending.
  private static func chosenItems(
    _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet, depth: Int
  ) -> [Int32] {
    let chosen = SketchChoice(query: query, vectors: vectors, rows: rows)
      .best(choice(depth, of: rows.passageCount))
    let items = rows.items(ofPositions: chosen.rows[..<chosen.count])
    // What the sketches of the others say is not for the caller: each is compared.
    return rows.unmixed.isEmpty ? items : (items + rows.unmixed).sorted()
  }
}
