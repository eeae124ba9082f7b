package import Grounding

/// One way of ranking that an evaluation measures.
package enum Leg: String, Hashable, Sendable, CaseIterable {
  case lexical, vector, hybrid

  /// Reads a list such as `lexical,hybrid`; the order and repetitions do not matter.
  ///
  /// - Throws: `usage` for an unknown or missing name.
  package static func list(_ text: String) throws(Problem) -> [Leg] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    var legs: Set<Leg> = []
    for name in names {
      guard let leg = Leg(rawValue: String(name)) else {
        throw Problem(
          .usage, "A leg is not known.", remedy: "Name some of lexical, vector and hybrid.")
      }
      legs.insert(leg)
    }
    return allCases.filter { legs.contains($0) }
  }
}

/// What `loam evaluate dataset DIR` is asked to do.
package struct DatasetOptions: Sendable {
  /// The folder: `corpus.jsonl`, `queries.jsonl`, `qrels/NAME.tsv`; or with ``mail``
  /// `queries.jsonl`, `qrels.txt` and, where it is there, `excluded-messages.tsv`.
  package var folder: String
  /// NAME of `qrels/NAME.tsv`; not used with ``mail``.
  package var qrels = "test"
  /// Mail stores to ingest in place of `corpus.jsonl`.
  package var mail: [String] = []
  package var legs = Leg.allCases
  /// How many items a topic's ranking has at most.
  package var depth = 1_000
  /// Receives a run a leg: `lexical.trec`, `vector.trec`, `hybrid.trec`; made where it is missing.
  package var runFolder: String?
  /// Receives every passage as a JSON line `{"id","item","text"}`.
  package var passagesFile: String?
  /// A home that is kept, so that a second evaluation finds its vectors; `nil` for a temporary one.
  ///
  /// A tenant of the data set's own is made in it. A temporary home is removed afterwards.
  package var home: String?
  /// Where temporary homes are made.
  package var temporaryRoot = "/tmp"
  /// Whether scores are smoothed within conversations; `false` ranks each message by itself.
  package var threads = true
  package var bootstrap = Bootstrap()

  package init(folder: String) { self.folder = folder }
}

/// How far an evaluation has come.
package enum DatasetProgress: Sendable {
  /// Octets of the data set read, of those that there are.
  case ingesting(octetsDone: Int, octetsTotal: Int)
  /// Passages encoded, of those that there are.
  case encoding(done: Int, total: Int)
  case ranking(Leg, done: Int, total: Int)
}
