package import Grounding

extension PartitionWriter {
  /// Everything that is wrong with the store, a sentence each; nothing where it is sound.
  ///
  /// Runs SQLite's own check, compares the rows with their digests, has FTS5 compare its index with the
  /// texts (`integrity-check` with rank 1: the only one that finds a posting whose text is gone), and
  /// counts the tables against each other. Not inside a batch.
  /// - Complexity: reads the whole store and analyses every text.
  package func checkIntegrity() throws(Problem) -> [String] {
    guard !batch.isOpen else {
      throw Problem(.internal, "A batch is open.", place: connection.place)
    }
    let pages = try checkPages() + checkRows() + checkIndex()
    return try pages.map(\.detail) + checkTables()
  }

  /// FTS5's comparison of the index with the texts.
  func checkIndex() throws(Problem) -> [Finding] {
    do throws(Problem) {
      try connection.run(
        "INSERT INTO passage_text (passage_text, rank) VALUES ('integrity-check', 1)")
      return []
    } catch {
      guard error.code == .damaged else { throw error }
      return [
        Finding(.index, table: "passage_text", "the full-text index is not that of the texts")
      ]
    }
  }

  /// The tables counted against each other and compared where one follows from the other.
  func checkTables() throws(Problem) -> [String] {
    var findings = try connection.all("PRAGMA foreign_key_check") {
      "a row of \($0.text(0)) names a row of \($0.text(2)) that is not there"
    }
    findings += try count(
      """
      SELECT count(*) FROM passage p WHERE NOT EXISTS (
        SELECT 1 FROM extent e JOIN item i ON i.key = p.item
        WHERE e.first = (SELECT max(first) FROM extent WHERE first <= p.row)
          AND e.class = i.class AND e.role IS p.role AND p.row < e.first + e.used)
      """, "passages outside of their class's extents")
    findings += try count(
      """
      SELECT count(*) FROM (SELECT first, lead(first) OVER (ORDER BY first) AS next, count, used
        FROM extent) WHERE next < first + count OR used > count
      """, "extents that overlap or are overfull")
    findings += try count(
      """
      SELECT count(*) FROM item i WHERE NOT EXISTS (SELECT 1 FROM location WHERE item = i.key)
      """, "items without a location")
    findings += try count(
      """
      SELECT count(*) FROM item i WHERE (SELECT count(*) FROM passage WHERE item = i.key) = 0
        OR (SELECT count(*) <> max(ordinal) + 1 OR min(ordinal) <> 0 FROM passage
            WHERE item = i.key)
        OR (SELECT min(ordinal) = 0 FROM passage WHERE item = i.key AND role IS NOT NULL)
      """, "items whose passages are not numbered from 0")
    findings += try checkChildren()
    findings += try checkClasses()
    findings += try checkVectors()
    findings += try checkNames()
    findings += try checkQuotes()
    findings += try checkMixes()
    return findings
  }

  private func count(_ sql: StaticString, _ what: String) throws(Problem) -> [String] {
    let count = try connection.first(sql) { $0.int(0) } ?? 0
    return count == 0 ? [] : ["\(count) \(what)"]
  }

  /// What came in an item stands where that item stands, under its access list or, where only the
  /// owner may see it, a narrower one of the same owner.
  private func checkChildren() throws(Problem) -> [String] {
    var findings = try count(
      """
      SELECT count(*) FROM item c WHERE parent IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM item p WHERE p.id = c.parent)
      """, "items whose parent is not there")
    findings += try count(
      """
      SELECT count(*) FROM location l JOIN item c ON c.key = l.item JOIN item p ON p.id = c.parent
      WHERE NOT EXISTS (
        SELECT 1 FROM location q WHERE q.item = p.key AND q.source = l.source AND q.file IS l.file
          AND l.key >= q.key || '/' AND l.key < q.key || '0')
      """, "locations of children that are not at their parent's")
    var wider = 0
    try connection.forEach(
      """
      SELECT DISTINCT l.access, q.access
      FROM location l JOIN item c ON c.key = l.item JOIN item p ON p.id = c.parent
        JOIN location q ON q.item = p.key AND q.source = l.source
          AND l.key >= q.key || '/' AND l.key < q.key || '0'
      WHERE l.access <> q.access
      """
    ) { row throws(Problem) in
      let own = try classes.lists(of: [row.int64(0)])
      let parents = try classes.lists(of: [row.int64(1)])
      var narrowed: [String] = []
      for list in parents { narrowed.append(try AccessList(canonical: list).ownerOnly.canonical) }
      if own != narrowed { wider += 1 }
    }
    if wider > 0 {
      findings.append("\(wider) access classes of children that are not their parent's")
    }
    return findings
  }

  /// Each item's class is the set of its locations' lists.
  private func checkClasses() throws(Problem) -> [String] {
    var accesses: [Int64: Set<Int64>] = [:]
    try connection.forEach("SELECT item, access FROM location") {
      accesses[$0.int64(0), default: []].insert($0.int64(1))
    }
    var wrong = 0
    try connection.forEach("SELECT key, class FROM item") { row throws(Problem) in
      let lists = try classes.lists(of: accesses[row.int64(0)] ?? [])
      if try classes.lists(of: [row.int64(1)]) != lists { wrong += 1 }
    }
    return wrong == 0 ? [] : ["\(wrong) items in a class that is not that of their locations"]
  }

  /// Every passage either waits for its vector or has one, of each model; no other row has one.
  private func checkVectors() throws(Problem) -> [String] {
    let live = Set(
      try connection.all("SELECT row FROM passage WHERE role IS NULL") { $0.int64(0) })
    var findings = try checkVectors(.serving, of: live)
    let waiting = try connection.pendingCount(.next)
    if try model(.next) != nil {
      findings += try checkVectors(.next, of: live)
      if waiting == 0 { findings.append("a change of the model that has not been finished") }
    } else if waiting > 0 {
      findings.append("passages that wait for vectors of no model")
    }
    let models = [try model(), try model(.next)]
    let pages = try connection.first(
      "SELECT count(*) FROM vector_page WHERE model IS NOT ?1 AND model IS NOT ?2", models[0]?.id,
      models[1]?.id
    ) { $0.int(0) }
    if let pages, pages > 0 { findings.append("\(pages) pages of another model's vectors") }
    return findings
  }

  private func checkVectors(
    _ role: ModelRole, of live: Set<Int64>
  ) throws(Problem) -> [String] {
    let pending = Set(
      role == .serving
        ? try connection.all("SELECT row FROM pending_vector") { $0.int64(0) }
        : try connection.all("SELECT row FROM pending_next") { $0.int64(0) })
    var findings: [String] = []
    guard let model = try model(role) else {
      return pending == live ? [] : ["passages that neither wait for a vector nor have one"]
    }
    var stored: Set<Int64> = []
    try connection.forEach(
      """
      SELECT v.id, e.first, e.count FROM vector_page v JOIN extent e ON e.first = v.extent
      WHERE v.model = ?1
      """, model.id
    ) { row throws(Problem) in
      let blob = try connection.page(row.int64(0), of: .own, isWritable: false)
      let layout = VectorPageLayout(count: row.int(2), dimension: model.dimension)
      guard blob.count == layout.octets else {
        return findings.append("a page of vectors has a wrong size")
      }
      var scales = [Float](repeating: 0, count: layout.count)
      try blob.read(into: &scales, offset: layout.scale(0))
      for (slot, scale) in scales.enumerated() where scale != 0 {
        stored.insert(row.int64(1) + Int64(slot))
      }
    }
    if !stored.union(pending).isSuperset(of: live) {
      findings.append("passages that neither wait for a vector nor have one")
    }
    if !stored.isDisjoint(with: pending) {
      findings.append("vectors of passages that wait for one")
    }
    if !stored.isSubset(of: live) { findings.append("vectors of passages that are gone") }
    if !pending.isSubset(of: live) { findings.append("pending rows of passages that are gone") }
    return findings
  }
}
