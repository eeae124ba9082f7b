/// Runs over the same topics, measured side by side.
package struct ScoreTable: Sendable {
  package struct Row: Sendable {
    package let name: String
    package let scores: RunScores
    /// By measure; none for a count.
    package let intervals: [Measure: Interval]
  }

  /// One row minus another on the same topics.
  package struct Difference: Sendable {
    package let name: String
    package let measure: Measure
    package let interval: Interval
  }

  package let bootstrap: Bootstrap
  package let topicCount: Int
  package private(set) var rows: [Row] = []
  package private(set) var differences: [Difference] = []

  /// - Parameter topicCount: how many topics each row is over.
  package init(topicCount: Int, bootstrap: Bootstrap) {
    self.topicCount = topicCount
    self.bootstrap = bootstrap
  }

  package mutating func add(_ name: String, _ scores: RunScores) {
    var intervals: [Measure: Interval] = [:]
    for measure in scores.measures where !measure.isCount {
      intervals[measure] = bootstrap.interval(scores.values(of: measure))
    }
    rows.append(Row(name: name, scores: scores, intervals: intervals))
  }

  /// Adds the paired difference of two rows; nothing where one is not there.
  package mutating func compare(_ name: String, minus other: String, by measure: Measure) {
    guard let a = rows.first(where: { $0.name == name }),
      let b = rows.first(where: { $0.name == other })
    else { return }
    let interval = bootstrap.difference(a.scores.values(of: measure), b.scores.values(of: measure))
    differences.append(Difference(name: "\(name) - \(other)", measure: measure, interval: interval))
  }

  /// The means of each row, by the measure's label, rounded to six decimals.
  package var values: [String: [String: Double]] {
    var values: [String: [String: Double]] = [:]
    for row in rows { values[row.name] = row.values }
    return values
  }

  /// The table for a terminal: a row a run, under it the differences and how the intervals came about.
  ///
  /// Lines end in LF and have at most 100 columns, besides the names.
  package func text(heading: String) -> String {
    let measures = rows.first?.scores.measures ?? []
    var cells = [[heading] + measures.map(\.label)]
    for row in rows { cells.append([row.name] + measures.map { cell(row, $0) }) }
    var lines = aligned(cells)
    if !differences.isEmpty {
      lines.append("")
      lines += aligned(
        differences.map { [$0.name, $0.measure.label, text($0.interval, signed: true)] })
    }
    lines += [
      "",
      "\(topicCount) topics; [95 % interval] from \(bootstrap.draws) bootstrap draws over the topics,"
        + " seed \(bootstrap.seed)",
    ]
    return lines.map { $0 + "\n" }.joined()
  }

  private func cell(_ row: Row, _ measure: Measure) -> String {
    guard let interval = row.intervals[measure] else {
      return String(Int(row.scores.overall(measure)))
    }
    return text(interval, signed: false)
  }

  private func text(_ interval: Interval, signed: Bool) -> String {
    func number(_ value: Double, _ digits: Int) -> String {
      (signed && value >= 0 ? "+" : "") + fixed(value, digits)
    }
    return "\(number(interval.mean, 4)) [\(number(interval.low, 3)), \(number(interval.high, 3))]"
  }
}

extension ScoreTable.Row {
  /// The means by the measure's label, rounded to six decimals.
  package var values: [String: Double] {
    var values: [String: Double] = [:]
    for measure in scores.measures {
      values[measure.label] = (scores.overall(measure) * 1e6).rounded() / 1e6
    }
    return values
  }
}

/// Cells as lines, columns two spaces apart, left-aligned.
private func aligned(_ cells: [[String]]) -> [String] {
  var widths: [Int] = []
  for row in cells {
    for (column, cell) in row.enumerated() {
      if column == widths.count { widths.append(0) }
      widths[column] = max(widths[column], cell.count)
    }
  }
  return cells.map { row in
    var line = ""
    for (column, cell) in row.enumerated() {
      line += cell
      guard column + 1 < row.count else { continue }
      line += String(repeating: " ", count: widths[column] - cell.count + 2)
    }
    return line
  }
}
