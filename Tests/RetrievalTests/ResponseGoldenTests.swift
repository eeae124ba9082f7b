import FoundationEssentials
import Glibc
import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

@Suite("A response's octets")
struct ResponseGoldenTests {
  private static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    .joined(separator: "/") + "/Golden"

  /// A mail and its reply, a note, and an invitation that the caller may not see.
  private func response(_ request: RetrievalRequest) throws -> RetrievalResponse {
    try withStoreFolder { folder in
      let store = try TestStore(folder)
      let shared = AccessList(
        owner: Principal("olga"), grants: [Grant(.user(Principal("alice")))])
      var mail = ItemSpec(
        key: "budget", title: ["Budget", "2027"],
        passages: [["We", "raise", "the", "budget", "by", "nine."], ["Regards,", "Zoë"]])
      mail.people = [Person(role: .from, name: "Zoë Ames", address: "zoe@example.org")]
      mail.times = [
        ItemTime(
          role: .sent, instant: 1_790_925_240, local: "2026-10-02T09:14:00", zone: "+02:00")
      ]
      var reply = ItemSpec(
        key: "reply", title: ["Re:", "Budget", "2027"], passages: [["Agreed", "</b>", "/", "ok"]])
      reply.parent = mail.id
      let note = ItemSpec(
        key: "note", source: "notes", kind: .document,
        passages: [["Ferries", "run", "at", "nine."]])
      let hidden = ItemSpec(key: "hidden", kind: .event, passages: [["Secret", "budget"]])
      try store.write {
        try store.add(mail, at: "inbox/1", access: shared)
        try store.add(mail, at: "private/1", access: AccessList(owner: Principal("olga")))
        try store.add(reply, access: shared)
        try store.add(note, access: shared)
        try store.add(hidden, access: AccessList(owner: Principal("olga")))
      }
      try store.embed()
      return try store.retriever().retrieve(
        request, caller: Caller(Principal("alice")), requestID: "golden")
    }
  }

  @Test(
    "they are those of the golden file, and valid by the schema",
    arguments: [
      ("hybrid", RetrievalRequest(query: "what is the budget for ferries", snippetsPerItem: 2)),
      ("lexical", RetrievalRequest(query: "budget", limit: 1, mode: .lexical)),
      ("rrf", RetrievalRequest(query: "nine ferries", mode: .hybrid, fusion: .rrf)),
      ("vector", RetrievalRequest(query: "Zoë", mode: .vector, budgetTokens: 3)),
    ])
  func golden(name: String, request: RetrievalRequest) throws {
    let octets = try response(request).json() + [0x0A]
    let path = "\(Self.folder)/\(name).json"
    // LOAM_WRITE_GOLDEN=1 writes the files anew; the difference is reviewed like code.
    if Corpora.environment("LOAM_WRITE_GOLDEN") == "1" { try write(octets, to: path) }
    let expected = try TestSupport.octets(ofFile: path)
    #expect(String(decoding: octets, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
    let value = try JSONValue(String(decoding: octets, as: UTF8.self))
    #expect(try JSONSchema(named: "retrieval-response").violations(of: value) == [])
  }

  private func write(_ octets: [UInt8], to path: String) throws {
    guard let file = unsafe fopen(path, "wb") else { throw Unreadable(path: path) }
    defer { unsafe fclose(file) }
    unsafe fwrite(octets, 1, octets.count, file)
  }

  @Test("equal questions to equal stores have the same octets")
  func deterministic() throws {
    let request = RetrievalRequest(query: "what is the budget for ferries")
    let first = try response(request).json()
    for _ in 0..<3 { #expect(try response(request).json() == first) }
  }

  @Test("a response reads back as what was written")
  func roundTrip() throws {
    let response = try response(RetrievalRequest(query: "budget"))
    let octets = try response.json()
    #expect(!String(decoding: octets, as: UTF8.self).contains("null"))
    #expect(try JSONDecoder().decode(RetrievalResponse.self, from: Data(octets)) == response)
  }
}
