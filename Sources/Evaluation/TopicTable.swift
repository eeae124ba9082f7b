/// One measure topic by topic, for every row of a table: where an average comes from.
struct TopicTable: Sendable {
  struct Line: Sendable {
    let topic: Identifier
    let kind: String?
    /// The query, where the topics' file is known.
    let text: String?
    /// In the order of the table's rows.
    let values: [Double]
  }

  let measure: Measure
  let names: [String]
  /// By the topics' octets, ascending.
  let lines: [Line]

  init(_ table: ScoreTable, topics: [Topic], measure: Measure = .nDCG(at: 10)) {
    self.measure = measure
    names = table.rows.map(\.name)
    let known = Dictionary(topics.map { ($0.id, $0) }) { first, _ in first }
    let columns = table.rows.map { $0.scores.values(of: measure) }
    lines = (table.rows.first?.scores.topics ?? []).enumerated().map { index, id in
      Line(
        topic: id, kind: known[id]?.kind, text: known[id]?.text,
        values: columns.map { $0[index] })
    }
  }

  /// For a terminal: a topic a line.
  var text: String {
    let heading = ["topic"] + (hasKinds ? ["kind"] : []) + names
    let cells = lines.map { line in
      [line.topic.description] + (hasKinds ? [line.kind ?? ""] : [])
        + line.values.map { fixed($0, 4) }
    }
    return "\(measure.label) by topic\n\n"
      + aligned([heading] + cells).map { $0 + "\n" }.joined()
  }

  private var hasKinds: Bool { lines.contains { $0.kind != nil } }

  /// A topic as JSON has it, values rounded to six decimals.
  struct Shape: Encodable {
    var topic: String
    var kind: String?
    /// By row, then by measure.
    var values: [String: [String: Double]]
  }

  var shapes: [Shape] {
    lines.map { line in
      var values: [String: [String: Double]] = [:]
      for (name, value) in zip(names, line.values) {
        values[name] = [measure.label: rounded(value)]
      }
      return Shape(topic: line.topic.description, kind: line.kind, values: values)
    }
  }
}
