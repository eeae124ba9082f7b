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
    let places =
      isExact
      ? Self.allPlaces(vectors, rows, board)
      : Self.chosenPlaces(query, vectors, rows, board, depth: depth)
    Self.compare(places, query, vectors, rows, board)
    leading = leadingItems(
      depth,
      of: places.compactMap { place in
        board.cosine(of: place.item).map { ScoredItem(item: place.item, score: $0) }
      })
  }

  /// The cosine of each item's best passage; `nil` where no passage has a vector.
  func cosines(of items: [Int32]) -> [Double?] {
    guard let query else { return items.map { _ in nil } }
    let missing = items.filter(board.claim).map { Place($0, rows) }
    Self.compare(missing, query, vectors, rows, board)
    return items.map(board.cosine)
  }

  /// The cosine of one passage; `nil` where it has no vector.
  func cosine(at position: Int) -> Double? {
    let part = rows.part(ofPosition: position)
    let place = position - part.firstPosition
    let item = Int32(part.firstItem + Int(part.group.items[place]))
    return query.flatMap {
      Self.best(
        [Place(item: item, part: part, places: place..<place + 1)], $0, vectors, rows)[0]
    }.map { Double($0) }
  }

  /// Passages of one item.
  private struct Place {
    let item: Int32
    let part: RowSet.Part
    let places: Range<Int>

    init(item: Int32, part: RowSet.Part, places: Range<Int>) {
      (self.item, self.part, self.places) = (item, part, places)
    }

    /// All passages of `item`.
    init(_ item: Int32, _ rows: RowSet) {
      let part = rows.part(ofItem: Int(item))
      self.init(
        item: item, part: part, places: part.group.places(of: Int(item) - part.firstItem))
    }
  }

  private static func best(
    _ places: [Place], _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet
  ) -> [Float?] {
    var batch = VectorBatch(vectors, capacity: places.count)
    for place in places {
      batch.append(place.places, of: place.part, isOwn: rows.isUnmixed(place.item))
    }
    return batch.best(query)
  }

  /// Compares items that were claimed, and notes their cosines.
  private static func compare(
    _ places: [Place], _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet,
    _ board: CosineBoard
  ) {
    for (place, cosine) in zip(places, best(places, query, vectors, rows)) {
      board.note(cosine, of: place.item)
    }
  }

  /// Every live item that may have a vector.
  private static func allPlaces(
    _ vectors: VectorSet, _ rows: RowSet, _ board: CosineBoard
  ) -> [Place] {
    var places: [Place] = []
    places.reserveCapacity(rows.itemCount)
    for part in rows.parts where vectors.groups[part.index] != nil {
      for local in part.group.keys.indices where part.group.isLive(local) {
        let item = Int32(part.firstItem + local)
        _ = board.claim(item)
        places.append(Place(item: item, part: part, places: part.group.places(of: local)))
      }
    }
    return places
  }

  /// How many rows sketches choose for `depth` items.
  ///
  /// Of the ten nearest of 100,000 passages of mail 300 rows have .986, 400 .989, 600 .993 and 800 .995,
  /// which is what 8 bits a component have at all (`make bench`).
  private static func choice(_ depth: Int) -> Int { depth + depth / 4 + 600 }

  /// The items of the rows that sketches choose.
  private static func chosenPlaces(
    _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet, _ board: CosineBoard, depth: Int
  ) -> [Place] {
    let chosen = SketchChoice(query: query, vectors: vectors, rows: rows).best(choice(depth))
    var places: [Place] = []
    places.reserveCapacity(chosen.count)
    for index in 0..<chosen.count {
      let position = Int(chosen.rows[index])
      let part = rows.part(ofPosition: position)
      let local = Int(part.group.items[position - part.firstPosition])
      let item = Int32(part.firstItem + local)
      guard board.claim(item) else { continue }
      places.append(Place(item: item, part: part, places: part.group.places(of: local)))
    }
    // What their sketches say is not for the caller: each is compared.
    for item in rows.unmixed where board.claim(item) { places.append(Place(item, rows)) }
    return places
  }
}
