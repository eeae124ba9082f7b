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
  init(query vector: [Float], vectors: VectorSet, rows: RowSet, depth: Int) {
    self.vectors = vectors
    self.rows = rows
    let query = vectors.query(vector)
    self.query = query
    guard let query else {
      (leading, isExact) = ([], true)
      return
    }
    isExact = rows.passageCount <= Self.exactLimit
    let scored =
      isExact
      ? Self.compareAll(query, vectors, rows)
      : Self.compareChosen(query, vectors, rows, depth: depth)
    leading = leadingItems(depth, of: scored)
  }

  /// The cosine of each item's best passage; `nil` where no passage has a vector.
  func cosines(of items: [Int32]) -> [Double?] {
    guard let query else { return items.map { _ in nil } }
    return Self.compare(items.map { Place($0, rows) }, query, vectors, rows)
  }

  /// The cosine of one passage; `nil` where it has no vector.
  func cosine(at position: Int) -> Double? {
    let part = rows.part(ofPosition: position)
    let place = position - part.firstPosition
    let item = Int32(part.firstItem + Int(part.group.items[place]))
    return query.flatMap {
      Self.compare(
        [Place(item: item, part: part, places: place..<place + 1)], $0, vectors, rows)[0]
    }
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

  private static func compare(
    _ places: [Place], _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet
  ) -> [Double?] {
    var batch = VectorBatch(vectors, capacity: places.count)
    for place in places {
      batch.append(place.places, of: place.part, isOwn: rows.isUnmixed(place.item))
    }
    return batch.best(query).map { $0.map { Double($0) } }
  }

  // MARK: Every row

  private static func compareAll(
    _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet
  ) -> [ScoredItem] {
    var places: [Place] = []
    places.reserveCapacity(rows.itemCount)
    for part in rows.parts where vectors.groups[part.index] != nil {
      for local in part.group.keys.indices where part.group.isLive(local) {
        places.append(
          Place(
            item: Int32(part.firstItem + local), part: part,
            places: part.group.places(of: local)))
      }
    }
    return scored(places, query, vectors, rows)
  }

  /// Those of `places` that have a vector.
  private static func scored(
    _ places: [Place], _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet
  ) -> [ScoredItem] {
    zip(places, compare(places, query, vectors, rows)).compactMap { place, cosine in
      cosine.map { ScoredItem(item: place.item, score: $0) }
    }
  }

  // MARK: Rows chosen by sketches

  /// How many rows sketches choose for `depth` items.
  ///
  /// Of the ten nearest of 100,000 passages of mail 300 rows have .986, 400 .989, 600 .993 and 800 .995,
  /// which is what 8 bits a component have at all (`make bench`).
  private static func choice(_ depth: Int) -> Int { depth + depth / 4 + 600 }

  private static func compareChosen(
    _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet, depth: Int
  ) -> [ScoredItem] {
    let chosen = chooseRows(query, vectors, rows, count: choice(depth))
    var isIn = [Bool](repeating: false, count: rows.denseItemCount)
    var places: [Place] = []
    places.reserveCapacity(chosen.count)
    for index in 0..<chosen.count {
      let position = Int(chosen.rows[index])
      let part = rows.part(ofPosition: position)
      let local = Int(part.group.items[position - part.firstPosition])
      guard !isIn[part.firstItem + local] else { continue }
      isIn[part.firstItem + local] = true
      places.append(
        Place(
          item: Int32(part.firstItem + local), part: part, places: part.group.places(of: local)))
    }
    // What their sketches say is not for the caller: each is compared.
    for item in rows.unmixed { places.append(Place(item, rows)) }
    return scored(places, query, vectors, rows)
  }

  /// The positions with the `count` best estimates, more where some share the last of them.
  private static func chooseRows(
    _ query: VectorQuery, _ vectors: VectorSet, _ rows: RowSet, count: Int
  ) -> SketchedRows {
    var found = SketchedRows()
    var least = -Float.infinity
    for part in rows.parts {
      guard let group = vectors.groups[part.index] else { continue }
      let isFiltered = part.group.hasDead || !rows.unmixed.isEmpty
      for chunk in 0..<group.chunkCount {
        let start = found.count
        group.scan(chunk: chunk, query, least: least, first: part.firstPosition, into: &found)
        if isFiltered {
          found.keep(from: start) { position in
            let local = Int(part.group.items[Int(position) - part.firstPosition])
            return part.group.isLive(local) && !rows.isUnmixed(Int32(part.firstItem + local))
          }
        }
        if found.count >= 4 * count { least = cut(&found, to: count) }
      }
    }
    if found.count > count { _ = cut(&found, to: count) }
    return found
  }

  private static func cut(_ found: inout SketchedRows, to count: Int) -> Float {
    var estimates = Array(found.estimates[..<found.count])
    let least = greatest(count, of: &estimates)
    found.cut(below: least)
    return least
  }
}
