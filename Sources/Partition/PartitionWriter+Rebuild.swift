package import Analysis
package import Grounding

extension PartitionWriter {
  /// Cuts and indexes the stored texts again, for this version's analysis, in one transaction.
  ///
  /// Nothing is read but the store. Items that are cut as before keep their rows and vectors; the
  /// others get new rows, and those of their passages that read as none before wait for vectors.
  /// - Throws: as ``init(home:tenant:partitionID:)``, but for `rebuild_needed`.
  /// - Complexity: O(octets of all texts).
  package static func rebuild(
    home: LoamHome, tenant: Tenant, splitter: PassageSplitter = PassageSplitter()
  ) throws(Problem) {
    let writer = try PartitionWriter(
      home: home, tenant: tenant, partitionID: nil, checkedAnalysis: nil)
    try writer.begin()
    do throws(Problem) {
      try writer.indexAgain(splitter)
      _ = try writer.commit()
    } catch {
      writer.rollback()
      throw error
    }
  }

  private func indexAgain(_ splitter: PassageSplitter) throws(Problem) {
    try connection.run("INSERT INTO passage_text (passage_text) VALUES ('delete-all')")
    try forgetQuotes()
    let items = try connection.all("SELECT key, class FROM item ORDER BY key") {
      (key: $0.int64(0), class: $0.int64(1))
    }
    for item in items {
      let stored = try storedIndex(of: item.key)
      let text = String(decoding: stored.text, as: UTF8.self)
      let passages = splitter.split(text, segments: try connection.segments(of: item.key))
      try connection.run(
        "UPDATE OR FAIL item SET title_terms = ?2 WHERE key = ?1", item.key,
        stored.title.map { connection.tokenizer.countTerms($0) } ?? 0)
      if passages == stored.passages.map(\.passage) {
        try indexAgain(stored)
      } else {
        let vectors = try keptVectors(
          of: stored, passages, title: stored.title, text: stored.text)
        try forgetPassages(of: stored)
        try addPassages(
          passages, item: item.key, class: item.class, title: stored.title, people: stored.people,
          text: stored.text, vectors: vectors)
      }
    }
    try connection.setMeta(.analysis, String(Analysis.version))
    batch.hasChanges = true
  }

  /// No quoted passage is in the emptied index: where each counts is found out when the batch ends.
  private func forgetQuotes() throws(Problem) {
    try connection.run("DELETE FROM open_quote")
    try connection.run(
      """
      UPDATE OR FAIL passage SET origin = NULL, quoted_class = NULL, body_terms = 0
      WHERE role IS NOT NULL
      """)
    try connection.forEach("SELECT DISTINCT item FROM passage WHERE role IS NOT NULL") {
      batch.messages.items.insert($0.int64(0))
    }
  }

  /// Queues passages for the emptied index, in the rows that they have; what waits for a vector of the
  /// next model goes on waiting.
  private func indexAgain(_ stored: StoredIndex) throws(Problem) {
    var pending: Set<Int64> = []
    let own = stored.passages.filter { $0.role == .new }
    for passage in own {
      try connection.run("DELETE FROM pending_vector WHERE row = ?1", passage.row)
      if connection.changedRows > 0 { pending.insert(passage.row) }
    }
    try connection.run("DELETE FROM passage WHERE item = ?1 AND role IS NULL", stored.key)
    for passage in own {
      let isFirst = passage.ordinal == 0
      try enqueue(
        IndexOperation(
          row: passage.row,
          action: .insert(
            item: stored.key, passage: passage.passage,
            waits: IndexOperation.Waits(serving: pending.contains(passage.row), next: false)),
          title: isFirst ? stored.title ?? "" : "", people: isFirst ? stored.people : "",
          text: stored.text, span: passage.span.range))
    }
  }

  /// Takes passages out of the tables; the index, which was emptied, has nothing of them.
  private func forgetPassages(of stored: StoredIndex) throws(Problem) {
    for passage in stored.passages {
      if passage.role == .new { try forgetPending(passage.row, of: stored.key) }
      batch.removedRows.append(passage.row)
    }
    try connection.run("DELETE FROM passage WHERE item = ?1", stored.key)
  }
}
