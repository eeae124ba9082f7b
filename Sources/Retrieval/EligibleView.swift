import Grounding
import Partition

/// What one caller may see of some kinds, ready to be scored: read once a snapshot.
final class EligibleView {
  let rows: RowSet
  let lengths: Lengths
  let names: ItemNames
  let conversations: Conversations
  private let snapshot: Snapshot
  private let caller: Caller
  private var quoted: QuotedRows?
  private var loaded: (model: String, vectors: LoadedVectors)?

  /// Judges access, before anything is scored.
  ///
  /// O(visible rows).
  init(_ snapshot: Snapshot, caller: Caller, kinds: Set<ItemKind>) throws(Problem) {
    rows = try snapshot.eligible(caller, kinds: kinds)
    lengths = Lengths(rows)
    conversations = try snapshot.conversations(caller)
    names = ItemNames(snapshot, caller: caller, keys: rows.itemKeys)
    self.snapshot = snapshot
    self.caller = caller
  }

  /// The quoted passages that count, read at the first call.
  func quotedRows() throws(Problem) -> QuotedRows {
    if let quoted { return quoted }
    let rows = try snapshot.quotedRows(caller, in: rows)
    quoted = rows
    return rows
  }

  /// The eligible rows' vectors of `model`, read at the first call; 388 octets a row at 384
  /// dimensions.
  func vectors(model: String, dimension: Int) throws(Problem) -> LoadedVectors {
    if let loaded, loaded.model == model { return loaded.vectors }
    var vectors = LoadedVectors(rows: rows.rows.count, dimension: dimension)
    try snapshot.forEachVectorPage(model: model, in: rows) { page in vectors.take(page) }
    loaded = (model, vectors)
    return vectors
  }
}
