import Analysis
import Grounding
import Partition
import TestSupport
import Testing

/// Random batches against a model that is a dictionary: what the store shows, counts and indexes is
/// what a recount of the visible texts gives.
@Suite("A store under random changes")
struct RandomStoreTests {
  @Test("index, access, vectors and row numbers hold after every batch", arguments: 0..<6)
  func holds(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    try Store.with { store, writer in
      var run = RandomRun(store: store, writer: writer, seed: seed)
      try run.prepare()
      for step in 0..<25 {
        try run.batch()
        let findings = try writer.checkIntegrity()
        #expect(findings == [], "seed \(seed), batch \(step)")
        try run.compare("seed \(seed), batch \(step)")
      }
    }
  }
}

/// One location as the model knows it.
private struct Place: Equatable {
  var name: String
  var title: String?
  var text: String
  var trace: String
  var access: AccessList
  var file: Int64?
}

private struct RandomRun {
  let store: Store
  let writer: PartitionWriter
  var random: RandomSource
  var places: [String: Place] = [:]
  var files: [Int64: String] = [:]
  var source: Int64 = 0
  /// Items of which a copy has gone or changed, perhaps the one that stood for them.
  var unsettled: Set<String> = []
  /// Follows the store through all batches; some rounds hardly have room.
  let cache: IndexCache
  /// Rows that a batch has shown, and those that the last one did.
  var seen: Set<Int64> = []
  var live: Set<Int64> = []

  init(store: Store, writer: PartitionWriter, seed: UInt64) {
    self.store = store
    self.writer = writer
    random = RandomSource(seed: seed)
    cache = IndexCache(octets: seed % 3 == 0 ? 20_000 : 1 << 20)
  }

  private static let lists = [
    AccessList(owner: Principal("ann")),
    AccessList(owner: Principal("bo")),
    AccessList(owner: Principal("ann"), grants: [Grant(.group("crew"))]),
    AccessList(owner: Principal("bo"), grants: [Grant(.everyone)]),
    AccessList(
      owner: Principal("bo"),
      grants: [Grant(.everyone), Grant(.user(Principal("ann")), denies: true)]),
  ]
  private static let callers = [
    Caller(Principal("ann")), Caller(Principal("bo")), Caller(Principal("cy"), groups: ["crew"]),
    Caller(Principal("dee")),
  ]
  private static let words = [
    "ferry", "ferries", "budget", "O'Neill", "the", "and", "naïve", "x@example.org", "running",
    "2026", "漢字仮名", "don't", "under_score", "C++", "Zürich",
  ]
  private static let model = "test"

  mutating func prepare() throws {
    source = try writer.source(named: "test")
    try writer.requireModel(Self.model, dimension: 8)
  }

  mutating func batch() throws {
    let isKept = Int.random(in: 0..<6, using: &random) > 0
    let before = (places, files)
    try writer.begin()
    for _ in 0..<Int.random(in: 1...12, using: &random) { try change() }
    if isKept {
      _ = try writer.commit()
    } else {
      writer.rollback()
      (places, files) = before
    }
    if Bool.random(using: &random) { try storeSomeVectors() }
  }

  private mutating func change() throws {
    switch Int.random(in: 0..<12, using: &random) {
    case 0..<6: try applyNew()
    case 6..<8: try applyAgain()
    case 8: try removePlace()
    case 9: try removeFile()
    case 10: try moveFile()
    default: try storeSomeVectors()
    }
  }

  private mutating func text() -> String {
    (0..<Int.random(in: 0...70, using: &random)).map { _ in
      Self.words.randomElement(using: &random) ?? ""
    }.joined(separator: " ")
  }

  private mutating func applyNew() throws {
    let name = "item \(Int.random(in: 0..<25, using: &random))"
    let key = "\(name)#\(Int.random(in: 0..<3, using: &random))"
    var file: Int64?
    if Int.random(in: 0..<3, using: &random) == 0 {
      let path = "file \(Int.random(in: 0..<8, using: &random))"
      file = try writer.put(
        FileRecord(source: source, path: path, size: 1, modified: 2, inode: 3))
      if let file { files[file] = path }
    }
    // Copies of an item differ in their trace alone; a new text is for all of them.
    let others = places.filter { $0.key != key && $0.value.name == name }
    let copy = others.first?.value
    let place = Place(
      name: name, title: copy.map(\.title) ?? Self.words.randomElement(using: &random),
      text: copy?.text ?? text(), trace: String(Int.random(in: 0..<4, using: &random)),
      access: Self.lists.randomElement(using: &random) ?? Self.lists[0], file: file)
    try apply(key, place)
  }

  private mutating func applyAgain() throws {
    guard let (key, place) = places.sorted(by: { $0.key < $1.key }).randomElement(using: &random)
    else { return }
    var changed = place
    if Bool.random(using: &random) {
      changed.access = Self.lists.randomElement(using: &random) ?? changed.access
    }
    try apply(key, changed)
  }

  private mutating func apply(_ key: String, _ place: Place) throws {
    let known = places[key]
    let isNew = !places.values.contains { $0.name == place.name }
    let applied = try writer.apply(draft(key, place))
    if known == place, applied == .updated, unsettled.contains(place.name) {
      // The copy that stood for the item had gone: this one stands for it now, and stays.
      #expect(try writer.apply(draft(key, place)) == .unchanged)
    } else {
      let expected: Applied =
        known == place ? .unchanged : known != nil ? .updated : isNew ? .added : .locationAdded
      #expect(applied == expected)
    }
    if let known, known != place { unsettled.insert(place.name) }
    places[key] = place
  }

  private func draft(_ key: String, _ place: Place) -> ItemDraft {
    PartitionTests.draft(
      place.name, source: source, title: place.title, text: place.text, key: key,
      trace: place.trace, file: place.file, access: place.access)
  }

  private mutating func removePlace() throws {
    guard let (key, place) = places.sorted(by: { $0.key < $1.key }).randomElement(using: &random)
    else { return }
    let gone = try writer.removeLocation(source: source, key: key)
    unsettled.insert(place.name)
    places[key] = nil
    let isLast = !places.values.contains { $0.name == place.name }
    #expect(gone.isEmpty != isLast)
  }

  private mutating func removeFile() throws {
    guard let file = files.keys.sorted().randomElement(using: &random) else { return }
    let lost = Set(places.values.filter { $0.file == file }.map(\.name))
    unsettled.formUnion(lost)
    places = places.filter { $0.value.file != file }
    files[file] = nil
    let gone = try writer.removeFile(file)
    #expect(gone.count == lost.filter { name in !places.values.contains { $0.name == name } }.count)
  }

  private mutating func moveFile() throws {
    guard let file = files.keys.sorted().randomElement(using: &random) else { return }
    let path = "moved \(Int.random(in: 0..<1_000_000, using: &random))"
    try writer.moveFile(file, to: path) { key, uri in ("\(path)/\(key)", uri) }
    files[file] = path
    for (key, place) in places where place.file == file {
      places[key] = nil
      places["\(path)/\(key)"] = place
    }
  }

  private static func vector(_ title: String?, _ body: String) -> QuantizedVector {
    let sum = "\(title ?? "")|\(body)".utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    return QuantizedVector((0..<8).map { Float((sum >> ($0 * 4)) & 15) + 1 })
  }

  private mutating func storeSomeVectors() throws {
    let pending = try writer.pendingVectors(limit: Int.random(in: 0...40, using: &random))
    try writer.storeVectors(
      pending.map { (row: $0.row, vector: Self.vector($0.title, $0.body)) }, model: Self.model)
  }

  // MARK: What the store shows

  mutating func compare(_ comment: String) throws {
    let snapshot = try store.snapshot(cache: cache)
    var all: Set<Int64> = []
    for caller in Self.callers {
      let rows = try snapshot.eligible(caller, kinds: [.document])
      all.formUnion(rows.rows)
      try compareItems(snapshot, rows, caller, comment)
      try compareVectors(snapshot, rows, comment)
    }
    #expect(all.subtracting(live).isDisjoint(with: seen), "a row was used again: \(comment)")
    seen.formUnion(all)
    live = all
  }

  private func compareItems(
    _ snapshot: Snapshot, _ rows: RowSet, _ caller: Caller, _ comment: String
  ) throws {
    let visible = places.filter { $0.value.access.allows(caller) }
    let names = Set(visible.values.map(\.name))
    let items = try snapshot.storedItems(rows.itemKeys, caller: caller)
    #expect(
      Set(items.values.map(\.id))
        == Set(names.map { PartitionTests.draft($0, source: 1, text: "").id }),
      "\(comment), \(caller.principal)")
    for item in items.values {
      let keys = visible.filter {
        PartitionTests.draft($0.value.name, source: 1, text: "").id == item.id
      }.keys.sorted()
      #expect(item.locations.map(\.key) == keys, "\(comment)")
    }
    let terms = Set(Self.words.flatMap { queryTerms($0).map(\.term) }).sorted()
    let lists = try snapshot.postings(terms, in: rows)
    var recount = Recount()
    for key in rows.itemKeys {
      guard let item = items[key] else { continue }
      var (count, length) = (0, 0)
      var dense: Int?
      for passage in try snapshot.passages(item: key) {
        guard let position = rows.position(ofRow: passage.row) else {
          Issue.record("a passage of a visible item is not eligible: \(comment)")
          continue
        }
        count += 1
        let octets = Array(item.text.utf8)[passage.span.range]
        let body = recount.terms(Array(octets))
        let title = passage.ordinal == 0 ? recount.terms(Array((item.title ?? "").utf8)) : [:]
        recount.expect(position, body: body, title: title)
        let terms = recount.length(Array(octets))
        length += terms
        #expect(rows.bodyTerms(at: position) == terms, "\(comment)")
        #expect(rows.row(at: position) == passage.row)
        #expect(rows.key(ofItem: rows.item(at: position)) == key)
        #expect(rows.positions(ofItem: rows.item(at: position)).contains(position))
        dense = rows.item(at: position)
      }
      #expect(count == max(1, cut(item.text).count), "\(comment)")
      length += 3 * recount.length(Array((item.title ?? "").utf8))
      #expect(dense.map { rows.length(ofItem: $0) } == length, "\(comment)")
    }
    for (term, list) in zip(terms, lists) {
      #expect(list == recount.list(of: term), "\(comment), \(term)")
    }
  }

  private func compareVectors(
    _ snapshot: Snapshot, _ rows: RowSet, _ comment: String
  ) throws {
    var found: [Int64: QuantizedVector] = [:]
    let vectors = try snapshot.vectors(model: Self.model, dimension: 8, of: rows)
    for row in rows.rows {
      found[row] = rows.position(ofRow: row).flatMap { vectors.vector(at: $0, of: rows) }
    }
    let items = try snapshot.storedItems(rows.itemKeys, caller: Self.callers[0])
    for (key, item) in items {
      for passage in try snapshot.passages(item: key) {
        guard let vector = found[passage.row] else { continue }
        let body = String(decoding: Array(item.text.utf8)[passage.span.range], as: UTF8.self)
        #expect(vector == Self.vector(item.title, body), "\(comment)")
      }
    }
  }
}

/// Counts terms with the analysis alone.
private struct Recount {
  private var analyzer = Analyzer()
  private var lists: [String: [Int: (body: Int32, title: Int32)]] = [:]

  mutating func terms(_ octets: [UInt8]) -> [String: Int32] {
    var counts: [String: Int32] = [:]
    analyzer.analyze(octets.span, mode: nil) { term, _ in
      var text: [UInt8] = []
      for index in term.indices { text.append(term[index]) }
      counts[String(decoding: text, as: UTF8.self), default: 0] += 1
      return true
    }
    return counts
  }

  mutating func length(_ octets: [UInt8]) -> Int {
    analyzer.countTerms(octets.span, mode: .text)
  }

  mutating func expect(_ position: Int, body: [String: Int32], title: [String: Int32]) {
    for term in Set(body.keys).union(title.keys) {
      lists[term, default: [:]][position] = (body[term] ?? 0, title[term] ?? 0)
    }
  }

  func list(of term: String) -> PostingList {
    var list = PostingList()
    for (position, counts) in (lists[term] ?? [:]).sorted(by: { $0.key < $1.key }) {
      list.positions.append(Int32(position))
      list.bodyFrequency.append(counts.body)
      list.titleFrequency.append(counts.title)
    }
    return list
  }
}
