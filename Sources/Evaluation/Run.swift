package import Grounding

/// A ranked output: for each topic the items with their scores.
package struct Run: Sendable {
  package struct Result: Hashable, Sendable {
    package var item: Identifier
    package var score: Double

    package init(item: Identifier, score: Double) {
      self.item = item
      self.score = score
    }
  }

  /// The name in a run's last column.
  package var tag: String
  /// Each topic's results, best first: score descending, then item descending, as trec_eval has it.
  package private(set) var results: [Identifier: [Result]] = [:]

  package init(tag: String) { self.tag = tag }

  /// Sets a topic's results, in the order of trec_eval's ranks whatever theirs is.
  package mutating func set(_ results: [Result], topic: Identifier) {
    self.results[topic] = results.sorted { a, b in
      a.score == b.score ? b.item < a.item : a.score > b.score
    }
  }

  /// Reads a TREC run: `topic Q0 item rank score tag` on each line.
  ///
  /// The second field, the rank, the order of the lines and whatever follows the tag are ignored.
  /// Blank lines and those that begin with `#` are passed over. The tag is the last line's.
  ///
  /// - Parameter name: what an error calls the file.
  /// - Throws: `malformed` with the line for fewer than six fields, a score that is no finite number,
  ///   and an item that a topic has twice; `empty` without a result; the limits of a line.
  package init(trec octets: [UInt8], name: String) throws(Problem) {
    self.init(tag: name)
    var collected: [Identifier: [Result]] = [:]
    var seen: [Identifier: Set<Identifier>] = [:]
    var lines = FieldLines(octets: octets, name: name, comments: true)
    while let line = try lines.next() {
      guard line.fields.count >= 6 else {
        throw lines.problem(
          .malformed, "A result has \(line.fields.count) fields, not 6.",
          remedy: "Write topic, Q0, item, rank, score and tag on each line.")
      }
      guard let score = number(line.fields[4]) else {
        throw lines.problem(.malformed, "A score is not a finite number.")
      }
      let topic = Identifier(octets: line.fields[0])
      let item = Identifier(octets: line.fields[2])
      guard seen[topic, default: []].insert(item).inserted else {
        throw lines.problem(.malformed, "A topic has an item twice.")
      }
      collected[topic, default: []].append(Result(item: item, score: score))
      tag = String(decoding: line.fields[5], as: UTF8.self)
    }
    guard !collected.isEmpty else { throw Problem(.empty, "The run has no results.", place: name) }
    for (topic, results) in collected { set(results, topic: topic) }
  }
}

extension [Run.Result] {
  /// The same order with scores that leave no ties, as a written run has it.
  var ranked: [Run.Result] {
    enumerated().map { Run.Result(item: $0.element.item, score: -Double($0.offset)) }
  }
}

/// Writes one topic's ranking after another as a TREC run.
///
/// Items stand in the order given, and the printed scores fall strictly, also as a single-precision
/// reader sees them, so that no reader has a tie to break: where two scores would print alike, the
/// later is lowered by the least step. Scores have six decimals.
package struct RunWriter: Sendable {
  package private(set) var octets: [UInt8] = []
  package let tag: String

  package init(tag: String) { self.tag = tag }

  /// Adds the results of `topic`, best first.
  ///
  /// - Throws: `malformed` where a name is empty or contains white space: TREC's form has no way to
  ///   write it.
  package mutating func append(topic: Identifier, _ ranking: [Run.Result]) throws(Problem) {
    var previous: Int64?
    for (index, result) in ranking.enumerated() {
      guard topic.isField, result.item.isField else {
        throw Problem(
          .malformed, "A name is empty or has white space and cannot stand in a run.",
          place: "topic \(topic), rank \(index + 1)")
      }
      let millionths = below(previous, millionths(result.score))
      previous = millionths
      octets += topic.octets
      octets += Array(" Q0 ".utf8)
      octets += result.item.octets
      octets += Array(" \(index + 1) \(decimal(millionths)) \(tag)\n".utf8)
    }
  }

  private func millionths(_ score: Double) -> Int64 {
    // Beyond this a double has no millionths to tell apart.
    guard score.isFinite else { return score > 0 ? 1_000_000_000_000_000 : -1_000_000_000_000_000 }
    return Int64((max(-1e9, min(1e9, score)) * 1e6).rounded())
  }

  /// `value`, or as much less as a single-precision number needs to differ from `previous`.
  private func below(_ previous: Int64?, _ value: Int64) -> Int64 {
    guard let previous, single(value) >= single(previous) else { return value }
    let step = Int64((Double(single(previous).ulp) * 1e6).rounded(.up))
    return min(value, previous - max(1, step))
  }

  private func single(_ millionths: Int64) -> Float { Float(Double(millionths) / 1e6) }

  private func decimal(_ millionths: Int64) -> String {
    let digits = String(millionths.magnitude % 1_000_000)
    let padding = String(repeating: "0", count: 6 - digits.utf8.count)
    return "\(millionths < 0 ? "-" : "")\(millionths.magnitude / 1_000_000).\(padding)\(digits)"
  }
}
