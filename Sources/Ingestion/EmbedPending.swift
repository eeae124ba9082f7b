package import Embedding
package import Grounding
package import Partition

/// Gives every passage that has no vector yet its vector; returns how many.
///
/// Works in batches that are committed one by one: an interrupted run goes on where it stopped.
///
/// - Parameter progress: called after each batch with the passages done and all that there were.
/// - Throws: what the store throws; `rebuild_needed` where the store's vectors are another model's.
package func embedPending(
  writer: PartitionWriter, encoder: Encoder, threads: Int,
  progress: (_ done: Int, _ total: Int) -> Void
) throws(Problem) -> Int {
  let batchCount = 64 * max(1, threads)
  try writer.requireModel(encoder.modelID, dimension: encoder.dimension)
  let total = try writer.pendingCount()
  guard total > 0 else { return 0 }
  var done = 0
  progress(0, total)
  while true {
    let pending = try writer.pendingVectors(limit: batchCount)
    guard !pending.isEmpty else { return done }
    let inputs = pending.map { passage in
      encoder.passageInput(title: passage.title, headings: passage.heading, body: passage.body)
    }
    let vectors = encoder.encode(inputs, threads: threads)
    try writer.begin()
    do throws(Problem) {
      try writer.storeVectors(
        zip(pending, vectors).map { ($0.row, QuantizedVector($1)) }, model: encoder.modelID)
      _ = try writer.commit()
    } catch {
      writer.rollback()
      throw error
    }
    done += pending.count
    progress(done, total)
  }
}
