import Grounding
import Partition

/// The items that a view's answers showed lately, as they were read: who asks about one thing often goes on.
///
/// It belongs to one view, so to what one caller may see at one moment of the store: nothing in it is
/// stale, and what one caller asked never quickens an answer to another.
final class ItemShelf {
  /// Octets that are kept, about; a longer item than a sixty-fourth of it is read each time.
  static let limit = 1 << 20

  private let snapshot: Snapshot
  private let conversations: Conversations
  private let caller: Caller
  private var items = RecentValues<Int64, ReadItem>(limit: limit, largest: limit / 64)

  init(_ snapshot: Snapshot, _ conversations: Conversations, caller: Caller) {
    self.snapshot = snapshot
    self.conversations = conversations
    self.caller = caller
  }

  /// Octets held, about.
  var octets: Int { items.octets }

  /// The item `key`, which is eligible; with what ``NextOccurrence`` needs if `withSeries`.
  ///
  /// - Throws: `internal` where it cannot be read; what the store throws.
  func item(_ key: Int64, withSeries: Bool) throws(Problem) -> ReadItem {
    if let known = items.value(of: key), known.hasSeries || !withSeries { return known }
    let item = try read(key, withSeries: withSeries)
    items.keep(item, octets: item.octets, of: key)
    return item
  }

  private func read(_ key: Int64, withSeries: Bool) throws(Problem) -> ReadItem {
    let fact = withSeries ? NextOccurrence.fact : nil
    guard var item = try snapshot.storedItems([key], caller: caller, fact: fact)[key] else {
      throw Problem(.internal, "An eligible item cannot be read.")
    }
    item.content.conversation = try conversations.id(of: conversations.number(of: key))
    return ReadItem(
      item, parent: try snapshot.visibleParent(of: item, caller: caller),
      passages: try snapshot.passages(item: key), hasSeries: withSeries)
  }
}
