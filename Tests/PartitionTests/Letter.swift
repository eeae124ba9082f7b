import Grounding
import Partition
import Testing

/// A copy of a message as the tests of conversations describe it; the message's id is `NAME@x`.
struct Letter {
  var name: String
  var references: [String] = []
  var access = ann
  var place = ""
  var title = ""
  /// Days since 1970.
  var day: Double? = 100
  var people: [Person] = [Person(role: .from, name: "Ann Marsh", address: "ann@x")]
  var text = ""
  var hasID = true

  /// Where the copy stands.
  var key: String { "\(name)#\(place)" }

  func draft(_ source: Int64) -> ItemDraft {
    var draft = PartitionTests.draft(
      name, source: source, title: title, text: text, kind: .mail, key: key,
      trace: "\(references) \(place)", people: people, access: access)
    draft.item.externalID = hasID ? "\(name)@x" : nil
    draft.item.references = references.map { "\($0)@x" }
    draft.item.conversation = draft.item.references.first ?? draft.item.externalID
    draft.item.times = day.map { [ItemTime(role: .sent, instant: Int64($0 * 86_400))] } ?? []
    return draft
  }

  /// The conversations of `letters` by references alone: whatever shares a name is joined until
  /// nothing changes.
  static func joined(_ letters: [Letter]) -> Set<String> {
    var parts = letters.map { (items: Set([$0.name]), names: Set([$0.name] + $0.references)) }
    var isChanged = true
    while isChanged {
      isChanged = false
      for i in parts.indices.reversed() {
        guard
          let j = parts.indices.first(where: {
            $0 < i && !parts[$0].names.isDisjoint(with: parts[i].names)
          })
        else { continue }
        parts[j].items.formUnion(parts[i].items)
        parts[j].names.formUnion(parts[i].names)
        parts.remove(at: i)
        isChanged = true
      }
    }
    return Set(parts.map { $0.items.sorted().joined(separator: " ") })
  }
}

extension Store {
  /// What `caller` sees of the conversations of the messages `names`: their names joined by spaces,
  /// and their ids (`-` for none).
  func conversations(
    of caller: Caller, _ names: [String]
  ) throws -> [String: String] {
    let snapshot = try snapshot()
    var byNumber: [Int: Set<String>] = [:]
    let joined = try snapshot.conversations(caller)
    for name in Set(names) {
      let id = draft(name, source: 1, text: "").id
      guard let item = try snapshot.item(id, caller: caller) else { continue }
      let number = try joined.number(of: item.key)
      #expect(item.conversation == (try joined.id(of: number)))
      #expect(joined.items(of: number).contains(item.key))
      byNumber[number, default: []].insert(name)
    }
    var result: [String: String] = [:]
    for (number, names) in byNumber {
      #expect(joined.items(of: number).count == names.count)
      result[names.sorted().joined(separator: " ")] = try joined.id(of: number) ?? "-"
    }
    return result
  }
}
