import Grounding
import Partition
import TestSupport
import Testing

private let ann = AccessList(owner: Principal("ann"))
private let bo = AccessList(owner: Principal("bo"))
private let both = AccessList(owner: Principal("bo"), grants: [Grant(.user(Principal("ann")))])

/// A message as the tests describe it; its id is `NAME@x`.
private struct Letter {
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

  func draft(_ source: Int64) -> ItemDraft {
    var draft = PartitionTests.draft(
      name, source: source, title: title, text: text, kind: .mail, key: "\(name)#\(place)",
      trace: "\(references) \(place)", people: people, access: access)
    draft.item.externalID = hasID ? "\(name)@x" : nil
    draft.item.references = references.map { "\($0)@x" }
    draft.item.conversation = draft.item.references.first ?? draft.item.externalID
    draft.item.times = day.map { [ItemTime(role: .sent, instant: Int64($0 * 86_400))] } ?? []
    return draft
  }
}

/// The conversations that `caller` sees: names joined by spaces, and their ids (`-` for none).
private func conversations(
  _ letters: [Letter], of caller: String = "ann"
) throws -> [String: String] {
  try Store.with { store, writer in
    let source = try writer.source(named: "s")
    for letter in letters { _ = try writer.apply(letter.draft(source)) }
    #expect(try writer.checkIntegrity() == [])
    return try store.conversations(of: Caller(Principal(caller)), letters.map(\.name))
  }
}

extension Store {
  fileprivate func conversations(
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

@Suite("Conversations")
struct ConversationsTests {
  @Test("what names a message is with it, and two replies to an absent message are one")
  func names() throws {
    #expect(
      try conversations([
        Letter(name: "a", day: 1), Letter(name: "b", references: ["a"]), Letter(name: "c"),
        Letter(name: "d", references: ["gone"], day: 1),
        Letter(name: "e", references: ["gone", "far"]),
        Letter(name: "f", references: ["far"]),
      ]) == ["a b": "a@x", "c": "c@x", "d e f": "gone@x"])
  }

  @Test("a hidden message joins nothing, nor does what a hidden copy says")
  func hidden() throws {
    let letters = [
      Letter(name: "a"), Letter(name: "b"),
      Letter(name: "bridge", references: ["a", "b"], access: bo),
      Letter(name: "c", access: both), Letter(name: "c", references: ["a"], access: bo, place: "2"),
    ]
    #expect(try conversations(letters) == ["a": "a@x", "b": "b@x", "c": "c@x"])
    #expect(try conversations(letters, of: "bo") == ["bridge c": "a@x"])
  }

  @Test("the id is what the earliest names as the beginning, absent where nobody has one")
  func id() throws {
    #expect(
      try conversations([
        Letter(name: "late", references: ["one", "two"], day: 3),
        Letter(name: "early", references: ["two"], day: 2), Letter(name: "none", hasID: false),
        Letter(name: "undated", references: ["other", "two"], day: nil),
      ]) == ["early late undated": "two@x", "none": "-"])
  }

  private static let cato = [
    Person(role: .from, name: "Cato Reed", address: "cato@x"), Person(role: .to, address: "list@x"),
  ]
  private static let dora = [
    Person(role: .from, name: "Dora", address: "dora@x"), Person(role: .to, address: "list@x"),
  ]

  /// A change to the reply or its candidate, and whether the subject still joins them.
  private static let fallbacks: [(String, @Sendable (inout Letter, inout Letter) -> Void, Bool)] = [
    ("the sender is named", { reply, _ in reply.text = "On Monday cato\n reed wrote:" }, true),
    ("by address", { reply, _ in reply.text = "On Monday <Cato@x> wrote:" }, true),
    ("nobody in common but the list", { _, _ in }, false),
    ("written to the sender", { reply, _ in reply.people[1].address = "CATO@x" }, true),
    (
      "a name without an address",
      { reply, _ in reply.people[1] = Person(role: .cc, name: "Cato  reed") }, true
    ),
    (
      "a name of one word",
      { reply, other in
        other.people[0] = Person(role: .from, name: "Cato")
        reply.people[1] = Person(role: .to, name: "Cato")
        reply.text = "Cato wrote:"
      }, false
    ),
    ("the same sender", { reply, other in reply.people = other.people }, true),
    (
      "the list as sender",
      { reply, other in
        other.people[0] = Person(role: .from, address: "list@x")
        reply.people[0] = Person(role: .from, address: "list@x")
      }, false
    ),
    (
      "no mark",
      { reply, _ in
        reply.text = "Cato Reed wrote:"
        reply.title = "[list] Ferry"
      }, false
    ),
    (
      "a forward's mark",
      { reply, _ in
        reply.text = "Cato Reed wrote:"
        reply.title = "Fwd: Ferry"
      }, false
    ),
    (
      "references",
      { reply, _ in
        reply.text = "Cato Reed wrote:"
        reply.references = ["gone"]
      }, false
    ),
    (
      "another subject",
      { reply, _ in
        reply.text = "Cato Reed wrote:"
        reply.title = "Re: Barge"
      }, false
    ),
    (
      "the window's last second",
      { reply, other in
        reply.text = "Cato Reed wrote:"
        other.day = 80
      }, true
    ),
    (
      "beyond the window",
      { reply, other in
        reply.text = "Cato Reed wrote:"
        other.day = 80 - 1.0 / 86_400
      }, false
    ),
    (
      "sent at the same moment",
      { reply, other in
        reply.text = "Cato Reed wrote:"
        other.day = 110
      }, false
    ),
  ]

  @Test("a reply without references goes by subject, people and time", arguments: fallbacks.indices)
  func fallback(index: Int) throws {
    let (what, change, isJoined) = Self.fallbacks[index]
    var other = Letter(name: "a", title: "[list] Ferry", day: 100, people: Self.cato)
    var reply = Letter(name: "b", title: "AW: [list] Re:  ferry (fwd)", day: 110, people: Self.dora)
    change(&reply, &other)
    let found = try conversations([reply, other])
    #expect((found["a b"] != nil) == isJoined, "\(what): \(found)")
  }

  @Test("of several with the subject it is the latest that fits; a hidden one is none")
  func latest() throws {
    var letters = [1.0, 2, 3].map {
      Letter(name: "m\(Int($0))", title: "Ferry", day: $0, people: Self.cato)
    }
    letters.append(Letter(name: "other", title: "Ferry", day: 4, people: Self.dora))
    var reply = Letter(name: "reply", title: "Re: Ferry", day: 5)
    reply.people = [Person(role: .from, name: "Eve Low"), Person(role: .to, name: "Cato Reed")]
    letters.append(reply)
    #expect(try conversations(letters).keys.contains("m3 reply"))
    letters[2].access = bo
    #expect(try conversations(letters).keys.contains("m2 reply"))
  }

  @Test("random letters: the parts of a plain graph, whatever the order", arguments: 0..<4)
  func random(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    var random = RandomSource(seed: seed)
    let letters = (0..<40).map { number in
      var letter = Letter(name: "m\(number)", day: Double(Int.random(in: 0..<5, using: &random)))
      letter.references = (0..<Int.random(in: 0...2, using: &random)).map { _ in
        "m\(Int.random(in: 0..<60, using: &random))"
      }
      letter.access = [ann, bo, both].randomElement(using: &random) ?? ann
      return letter
    }
    let expected = Self.plain(letters.filter { $0.access != bo })
    for _ in 0..<3 {
      let found = try conversations(letters.shuffled(using: &random))
      #expect(Set(found.keys) == expected, "LOAM_TEST_SEED=\(seed)")
      let again = try conversations(letters.shuffled(using: &random))
      #expect(found == again, "LOAM_TEST_SEED=\(seed)")
    }
  }

  /// Joins whatever shares a name until nothing changes.
  private static func plain(_ letters: [Letter]) -> Set<String> {
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
