package import Grounding

/// The conversations of the messages that one caller may see, worked out as they are asked for.
///
/// A message and whatever it names are one conversation: its Message-ID, In-Reply-To and References
/// (RFC 5256, REFERENCES, without the tree: the connected parts of a graph whose nodes are names).
/// Two replies to a message that is not there are one conversation, since both name it. A message
/// without references whose subject has a reply's mark goes to an earlier one with its subject (see
/// ``SubjectGroup``). Only copies that the caller may see are read, so that a hidden message joins
/// nothing, and nothing depends on the order in which messages came.
///
/// Lives as long as one state of its snapshot. Some 100 octets a message that was asked for.
package final class Conversations {
  private unowned let connection: Connection
  private let visible: Set<Int64>
  private var numbers: [Int64: Int] = [:]
  /// The keys of each conversation's items, ascending.
  private var items: [[Int64]] = []
  private var ids: [Int: String?] = [:]
  private var groups: [Int64: SubjectGroup] = [:]

  init(connection: Connection, classes: [Int64]) {
    self.connection = connection
    visible = Set(classes)
  }

  /// Resident octets, about.
  var octets: Int { numbers.count * 128 + ids.count * 96 + groups.count * 256 }

  /// The number of the conversation in which the item `key` stands; one of its own for what is no mail.
  ///
  /// - Complexity: O(names of the conversation's messages and what bears their subjects) at the first
  ///   of them, hidden copies included; then O(1).
  package func number(of key: Int64) throws(Problem) -> Int {
    if let known = numbers[key] { return known }
    var found: Set<Int64> = [key]
    var names: Set<Int64> = []
    var waiting = [key]
    while let item = waiting.popLast() {
      for other in try neighbours(of: item, passed: &names) where found.insert(other).inserted {
        waiting.append(other)
      }
    }
    let number = items.count
    items.append(found.sorted())
    for item in found { numbers[item] = number }
    return number
  }

  /// How many were numbered so far.
  package var count: Int { items.count }

  /// The number of the conversation in which the item `key` stands, where one of its messages was asked
  /// for; O(1).
  package func knownNumber(of key: Int64) -> Int? { numbers[key] }

  /// The keys of a conversation's items that the caller may see, ascending.
  package func items(of number: Int) -> [Int64] { items[number] }

  /// The conversation's id: what the earliest of its messages that says so names as its beginning
  /// (the first of its References, else its In-Reply-To, else its own Message-ID).
  ///
  /// Earliest by the time it was sent, then by item id. `nil` where no message has an id.
  package func id(of number: Int) throws(Problem) -> String? {
    if let known = ids[number] { return known }
    var best: (sent: Int64, item: String, id: String)?
    for key in items[number] {
      guard let said = try beginning(of: key) else { continue }
      if best.map({ (said.sent, said.item) < ($0.sent, $0.item) }) ?? true { best = said }
    }
    ids[number] = .some(best?.id)
    return best?.id
  }

  /// What the copy that is shown of an item says.
  private func beginning(
    of key: Int64
  ) throws(Problem) -> (sent: Int64, item: String, id: String)? {
    var shown: (hash: [UInt8], sent: Int64, item: String, id: String?)?
    try connection.forEach(
      """
      SELECT l.access, l.content_hash, l.sent, i.id, l.conversation
      FROM location l JOIN item i ON i.key = l.item JOIN source s ON s.id = l.source
      WHERE l.item = ?1 ORDER BY s.name, l.key
      """, key
    ) { row in
      guard visible.contains(row.int64(0)) else { return }
      let hash = row.octets(1)
      if let shown, !hash.lexicographicallyPrecedes(shown.hash) { return }
      shown = (
        hash, row.isNull(2) ? .max : row.int64(2), row.text(3), row.optionalText(4)
      )
    }
    guard let shown, let id = shown.id else { return nil }
    return (shown.sent, shown.item, id)
  }

  // MARK: Joining

  /// The items that share a name with `item` or that its subject joins to it; names in `passed`, which
  /// have been looked up for this conversation, are left out.
  private func neighbours(
    of item: Int64, passed: inout Set<Int64>
  ) throws(Problem) -> [Int64] {
    var names: [Int64] = []
    var subject: Int64?
    try connection.forEach(
      "SELECT access, name, reference_names, subject FROM location WHERE item = ?1", item
    ) { row throws(Problem) in
      guard visible.contains(row.int64(0)) else { return }
      if !row.isNull(1) { names.append(row.int64(1)) }
      names += try ConversationNames.references(row.octets(2))
      if !row.isNull(3) { subject = row.int64(3) }
    }
    var others: [Int64] = []
    for name in names where passed.insert(name).inserted {
      try connection.forEach("SELECT item, access FROM message_name WHERE name = ?1", name) {
        if visible.contains($0.int64(1)) { others.append($0.int64(0)) }
      }
    }
    if let subject { others += try group(of: subject).neighbours(of: item) }
    return others
  }

  private func group(of subject: Int64) throws(Problem) -> SubjectGroup {
    if let known = groups[subject] { return known }
    let group = try SubjectGroup(subject, connection: connection, visible: visible)
    groups[subject] = group
    return group
  }
}
