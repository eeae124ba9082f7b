import Partition

/// Chooses rows of a row set by the sketches of their vectors.
struct SketchChoice {
  let query: VectorQuery
  let vectors: VectorSet
  let rows: RowSet

  /// One block of rows in so many tells about how great an estimate has to be, where there are enough rows.
  private static let sampleStep = 16
  private static let leastSampled = 65_536

  /// The positions with the `count` best estimates, more where some share the last of them.
  ///
  /// O(rows x dimension / 8) for a sketch's octets.
  func best(_ count: Int) -> SketchedRows {
    let likely = likelyLeast(count)
    var found = scan(from: likely, keeping: count)
    // The sample was not like the rest.
    if found.count < count, likely > -.infinity { found = scan(from: -.infinity, keeping: count) }
    if found.count > count { _ = Self.cut(&found, to: count) }
    return found
  }

  /// An estimate that somewhat more than `count` rows reach, by a sample; -infinity where there are few.
  private func likelyLeast(_ count: Int) -> Float {
    guard rows.passageCount >= Self.leastSampled else { return -.infinity }
    let sample = scan(every: Self.sampleStep, from: -.infinity, keeping: .max / 4)
    let share = Double(sample.count) / Double(rows.passageCount)
    // A third more, and some for few: the count in a sample has a spread of its square root.
    let wanted = Int(Double(count) * share * 4 / 3) + 32
    guard wanted < sample.count else { return -.infinity }
    return greatestEstimate(wanted, of: sample.estimates[..<sample.count])
  }

  /// The rows, of each block or of one in `step`, whose estimate is `least` or more; where these become
  /// many, only such as may be among the best `count`.
  private func scan(every step: Int = 1, from least: Float, keeping count: Int) -> SketchedRows {
    var found = SketchedRows()
    var least = least
    // The block that is looked at next, counted from the first one of the chunk at hand.
    var next = 0
    for part in rows.parts {
      guard let group = vectors.groups[part.index] else { continue }
      let isFiltered = part.group.hasDead || !rows.unmixed.isEmpty
      for chunk in 0..<group.chunkCount {
        let blocks = group.blockCount(ofChunk: chunk)
        defer { next -= blocks }
        guard next < blocks else { continue }
        let start = found.count
        group.scan(
          chunk: chunk, query, from: next, every: step, least: least, first: part.firstPosition,
          into: &found)
        next += (blocks - next + step - 1) / step * step
        if isFiltered {
          found.keep(from: start) { position in
            let local = Int(part.group.items[Int(position) - part.firstPosition])
            return part.group.isLive(local) && !rows.isUnmixed(Int32(part.firstItem + local))
          }
        }
        if found.count >= 4 * count { least = Self.cut(&found, to: count) }
      }
    }
    return found
  }

  private static func cut(_ found: inout SketchedRows, to count: Int) -> Float {
    let least = greatestEstimate(count, of: found.estimates[..<found.count])
    found.cut(below: least)
    return least
  }
}
