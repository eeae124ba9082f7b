import Grounding
import Partition
import TestSupport
import Testing

private let owner = Caller(Principal("owner"))

@Suite("Snapshot")
struct SnapshotTests {
  @Test("a snapshot stays as it was while the store changes, until it is paused and resumed")
  func isStable() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let first = draft("a", source: source, text: "first words")
      _ = try writer.apply(first)
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      for index in 0..<300 {
        _ = try writer.apply(draft("more \(index)", source: source, text: "more words"))
      }
      _ = try writer.removeLocation(source: source, key: "a")
      #expect(try snapshot.eligible(owner, kinds: [.document]).rows == rows.rows)
      #expect(try snapshot.postings(["word"], in: rows)[0].positions == [0])
      #expect(try snapshot.item(first.id, caller: owner)?.text == "first words")
      try snapshot.pause()
      #expect(try !snapshot.resume())
      #expect(try snapshot.item(first.id, caller: owner) == nil)
      #expect(try snapshot.eligible(owner, kinds: [.document]).itemKeys.count == 300)
    }
  }

  private static let ann = Principal("ann")
  private static let accessCases: [(lists: [AccessList], visible: [String])] = [
    ([AccessList(owner: ann)], ["ann"]),
    ([AccessList(owner: ann, grants: [Grant(.user(Principal("bo")))])], ["ann", "bo"]),
    ([AccessList(owner: ann, grants: [Grant(.group("crew"))])], ["ann", "cy"]),
    ([AccessList(owner: ann, grants: [Grant(.everyone)])], ["ann", "bo", "cy", "dee"]),
    (
      [AccessList(owner: ann, grants: [Grant(.everyone), Grant(.group("crew"), denies: true)])],
      ["ann", "bo", "dee"]
    ),
    ([AccessList(owner: ann, grants: [Grant(.user(ann), denies: true)])], []),
    (
      [
        AccessList(
          owner: ann, grants: [Grant(.everyone), Grant(.user(Principal("bo")), denies: true)]),
        AccessList(owner: Principal("bo")),
      ], ["ann", "bo", "cy", "dee"]
    ),
    (
      [
        AccessList(owner: ann),
        AccessList(owner: Principal("dee"), grants: [Grant(.group("crew"))]),
      ], ["ann", "cy", "dee"]
    ),
  ]

  @Test("an item is visible if one of its lists allows, and shows only the places that do")
  func judgesAccess() throws {
    for (index, test) in Self.accessCases.enumerated() {
      try Store.with { store, writer in
        let source = try writer.source(named: "notes")
        for (place, list) in test.lists.enumerated() {
          _ = try writer.apply(
            draft("a", source: source, text: "words", key: "place \(place)", access: list))
        }
        let snapshot = try store.snapshot()
        for name in ["ann", "bo", "cy", "dee"] {
          let caller = Caller(Principal(name), groups: name == "cy" ? ["crew"] : [])
          let rows = try snapshot.eligible(caller, kinds: [.document])
          let item = try snapshot.item(draft("a", source: 1, text: "").id, caller: caller)
          let isVisible = test.visible.contains(name)
          #expect(rows.rows.isEmpty != isVisible, "case \(index), \(name)")
          #expect((item != nil) == isVisible, "case \(index), \(name)")
          let keys = test.lists.indices.filter { test.lists[$0].allows(caller) }
            .map { "place \($0)" }
          #expect((item?.locations.map(\.key) ?? []) == keys, "case \(index), \(name)")
          #expect(try snapshot.storedItems([1], caller: caller).isEmpty != isVisible)
        }
      }
    }
  }

  @Test("an access list that cannot be read opens nothing")
  func refusesUnreadableLists() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      let access = AccessList(owner: Principal("owner"), grants: [Grant(.everyone)])
      _ = try writer.apply(draft("a", source: source, text: "words", access: access))
      try RawStore.run("UPDATE access_class SET lists = '3:xyz'", in: store.home)
      let snapshot = try store.snapshot()
      let problem = #expect(throws: Problem.self) {
        try snapshot.eligible(owner, kinds: [.document])
      }
      #expect(problem?.code == .damaged)
      #expect(throws: Problem.self) {
        try snapshot.item(draft("a", source: 1, text: "").id, caller: owner)
      }
    }
  }

  @Test("extents belong to one class and grow from 16 to 1,024 rows")
  func growsExtents() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      try writer.begin()
      for index in 0..<2_100 {
        let name = index % 300 == 7 ? "bo" : "owner"
        _ = try writer.apply(
          draft("\(index)", source: source, text: "w", access: AccessList(owner: Principal(name))))
      }
      _ = try writer.commit()
      let extents = try RawStore.run(
        "SELECT class, first, count, used FROM extent ORDER BY first", in: store.home
      ).map { (class: $0[0], first: $0[1], count: $0[2], used: $0[3]) }
      let counts = extents.filter { $0.class == 1 }.map(\.count)
      #expect(counts == [16, 32, 64, 128, 256, 512, 1_024, 1_024])
      #expect(extents.filter { $0.class == 2 }.map(\.count) == [16])
      var end = 1
      for extent in extents {
        #expect(extent.first == end)
        end += extent.count
      }
      #expect(extents.filter { $0.class == 1 }.map(\.used).reduce(0, +) == 2_093)
      #expect(try store.rows("bo").rows.count == 7)
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("an extent whose rows are gone goes with its vectors; its numbers do not come back")
  func dropsDeadExtents() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      try writer.requireModel("m", dimension: 4)
      for index in 0..<100 { _ = try writer.apply(draft("\(index)", source: source, text: "w")) }
      let pending = try writer.pendingVectors(limit: 100)
      let vector = QuantizedVector([1, 2, 3, 4])
      try writer.storeVectors(pending.map { (row: $0.row, vector: vector) }, model: "m")
      for index in 0..<60 { _ = try writer.removeLocation(source: source, key: "\(index)") }
      #expect(try RawStore.run("SELECT first FROM extent", in: store.home) == [[49]])
      #expect(try RawStore.run("SELECT count(*) FROM vector_page", in: store.home) == [[1]])
      for index in 60..<100 { _ = try writer.removeLocation(source: source, key: "\(index)") }
      #expect(try writer.checkIntegrity() == [])
      _ = try writer.apply(draft("new", source: source, text: "w"))
      #expect(try store.rows("owner").rows == [101])
    }
  }

  @Test("hostile values come back as they were, and the index stays whole")
  func keepsHostileValues() throws {
    let texts = [
      "a\u{0}b\u{0}", "\u{1}names or not", "\u{2}terms \"or\" not", "'; DROP TABLE item; --",
      "\"quoted\" AND NOT (x)", "", " ", "the and of", "\u{FEFF}bom", "e\u{301} é 👩‍👩‍👧‍👦 \u{10FFFF}",
      String(repeating: "long", count: 200_000), String(repeating: "\u{0}", count: 100),
      "3:abc-2:x-",
    ]
    try Store.with { store, writer in
      let source = try writer.source(named: "it's \"odd\"\u{0}")
      var drafts: [ItemDraft] = []
      for (index, text) in texts.enumerated() {
        var item = draft(
          "\(index)", source: source, title: text, text: text, key: "\(index)\(text)")
        item.item.people = [
          Person(role: .from, name: text, address: text), Person(role: .bcc),
        ]
        item.item.times = [
          ItemTime(role: .sent, instant: .min, local: text, zone: text, allDay: false),
          ItemTime(role: .end),
        ]
        item.item.facts = [
          Fact(text, .text(text)), Fact("n", .number(-0.5)), Fact("w", .number(3)),
          Fact("inf", .number(.infinity)), Fact("i", .instant(.max)),
        ]
        item.item.defects = [Defect(text, text), Defect("d")]
        (item.item.externalID, item.item.conversation) = (text, text)
        (item.item.language, item.item.label) = (text, text)
        let locator = Locator(part: text, heading: [text, "", "-"], page: .max)
        item.item.segments = [
          Segment(kind: .body, span: TextSpan(0..<text.utf8.count), locator: locator)
        ]
        if !item.passages.isEmpty { item.passages[0].locator = locator }
        item.uri = text
        drafts.append(item)
        #expect(try writer.apply(item) == .added)
      }
      #expect(try writer.checkIntegrity() == [])
      let snapshot = try store.snapshot()
      for item in drafts {
        let stored = try #require(try snapshot.item(item.id, caller: owner))
        #expect(stored.content == item.item)
        #expect(stored.contentHash == item.contentHash)
        #expect(stored.locations.map(\.uri) == [item.uri])
        let passages = try snapshot.passages(item: stored.key)
        #expect(passages.first?.locator == (item.passages.first?.locator ?? Locator()))
      }
      for item in drafts { _ = try writer.removeLocation(source: source, key: item.key) }
      #expect(try writer.checkIntegrity() == [])
      #expect(try store.rows("owner").isEmpty)
    }
  }

  @Test("queries of many, odd and empty terms are answered, a list a term")
  func answersOddQueries() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      _ = try writer.apply(draft("a", source: source, text: "alpha omega"))
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(owner, kinds: [.document])
      var terms = (0..<2_000).map { "absent\($0)" }
      terms += ["omega", "", "\"", "om\"ega", "\u{0}", "a b", "*", "alpha", "omega"]
      let lists = try snapshot.postings(terms, in: rows)
      #expect(lists.count == terms.count)
      let found = terms.indices.filter { !lists[$0].positions.isEmpty }.map { terms[$0] }
      #expect(found == ["omega", "alpha", "omega"])
      #expect(try snapshot.postings([], in: rows) == [])
      #expect(try snapshot.postings(["omega"], in: RowSet()) == [PostingList()])
    }
  }

  @Test("another model's vectors are refused; for a change of the model every row waits again")
  func guardsModels() throws {
    try Store.with { store, writer in
      let source = try writer.source(named: "notes")
      _ = try writer.apply(draft("a", source: source, text: "words"))
      try writer.requireModel("one", dimension: 4)
      let vector = QuantizedVector([1, 2, 3, 4])
      try writer.storeVectors([(row: 1, vector: vector), (row: 77, vector: vector)], model: "one")
      #expect(try writer.pendingCount() == 0)
      for (id, dimension) in [("two", 4), ("one", 5)] {
        let problem = #expect(throws: Problem.self) {
          try writer.requireModel(id, dimension: dimension)
        }
        #expect(problem?.code == .rebuildNeeded)
      }
      let other = #expect(throws: Problem.self) {
        try writer.storeVectors([(row: 1, vector: vector)], model: "two")
      }
      #expect(other?.code == .rebuildNeeded)
      let short = #expect(throws: Problem.self) {
        try writer.storeVectors([(row: 1, vector: QuantizedVector([1]))], model: "one")
      }
      #expect(short?.code == .badModel)
      let snapshot = try store.snapshot()
      let rows = try snapshot.eligible(
        Caller(Principal("owner")), kinds: Set(ItemKind.allCases))
      for (model, dimension, isThere) in [("one", 4, true), ("one", 3, false), ("two", 4, false)] {
        let vectors = try snapshot.vectors(model: model, dimension: dimension, of: rows)
        #expect((vectors.query(Array(repeating: 1, count: dimension)) != nil) == isThere)
      }
      try writer.changeModel(to: "two", dimension: 3)
      #expect(try writer.pendingCount() == 0)
      #expect(try writer.pendingCount(.next) == 1)
      #expect(try writer.checkIntegrity() == [])
    }
  }
}

@Suite("QuantizedVector")
struct QuantizedVectorTests {
  /// A vector whose blocks differ in size, as do those of models; some may be zeros.
  private static func vector(_ dimension: Int, _ random: inout RandomSource) -> [Float] {
    let sizes = (0...dimension / 64).map { _ in Float.random(in: 0...1, using: &random) }
    return (0..<dimension).map { index -> Float in
      let size = sizes[index / 64]
      return size < 0.05 ? 0 : (size + 0.1) * Float.random(in: -2...2, using: &random)
    }
  }

  @Test(
    "components are rounded to a step of their block, and a vector's length is kept",
    arguments: [1, 8, 63, 64, 65, 100, 384, 1_000])
  func rounds(dimension: Int) {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<200 {
      let vector = Self.vector(dimension, &random)
      let quantized = QuantizedVector(vector)
      let greatest = vector.map(abs).max() ?? 0
      guard greatest > 0 else {
        #expect(quantized.scale == 0)
        continue
      }
      #expect(quantized.codes.count == dimension)
      #expect(quantized.steps.count == (dimension + 63) / 64)
      #expect(quantized.steps.max() == 255)
      let unit = greatest / (127 * 255)
      for (index, value) in vector.enumerated() {
        let step = Float(quantized.steps[index / 64])
        let rounded = Float(quantized.codes[index]) * unit * step
        // Half a code of the block's step, or of the next where that step was nearly enough.
        #expect(abs(value - rounded) <= unit * (step + 1) * 0.5001, "seed \(seed)")
      }
      // A step is no greater than the block needs.
      for (index, step) in quantized.steps.enumerated() {
        let block = vector[index * 64..<min((index + 1) * 64, dimension)]
        let needed = (block.map(abs).max() ?? 0) / greatest * 255
        #expect(step == 1 || Float(step) - 1 < needed * 1.001, "seed \(seed)")
      }
      // The product with the vector that was rounded is that of this with itself.
      let square = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
      let product = zip(vector, quantized.values).reduce(0.0) {
        $0 + Double($1.0) * Double($1.1)
      }
      #expect(abs(product / square - 1) < 1e-6, "seed \(seed)")
    }
  }

  @Test(
    "what is rounded again gets the same codes and steps", arguments: [1, 8, 64, 65, 384, 1_000])
  func roundsAgain(dimension: Int) {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      let quantized = QuantizedVector(Self.vector(dimension, &random))
      let again = QuantizedVector(quantized.values)
      #expect(again.codes == quantized.codes, "seed \(seed)")
      #expect(again.steps == quantized.steps, "seed \(seed)")
      #expect(abs(again.scale - quantized.scale) <= quantized.scale.ulp, "seed \(seed)")
    }
  }

  @Test("zeros have no scale, and components that are no finite numbers count as 0")
  func edges() {
    #expect(QuantizedVector([0, 0]).scale == 0)
    #expect(QuantizedVector([]).codes.isEmpty)
    #expect(QuantizedVector([]).steps.isEmpty)
    let odd = QuantizedVector([.nan, .infinity, -1, 0.5])
    #expect(odd.codes == [0, 0, -127, 64])
    #expect(QuantizedVector([.leastNonzeroMagnitude]).scale == 0)
    // Blocks of which nothing is left, of a tenth, and of as much as the greatest.
    let ones = [Float](repeating: 1, count: 64)
    let sizes: [Float] = [1, 0, 1e-9, 0.1]
    let blocks = QuantizedVector(sizes.flatMap { size in ones.map { $0 * size } } + [-1])
    #expect(blocks.steps == [255, 1, 1, 26, 255])
    #expect(blocks.codes[64..<192].allSatisfy { $0 == 0 })
    #expect(blocks.codes.last == -127)
  }
}
