import Grounding
import Octets
import Partition
import TestSupport
import Testing

@Suite("Erasure")
struct EraseTests {
  private static let secret = "the amethyst lighthouse keeper quarrelled about saffron invoices"

  private func message(
    _ name: String, source: Int64, from: String, to: String, text: String
  ) -> ItemDraft {
    draft(
      name, source: source, title: "Letter \(name)", text: text, kind: .mail,
      people: [
        Person(role: .from, name: nil, address: from), Person(role: .to, name: nil, address: to),
      ])
  }

  private func fill(_ writer: PartitionWriter) throws -> Int64 {
    let source = try writer.source(named: "s")
    for number in 0..<60 {
      _ = try writer.apply(
        message(
          "\(number)", source: source, from: "bo@example.org", to: "cy@example.org",
          text: "ordinary words of letter \(number) about the ferry and its timetable"))
    }
    _ = try writer.apply(
      message(
        "secret", source: source, from: "Amaryllis@example.org", to: "bo@example.org",
        text: Self.secret))
    _ = try writer.apply(
      message(
        "answer", source: source, from: "bo@example.org", to: "amaryllis@example.org",
        text: "thank you for the letter"))
    try writer.requireModel("m", dimension: QuantizedVector.dimension)
    try writer.embed()
    return source
  }

  /// Whether a text stands anywhere in the store's files.
  private func stands(_ text: String, in store: Store) throws -> Bool {
    let path = store.home.partition(of: .default)
    let text = Array(text.utf8)
    for suffix in ["", "-wal"] {
      let octets = try octets(ofFile: path + suffix)
      for start in octets.indices.dropLast(text.count - 1)
      where octets[start] == text[0] && octets[start..<start + text.count].elementsEqual(text) {
        return true
      }
    }
    return false
  }

  @Test(
    "leaves no octet of what is erased, and what remains is sound",
    arguments: [false, true])
  func leavesNothing(byAddress: Bool) throws {
    try Store.with { store, writer in
      let source = try fill(writer)
      let secret = message(
        "secret", source: source, from: "Amaryllis@example.org", to: "bo@example.org",
        text: Self.secret)
      #expect(try stands("saffron invoices", in: store))
      let erasure = try writer.erase(
        byAddress ? .from(address: "amaryllis@EXAMPLE.org") : .items([secret.id]))
      #expect(erasure.items == [secret.id])
      #expect(erasure.proof.isComplete, "\(erasure.proof)")
      #expect(erasure.proof.searched > 50)
      #expect(erasure.proof.octets > 100_000)
      for text in ["saffron invoices", "amethyst", secret.id.text, "Letter secret", "Amaryllis@"] {
        #expect(try !stands(text, in: store), "\(text)")
      }
      #expect(try writer.checkIntegrity() == [])
      #expect(try writer.contains(secret.id) == false)
      #expect(try store.rows("owner").itemCount == 61)
      // Another ingest of the same does not bring it back; others come as ever.
      #expect(try writer.apply(secret) == .erased)
      #expect(try writer.contains(secret.id) == false)
      #expect(
        try writer.apply(draft("new", source: source, text: "new words")) == .added)
      #expect(try writer.erase(.items([secret.id])).items == [])
      #expect(try writer.checkIntegrity() == [])
    }
  }

  @Test("of all that names an address takes what was sent to it too")
  func naming() throws {
    try Store.with { store, writer in
      _ = try fill(writer)
      let erasure = try writer.erase(.naming(address: "amaryllis@example.org"))
      #expect(erasure.items.count == 2)
      #expect(erasure.proof.isComplete, "\(erasure.proof)")
      #expect(try !stands("maryllis@example.org", in: store))
      #expect(try store.rows("owner").itemCount == 60)
      let unknown = #expect(throws: Problem.self) {
        try writer.erase(.items([itemID(source: "test", key: Array("nobody".utf8))]))
      }
      #expect(unknown?.code == .notFound)
    }
  }

  @Test("is not called complete while a reader keeps the old state, and can be gone on with")
  func waitsForReaders() throws {
    try Store.with { store, writer in
      let source = try fill(writer)
      let id = draft("secret", source: source, text: "").id
      do {
        let reader = try store.snapshot()
        let problem = #expect(throws: Problem.self) { try writer.erase(.items([id])) }
        #expect(problem?.code == .locked)
        #expect(try reader.item(id, caller: Caller(Principal("owner"))) != nil)
      }
      #expect(try store.snapshot().item(id, caller: Caller(Principal("owner"))) == nil)
      let erasure = try writer.erase(.items([id]))
      #expect(erasure.items == [])
      #expect(erasure.proof.isComplete)
      #expect(try !stands("saffron invoices", in: store))
    }
  }

  @Test("of a tenant leaves no file of it")
  func tenant() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: folder)
      do { _ = try fill(try PartitionWriter(home: home, tenant: .default)) }
      _ = try PartitionWriter(home: home, tenant: try Tenant("other"))
      try PartitionWriter.eraseTenant(.default, home: home)
      #expect(home.tenants().map(\.name) == ["other"])
      #expect(throws: Problem.self) { try PartitionWriter.eraseTenant(.default, home: home) }
      #expect(throws: (any Error).self) { try octets(ofFile: home.lock(of: .default)) }
    }
  }
}
