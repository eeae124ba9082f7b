package import Grounding

extension PartitionWriter {
  /// So few segments are left alone.
  private static let fewSegments = 4
  /// All are merged where what has grown is one part in so many.
  private static let growth = 4
  /// So many segments of a level are merged where the greatest is left alone.
  private static let fewestOfLevel = 2

  /// Merges the full-text index's segments: all into one where those beside the greatest have a quarter of
  /// its pages or more, else those of each level that is not the greatest's, so that a few are left.
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
  /// - Complexity: O(octets of the segments that are merged), which over all calls is O(octets written) times
  ///   the logarithm of their number.
  package func mergeSegments(
    stepPages: Int = 1_024, stepLimit: Int = .max,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws(Problem) {
    guard var index = try FullTextSegments(connection),
      index.segments.count > Self.fewSegments
    else { return }
    let pages = index.segments.map(\.pages.count)
    let (all, greatest) = (pages.reduce(0, +), pages.max() ?? 0)
    let mergesAll = (all - greatest) * Self.growth >= greatest
    if !mergesAll { try lowerFewestOfLevel() }
    let total = mergesAll ? all : all - greatest
    var (steps, done) = (0, 0)
    while index.segments.count > 1, steps < stepLimit {
      var step = stepPages
      if !mergesAll {
        guard let level = index.nextToMerge, level.segments.count >= Self.fewestOfLevel,
          !level.segments.contains(where: { $0.pages.count == greatest })
        else { return }
        // With what is left of a step FTS5 goes on to the next level, which may be the greatest's.
        step = max(1, min(step, level.fullPages / 2))
      }
      progress(min(done, total), total)
      try inBatch { () throws(Problem) in
        // Below zero: of whatever level, and first all are put into one.
        try connection.run(
          "INSERT INTO passage_text (passage_text, rank) VALUES ('merge', ?1)",
          mergesAll ? -step : step)
      }
      (steps, done) = (steps + 1, done + step)
      guard let next = try FullTextSegments(connection), next.levels != index.levels else {
        return
      }
      index = next
    }
  }

  /// Has FTS5 merge levels of fewer segments than it would when it is asked to.
  private func lowerFewestOfLevel() throws(Problem) {
    let known = try connection.first(
      "SELECT v FROM passage_text_config WHERE k = 'usermerge'"
    ) { $0.int(0) }
    guard known != Self.fewestOfLevel else { return }
    try inBatch { () throws(Problem) in
      try connection.run(
        "INSERT INTO passage_text (passage_text, rank) VALUES ('usermerge', ?1)",
        Self.fewestOfLevel)
    }
  }
}
