import Grounding
import Partition

/// What one caller may see of some kinds, ready to be scored: read once a snapshot.
final class EligibleView {
  let rows: RowSet
  let lengths: Lengths
  let names: ItemNames
  let board: ScoreBoard
  let cosines: CosineBoard
  let conversations: Conversations
  let shelf: ItemShelf
  private let snapshot: Snapshot
  private let caller: Caller
  private var quoted: QuotedShelf?
  /// By dense item.
  private var conversationNumbers: [Int32] = []
  private var pending: (model: String, count: Int)?
  private var loaded: (model: String, vectors: VectorSet)?

  /// Judges access, before anything is scored.
  ///
  /// O(visible classes) once their rows are in memory.
  init(_ snapshot: Snapshot, caller: Caller, kinds: Set<ItemKind>) throws(Problem) {
    rows = try snapshot.eligible(caller, kinds: kinds)
    lengths = Lengths(rows)
    conversations = try snapshot.conversations(caller)
    shelf = ItemShelf(snapshot, conversations, caller: caller)
    names = ItemNames(snapshot, rows)
    board = ScoreBoard(rows)
    cosines = CosineBoard(count: rows.denseItemCount)
    self.snapshot = snapshot
    self.caller = caller
  }

  /// Octets that the view holds for itself, about.
  var octets: Int {
    2_048 + rows.octets + lengths.octets + board.octets + cosines.octets + names.octets
      + shelf.octets
      + conversationNumbers.count * 4
      + (quoted?.octets ?? 0) + (loaded?.vectors.groups.count ?? 0) * 8
  }

  /// Where `terms` occur in quoted passages that count, which are read at the first call.
  func quotedPostings(_ terms: [String]) throws(Problem) -> QuotedPostings {
    if let quoted { return try quoted.postings(terms) }
    let shelf = QuotedShelf(snapshot, try snapshot.quotedRows(caller, in: rows))
    quoted = shelf
    return try shelf.postings(terms)
  }

  /// Looks up the conversations of `items`; `false` where all were known.
  @discardableResult
  func findConversations(of items: [Int32]) throws(Problem) -> Bool {
    if conversationNumbers.isEmpty {
      conversationNumbers = Array(repeating: Self.unknown(0), count: rows.denseItemCount)
    }
    var isNew = false
    for item in items where conversationNumbers[Int(item)] < -1 {
      // Only mail is joined to anything.
      let isMail = rows.part(ofItem: Int(item)).group.kind == .mail
      let number = isMail ? try conversations.number(of: rows.key(ofItem: Int(item))) : -1
      conversationNumbers[Int(item)] = Int32(number)
      isNew = true
    }
    return isNew
  }

  /// The numbers of those conversations of `items` that were looked up, by whichever of their messages;
  /// -1 for others and for what is no mail.
  func conversationNumbers(of items: [Int32]) -> [Int32] {
    guard !conversationNumbers.isEmpty else { return Array(repeating: -1, count: items.count) }
    let unknown = Self.unknown(conversations.count)
    var known = taken(&conversationNumbers)
    defer { conversationNumbers = known }
    return items.map { item in
      let number = known[Int(item)]
      guard number < -1, number != unknown else { return max(-1, number) }
      let found = conversations.knownNumber(of: rows.key(ofItem: Int(item)))
      known[Int(item)] = found.map { Int32($0) } ?? unknown
      return Int32(found ?? -1)
    }
  }

  /// What stands for an item that was in none of the first `count` conversations.
  private static func unknown(_ count: Int) -> Int32 { -2 - Int32(count) }

  /// How many of the rows wait for a vector, counted at the first call.
  func pendingCount(model: String) throws(Problem) -> Int {
    if let pending, pending.model == model { return pending.count }
    let count = try snapshot.pendingCount(model: model, in: rows)
    pending = (model, count)
    return count
  }

  /// The eligible rows' vectors of `model`, asked for at the first call.
  func vectors(model: String, dimension: Int) throws(Problem) -> VectorSet {
    if let loaded, loaded.model == model { return loaded.vectors }
    let vectors = try snapshot.vectors(model: model, dimension: dimension, of: rows)
    loaded = (model, vectors)
    return vectors
  }

  /// The best `depth` of scored items in order, with their ids.
  func named(
    _ leading: [ScoredItem], _ depth: Int
  ) throws(Problem) -> [(id: ItemID, score: Double)] {
    let best = try names.ordered(leading) { $0 }.prefix(max(0, depth))
    let ids = try names.ids(of: best.map(\.item))
    return zip(best, ids).map { ($1, $0.score) }
  }
}
