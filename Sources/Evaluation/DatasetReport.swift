/// What an evaluation of a data set found: the values that `--json` prints, and the table.
package struct DatasetReport: Sendable {
  /// The folder's name.
  package var dataset: String
  /// The name of the judgements, such as `test`.
  package var qrels: String
  package var documents: Int
  package var passages: Int
  package var table: ScoreTable
  /// From the first octet read to the last run scored, by the caller's clock.
  package var seconds: Double

  package init(
    dataset: String, qrels: String, documents: Int, passages: Int, table: ScoreTable,
    seconds: Double
  ) {
    self.dataset = dataset
    self.qrels = qrels
    self.documents = documents
    self.passages = passages
    self.table = table
    self.seconds = seconds
  }

  /// For a terminal: the data set, a row a leg, and the fused ranking minus the better leg.
  package var text: String {
    "\(dataset), \(qrels): \(documents) documents, \(passages) passages\n\n"
      + table.text(heading: "leg")
  }

  /// One line: `{"dataset","documents","legs":{LEG:{"AP","R@100","RR","nDCG@10"}},"passages","qrels",
  /// "seconds","topics"}`; means rounded to six decimals, seconds to three.
  package var json: String {
    encoded(
      Shape(
        dataset: dataset, qrels: qrels, topics: table.topicCount, documents: documents,
        passages: passages, legs: table.values, seconds: (seconds * 1e3).rounded() / 1e3))
  }

  private struct Shape: Encodable {
    var dataset: String
    var qrels: String
    var topics: Int
    var documents: Int
    var passages: Int
    var legs: [String: [String: Double]]
    var seconds: Double
  }
}
