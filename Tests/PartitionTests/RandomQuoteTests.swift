import Grounding
import Partition
import TestSupport
import Testing

/// Random messages that quote each other against the rule, written down over what stands in the end.
@Suite("Quotes under random changes")
struct RandomQuoteTests {
  private static let lists = [
    AccessList(owner: Principal("ann")),
    AccessList(owner: Principal("bo")),
    AccessList(owner: Principal("ann"), grants: [Grant(.group("crew"))]),
    AccessList(owner: Principal("bo"), grants: [Grant(.everyone)]),
  ]
  private static let callers = [
    Caller(Principal("ann")), Caller(Principal("bo")), Caller(Principal("cy"), groups: ["crew"]),
  ]

  @Test("what counts follows from what stands in the end, for every caller", arguments: 0..<8)
  func follows(round: Int) throws {
    let seed = RandomSource.seedFromEnvironment() &+ UInt64(round)
    var random = RandomSource(seed: seed)
    try Store.with { store, writer in
      let source = try writer.source(named: "s")
      var mails: [String: Mail] = [:]
      var standing: [String: (mail: String, access: AccessList)] = [:]
      for step in 0..<20 {
        let before = (mails, standing)
        try writer.begin()
        for _ in 0..<Int.random(in: 1...6, using: &random) {
          let name = "m\(Int.random(in: 0..<9, using: &random))"
          if Int.random(in: 0..<4, using: &random) == 0 {
            guard let key = standing.keys.sorted().randomElement(using: &random) else { continue }
            _ = try writer.removeLocation(source: source, key: key)
            standing[key] = nil
            continue
          }
          let access = Self.lists.randomElement(using: &random) ?? Self.lists[0]
          let key = "\(name)#\(Int.random(in: 0..<2, using: &random))"
          let isKnown = standing.values.contains { $0.mail == name }
          if !isKnown || Int.random(in: 0..<4, using: &random) == 0 {
            mails[name] = Self.mail(name, &random)
          }
          guard let mail = mails[name] else { continue }
          standing[key] = (name, access)
          // A new content is for all copies.
          for (key, place) in standing.sorted(by: { $0.key < $1.key }) where place.mail == name {
            _ = try writer.apply(mail.draft(source: source, key: key, access: place.access))
          }
        }
        if Int.random(in: 0..<5, using: &random) == 0 {
          writer.rollback()
          (mails, standing) = before
        } else {
          _ = try writer.commit()
        }
        let note = "LOAM_TEST_SEED=\(seed), batch \(step)"
        #expect(try writer.checkIntegrity() == [], "\(note)")
        for caller in Self.callers {
          let places = standing.values.filter { $0.access.allows(caller) }
          let expected = Self.expected(
            places.compactMap { place in mails[place.mail].map { ($0, place.access) } })
          let found = try store.quotes(caller.principal.name, groups: caller.groups.sorted())
          #expect(found == expected, "\(note), \(caller.principal)")
        }
      }
    }
  }

  private static func line(_ random: inout RandomSource) -> String {
    "line \(Int.random(in: 0..<6, using: &random)) of the very same words"
  }

  private static func mail(_ name: String, _ random: inout RandomSource) -> Mail {
    var mail = Mail(name: name, own: [])
    mail.own = (0...Int.random(in: 0...1, using: &random)).map { _ in line(&random) }
    mail.quoted = (0..<Int.random(in: 0...2, using: &random)).map { _ in
      (0...Int.random(in: 0...2, using: &random)).map { _ in line(&random) }
    }
    mail.references = Array(
      Set(
        (0..<Int.random(in: 0...3, using: &random)).map { _ in
          "m\(Int.random(in: 0..<9, using: &random))"
        })
    ).sorted()
    return mail
  }

  /// The rule, list by list, over what a caller may see.
  private static func expected(_ places: [(Mail, AccessList)]) -> [String] {
    var counting: Set<String> = []
    for list in Set(places.map(\.1)) {
      var mails: [String: Mail] = [:]
      for (mail, access) in places where access == list { mails[mail.name] = mail }
      var seen: Set<[String]> = []
      for mail in mails.values.sorted(by: { $0.id < $1.id }) {
        for (index, quote) in mail.quoted.enumerated() {
          let own = Set(
            mail.references.filter { $0 != mail.name }.flatMap { mails[$0]?.own ?? [] })
          let known = quote.filter { own.contains($0) }.count
          guard known * 2 <= quote.count, seen.insert(quote).inserted else { continue }
          counting.insert("\(mail.name): \(quote.joined(separator: "\n"))|\(index)")
        }
      }
    }
    return counting.map { String($0.prefix { $0 != "|" }) }.sorted()
  }
}
