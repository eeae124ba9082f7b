import CKernels
import Partition

/// The eligible rows' vectors in memory: one signed octet a dimension and one scale a row.
///
/// Rows without a vector have the scale 0. 388 octets a row at 384 dimensions.
struct LoadedVectors {
  let dimension: Int
  /// By position, `dimension` each.
  private(set) var codes: [Int8]
  /// By position.
  private(set) var scales: [Float]

  init(rows: Int, dimension: Int) {
    self.dimension = dimension
    codes = [Int8](repeating: 0, count: rows * dimension)
    scales = [Float](repeating: 0, count: rows)
  }

  /// Takes the page's rows in; those of a page of another dimension stay pending.
  mutating func take(_ page: VectorPage) {
    guard page.dimension == dimension, dimension > 0 else { return }
    for (slot, position) in page.positions.enumerated() where position >= 0 {
      guard page.scales[slot] != 0, page.scales[slot].isFinite else { continue }
      let source = slot * dimension
      let target = Int(position) * dimension
      codes.replaceSubrange(
        target..<target + dimension, with: page.codes[source..<source + dimension])
      scales[Int(position)] = page.scales[slot]
    }
  }

  /// The dot product of `query` and every row, 0 where there is no vector.
  ///
  /// O(rows x dimension).
  func cosines(to query: [Float]) -> [Float] {
    var result = [Float](repeating: 0, count: scales.count)
    guard query.count == dimension, dimension > 0 else { return result }
    // Safe: the kernel reads `rows` x `dimension` codes, `rows` scales and `dimension` floats of the
    // query and writes `rows` floats; the arrays have exactly these lengths and outlive the call.
    unsafe codes.withUnsafeBufferPointer { codes in
      unsafe scales.withUnsafeBufferPointer { scales in
        unsafe query.withUnsafeBufferPointer { query in
          unsafe result.withUnsafeMutableBufferPointer { out in
            unsafe loam_score_rows_f32_i8(
              query.baseAddress, codes.baseAddress, scales.baseAddress, scales.count, query.count,
              out.baseAddress)
          }
        }
      }
    }
    return result
  }
}

/// The vector leg's answer to one query over one row set.
struct VectorScores {
  /// By position; 0 where there is no vector.
  let cosines: [Float]
  /// The best passage's cosine by dense item; -infinity where no passage has a vector.
  let best: [Double]

  /// The best passage's cosine; `nil` where no passage has a vector.
  func cosine(of item: Int32) -> Double? {
    best[Int(item)] == -.infinity ? nil : best[Int(item)]
  }

  /// O(rows x dimension).
  init(query: [Float], vectors: LoadedVectors, rows: RowSet) {
    let cosines = vectors.cosines(to: query)
    var best = [Double](repeating: -.infinity, count: rows.denseItemCount)
    for part in rows.parts {
      for (place, item) in part.group.items.enumerated()
      where vectors.scales[part.firstPosition + place] != 0 {
        let item = part.firstItem + Int(item)
        let cosine = Double(cosines[part.firstPosition + place])
        best[item] = max(best[item], cosine)
      }
    }
    self.cosines = cosines
    self.best = best
  }
}
