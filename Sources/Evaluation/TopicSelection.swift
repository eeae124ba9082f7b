package import Grounding

/// Which topics and which of their pairs an evaluation looks at.
///
/// What is left out is left out of judgements and runs alike: a topic that loses its last judgement is
/// no topic, and the items below an item that goes move up.
package struct TopicSelection: Sendable {
  /// `nil` for all.
  private var topics: Set<Identifier>?
  private var excluded: [Identifier: Set<Identifier>] = [:]

  /// All of everything.
  package init() {}

  /// - Parameters:
  ///   - topics: a file with a topic's id a line; further fields and lines that begin with `#` are
  ///     ignored.
  ///   - excludedPairs: a file with topic and item a line, a tab between.
  /// - Throws: what reading throws; `malformed` for a line of pairs without two fields.
  package init(topics: String?, excludedPairs: String?) throws(Problem) {
    if let topics {
      var lines = FieldLines(octets: try Files.read(topics), name: topics, comments: true)
      var ids: Set<Identifier> = []
      while let line = try lines.next() { ids.insert(Identifier(octets: line.fields[0])) }
      self.topics = ids
    }
    if let excludedPairs {
      var lines = FieldLines(
        octets: try Files.read(excludedPairs), name: excludedPairs, comments: false, tabsOnly: true)
      while let line = try lines.next() {
        guard line.fields.count == 2 else {
          throw lines.problem(
            .malformed, "A pair has \(line.fields.count) fields, not 2.",
            remedy: "Write topic and item on each line, a tab between.")
        }
        excluded[Identifier(octets: line.fields[0]), default: []]
          .insert(Identifier(octets: line.fields[1]))
      }
    }
  }

  private func holds(_ topic: Identifier) -> Bool { topics?.contains(topic) ?? true }

  /// The judgements that are left.
  ///
  /// - Throws: `empty` where none is, with `name` as its place.
  func apply(to judgements: Judgements, name: String) throws(Problem) -> Judgements {
    var kept = Judgements()
    for (topic, grades) in judgements.grades where holds(topic) {
      for (item, grade) in grades where excluded[topic]?.contains(item) != true {
        _ = kept.judge(topic: topic, item: item, grade: grade)
      }
    }
    guard !kept.grades.isEmpty else {
      throw Problem(.empty, "No judgement is left of those in the file.", place: name)
    }
    return kept
  }

  /// The results that are left.
  func apply(to run: Run) -> Run {
    var kept = Run(tag: run.tag)
    for (topic, results) in run.results where holds(topic) {
      kept.set(results.filter { excluded[topic]?.contains($0.item) != true }, topic: topic)
    }
    return kept
  }
}
