import CKernels

/// The vectors of a group's rows, by place; immutable.
///
/// A row is searched by its own vector or by the one mixed with its parent's; where not every caller who
/// may see it may see the mix, both are here.
package final class GroupVectors: Sendable {
  let space: VectorSpace
  /// The index's count of changes of vectors whose state this describes.
  let changed: Int
  /// In the order of the places, ``VectorSpace/chunkRows`` a chunk but for the last.
  let chunks: [VectorChunk]
  /// Where their rows are.
  private let rows: [VectorChunk.Rows]
  /// By place, a chunk of one row: own vectors of rows whose mix is not for everybody.
  let own: [Int: VectorChunk]

  init(space: VectorSpace, changed: Int, chunks: [VectorChunk], own: [Int: VectorChunk]) {
    self.space = space
    self.changed = changed
    self.chunks = chunks
    self.own = own
    rows = chunks.map(\.rows)
  }

  /// Resident octets, about.
  var octets: Int { (chunks + own.values).reduce(0) { $0 + $1.octets + 64 } }

  /// The vector of a row, its own one if `isOwn`, else the one by which it is searched.
  func vector(at place: Int, isOwn: Bool) -> QuantizedVector? {
    if isOwn, let own = own[place] { return own.vector(0) }
    let (index, row) = place.quotientAndRemainder(dividingBy: space.chunkRows)
    return chunks[index].vector(row)
  }

  /// Finds rows, fastest where the next one lies in the chunk of the last.
  ///
  /// Nothing is retained on the way: a question asks for thousands.
  struct Finder {
    private let vectors: GroupVectors
    private var chunk = 0..<0
    private var rows: VectorChunk.Rows

    init(_ vectors: GroupVectors) {
      self.vectors = vectors
      rows = vectors.rows[0]
    }

    /// Where the vector of a row is (see ``vector(at:isOwn:)``), as long as the group lives; its scale is NaN
    /// where it has none.
    @unsafe mutating func row(at place: Int, isOwn: Bool) -> loam_row {
      if isOwn, let own = vectors.own[place] { return unsafe own.rows.row(0) }
      if !chunk.contains(place) {
        let index = place / vectors.space.chunkRows
        let first = index * vectors.space.chunkRows
        chunk = first..<first + vectors.space.chunkRows
        rows = vectors.rows[index]
      }
      return unsafe rows.row(place - chunk.lowerBound)
    }
  }

  package var chunkCount: Int { chunks.count }

  /// Blocks of 32 rows that a chunk has.
  package func blockCount(ofChunk index: Int) -> Int { chunks[index].blockCount }

  /// Appends the rows of one chunk whose estimated product is `least` or more: their places and `first`.
  ///
  /// Of its blocks one in `step` is looked at, the one numbered `start` first.
  package func scan(
    chunk index: Int, _ query: VectorQuery, from start: Int, every step: Int, least: Float,
    first: Int, into found: inout SketchedRows
  ) {
    chunks[index].scan(
      query, from: start, every: step, least: least, first: first + index * space.chunkRows,
      into: &found)
  }
}
