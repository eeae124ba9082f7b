import Grounding
import Partition
import TestSupport
import Testing

/// The conversations that `caller` sees in a store of `letters`.
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
      "a name beyond ASCII",
      { reply, other in
        other.people[0] = Person(role: .from, name: "Zoë  Åberg")
        reply.text = "Am Montag schrieb ZOË\u{A0}\r\nåberg:"
      }, true
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
    let expected = Letter.joined(letters.filter { $0.access != bo })
    for _ in 0..<3 {
      let found = try conversations(letters.shuffled(using: &random))
      #expect(Set(found.keys) == expected, "LOAM_TEST_SEED=\(seed)")
      let again = try conversations(letters.shuffled(using: &random))
      #expect(found == again, "LOAM_TEST_SEED=\(seed)")
    }
  }

  @Test("random histories: the parts of a plain graph of what stands there", arguments: 0..<6)
  func history(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    var random = RandomSource(seed: seed)
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      var standing: [String: Letter] = [:]
      for step in 0..<60 {
        var letter = Letter(name: "m\(Int.random(in: 0..<8, using: &random))")
        letter.place = String(Int.random(in: 0..<2, using: &random))
        letter.text = "words of \(letter.name)"
        if standing[letter.key] != nil, Int.random(in: 0..<10, using: &random) < 3 {
          _ = try writer.removeLocation(source: source, key: letter.key)
          standing[letter.key] = nil
        } else {
          letter.references = (0..<Int.random(in: 0...2, using: &random)).map { _ in
            "m\(Int.random(in: 0..<14, using: &random))"
          }
          letter.access = Int.random(in: 0..<10, using: &random) < 7 ? ann : bo
          _ = try writer.apply(letter.draft(source))
          standing[letter.key] = letter
        }
        guard step.isMultiple(of: 5) else { continue }
        #expect(try writer.checkIntegrity() == [], "LOAM_TEST_SEED=\(seed), step \(step)")
        for list in [ann, bo] {
          let seen = standing.values.filter { $0.access == list }
          let found = try store.conversations(of: Caller(list.owner), seen.map(\.name))
          #expect(Set(found.keys) == Letter.joined(seen), "LOAM_TEST_SEED=\(seed), step \(step)")
        }
      }
    }
  }

  @Test("of a long list the first reference and the last 499 count", arguments: [499, 500, 501])
  func limit(count: Int) throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      let names = (0..<count).map { "m\($0)" }
      _ = try writer.apply(Letter(name: "reply", references: names).draft(source))
      let stored = try RawStore.run(
        "SELECT count(*) FROM message_name WHERE is_own = 0", in: store.home)
      #expect(stored == [[min(count, 500)]])
      for (name, isKept) in [(names[0], true), (names[1], count <= 500), (names[count - 1], true)] {
        _ = try writer.apply(Letter(name: name).draft(source))
        let found = try store.conversations(of: Caller(ann.owner), [name, "reply"])
        #expect((found.count == 1) == isKept, "\(name) of \(count)")
        _ = try writer.removeLocation(source: source, key: Letter(name: name).key)
      }
      #expect(try writer.checkIntegrity() == [])
    }
  }
}
