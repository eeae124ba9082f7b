/// What a run is worth, topic by topic.
package struct RunScores: Sendable {
  /// Which topics take part.
  package enum Topics: Sendable {
    /// Every judged topic; one without results counts 0. trec_eval's `-c`, and the only rule that
    /// compares runs fairly.
    case judged
    /// Judged topics that the run has.
    case retrieved
  }

  package let measures: [Measure]
  /// By their octets, ascending.
  ///
  /// Topics that nobody judged are left out; those with judgements, but
  /// none that is relevant, stay in and count 0.
  package let topics: [Identifier]
  private let values: [Measure: [Double]]

  /// Scores `run`.
  ///
  /// - Parameters:
  ///   - level: the least grade that makes an item relevant, for all measures but nDCG; at least 1.
  ///   - depth: how many results of a topic are looked at; all where `nil`.
  /// - Complexity: O(results + judgements) for each measure, besides sorting the judgements.
  package init(
    _ run: Run, judgements: Judgements, measures: [Measure], topics rule: Topics = .judged,
    level: Int = 1, depth: Int? = nil
  ) {
    self.measures = measures
    topics = judgements.topics.filter { rule == .judged || run.results[$0] != nil }
    var values: [Measure: [Double]] = [:]
    for topic in topics {
      let ranking = JudgedRanking(
        ranking: run.results[topic] ?? [], judged: judgements.grades[topic] ?? [:], level: level,
        depth: depth)
      for measure in Set(measures) {
        values[measure, default: []].append(ranking.value(of: measure))
      }
    }
    self.values = values
  }

  /// The same scores over those of ``topics`` that `isIncluded` keeps.
  package func restricted(to isIncluded: (Identifier) -> Bool) -> RunScores {
    let kept = topics.indices.filter { isIncluded(topics[$0]) }
    return RunScores(
      measures: measures, topics: kept.map { topics[$0] },
      values: values.mapValues { values in kept.map { values[$0] } })
  }

  private init(
    measures: [Measure], topics: [Identifier], values: [Measure: [Double]]
  ) {
    self.measures = measures
    self.topics = topics
    self.values = values
  }

  /// The values of one measure in the order of ``topics``; empty where it was not asked for.
  package func values(of measure: Measure) -> [Double] { values[measure] ?? [] }

  package func value(of measure: Measure, topic: Identifier) -> Double? {
    guard let index = topics.firstIndex(of: topic), let values = values[measure] else { return nil }
    return values[index]
  }

  /// The mean over ``topics``, or the sum of a count; 0 without topics.
  package func overall(_ measure: Measure) -> Double {
    let values = values(of: measure)
    let sum = values.reduce(0, +)
    return measure.isCount || values.isEmpty ? sum : sum / Double(values.count)
  }
}
