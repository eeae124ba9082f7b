/// An evaluation as a page: tables and drawings in one HTML file without scripts or links, so that it
/// opens from the file system and can be sent to somebody.
///
/// The same figures give the same octets: no clock, no paths.
struct ReportPage {
  let title: String
  /// What was measured, in one line.
  let summary: String
  /// What a row is: a leg or a run.
  let heading: String
  let table: ScoreTable
  let kinds: [(name: String, table: ScoreTable)]
  /// Queries and kinds of the topics, as far as they are known.
  let topics: [Topic]

  private static let difference = Measure.nDCG(at: 10)

  var html: String {
    var body =
      "<h1>\(escaped(title))</h1>\n<p>\(escaped(summary)), \(table.topicCount) topics</p>\n"
    body += section("All topics", table)
    for kind in kinds {
      body += section("\(kind.name), \(kind.table.topicCount) topics", kind.table)
    }
    body += "<h2>Recall against depth</h2>\n" + recallPlot
    for difference in table.differences { body += differencePlot(difference) }
    body += topicTable
    body += "<p class=\"note\">\(escaped(table.footnote))</p>\n"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <title>\(escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      \(body)</body>
      </html>

      """
  }

  // MARK: Tables

  private func section(_ name: String, _ table: ScoreTable) -> String {
    var html = "<h2>\(escaped(name))</h2>\n<table>\n<tr><th>\(escaped(heading))</th>"
    html += table.measures.map { "<th>\(escaped($0.label))</th>" }.joined() + "</tr>\n"
    for (index, row) in table.rows.enumerated() {
      html += "<tr><th class=\"s\(index % Self.seriesCount)\">\(escaped(row.name))</th>"
      for measure in table.measures {
        html += "<td>\(row.intervals[measure].map { $0.text(signed: false) } ?? "")</td>"
      }
      html += "</tr>\n"
    }
    html += "</table>\n"
    guard !table.differences.isEmpty else { return html }
    html += "<table>\n<tr><th>difference</th><th>measure</th><th>mean</th><th>p</th></tr>\n"
    for difference in table.differences {
      html +=
        "<tr><th>\(escaped(difference.name))</th><td>\(escaped(difference.measure.label))</td>"
        + "<td>\(difference.interval.text(signed: true))</td>"
        + "<td>\(escaped(probability(difference.p)))</td></tr>\n"
    }
    return html + "</table>\n"
  }

  private var topicTable: String {
    let topicTable = TopicTable(table, topics: topics, measure: Self.difference)
    var html = "<h2>\(escaped(Self.difference.label)) by topic</h2>\n<table>\n<tr><th>topic</th>"
    html += topicTable.names.map { "<th>\(escaped($0))</th>" }.joined() + "<th>query</th></tr>\n"
    for line in topicTable.lines {
      html += "<tr><th>\(escaped(line.topic.description))</th>"
      html += line.values.map { "<td>\(fixed($0, 4))</td>" }.joined()
      let kind = line.kind.map { "<span class=\"note\">\(escaped($0))</span> " } ?? ""
      html += "<td class=\"query\">\(kind)\(escaped(shortened(line.text ?? "")))</td></tr>\n"
    }
    return html + "</table>\n"
  }

  private func shortened(_ text: String) -> String {
    text.count > 160 ? text.prefix(159) + "…" : text
  }

  // MARK: Drawings

  private static let seriesCount = 6

  private var recallPlot: String {
    var plot = Plot(
      height: 320, x: .logarithmic("results looked at", to: 1_000),
      y: .linear("recall", from: 0, to: 1, step: 0.2, digits: 1), right: 110)
    var ends: [(y: Double, name: String, series: Int)] = []
    for (index, row) in table.rows.enumerated() {
      let points = Measure.recallCurve.compactMap { measure -> (Double, Double)? in
        guard case .recall(let depth) = measure else { return nil }
        return (Double(depth), row.scores.overall(measure))
      }
      let series = index % Self.seriesCount
      plot.line(points, series: series)
      for point in points {
        plot.dot(
          point, series: series,
          title: "\(row.name): recall \(fixed(point.1, 4)) at \(Int(point.0))")
      }
      if let last = points.last { ends.append((plot.placeY(last.1), row.name, series)) }
    }
    // Names stand at the ends of their lines, moved down where two would overlap.
    var lowest = -Double.infinity
    for end in ends.sorted(by: { ($0.y, $0.name) < ($1.y, $1.name) }) {
      lowest = max(end.y + 4, lowest + 15)
      plot.text(end.name, at: (Plot.width - 104, lowest), series: end.series)
    }
    return plot.svg(title: "Recall against depth for each \(heading)")
  }

  private func differencePlot(_ difference: ScoreTable.Difference) -> String {
    guard let row = table.rows.first(where: { $0.name == difference.row }),
      let other = table.rows.first(where: { $0.name == difference.other })
    else { return "" }
    let values = zip(
      row.scores.values(of: difference.measure), other.scores.values(of: difference.measure)
    ).map { $0 - $1 }
    let bars = zip(row.scores.topics, values).sorted {
      $0.1 == $1.1 ? $0.0 < $1.0 : $0.1 > $1.1
    }
    var plot = Plot(
      height: 260, x: .init(label: "topics, the greatest gain first", marks: [], share: { $0 }),
      y: .linear("", from: -1, to: 1, step: 0.5, digits: 1))
    for (index, bar) in bars.enumerated() {
      let sign = bar.1 < 0 ? "" : "+"
      plot.bar(
        bar.1, index: index, count: bars.count, title: "\(bar.0): \(sign)\(fixed(bar.1, 4))")
    }
    let (gained, lost) = (values.count { $0 > 0 }, values.count { $0 < 0 })
    return """
      <h2>\(escaped(difference.name)), \(escaped(difference.measure.label)) by topic</h2>
      <p>\(gained) better, \(values.count - gained - lost) equal, \(lost) worse; mean \
      \(difference.interval.text(signed: true)), \(escaped(probability(difference.p)))</p>

      """ + plot.svg(title: "\(difference.name) for each topic")
  }

  /// Six colours that are told apart with impaired colour vision too (Okabe and Ito, 2008), lighter
  /// on a dark page.
  private static let style = """
    :root { color-scheme: light dark; --ink: #1c1f23; --soft: #667; --rule: #d8dbe0;
      --s0: #0072b2; --s1: #b85c00; --s2: #00855f; --s3: #a8437f; --s4: #6a5acd; --s5: #8a6d00; }
    @media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #9aa; --rule: #3a3f46;
      --s0: #56b4e9; --s1: #f0a04b; --s2: #3cc9a0; --s3: #e58fc1; --s4: #a99bff; --s5: #e0c341; } }
    body { font: 15px/1.45 system-ui, sans-serif; color: var(--ink); max-width: 60rem;
      margin: 2rem auto; padding: 0 1rem; }
    h1, h2 { line-height: 1.2; } h2 { margin-top: 2.2rem; font-size: 1.2rem; }
    table { border-collapse: collapse; margin: .8rem 0; font-variant-numeric: tabular-nums; }
    th, td { text-align: left; padding: .25rem .9rem .25rem 0; border-bottom: 1px solid var(--rule);
      vertical-align: top; white-space: nowrap; }
    td.query { white-space: normal; }
    svg { width: 100%; height: auto; } .note { color: var(--soft); font-size: .9em; }
    .grid { stroke: var(--rule); } .mark { fill: var(--soft); font-size: 11px; }
    .end { text-anchor: end; } .middle { text-anchor: middle; }
    .label { fill: var(--ink); font-size: 12px; } .line { fill: none; stroke-width: 2; }
    .better { fill: var(--s0); } .worse { fill: var(--s1); }
    \((0..<seriesCount).map {
      "th.s\($0) { color: var(--s\($0)); } .line.s\($0) { stroke: var(--s\($0)); }"
        + " .dot.s\($0), .label.s\($0) { fill: var(--s\($0)); }"
    }.joined(separator: "\n"))
    """
}
