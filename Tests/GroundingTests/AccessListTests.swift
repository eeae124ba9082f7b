import Grounding
import TestSupport
import Testing

@Suite("AccessList")
struct AccessListTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let owner: String
    let grants: [String]
    let principal: String
    var groups: [String] = []
    let isAllowed: Bool
    var testDescription: String { "\(owner) \(grants) for \(principal) \(groups)" }
  }

  @Test(
    "allows and denies as the rules say",
    arguments: [
      Case(owner: "ana", grants: [], principal: "ana", isAllowed: true),
      Case(owner: "ana", grants: [], principal: "ben", isAllowed: false),
      Case(owner: "ana", grants: [" user: BEN "], principal: "Ben", isAllowed: true),
      Case(owner: "ana", grants: ["group:crew"], principal: "ben", isAllowed: false),
      Case(
        owner: "ana", grants: ["group:Crew"], principal: "ben", groups: [" crew"], isAllowed: true),
      Case(owner: "ana", grants: ["everyone"], principal: "zoe", isAllowed: true),
      Case(owner: "ana", grants: ["everyone", "!user:zoe"], principal: "zoe", isAllowed: false),
      Case(
        owner: "ana", grants: ["user:ben", "!group:crew"], principal: "ben", groups: ["crew"],
        isAllowed: false),
      Case(owner: "ana", grants: ["!user:ana"], principal: "ana", isAllowed: false),
      Case(owner: "ana", grants: ["!everyone", "user:ben"], principal: "ben", isAllowed: false),
      // A deny alone opens nothing.
      Case(owner: "ana", grants: ["!user:zoe"], principal: "ben", isAllowed: false),
      // A principal is not a group of the same name.
      Case(owner: "ana", grants: ["group:ben"], principal: "ben", isAllowed: false),
    ])
  func rules(_ example: Case) throws {
    let list = AccessList(
      owner: Principal(example.owner), grants: try example.grants.map { try Grant(parsing: $0) })
    let caller = Caller(Principal(example.principal), groups: example.groups)
    #expect(list.allows(caller) == example.isAllowed)
  }

  @Test("grants of another form are refused", arguments: ["", "ben", "user:", "!", "role:x", "!x"])
  func badGrants(_ text: String) {
    #expect(throws: Problem.self) { try Grant(parsing: text) }
  }

  @Test("the canonical form reads back, and is equal only for equal lists")
  func canonical() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let names = ["a", "b:c", "7:user", "é", "!x", "everyone", "a b"]
    func list() -> AccessList {
      let grants = (0..<Int.random(in: 0...4, using: &random)).map { _ in
        let name = names.randomElement(using: &random) ?? "a"
        let subjects: [Grant.Subject] = [.user(Principal(name)), .group(name), .everyone]
        return Grant(
          subjects.randomElement(using: &random) ?? .everyone, denies: Bool.random(using: &random))
      }
      return AccessList(
        owner: Principal(names.randomElement(using: &random) ?? "a"), grants: grants)
    }
    for _ in 0..<500 {
      let (a, b) = (list(), list())
      #expect(try AccessList(canonical: a.canonical) == a, "seed \(seed)")
      #expect((a.canonical == b.canonical) == (a == b), "seed \(seed)")
    }
  }

  @Test(
    "a damaged canonical form is an error", arguments: ["", "5:ana", "x", "-1:", "3:ana9:user"])
  func damaged(_ text: String) {
    #expect(throws: Problem.self) { try AccessList(canonical: text) }
  }
}

@Suite("Names")
struct NameTests {
  @Test("tenant names", arguments: ["a", "0", "a-b", String(repeating: "x", count: 63)])
  func goodTenants(_ name: String) throws { #expect(try Tenant(name).name == name) }

  @Test(
    "what is not a tenant's name",
    arguments: ["", "-a", "A", "a_b", "a/b", "..", "ä", String(repeating: "x", count: 64)])
  func badTenants(_ name: String) { #expect(throws: Problem.self) { try Tenant(name) } }

  @Test("an item's id is 20 letters of base32")
  func itemIDs() {
    #expect(ItemID("abcdefghij234567abcd")?.text == "abcdefghij234567abcd")
    for text in ["", "abc", "ABCDEFGHIJ234567ABCD", "abcdefghij234567abc1"] {
      #expect(ItemID(text) == nil)
    }
  }
}
