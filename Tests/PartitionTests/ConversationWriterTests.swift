import Grounding
import Partition
import TestSupport
import Testing

private let ann = AccessList(owner: Principal("ann"))
private let bo = AccessList(owner: Principal("bo"))

@Suite("Who answers whom, within an access class")
struct ConversationWriterTests {
  /// Puts copies of messages into a store.
  private struct Mailing {
    let writer: PartitionWriter
    let source: Int64

    func put(
      _ name: String, id: String?, _ references: [String], at place: String = "",
      access: AccessList = ann
    ) throws {
      _ = try writer.apply(message(name, id: id, references, at: place, access: access))
    }

    func message(
      _ name: String, id: String?, _ references: [String], at place: String, access: AccessList
    ) -> ItemDraft {
      var message = draft(
        name, source: source, text: "words of \(name)", kind: .mail, key: "\(name)#\(place)",
        trace: "\(references) \(place)", access: access)
      message.item.externalID = id
      message.item.references = references
      return message
    }

    func remove(_ name: String, at place: String = "") throws {
      _ = try writer.removeLocation(source: source, key: "\(name)#\(place)")
    }
  }

  /// The names of the items, by key, for callers that may see all.
  private func names(_ store: Store) throws -> [Int64: String] {
    var names: [Int64: String] = [:]
    for owner in ["ann", "bo"] {
      let caller = Caller(Principal(owner))
      let rows = try store.snapshot().eligible(caller, kinds: [.mail])
      for item in try store.snapshot().storedItems(rows.itemKeys, caller: caller).values {
        names[item.key] = item.text.split(separator: " ").last.map(String.init)
      }
    }
    return names
  }

  private func parents(_ store: Store, _ writer: PartitionWriter) throws -> [String: String] {
    let names = try names(store)
    var parents: [String: String] = [:]
    for (key, name) in names {
      guard let parent = try writer.threadParent(of: key), let other = names[parent] else {
        continue
      }
      parents[name] = other
      #expect(try writer.threadChildren(of: parent).contains(key))
    }
    for (key, name) in names {
      let children = try writer.threadChildren(of: key).compactMap { names[$0] }
      #expect(children.allSatisfy { parents[$0] == name })
    }
    return parents
  }

  @Test("the parent is the last reference that is in the class, whatever came first")
  func parent() throws {
    try Store.with { store, writer in
      let mailing = Mailing(writer: writer, source: try writer.source(named: "s"))
      try mailing.put("late", id: "4@x", ["1@x", "2@x", "3@x"])
      try mailing.put("self", id: "5@x", ["5@x"])
      try mailing.put("unnamed", id: nil, ["4@x"])
      #expect(try parents(store, writer) == ["unnamed": "late"])
      try mailing.put("first", id: "1@x", [])
      #expect(try parents(store, writer) == ["unnamed": "late", "late": "first"])
      // Hidden from whom the reply belongs to.
      try mailing.put("third", id: "3@x", ["1@x"], access: bo)
      #expect(try parents(store, writer) == ["unnamed": "late", "late": "first"])
      try mailing.put("second", id: "2@x", ["1@x"])
      #expect(
        try parents(store, writer)
          == ["unnamed": "late", "late": "second", "second": "first"])
      try mailing.remove("second")
      try mailing.put("first", id: "1@x", [], access: bo)
      #expect(try parents(store, writer) == ["unnamed": "late", "third": "first"])
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("only references on which all copies agree count; a further copy can take them away")
  func copies() throws {
    try Store.with { store, writer in
      let mailing = Mailing(writer: writer, source: try writer.source(named: "s"))
      try mailing.put("first", id: "1@x", [])
      try mailing.put("second", id: "2@x", [])
      try mailing.put("reply", id: "3@x", ["1@x", "2@x"])
      #expect(try parents(store, writer) == ["reply": "second"])
      try mailing.put("reply", id: "3@x", ["1@x"], at: "other")
      #expect(try parents(store, writer) == ["reply": "first"])
      try mailing.put("reply", id: "3@x", [], at: "third")
      #expect(try parents(store, writer) == [:])
      try mailing.remove("reply", at: "third")
      #expect(try parents(store, writer) == ["reply": "first"])
      // Another class: those of the first stand in none of its messages.
      try mailing.put("reply", id: "3@x", ["1@x"], at: "third", access: bo)
      #expect(try parents(store, writer) == [:])
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("of a long list the first reference and the last 499 count", arguments: [499, 500, 501])
  func limit(count: Int) throws {
    try Store.with { store, writer in
      let mailing = Mailing(writer: writer, source: try writer.source(named: "s"))
      let ids = (0..<count).map { "\($0)@x" }
      try mailing.put("reply", id: "reply@x", ids)
      let stored = try RawStore.run(
        "SELECT count(*) FROM message_name WHERE is_own = 0", in: store.home)
      #expect(stored == [[min(count, 500)]])
      for (name, id, isKept) in [
        ("first", ids[0], true), ("second", ids[1], count <= 500), ("last", ids[count - 1], true),
      ] {
        try mailing.put(name, id: id, [])
        let isParent = try parents(store, writer)["reply"] == name
        #expect(isParent == isKept, "\(name) of \(count)")
      }
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("random histories: as a plain reading of what stands there", arguments: 0..<6)
  func random(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    var random = RandomSource(seed: seed)
    try Store.with { store, writer in
      let mailing = Mailing(writer: writer, source: try writer.source(named: "s"))
      var standing: [String: Copy] = [:]
      for step in 0..<60 {
        let name = "m\(Int.random(in: 0..<8, using: &random))"
        let place = String(Int.random(in: 0..<2, using: &random))
        if standing["\(name)#\(place)"] != nil, Int.random(in: 0..<10, using: &random) < 3 {
          try mailing.remove(name, at: place)
          standing["\(name)#\(place)"] = nil
        } else {
          let references = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            "m\(Int.random(in: 0..<9, using: &random))"
          }
          let unique = references.enumerated().filter { references.firstIndex(of: $1) == $0 }
            .map(\.element)
          let access = Int.random(in: 0..<10, using: &random) < 7 ? ann : bo
          try mailing.put(name, id: name, unique, at: place, access: access)
          standing["\(name)#\(place)"] = Copy(
            mailing.message(name, id: name, unique, at: place, access: access))
        }
        guard step.isMultiple(of: 10) else { continue }
        #expect(try parents(store, writer) == plainParents(standing), "LOAM_TEST_SEED=\(seed)")
        #expect(try writer.checkIntegrity() == [], "LOAM_TEST_SEED=\(seed)")
      }
    }
  }

  private struct Copy {
    let hash: [UInt8]
    let references: [String]
    let access: AccessList

    init(_ message: ItemDraft) {
      (hash, references, access) = (message.contentHash, message.item.references, message.access)
    }
  }

  private func plainParents(_ standing: [String: Copy]) -> [String: String] {
    var copies: [String: [Copy]] = [:]
    for (place, copy) in standing {
      copies[String(place.prefix { $0 != "#" }), default: []].append(copy)
    }
    for name in copies.keys {
      copies[name]?.sort { $0.hash.lexicographicallyPrecedes($1.hash) }
    }
    var parents: [String: String] = [:]
    for (name, own) in copies {
      let lists = Set(own.map(\.access))
      let candidates = own[0].references.filter { id in
        id != name && own.allSatisfy { $0.references.contains(id) }
          && copies[id].map { Set($0.map(\.access)) } == lists
      }
      parents[name] = candidates.last
    }
    return parents
  }
}
