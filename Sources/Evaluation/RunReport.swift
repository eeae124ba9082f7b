package import Grounding
import Retrieval

/// What `loam evaluate run QRELS RUN...` finds.
package struct RunReport: Sendable {
  /// The judgements' path as given.
  package let qrels: String
  package let table: ScoreTable

  /// Measures runs against judgements over every judged topic.
  ///
  /// Rows are named by the runs' paths as given; every run after the first is compared with the
  /// first in nDCG@10: the paired difference, its interval, and the randomisation test's p.
  ///
  /// - Parameters:
  ///   - qrels: TREC's form, or BEIR's where the name ends in `.tsv`.
  ///   - selection: what of judgements and runs counts.
  /// - Throws: what reading a file throws; `empty` where no judgement counts.
  package init(
    qrels: String, runs: [String], selection: TopicSelection = TopicSelection(),
    bootstrap: Bootstrap = Bootstrap()
  ) throws(Problem) {
    self.qrels = qrels
    let judgements = try selection.apply(to: Judgements(file: qrels), name: qrels)
    var table = ScoreTable(topicCount: judgements.grades.count, bootstrap: bootstrap)
    for path in runs {
      let run = selection.apply(to: try Run(trec: Files.read(path), name: path))
      table.add(path, RunScores(run, judgements: judgements, measures: Measure.all))
      if let first = runs.first, path != first {
        table.compare(path, minus: first, by: .nDCG(at: 10))
      }
    }
    self.table = table
  }

  /// For a terminal.
  package func text(perTopic: Bool) -> String {
    table.text(heading: "run") + (perTopic ? "\n" + TopicTable(table, topics: []).text : "")
      + "\n\(table.topicCount) topics; \(table.footnote)\n"
  }

  /// `{"qrels","topics","runs":{PATH:{"nDCG@10","R@100","AP","RR"}}}` in one line, with `differences`
  /// where runs were compared and `per_topic` where it is asked for.
  package func json(perTopic: Bool) -> String {
    encoded(
      Shape(
        qrels: qrels, topics: table.topicCount, runs: table.values,
        differences: table.differenceShapes,
        per_topic: perTopic ? TopicTable(table, topics: []).shapes : nil))
  }

  /// A page that opens from the file system; see ``ReportPage``.
  package var page: String {
    let name = qrels.split(separator: "/").last.map(String.init) ?? qrels
    return ReportPage(
      title: name, summary: "\(table.rows.count) runs against \(name)", heading: "run",
      table: table, kinds: [], topics: []
    ).html
  }

  private struct Shape: Encodable {
    var qrels: String
    var topics: Int
    var runs: [String: [String: Double]]
    var differences: [ScoreTable.DifferenceShape]?
    var per_topic: [TopicTable.Shape]?
  }
}

extension Judgements {
  /// Reads a file: BEIR's form where the name ends in `.tsv`, TREC's otherwise.
  package init(file path: String) throws(Problem) {
    let octets = try Files.read(path)
    if path.hasSuffix(".tsv") {
      try self.init(beir: octets, name: path)
    } else {
      try self.init(trec: octets, name: path)
    }
  }
}

/// A report as a line of JSON; values that JSON cannot write do not occur in one.
func encoded(_ value: some Encodable) -> String {
  (try? sortedJSON(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
}
