/// Ranges of rows, ascending, in which one asks for rows that ascend too.
struct RowRanges {
  private let ranges: [Range<Int64>]

  init(_ ranges: [Range<Int64>]) { self.ranges = ranges }

  var isEmpty: Bool { ranges.isEmpty }

  /// The range in which `row` lies; `place` is where the last question ended, 0 before the first.
  ///
  /// O(1) where rows are near to each other, O(log ranges) at most.
  func range(of row: Int64, from place: inout Int) -> Range<Int64>? {
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
    guard place < ranges.count, ranges[place].contains(row) else { return nil }
    return ranges[place]
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
