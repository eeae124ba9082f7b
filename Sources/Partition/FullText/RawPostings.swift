/// Where one term occurs: rows ascending, with the term's frequencies in each.
struct RawPostings {
  private(set) var rows: [Int64] = []
  private(set) var frequencies: [TermPostings.Frequency] = []

  mutating func append(_ row: Int64, _ frequency: TermPostings.Frequency) {
    rows.append(row)
    frequencies.append(frequency)
  }

  /// Appends what `body` puts into both, as many of one as of the other and `count` at most.
  ///
  /// Lists are long: whether an array is shared is not asked for each posting.
  @inline(__always)
  mutating func append(
    upTo count: Int,
    _ body: (inout OutputSpan<Int64>, inout OutputSpan<TermPostings.Frequency>) -> Void
  ) {
    rows.append(addingCapacity: count) { rows in
      frequencies.append(addingCapacity: count) { frequencies in body(&rows, &frequencies) }
    }
    precondition(rows.count == frequencies.count)
  }

  /// Puts the postings from `start` on, which are newer, among those before: of a row that is in both they
  /// count.
  mutating func replaceOlder(from start: Int) {
    guard start > 0, start < rows.count, rows[start - 1] >= rows[start] else { return }
    var merged = RawPostings()
    var (older, newer) = (0, start)
    while older < start || newer < rows.count {
      let takesOlder = newer == rows.count || older < start && rows[older] < rows[newer]
      let index = takesOlder ? older : newer
      if takesOlder {
        older += 1
      } else {
        if older < start, rows[older] == rows[newer] { older += 1 }
        newer += 1
      }
      merged.append(rows[index], frequencies[index])
    }
    self = merged
  }

  /// Leaves out rows without a frequency.
  mutating func removeEmpty() {
    let none = TermPostings.Frequency(body: 0, title: 0)
    guard frequencies.contains(none) else { return }
    rows = zip(rows, frequencies).filter { $1 != none }.map(\.0)
    frequencies.removeAll { $0 == none }
  }
}
