package import Grounding

/// Relevance judgements: for each topic the grades of the items that somebody judged.
///
/// A grade below 0 means in the pool, but not judged; it gains nothing and is not relevant.
package struct Judgements: Sendable {
  package private(set) var grades: [Identifier: [Identifier: Int]] = [:]

  package init() {}

  /// The judged topics by their octets, ascending.
  package var topics: [Identifier] { grades.keys.sorted() }

  /// Sets a grade; `false` and no change where the pair has one already.
  package mutating func judge(topic: Identifier, item: Identifier, grade: Int) -> Bool {
    let previous = grades[topic, default: [:]].updateValue(grade, forKey: item)
    guard let previous else { return true }
    grades[topic]?[item] = previous
    return false
  }

  /// Reads TREC qrels: `topic iteration item grade` on each line, further fields refused.
  ///
  /// Fields are separated by white space, lines that begin with `#` are comments. The iteration is
  /// ignored.
  ///
  /// - Parameter name: what an error calls the file.
  /// - Throws: `malformed` with the line for other fields, a grade that is no integer of up to six
  ///   digits, and a pair that is judged twice; `empty` without a judgement; the limits of a line.
  package init(trec octets: [UInt8], name: String) throws(Problem) {
    var lines = FieldLines(octets: octets, name: name, comments: true)
    while let line = try lines.next() {
      guard line.fields.count == 4 else {
        throw lines.problem(
          .malformed, "A judgement has \(line.fields.count) fields, not 4.",
          remedy: "Write topic, iteration, item and grade on each line.")
      }
      try add(line.fields[0], line.fields[2], line.fields[3], at: lines)
    }
    try refuseEmpty(name)
  }

  /// Reads BEIR's qrels: a header line, then topic, item and grade with tabs between.
  ///
  /// - Throws: as ``init(trec:name:)``.
  package init(beir octets: [UInt8], name: String) throws(Problem) {
    var lines = FieldLines(octets: octets, name: name, comments: false, tabsOnly: true)
    var isFirst = true
    while let line = try lines.next() {
      guard line.fields.count == 3 else {
        throw lines.problem(
          .malformed, "A judgement has \(line.fields.count) fields, not 3.",
          remedy: "Write topic, item and grade with tabs between, below one header line.")
      }
      // A file without the header is read as well: a header's last field is no number.
      if !isFirst || integer(line.fields[2]) != nil {
        try add(line.fields[0], line.fields[1], line.fields[2], at: lines)
      }
      isFirst = false
    }
    try refuseEmpty(name)
  }

  private mutating func add(
    _ topic: ArraySlice<UInt8>, _ item: ArraySlice<UInt8>, _ grade: ArraySlice<UInt8>,
    at lines: FieldLines
  ) throws(Problem) {
    guard let grade = integer(grade) else {
      throw lines.problem(.malformed, "A grade is not an integer of at most six digits.")
    }
    let topic = Identifier(octets: topic)
    let item = Identifier(octets: item)
    guard topic.isField, item.isField else {
      throw lines.problem(.malformed, "A topic's or an item's name is empty or has white space.")
    }
    guard judge(topic: topic, item: item, grade: grade) else {
      throw lines.problem(.malformed, "An item is judged twice for one topic.")
    }
  }

  private func refuseEmpty(_ name: String) throws(Problem) {
    guard grades.isEmpty else { return }
    throw Problem(.empty, "The file has no judgements.", place: name)
  }
}
