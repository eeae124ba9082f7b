/// The vectors of a group's rows, by place; immutable.
///
/// A row is searched by its own vector or by the one mixed with its parent's; where not every caller who
/// may see it may see the mix, both are here.
package final class GroupVectors: Sendable {
  let space: VectorSpace
  /// The index's count of changes of vectors whose state this describes.
  let changed: Int
  /// In the order of the places, ``VectorChunk/capacity`` a chunk but for the last.
  let chunks: [VectorChunk]
  /// By place, a chunk of one row: own vectors of rows whose mix is not for everybody.
  let own: [Int: VectorChunk]
  /// Rows that have a vector, dead ones among them.
  package let vectorCount: Int

  init(space: VectorSpace, changed: Int, chunks: [VectorChunk], own: [Int: VectorChunk]) {
    self.space = space
    self.changed = changed
    self.chunks = chunks
    self.own = own
    vectorCount = chunks.reduce(0) { $0 + $1.vectorCount }
  }

  /// Resident octets, about.
  var octets: Int { (chunks + own.values).reduce(0) { $0 + $1.octets + 64 } }

  /// The greatest product of `query` with one of the vectors at `places`; `nil` where there is none.
  ///
  /// - Parameter isOwn: whether rows are compared by their own vectors, whatever they are mixed with.
  package func best(_ places: Range<Int>, _ query: VectorQuery, isOwn: Bool) -> Float? {
    var best: Float?
    var place = places.lowerBound
    while place < places.upperBound {
      let row = place % VectorChunk.capacity
      var (chunk, rows) = (chunks[place / VectorChunk.capacity], row..<row + 1)
      if !isOwn {
        rows = row..<min(chunk.count, row + places.upperBound - place)
      } else if let own = own[place] {
        (chunk, rows) = (own, 0..<1)
      }
      if let found = chunk.best(rows, query.vector) { best = max(best ?? found, found) }
      place += rows.count
    }
    return best
  }

  /// Calls `body` with the products of all rows, chunk after chunk: the first place of the chunk and a
  /// product a row, which means nothing where ``hasVector(_:)`` is false.
  package func forEachChunk(_ query: VectorQuery, _ body: (_ first: Int, [Float]) -> Void) {
    var products = [Float](repeating: 0, count: VectorChunk.capacity)
    for (index, chunk) in chunks.enumerated() {
      chunk.products(query.vector, into: &products)
      body(index * VectorChunk.capacity, products)
    }
  }

  /// The vector by which a row is searched, its own one if `isOwn`; `nil` where it has none.
  package func vector(at place: Int, isOwn: Bool) -> QuantizedVector? {
    if isOwn, let own = own[place] { return own.vector(0) }
    return chunks[place / VectorChunk.capacity].vector(place % VectorChunk.capacity)
  }

  package func hasVector(_ place: Int) -> Bool {
    chunks[place / VectorChunk.capacity].hasVector(place % VectorChunk.capacity)
  }

  package var chunkCount: Int { chunks.count }

  /// Appends the rows of one chunk whose estimated product is `least` or more: their places and `first`.
  package func scan(
    chunk index: Int, _ query: VectorQuery, least: Float, first: Int,
    into found: inout SketchedRows
  ) {
    chunks[index].scan(
      query, least: least, first: first + index * VectorChunk.capacity, into: &found)
  }

  /// Asks for the memory of a place, which is about to be compared.
  package func prefetch(_ place: Int) {
    chunks[place / VectorChunk.capacity].prefetch(place % VectorChunk.capacity)
  }
}
