package import Grounding

extension PartitionWriter {
  /// So few segments are left alone.
  private static let fewSegments = 4
  /// Merged is what has grown by one part in so many.
  private static let growth: Int64 = 4

  /// Merges the full-text index's segments into one, where those beside the greatest have a quarter of its
  /// pages or more.
  ///
  /// A word that is not in memory is looked up in every segment. FTS5 by itself merges eight of a level
  /// while rows are written, which costs little and leaves many; this is for the end of a run. Each step
  /// is a transaction of its own, and the next call goes on with what was interrupted.
  ///
  /// - Parameters:
  ///   - stepPages: pages that one transaction writes, about; 1,024 are 4 MB of the log.
  ///   - stepLimit: ends it after so many.
  ///   - progress: is told before each step of pages, about.
  /// - Throws: as ``commit()``; what was merged until then stays so.
  /// - Complexity: O(octets of the index), which over all calls is O(octets written).
  package func mergeSegments(
    stepPages: Int = 1_024, stepLimit: Int = .max,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) {
    guard var index = try FullTextSegments(connection), Self.isWorthMerging(index) else { return }
    let total = index.segments.reduce(0) { $0 + $1.pages.count }
    var steps = 0
    while index.segments.count > 1, steps < stepLimit {
      progress(min(steps * stepPages, total), total)
      steps += 1
      try inBatch { () throws(Problem) in
        // Below zero: of whatever level.
        try connection.run(
          "INSERT INTO passage_text (passage_text, rank) VALUES ('merge', ?1)", -stepPages)
      }
      guard let next = try FullTextSegments(connection), next.segments != index.segments else {
        return
      }
      index = next
    }
  }

  private static func isWorthMerging(_ index: FullTextSegments) -> Bool {
    let pages = index.segments.map { Int64($0.pages.count) }
    let greatest = pages.max() ?? 0
    return pages.count > fewSegments && (pages.reduce(0, +) - greatest) * growth >= greatest
  }
}
