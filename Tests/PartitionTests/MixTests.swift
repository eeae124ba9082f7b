import Grounding
import Partition
import TestSupport
import Testing

@Suite("What a reply is searched by")
struct MixTests {
  private static let root = Mail(name: "root", own: ["the ferry leaves at nine"])
  private static let middle = Mail(
    name: "middle", own: ["then we meet at the pier"], references: ["root"])
  private static let leaf = Mail(
    name: "leaf", own: ["see you there"], references: ["root", "middle"])
  private static let all = [root, middle, leaf]

  /// The formula over doubles, from the own vectors as they are stored.
  private static func mixed(_ own: QuantizedVector, _ parents: [QuantizedVector]) -> [Double] {
    var sum = own.values.map { Double($0) }
    for parent in parents {
      for (index, value) in parent.values.enumerated() {
        sum[index] += 0.5 * Double(value) / Double(parents.count)
      }
    }
    let length = sum.map { $0 * $0 }.reduce(0, +).squareRoot()
    return sum.map { $0 / length }
  }

  private func embed(_ writer: PartitionWriter, limit: Int = 99) throws {
    try writer.embed(limit: limit)
    #expect(try writer.checkIntegrity() == [])
  }

  private func with(_ body: (Store, PartitionWriter, Int64) throws -> Void) throws {
    try Store.with { store, writer in
      try writer.requireModel("m", dimension: QuantizedVector.dimension)
      try body(store, writer, try writer.source(named: "s"))
    }
  }

  /// What each mail's first passage is searched by, as `name` sees it.
  private func searched(_ store: Store, _ name: String) throws -> [String: QuantizedVector] {
    let found = try store.searched(Caller(Principal(name)))
    let named = Self.all.compactMap { mail in found[mail.id].map { (mail.name, $0) } }
    return Dictionary(uniqueKeysWithValues: named)
  }

  private func expect(
    _ found: QuantizedVector?, _ mail: Mail, answering parent: Mail?,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let found = try #require(found, sourceLocation: location)
    let own = QuantizedVector.ofWords(mail.own[0])
    guard let parent else { return #expect(found == own, sourceLocation: location) }
    let expected = Self.mixed(own, [QuantizedVector.ofWords(parent.own[0])])
    for (rounded, value) in zip(found.values, expected) {
      // Half a code of rounding.
      #expect(
        abs(Double(rounded) - value) <= Double(found.scale) * 0.51, sourceLocation: location)
    }
    #expect(found != own, sourceLocation: location)
  }

  @Test("is its own vector and half its parent's mean, in whatever order they come")
  func orders() throws {
    var results: [[String: QuantizedVector]] = []
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0], [2, 0, 1]] {
      for isEach in [true, false] {
        try with { store, writer, source in
          for index in order {
            _ = try writer.apply(Self.all[index].draft(source: source, access: ann))
            if isEach { try embed(writer) }
          }
          try embed(writer)
          results.append(try searched(store, "ann"))
        }
      }
    }
    #expect(Set(results).count == 1)
    try expect(results[0]["root"], Self.root, answering: nil)
    try expect(results[0]["middle"], Self.middle, answering: Self.root)
    try expect(results[0]["leaf"], Self.leaf, answering: Self.middle)
  }

  @Test("renewed when the parent goes, comes or changes, and when it is another")
  func renews() throws {
    try with { store, writer, source in
      for mail in Self.all { _ = try writer.apply(mail.draft(source: source, access: ann)) }
      try embed(writer)
      _ = try writer.removeLocation(source: source, key: "middle")
      #expect(try writer.checkIntegrity() == [])
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: nil)
      var middle = Self.middle
      middle.own = ["then we do not meet at all"]
      _ = try writer.apply(middle.draft(source: source, access: ann))
      // It has no vector yet.
      #expect(try writer.checkIntegrity() == [])
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: nil)
      try embed(writer)
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: middle)
      _ = try writer.apply(Self.middle.draft(source: source, access: ann))
      try embed(writer)
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: Self.middle)
      var leaf = Self.leaf
      leaf.references = ["root"]
      _ = try writer.apply(leaf.draft(source: source, access: ann))
      #expect(try writer.pendingCount() == 0)
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: Self.root)
      try writer.changeModel(to: "n", dimension: QuantizedVector.dimension)
      #expect(try writer.checkIntegrity() == [])
      try expect(searched(store, "ann")["leaf"], Self.leaf, answering: Self.root)
    }
  }

  @Test("mixed only for whom one list opens both: under others it is its own vector")
  func lists() throws {
    try with { store, writer, source in
      _ = try writer.apply(Self.root.draft(source: source, key: "r1", access: bo))
      _ = try writer.apply(Self.middle.draft(source: source, key: "m1", access: ann))
      try embed(writer)
      try expect(searched(store, "ann")["middle"], Self.middle, answering: nil)
      // A copy beside the parent: its owner sees both there, the other only the reply.
      _ = try writer.apply(Self.middle.draft(source: source, key: "m2", access: bo))
      try embed(writer)
      try expect(searched(store, "ann")["middle"], Self.middle, answering: nil)
      try expect(searched(store, "bo")["middle"], Self.middle, answering: Self.root)
      _ = try writer.apply(Self.root.draft(source: source, key: "r2", access: ann))
      try embed(writer)
      try expect(searched(store, "ann")["middle"], Self.middle, answering: Self.root)
      _ = try writer.removeLocation(source: source, key: "r1")
      #expect(try writer.checkIntegrity() == [])
      try expect(searched(store, "ann")["middle"], Self.middle, answering: Self.root)
      try expect(searched(store, "bo")["middle"], Self.middle, answering: nil)
    }
  }

  @Test("the mean is that of all passages of the parent that have a vector")
  func mean() throws {
    try with { store, writer, source in
      var long = Self.root.draft(source: source, access: ann)
      let cut = long.item.text.utf8.count / 2
      long.passages = [
        Passage(ordinal: 0, span: TextSpan(0..<cut)),
        Passage(ordinal: 1, span: TextSpan(cut..<long.item.text.utf8.count)),
      ]
      _ = try writer.apply(Self.middle.draft(source: source, access: ann))
      _ = try writer.apply(long)
      try embed(writer, limit: 2)
      try embed(writer)
      let octets = Array(long.item.text.utf8)
      let parents = [octets[..<cut], octets[cut...]].map {
        QuantizedVector.ofWords(String(decoding: $0, as: UTF8.self))
      }
      let found = try #require(try searched(store, "ann")["middle"])
      for (rounded, value) in zip(
        found.values, Self.mixed(QuantizedVector.ofWords(Self.middle.own[0]), parents))
      {
        #expect(abs(Double(rounded) - value) <= Double(found.scale) * 0.51)
      }
    }
  }

  @Test(
    "the check reports a mix that is not what it should be",
    arguments: zip(
      [
        "DELETE FROM mix", "UPDATE mix SET parent = 99", "DELETE FROM mixed_page",
        "UPDATE mixed_page SET page = zeroblob(length(page))",
        "UPDATE mixed_page SET page = zeroblob(5)",
      ], ["parent", "parent", "searched", "searched", "size"]))
  func check(change: String, word: String) throws {
    try with { store, writer, source in
      for mail in Self.all { _ = try writer.apply(mail.draft(source: source, access: ann)) }
      try embed(writer)
      try RawStore.run(change, in: store.home)
      let findings = try writer.checkIntegrity()
      #expect(findings.contains { $0.contains(word) }, "\(findings)")
    }
  }
}
