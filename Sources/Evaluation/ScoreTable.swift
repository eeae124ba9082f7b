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
    package let row: String
    package let other: String
    package let measure: Measure
    package let interval: Interval
    /// Of the paired randomisation test, two-sided.
    package let p: Double

    package var name: String { "\(row) - \(other)" }
  }

  package let bootstrap: Bootstrap
  package let randomisation: RandomisationTest
  /// The measures that are shown; rows may know more.
  package let measures: [Measure]
  package let topicCount: Int
  package private(set) var rows: [Row] = []
  package private(set) var differences: [Difference] = []

  /// - Parameter topicCount: how many topics each row is over.
  package init(
    topicCount: Int, bootstrap: Bootstrap, measures: [Measure] = Measure.reported
  ) {
    self.topicCount = topicCount
    self.bootstrap = bootstrap
    self.measures = measures
    randomisation = RandomisationTest(seed: bootstrap.seed)
  }

  package mutating func add(_ name: String, _ scores: RunScores) {
    var intervals: [Measure: Interval] = [:]
    for measure in measures where !measure.isCount {
      intervals[measure] = bootstrap.interval(scores.values(of: measure))
    }
    rows.append(Row(name: name, scores: scores, intervals: intervals))
  }

  /// Adds the paired difference of two rows; nothing where one is not there.
  package mutating func compare(_ name: String, minus other: String, by measure: Measure) {
    guard let a = rows.first(where: { $0.name == name }),
      let b = rows.first(where: { $0.name == other })
    else { return }
    let (these, those) = (a.scores.values(of: measure), b.scores.values(of: measure))
    differences.append(
      Difference(
        row: name, other: other, measure: measure, interval: bootstrap.difference(these, those),
        p: randomisation.p(zip(these, those).map { $0 - $1 })))
  }

  /// The same rows and differences over those topics that `isIncluded` keeps.
  package func restricted(to isIncluded: (Identifier) -> Bool) -> ScoreTable {
    let kept = rows.map { ($0.name, $0.scores.restricted(to: isIncluded)) }
    var table = ScoreTable(
      topicCount: kept.first?.1.topics.count ?? 0, bootstrap: bootstrap, measures: measures)
    for (name, scores) in kept { table.add(name, scores) }
    for difference in differences {
      table.compare(difference.row, minus: difference.other, by: difference.measure)
    }
    return table
  }
}

extension ScoreTable {
  /// The means of each row, by the measure's label, rounded to six decimals.
  package var values: [String: [String: Double]] {
    var values: [String: [String: Double]] = [:]
    for row in rows {
      for measure in measures {
        values[row.name, default: [:]][measure.label] = rounded(row.scores.overall(measure))
      }
    }
    return values
  }

  /// A difference as JSON has it, rounded to six decimals.
  struct DifferenceShape: Encodable {
    var name: String
    var measure: String
    var mean: Double
    var low: Double
    var high: Double
    var p: Double
  }

  /// `nil` where nothing was compared.
  var differenceShapes: [DifferenceShape]? {
    guard !differences.isEmpty else { return nil }
    return differences.map {
      DifferenceShape(
        name: $0.name, measure: $0.measure.label, mean: rounded($0.interval.mean),
        low: rounded($0.interval.low), high: rounded($0.interval.high), p: rounded($0.p))
    }
  }
}

extension ScoreTable {
  /// The table for a terminal: a row a run, and under it the differences.
  ///
  /// Lines end in LF and have at most 100 columns, besides the names.
  package func text(heading: String) -> String {
    var cells = [[heading] + measures.map(\.label)]
    for row in rows { cells.append([row.name] + measures.map { cell(row, $0) }) }
    var lines = aligned(cells)
    if !differences.isEmpty {
      lines.append("")
      lines += aligned(
        differences.map {
          [$0.name, $0.measure.label, $0.interval.text(signed: true), probability($0.p)]
        })
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// How the intervals and probabilities came about.
  package var footnote: String {
    var text = "[95 % interval] from \(bootstrap.draws) bootstrap draws over the topics"
    if !differences.isEmpty {
      text += "; p from \(randomisation.draws) sign flips of the differences"
    }
    return text + "; seed \(bootstrap.seed)"
  }

  private func cell(_ row: Row, _ measure: Measure) -> String {
    guard let interval = row.intervals[measure] else {
      return String(Int(row.scores.overall(measure)))
    }
    return interval.text(signed: false)
  }
}

func rounded(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }

extension Interval {
  /// As `0.7479 [0.707, 0.787]`.
  func text(signed: Bool) -> String {
    func number(_ value: Double, _ digits: Int) -> String {
      (signed && value >= 0 ? "+" : "") + fixed(value, digits)
    }
    return "\(number(mean, 4)) [\(number(low, 3)), \(number(high, 3))]"
  }
}

/// As `p = 0.0123`, with what is too small to print called so.
func probability(_ p: Double) -> String { p < 0.0001 ? "p < 0.0001" : "p = \(fixed(p, 4))" }

/// Cells as lines, columns two spaces apart, left-aligned.
func aligned(_ cells: [[String]]) -> [String] {
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
