import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

/// Two stores that differ in nothing but what a caller may not see must answer alike.
///
/// One store lives through a random history: items with several locations, users, groups, denies and
/// everyone among their grants, are added, changed, moved between access lists, removed and embedded
/// in a random order. The other has, in another order, only what `caller` may see of the end of
/// that history. Every response and every shown item must have the same octets.
@Suite("What a caller may not see")
struct NonInterferenceTests {
  static let caller = Caller(Principal("alice"), groups: ["staff"])
  static let storesPerRun = 50

  @Test("changes nothing that the caller gets: 1,000 seeded stores", arguments: 0..<20)
  func changesNothing(run: Int) throws {
    let seed = RandomSource.seedFromEnvironment()
    try withStoreFolder { folder in
      for index in 0..<Self.storesPerRun {
        let number = UInt64(run * Self.storesPerRun + index)
        var random = RandomSource(seed: seed &+ number)
        let pair = try StorePair(folder, number: number, caller: Self.caller, random: &random)
        let difference = try pair.firstDifference(asking: Self.caller, random: &random)
        #expect(difference == nil, "LOAM_TEST_SEED=\(seed), store \(number): \(difference ?? "")")
      }
    }
  }

  /// The property is worth something only if a leak shows.
  ///
  /// To `bob` some of what is hidden from the
  /// caller is not hidden: exactly then the two stores must differ for him, in what is shown of items,
  /// and in the responses where a whole item is among it.
  @Test("would show if it counted: the stores differ for whoever may see more")
  func canFail() throws {
    let seed = RandomSource.seedFromEnvironment()
    let bob = Caller(Principal("bob"), groups: ["board"])
    var differing = 0
    try withStoreFolder { folder in
      for number in 0..<UInt64(60) {
        var random = RandomSource(seed: seed &+ number)
        let pair = try StorePair(folder, number: number, caller: Self.caller, random: &random)
        let (items, locations) = pair.hidden(from: Self.caller, butNotFrom: bob)
        let response = try pair.responseDifference(asking: bob, random: &random)
        let item = try pair.itemDifference(asking: bob)
        if items > 0 { #expect(response != nil, "LOAM_TEST_SEED=\(seed), store \(number)") }
        #expect((item != nil) == (locations > 0), "LOAM_TEST_SEED=\(seed), store \(number)")
        differing += items > 0 ? 1 : 0
      }
    }
    #expect(differing > 10, "LOAM_TEST_SEED=\(seed)")
  }
}

/// What a response and a shown item leave out, case by case.
@Suite("Of what a caller may not see")
struct HiddenThingsTests {
  private let alice = Caller(Principal("alice"))
  private let hers = AccessList(owner: Principal("alice"))
  private let his = AccessList(owner: Principal("bob"))

  @Test("a parent is not named, and is for those who may see it")
  func parent() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let mail = ItemSpec(key: "mail", passages: [["quix"]])
      var attachment = ItemSpec(key: "attachment", kind: .document, passages: [["zorb"]])
      attachment.parent = mail.id
      try store.write {
        try store.add(mail, access: his)
        try store.add(
          attachment, access: AccessList(owner: Principal("bob"), grants: [Grant(.everyone)]))
      }
      try store.embed()
      let request = RetrievalRequest(query: "zorb", kinds: [.document])
      let asAlice = try store.retriever().retrieve(request, caller: alice)
      #expect(asAlice.results.map(\.item.id) == [attachment.id.text])
      #expect(asAlice.results.first?.item.parent == nil)
      #expect(asAlice.coverage.passages == 1)
      let asBob = try store.retriever().retrieve(request, caller: Caller(Principal("bob")))
      #expect(asBob.results.first?.item.parent == mail.id.text)
    }
  }

  @Test("a location is not listed, and an item with none that is visible is not there")
  func location() throws {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let both = ItemSpec(key: "both", passages: [["zorb"]])
      let hidden = ItemSpec(key: "hidden", passages: [["zorb", "zorb"]])
      try store.write {
        try store.add(both, at: "his", access: his)
        try store.add(both, at: "hers", access: hers)
        try store.add(hidden, access: his)
      }
      let response = try store.retriever(nil).retrieve(
        RetrievalRequest(query: "zorb"), caller: alice)
      #expect(response.results.map(\.item.externalID) == ["both@example.org"])
      #expect(
        response.results.first?.item.locations
          == [LocationDescription(source: "archive", uri: "file:///archive/hers")])
      #expect(response.coverage.passages == 1)
    }
  }

  @Test(
    "a copy with other headers: neither its content nor its people come through the copy that is")
  func otherCopy() throws {
    var failures: [String] = []
    for salt in 0..<16 {
      try withStoreFolder { folder in
        let store = try TestStore(folder)
        var received = ItemSpec(key: "mail", title: ["zorb"], passages: [["quix"]])
        received.people = [Person(role: .to, address: "alice@example.org")]
        received.salt = 2 * salt
        var sent = received
        sent.salt = 2 * salt + 1
        sent.people.append(Person(role: .bcc, address: "secret@example.org"))
        try store.write {
          try store.add(received, at: "inbox", access: hers)
          try store.add(sent, at: "sent", access: his)
        }
        let response = try store.retriever(nil).retrieve(
          RetrievalRequest(query: "quix"), caller: alice)
        if response.results.first?.item.people != received.people { failures.append("\(salt)") }
      }
    }
    #expect(failures == [])
  }
}

/// A store with a history, and one with only what a caller may see of its end.
private struct StorePair {
  let full: TestStore
  let visible: TestStore
  let history: History

  init(
    _ folder: String, number: UInt64, caller: Caller, random: inout RandomSource
  ) throws {
    full = try TestStore(folder, tenant: "full\(number)")
    visible = try TestStore(folder, tenant: "visible\(number)")
    var history = History(random: &random)
    try history.play(in: full, random: &random)
    self.history = history
    try full.embed()

    let seen = history.standing.filter { $0.value.access.allows(caller) }
    try visible.write {
      for (location, value) in seen.sorted(by: { $0.key < $1.key }).shuffled(using: &random) {
        try visible.add(history.copy(at: location), at: location, access: value.access)
      }
    }
    try visible.embed()
  }

  /// What `caller` may not see and `other` may: items, and locations.
  func hidden(from caller: Caller, butNotFrom other: Caller) -> (items: Int, locations: Int) {
    let standing = history.standing.values
    let seen = Set(standing.filter { $0.access.allows(caller) }.map(\.item))
    let more = standing.filter { $0.access.allows(other) && !$0.access.allows(caller) }
    return (Set(more.map(\.item)).subtracting(seen).count, more.count)
  }

  /// The first answer that is not the same octets in both, described; `nil` where all are.
  func firstDifference(asking caller: Caller, random: inout RandomSource) throws -> String? {
    try responseDifference(asking: caller, random: &random) ?? itemDifference(asking: caller)
  }

  func responseDifference(asking caller: Caller, random: inout RandomSource) throws -> String? {
    let retrievers = (try full.retriever(), try visible.retriever())
    for request in requests(&random) {
      let a = try retrievers.0.retrieve(request, caller: caller).json()
      let b = try retrievers.1.retrieve(request, caller: caller).json()
      if a != b {
        return """
          \(request)
          \(String(decoding: a, as: UTF8.self))
          \(String(decoding: b, as: UTF8.self))
          """
      }
    }
    return nil
  }

  func itemDifference(asking caller: Caller) throws -> String? {
    let snapshots = (try full.snapshot(), try visible.snapshot())
    for id in history.specs.map(\.id) {
      let a = try snapshots.0.item(id, caller: caller).map(shown)
      let b = try snapshots.1.item(id, caller: caller).map(shown)
      if a != b { return "\(id)\n\(a ?? "absent")\n\(b ?? "absent")" }
    }
    return nil
  }

  private func requests(_ random: inout RandomSource) -> [RetrievalRequest] {
    var requests = [
      RetrievalRequest(
        query: "the", limit: 100, mode: .lexical, now: "2026-11-24T09:00:00+01:00"),
      RetrievalRequest(
        query: "zorb quix", limit: 100, groupBy: .conversation),
      RetrievalRequest(query: "?!", limit: 100),
    ]
    for mode in Mode.allCases {
      let words = random.words(1...5) + (random.chance(0.2) ? ["unheard"] : [])
      requests.append(
        RetrievalRequest(
          query: words.joined(separator: " "),
          kinds: random.chance(0.5) ? Set(ItemKind.allCases) : [random.pick(ItemKind.allCases)],
          limit: random.pick([1, 3, 100]), snippetsPerItem: random.pick([1, 3]), mode: mode,
          fusion: random.pick(Fusion.allCases), groupBy: random.pick([nil, .conversation]),
          budgetTokens: random.pick([nil, 20]),
          now: random.pick([nil, "2027-01-01T00:00:00Z"])))
    }
    return requests
  }
}

/// Random changes to the locations of a few items.
fileprivate struct History {
  struct Standing {
    var item: Int
    var access: AccessList
    /// What this copy says besides: trace headers, which also change its content hash.
    var salt: Int
    var people: [Person]
    var times: [ItemTime]
    var facts: [Fact] = []
    /// In place of the item's own, where the copy differs.
    var references: [String]?
  }

  var specs: [ItemSpec]
  /// What stands at each location.
  var standing: [String: Standing] = [:]

  init(random: inout RandomSource) {
    specs = (0..<Int.random(in: 2...9, using: &random)).map { random.spec("k\($0)") }
    for index in specs.indices where random.chance(0.3) {
      specs[index].parent = specs[Int.random(in: 0..<specs.count, using: &random)].id
      if specs[index].parent == specs[index].id { specs[index].parent = nil }
    }
    for index in specs.indices where random.chance(0.6) {
      let others = specs.indices.filter { $0 != index }
      specs[index].references = others.filter { _ in random.chance(0.5) }.shuffled(using: &random)
        .map { specs[$0].key }
      // Some of it stands in what it answers, some elsewhere or nowhere; some of it is quoted twice.
      specs[index].quoted = (0..<Int.random(in: 0...3, using: &random)).map { _ in
        random.chance(0.8)
          ? random.pick(specs[random.pick(others)].passages) : random.words(5...7)
      }.filter { !$0.isEmpty }
    }
    // Messages answer each other, by reference or by subject.
    for index in specs.indices where specs[index].kind == .mail && random.chance(0.6) {
      specs[index].references += random.references()
      specs[index].title = (random.chance(0.6) ? ["re:"] : []) + [random.pick(["zorb", "quix"])]
      specs[index].times = [
        ItemTime(role: .sent, instant: 86_400 * Int64.random(in: 0...40, using: &random))
      ]
    }
  }

  /// The item as the copy at `location` has it.
  func copy(at location: String) -> ItemSpec {
    guard let standing = standing[location] else { preconditionFailure("nothing stands there") }
    var spec = specs[standing.item]
    spec.salt = standing.salt
    spec.people += standing.people
    spec.times += standing.times
    spec.facts += standing.facts
    spec.references = standing.references ?? spec.references
    return spec
  }

  mutating func play(in store: TestStore, random: inout RandomSource) throws {
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      try store.write {
        for _ in 0..<Int.random(in: 2...12, using: &random) { try step(store, &random) }
      }
      // Some vectors come between two changes, so that an item can change its class with them.
      if random.chance(0.5) {
        let share = random.pick([0.5, 1])
        var inner = random
        try store.embed { _ in inner.chance(share) }
        random = inner
      }
    }
  }

  private mutating func step(_ store: TestStore, _ random: inout RandomSource) throws {
    let item = Int.random(in: 0..<specs.count, using: &random)
    let own = standing.filter { $0.value.item == item }.keys.sorted()
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<6:
      let location = "\(specs[item].key)-\(Int.random(in: 0..<3, using: &random))"
      let access = random.accessList()
      standing[location] = random.standing(item, access)
      try store.add(copy(at: location), at: location, access: access)
    case 6..<8:
      guard !own.isEmpty else { return }
      let location = random.pick(own)
      try store.remove(at: location)
      standing[location] = nil
    default:
      // Its source changes at every place it stands.
      let fresh = random.spec(specs[item].key)
      specs[item].title = fresh.title
      specs[item].passages = fresh.passages
      for location in own {
        guard let access = standing[location]?.access else { continue }
        try store.add(copy(at: location), at: location, access: access)
      }
    }
  }
}

extension RandomSource {
  /// Owners, users, groups, everyone and denies of each, few enough that lists recur.
  fileprivate mutating func accessList() -> AccessList {
    let subjects: [Grant.Subject] = [
      .user(Principal("alice")), .user(Principal("bob")), .group("staff"), .group("board"),
      .everyone,
    ]
    let grants = (0..<Int.random(in: 0...2, using: &self)).map { _ in
      Grant(pick(subjects), denies: chance(0.3))
    }
    return AccessList(owner: Principal(pick(["alice", "bob", "carol"])), grants: grants)
  }
}

extension RandomSource {
  /// Half of the copies are as their item is; the others have some of a Bcc, a time of receipt and a
  /// series of their own.
  fileprivate mutating func standing(_ item: Int, _ access: AccessList) -> History.Standing {
    var standing = History.Standing(item: item, access: access, salt: 0, people: [], times: [])
    guard chance(0.5) else { return standing }
    standing.salt = Int.random(in: 1...1_000_000, using: &self)
    if chance(0.5) { standing.people = [Person(role: .bcc, name: pick(Words.content))] }
    if chance(0.5) {
      standing.times = [ItemTime(role: .received, instant: Int64(standing.salt), zone: "+00:00")]
    }
    if chance(0.5) { standing.facts = [series()] }
    if chance(0.5) { standing.references = references() }
    return standing
  }

  /// Items of the store, itself perhaps, and some that are not there.
  fileprivate mutating func references() -> [String] {
    let keys = (0..<Int.random(in: 0...2, using: &self)).map { _ in
      "k\(Int.random(in: 0...11, using: &self))"
    }
    return keys.enumerated().filter { keys.firstIndex(of: $1) == $0 }.map(\.element)
  }

  /// What a copy says of how it goes on: most series go on after the time of asking.
  private mutating func series() -> Fact {
    let day = Int.random(in: 10...28, using: &self)
    let frequency = pick(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"])
    let end = pick(["", ";COUNT=3", ";UNTIL=20301231"])
    return Fact(
      "recurrence", .text("DTSTART:202609\(day)T080000Z\nRRULE:FREQ=\(frequency)\(end)\n"))
  }
}

/// All that `show` could print of an item: without the store's own number of it and the count of its
/// contents, in which a past before it could be seen remains, and which are never shown.
private func shown(_ item: StoredItem) -> String {
  var item = item
  item.key = 0
  item.version = 0
  return "\(item)"
}
