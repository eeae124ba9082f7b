/// Ranges of rows, ascending, in which one asks for rows that ascend too.
struct RowRanges {
  private let ranges: [Range<Int64>]

  init(_ ranges: [Range<Int64>]) { self.ranges = ranges }

  var isEmpty: Bool { ranges.isEmpty }

  /// The first range that ends behind `row`, in which it lies or which is behind it, or else an empty one
  /// behind all rows; `place` is where the last question ended, 0 before the first.
  ///
  /// O(1) where rows are near to each other, O(log ranges) at most.
  func range(endingBehind row: Int64, from place: inout Int) -> Range<Int64> {
    var step = 1
    // Galloping: the next row of the list is mostly near.
    while place + step < ranges.count, ranges[place + step].lowerBound <= row {
      place += step
      step += step
    }
    while step > 1 {
      step /= 2
      if place + step < ranges.count, ranges[place + step].lowerBound <= row { place += step }
    }
    let found = place < ranges.count && ranges[place].upperBound <= row ? place + 1 : place
    return found < ranges.count ? ranges[found] : .max..<(.max)
  }

  /// Whether a range has rows of `rows`; O(log ranges).
  func overlaps(_ rows: Range<Int64>) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].lowerBound < rows.upperBound { low = middle + 1 } else { high = middle }
    }
    return low > 0 && ranges[low - 1].upperBound > rows.lowerBound
  }
}
