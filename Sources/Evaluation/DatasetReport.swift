/// What an evaluation of a data set found: the values that `--json` prints, and the tables.
package struct DatasetReport: Sendable {
  /// The folder's name.
  package var dataset: String
  /// The name of the judgements, such as `test`.
  package var qrels: String
  package var documents: Int
  package var passages: Int
  package var table: ScoreTable
  /// The judged topics.
  package var topics: [Topic]
  /// From the first octet read to the last run scored, by the caller's clock.
  package var seconds: Double

  package init(
    dataset: String, qrels: String, documents: Int, passages: Int, table: ScoreTable,
    topics: [Topic], seconds: Double
  ) {
    self.dataset = dataset
    self.qrels = qrels
    self.documents = documents
    self.passages = passages
    self.table = table
    self.topics = topics
    self.seconds = seconds
  }

  /// The table for each kind of topic, by name; none where the topics are of one kind.
  package var kinds: [(name: String, table: ScoreTable)] {
    let names = Set(topics.compactMap(\.kind)).sorted()
    guard names.count > 1 else { return [] }
    return names.map { name in
      let ids = Set(topics.filter { $0.kind == name }.map(\.id))
      return (name, table.restricted { ids.contains($0) })
    }
  }

  /// For a terminal: the data set, a row a leg, the fused ranking minus each other leg; the same for
  /// each kind of topic.
  package func text(perTopic: Bool) -> String {
    var text = "\(summary)\n\n\(table.text(heading: "leg"))"
    for kind in kinds {
      text +=
        "\n\(kind.name), \(kind.table.topicCount) topics\n\n\(kind.table.text(heading: "leg"))"
    }
    if perTopic { text += "\n" + TopicTable(table, topics: topics).text }
    return text + "\n\(table.topicCount) topics; \(table.footnote)\n"
  }

  private var summary: String {
    "\(dataset), \(qrels): \(documents) documents, \(passages) passages"
  }

  /// One line: `{"dataset","documents","legs":{LEG:{"AP","R@100","RR","nDCG@10"}},"passages","qrels",
  /// "seconds","topics"}`; means rounded to six decimals, seconds to three.
  ///
  /// With `differences` where legs were compared, `kinds` where the topics are of several, and
  /// `per_topic` where it is asked for.
  package func json(perTopic: Bool) -> String {
    var kindShapes: [String: KindShape] = [:]
    for kind in kinds {
      kindShapes[kind.name] = KindShape(
        topics: kind.table.topicCount, legs: kind.table.values,
        differences: kind.table.differenceShapes)
    }
    return encoded(
      Shape(
        dataset: dataset, qrels: qrels, topics: table.topicCount, documents: documents,
        passages: passages, legs: table.values, differences: table.differenceShapes,
        kinds: kindShapes.isEmpty ? nil : kindShapes,
        per_topic: perTopic ? TopicTable(table, topics: topics).shapes : nil,
        seconds: (seconds * 1e3).rounded() / 1e3))
  }

  /// A page that opens from the file system; see ``ReportPage``.
  package var page: String {
    ReportPage(
      title: "\(dataset), \(qrels)", summary: summary, heading: "leg", table: table, kinds: kinds,
      topics: topics
    ).html
  }

  private struct KindShape: Encodable {
    var topics: Int
    var legs: [String: [String: Double]]
    var differences: [ScoreTable.DifferenceShape]?
  }

  private struct Shape: Encodable {
    var dataset: String
    var qrels: String
    var topics: Int
    var documents: Int
    var passages: Int
    var legs: [String: [String: Double]]
    var differences: [ScoreTable.DifferenceShape]?
    var kinds: [String: KindShape]?
    var per_topic: [TopicTable.Shape]?
    var seconds: Double
  }
}
