import Grounding

/// What the rows of a row set are searched by.
package struct VectorSet: Sendable {
  package let dimension: Int
  /// One a part of the row set, in its order; `nil` where no row of the part has a vector.
  package let groups: [GroupVectors?]
  private let space: VectorSpace?

  /// A set without vectors.
  init(empty dimension: Int, rows: RowSet) {
    self.dimension = dimension
    groups = rows.parts.map { _ in nil }
    space = nil
  }

  /// Takes from `known` what is as it was and reads the rest; `nil` where the store's vectors are not
  /// those of `model`.
  ///
  /// O(rows x dimension) for what is read: chunks in which something came since.
  init?(
    model: String, dimension: Int, rows: RowSet, known: [GroupVectors?], arrivals: Arrivals,
    _ connection: Connection
  ) throws(Problem) {
    guard
      var reader = try VectorPageReader(connection, model: model, dimension: dimension)
    else { return nil }
    let space =
      known.lazy.compactMap { $0?.space }.first { $0.model == model && $0.dimension == dimension }
      ?? VectorSpace(model: model, dimension: dimension)
    var groups: [GroupVectors?] = []
    for (part, known) in zip(rows.parts, known) {
      groups.append(
        try GroupVectors(part.group, known, arrivals, space: space, reading: &reader))
    }
    self.dimension = dimension
    self.groups = groups
    self.space = space
  }

  /// The vector by which the row at a position of `rows`, whose set this is, is searched.
  package func vector(at position: Int, of rows: RowSet) -> QuantizedVector? {
    let part = rows.part(ofPosition: position)
    return groups[part.index]?.vector(
      at: position - part.firstPosition, isOwn: rows.isUnmixed(Int32(rows.item(at: position))))
  }

  /// `vector` as it is compared with those of the set; `nil` where the set has none.
  package func query(_ vector: [Float]) -> VectorQuery? {
    guard let space, vector.count == dimension, groups.contains(where: { $0 != nil }) else {
      return nil
    }
    return VectorQuery(vector, in: space)
  }
}

extension GroupVectors {
  /// The vectors of `group`: those of `known` where they are as they were, the rest read; `nil` where
  /// there are none.
  fileprivate convenience init?(
    _ group: RowGroup, _ known: GroupVectors?, _ arrivals: Arrivals, space: VectorSpace,
    reading reader: inout VectorPageReader
  ) throws(Problem) {
    let capacity = space.chunkRows
    var touched: Set<Int> = []
    var current: GroupVectors?
    if let known, known.space === space, let arrived = arrivals.rows(after: known.changed) {
      current = known
      for rows in arrived {
        let places =
          group.rows.firstIndex(
            notBelow: rows.lowerBound)..<group.rows.firstIndex(
            notBelow: rows.upperBound + 1)
        if !places.isEmpty {
          touched.formUnion(places.lowerBound / capacity...(places.upperBound - 1) / capacity)
        }
      }
    }
    var chunks: [VectorChunk] = []
    var own = current?.own.filter { !touched.contains($0.key / capacity) } ?? [:]
    for first in stride(from: 0, to: group.rows.count, by: capacity) {
      let index = first / capacity
      let rows = group.rows[first..<min(first + capacity, group.rows.count)]
      if let current, !touched.contains(index), index < current.chunks.count,
        current.chunks[index].count == rows.count
      {
        chunks.append(current.chunks[index])
        continue
      }
      chunks.append(
        try VectorChunk(count: rows.count, in: space) { (chunk) throws(Problem) in
          try reader.read(rows, into: &chunk) { (index, row) throws(Problem) in
            own[first + index] = try VectorChunk(count: 1, in: space) { (chunk) throws(Problem) in
              chunk.set(0, row)
            }
          }
        })
    }
    guard chunks.contains(where: \.hasVectors) else { return nil }
    self.init(space: space, changed: arrivals.count, chunks: chunks, own: own)
  }
}
