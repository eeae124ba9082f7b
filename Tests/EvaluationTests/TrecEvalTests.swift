import Evaluation
import Grounding
import TestSupport
import Testing

/// One call of trec_eval whose output is kept.
struct TrecEvalCase: Sendable, CustomTestStringConvertible {
  var output: String
  var qrels: String
  var run: String
  var level = 1
  var depth: Int?
  var topics = RunScores.Topics.judged
  /// Lines of measures that Loam has; fewer would mean that the comparison reads too little.
  var atLeast: Int

  var testDescription: String { output }

  static let all: [TrecEvalCase] = [
    Self(output: "official/out.test", qrels: "qrels.test", run: "results.test", atLeast: 15),
    Self(
      output: "official/out.test", qrels: "qrels.test.with-comments", run: "results.test",
      atLeast: 15),
    Self(
      output: "official/out.comment.test", qrels: "qrels.comment.test",
      run: "results.comment.test", atLeast: 15),
    Self(output: "official/out.test.a", qrels: "qrels.test", run: "results.test", atLeast: 37),
    Self(output: "official/out.test.aq", qrels: "qrels.test", run: "results.test", atLeast: 145),
    Self(output: "official/out.test.aqc", qrels: "qrels.test", run: "results.trunc", atLeast: 145),
    Self(
      output: "official/out.test.aqcM", qrels: "qrels.test", run: "results.trunc", depth: 100,
      atLeast: 145),
    Self(
      output: "official/out.test.aql", qrels: "qrels.rel_level", run: "results.test", level: 2,
      atLeast: 145),
    Self(
      output: "official/out.test.meas_params", qrels: "qrels.test", run: "results.test",
      atLeast: 44),
    Self(output: "edge/ties.out.q", qrels: "ties.qrels", run: "ties.run", atLeast: 61),
    Self(output: "edge/ties.out.qc", qrels: "ties.qrels", run: "ties.run", atLeast: 61),
    Self(output: "edge/ties.out.ql2", qrels: "ties.qrels", run: "ties.run", level: 2, atLeast: 61),
    Self(output: "edge/graded.out.q", qrels: "graded.qrels", run: "graded.run", atLeast: 61),
    Self(output: "edge/graded.out.qc", qrels: "graded.qrels", run: "graded.run", atLeast: 61),
    Self(
      output: "edge/graded.out.ql2", qrels: "graded.qrels", run: "graded.run", level: 2,
      atLeast: 61),
    Self(output: "edge/missing.out.qc", qrels: "missing.qrels", run: "missing.run", atLeast: 101),
    Self(
      output: "runs/cranfield-graded/out.qc", qrels: "qrels.trec", run: "run.trec", atLeast: 3_843),
    Self(
      output: "runs/cranfield-graded.all.txt", qrels: "cranfield-graded/qrels.trec",
      run: "cranfield-graded/run.trec", atLeast: 18),
    Self(
      output: "runs/scifact-test/out.qc", qrels: "qrels.trec", run: "run.trec", atLeast: 5_118),
    Self(
      output: "runs/scifact-test.all.txt", qrels: "scifact-test/qrels.trec",
      run: "scifact-test/run.trec", atLeast: 18),
  ]
}

@Suite("Measures as trec_eval has them", .needsCorpora)
struct TrecEvalTests {
  @Test(
    "every line of a measure that Loam has agrees to four decimals", arguments: TrecEvalCase.all)
  func agrees(_ example: TrecEvalCase) throws {
    let root = try Corpora.folder("treceval")
    let folder = "\(root)/" + example.output.split(separator: "/").dropLast().joined(separator: "/")
    let judgements = try Judgements(
      trec: octets(ofFile: "\(folder)/\(example.qrels)"), name: example.qrels)
    let run = try Run(trec: octets(ofFile: "\(folder)/\(example.run)"), name: example.run)
    let lines = try outputLines("\(root)/\(example.output)")
    let scores = RunScores(
      run, judgements: judgements, measures: Array(Set(lines.compactMap { measure($0.name) })),
      topics: example.topics, level: example.level, depth: example.depth)

    var compared = 0
    var unknown: Set<String> = []
    for line in lines {
      guard let found = value(of: line, in: scores) else {
        unknown.insert(family(line.name))
        continue
      }
      compared += 1
      #expect(found == line.value, "\(line.name) of \(line.topic)")
    }
    let without = unknown.isEmpty ? "" : "; not had: \(unknown.sorted().joined(separator: " "))"
    print("\(example.output): \(compared) of \(lines.count) lines compared\(without)")
    #expect(compared >= example.atLeast)
  }

  /// The value in trec_eval's own writing; `nil` for a measure that Loam lacks.
  private func value(of line: OutputLine, in scores: RunScores) -> String? {
    if line.name == "num_q" { return String(scores.topics.count) }
    guard let measure = measure(line.name) else { return nil }
    let value =
      line.topic == "all"
      ? scores.overall(measure) : scores.value(of: measure, topic: Identifier(line.topic))
    guard let value else { return "no topic \(line.topic)" }
    return measure.isCount ? String(Int(value)) : fixed(value, 4)
  }

  private struct OutputLine {
    var name: String
    var topic: String
    var value: String
  }

  private func outputLines(_ path: String) throws -> [OutputLine] {
    try String(decoding: octets(ofFile: path), as: UTF8.self).split(separator: "\n").map {
      let fields = $0.split { $0 == " " || $0 == "\t" }.map(String.init)
      return OutputLine(name: fields[0], topic: fields[1], value: fields[2])
    }
  }
}

/// A measure's name without its parameters.
private func family(_ name: String) -> String {
  let parts = name.split(separator: "_")
  return parts.filter { $0.allSatisfy { !"0123456789.".contains($0) } }.joined(separator: "_")
}

/// The measure that trec_eval prints under `name`.
private func measure(_ name: String) -> Measure? {
  switch name {
  case "map": return .averagePrecision
  case "recip_rank": return .reciprocalRank
  case "ndcg": return .nDCG(at: nil)
  case "num_ret": return .retrieved
  case "num_rel": return .relevant
  case "num_rel_ret": return .relevantRetrieved
  default: break
  }
  let parts = name.split(separator: "_")
  guard parts.count >= 2, let cutoff = Int(parts[parts.count - 1]) else { return nil }
  switch parts.dropLast().joined(separator: "_") {
  case "ndcg_cut": return .nDCG(at: cutoff)
  case "P": return .precision(at: cutoff)
  case "recall": return .recall(at: cutoff)
  case "success": return .success(at: cutoff)
  default: return nil
  }
}
