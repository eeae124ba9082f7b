import Glibc
import Grounding
import Partition
import Retrieval
import TestSupport
import Testing

/// A partition with a bit of everything, one octet of which is flipped at a time.
@Suite("A damaged octet")
struct DamageTests {
  /// Every how manieth octet is flipped; 997 by default, which shares no factor with a page.
  private static let stride = Corpora.environment("LOAM_DAMAGE_STRIDE").flatMap { Int($0) } ?? 997
  /// The first octet that is.
  private static let start = Corpora.environment("LOAM_DAMAGE_START").flatMap { Int($0) } ?? 0

  private static let crew = AccessList(
    owner: Principal("olga"), grants: [Grant(.group("crew")), Grant(.user(Principal("alice")))])
  private static let callers = [
    Caller(Principal("olga")), Caller(Principal("alice")),
    Caller(Principal("bo"), groups: ["crew"]),
  ]
  private static let words = [
    "ferry", "budget", "harbour", "rope", "anchor", "crew", "engine", "tide", "lantern", "cargo",
    "winter", "repair", "invoice", "captain", "island", "letter",
  ]

  /// Mail with replies that quote, notes, events, copies under other lists; some went again.
  private static func fill(_ store: TestStore) throws {
    let words = Self.words
    func sentence(_ seed: Int, _ count: Int) -> [String] {
      (0..<count).map { index in
        words[(seed * 7 + index * (3 + seed % 5)) % words.count] + (index % 9 == 8 ? "." : "")
      }
    }
    try store.write {
      for number in 0..<24 {
        var mail = ItemSpec(
          key: "m\(number)", title: sentence(number, 4),
          passages: [sentence(number, 40), sentence(number + 3, 25)])
        if number % 3 == 2 {
          mail.references = ["m\(number - 1)"]
          mail.quoted = [sentence(number - 1, 12), sentence(number + 50, 12)]
        }
        mail.people = [
          Person(role: .from, name: "Zoë \(number % 4)", address: "zoe\(number % 4)@example.org"),
          Person(role: .to, name: nil, address: "crew@example.org"),
        ]
        mail.times = [
          ItemTime(
            role: .sent, instant: 1_790_925_240 + Int64(number) * 86_400, local: nil, zone: nil)
        ]
        mail.facts = [Fact("importance", .text("high")), Fact("octets", .number(Double(number)))]
        try store.add(mail, at: "inbox/\(number)", access: number % 4 == 0 ? own : crew)
        if number % 6 == 0 { try store.add(mail, at: "copy/\(number)", access: crew) }
      }
      for number in 0..<8 {
        var event = ItemSpec(
          key: "e\(number)", kind: .event, title: sentence(number + 90, 3),
          passages: [sentence(number + 70, 15)])
        event.times = [
          ItemTime(
            role: .start, instant: 1_790_900_000 + Int64(number) * 3_600,
            local: "2026-10-02T09:00:00", zone: "Europe/Berlin")
        ]
        try store.add(event, access: crew)
      }
      for number in 0..<10 {
        try store.add(
          ItemSpec(
            key: "n\(number)", source: "notes", kind: .document, title: sentence(number + 30, 3),
            passages: (0..<3).map { sentence(number + 40 + $0, 30) }), access: crew)
      }
    }
    try store.embed { $0.row % 11 != 0 }
    try store.write { for number in [3, 9, 15] { try store.remove(at: "inbox/\(number)") } }
  }

  private static let own = AccessList(owner: Principal("olga"))

  /// What the store answers to every question here and says of every item: as octets.
  private static func answers(_ home: LoamHome) throws(Problem) -> [[UInt8]] {
    let retriever = Retriever(
      snapshot: try Snapshot(home: home, tenant: .default), encoder: TestEncoder())
    var answers: [[UInt8]] = []
    for caller in callers {
      for mode in Mode.allCases {
        for query in ["ferry budget in winter", "the captain's lantern", "invoice", "zoe"] {
          let request = RetrievalRequest(query: query, limit: 50, mode: mode)
          let response = try retriever.retrieve(request, caller: caller, requestID: "r")
          answers.append(try response.json())
        }
      }
      let snapshot = try Snapshot(home: home, tenant: .default)
      let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
      for key in rows.itemKeys.sorted() {
        guard let id = try snapshot.id(ofItem: key),
          let item = try snapshot.shownItem(id.text, caller: caller)
        else { throw Problem(.damaged, "An item is not there.") }
        answers.append(try item.json())
      }
    }
    return answers
  }

  @Test("is found by the check, or changes no answer and no item")
  func everyOctet() throws {
    try withStoreFolder { folder in
      let original = "\(folder)/original"
      do { try Self.fill(try TestStore(original)) }
      let octets = try octets(
        ofFile: LoamHome(path: original).partition(of: .default))
      let expected = try Self.answers(LoamHome(path: original))
      let whole = try PartitionWriter.verify(home: LoamHome(path: original), tenant: .default)
      #expect(whole.findings == [])
      let home = LoamHome(path: "\(folder)/damaged")
      let path = home.partition(of: .default)
      var (found, harmless, refused) = (0, 0, 0)
      var byCheck: [Finding.Check: Int] = [:]
      for offset in Swift.stride(from: Self.start, to: octets.count, by: Self.stride) {
        var damaged = octets
        damaged[offset] = ~damaged[offset]
        try Self.put(damaged, at: path, home)
        // Whatever the file has, a question ends with an answer or a problem.
        let answers = Result { () throws(Problem) in try Self.answers(home) }
        let report = Result { () throws(Problem) in
          try PartitionWriter.verify(home: home, tenant: .default)
        }
        switch report {
        case .failure: refused += 1
        case .success(let report) where !report.isSound:
          found += 1
          byCheck[report.findings[0].check, default: 0] += 1
        case .success:
          harmless += 1
          #expect(try answers.get() == expected, "octet \(offset), page \(offset / 4_096 + 1)")
        }
      }
      print(
        "\(octets.count) octets, every \(Self.stride). from \(Self.start): \(found) flips found,",
        "\(refused) not opened, \(harmless) harmless;",
        byCheck.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.key) \($0.value)" })
      #expect(found > 0)
    }
  }

  private static func put(_ octets: [UInt8], at path: String, _ home: LoamHome) throws {
    if unsafe access(path, F_OK) != 0 { _ = try PartitionWriter(home: home, tenant: .default) }
    for suffix in ["-wal", "-shm", ""] { unsafe unlink(path + suffix) }
    guard let file = unsafe fopen(path, "wb") else { throw Unreadable(path: path) }
    defer { unsafe fclose(file) }
    unsafe fwrite(octets, 1, octets.count, file)
  }
}
