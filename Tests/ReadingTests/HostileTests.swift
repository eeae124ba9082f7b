import FoundationEssentials
import Grounding
import Reading
import TestSupport
import Testing

@Suite("Reading under limits")
struct HostileTests {
  /// A message in a message, `depth` times around `leaf`.
  private func nested(_ depth: Int, around leaf: [UInt8]) -> [UInt8] {
    var octets = leaf
    for level in 0..<depth {
      octets = message(
        [Part("message/rfc822", octets: octets, isEncoded: false)], boundary: "level\(level)")
    }
    return octets
  }

  private func depth(_ item: ParsedItem) -> Int { 1 + (item.children.map(depth).max() ?? 0) }

  @Test("attached messages are read to a depth; the next is named")
  func messageDepth() throws {
    var limits = ReadingLimits()
    limits.messageDepth = 3
    let leaf = Array((messageHeader + "\ninnermost\n").utf8)
    let within = try read(nested(3, around: leaf), limits: limits)
    #expect(depth(within.items[0]) == 4)
    #expect(within.parts.allSatisfy { $0.outcome == .read(.message) })
    let beyond = try read(nested(4, around: leaf), limits: limits)
    #expect(depth(beyond.items[0]) == 4)
    #expect(beyond.parts.map(\.outcome).last == .notRead(.tooDeep))
    let innermost = beyond.items[0].children[0].children[0].children[0]
    #expect(notRead(innermost) == ["part 2: too_deep"])
  }

  @Test("children are read up to a number, at any depth; the others are named")
  func childCount() throws {
    var limits = ReadingLimits()
    limits.children = 4
    let notes = (0..<3).map { Part("text/plain", name: "\($0).txt", "note \($0)") }
    let inner = message(notes, boundary: "inner")
    let octets = message([Part("message/rfc822", octets: inner, isEncoded: false)] + notes)
    let file = try read(octets, limits: limits)
    let codes = file.parts.map(\.outcome)
    #expect(codes.count { if case .read = $0 { true } else { false } } == 4)
    #expect(codes.count { $0 == .notRead(.tooMany) } == 3)
    #expect(notRead(file.items[0]) == ["part 3: too_many", "part 4: too_many", "part 5: too_many"])
    let events = (0..<6).map { event("u\($0)", "Event") }
    let calendars = try read(message([Part("text/calendar", calendar(events))]), limits: limits)
    #expect(calendars.items[0].children.count == 4)
    #expect(notRead(calendars.items[0]) == ["part 2: too_many"])
  }

  @Test("attachments are read up to a sum of octets; the others are named")
  func attachedOctets() throws {
    var limits = ReadingLimits()
    limits.attachedOctets = 20
    let file = try read(
      message([
        Part("text/plain", name: "a", "0123456789"), Part("text/plain", name: "b", "0123456789"),
        Part("text/plain", name: "c", "0"),
      ]), limits: limits)
    #expect(file.items[0].children.count == 2)
    #expect(notRead(file.items[0]) == ["part 4: too_large"])
    let mixed = try read(
      message([
        Part("text/plain", name: "a", "0123456789abcdefghijk"),
        Part("text/plain", name: "b", "0123456789"), Part("text/plain", name: "c", "0123456789"),
      ]), limits: limits)
    #expect(mixed.items[0].children.map(\.title) == ["b", "c"])
    #expect(notRead(mixed.items[0]) == ["part 2: too_large"])
  }

  @Test("shapes that grow on what is inside of them end soon")
  func worstShapes() throws {
    let leaf = Array((messageHeader + "\n" + String(repeating: "word ", count: 200_000)).utf8)
    let deep = try read(nested(30, around: leaf))
    #expect(depth(deep.items[0]) == ReadingLimits().messageDepth + 1)
    let many = try read(message((0..<3_000).map { _ in Part("text/plain", name: "a", "x") }))
    #expect(many.items[0].children.count <= ReadingLimits().children)
    let unclosed = (0..<20_000).map { "--b\nContent-Type: multipart/mixed; boundary=b\($0)\n\n" }
    _ = try read(
      Array(
        (messageHeader + "Content-Type: multipart/mixed; boundary=b\n\n" + unclosed.joined()).utf8))
    let begins = String(repeating: "BEGIN:VEVENT\r\n", count: 50_000)
    _ = try read(message([Part("text/calendar", "BEGIN:VCALENDAR\r\n" + begins)]))
  }

  @Test("damaged messages are read to something sound, twice the same")
  func damaged() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let whole = message([
      Part("text/calendar", calendar([event("u", "Audit")])),
      Part("text/csv", name: "a.csv", "a,b\n1,2\n"),
      Part(
        "message/rfc822", octets: message([Part("text/html", "<p>x")], boundary: "i"),
        isEncoded: false),
      Part("application/json", "{\"a\": [1, 2]}", isEncoded: false),
    ])
    for round in 0..<400 {
      var octets = whole
      for _ in 0..<Int.random(in: 1...12, using: &random) {
        let place = Int.random(in: 0..<octets.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: octets[place] = UInt8.random(in: 0...255, using: &random)
        case 1:
          octets.removeSubrange(
            place..<min(octets.count, place + Int.random(in: 1...40, using: &random)))
        default:
          octets.insert(contentsOf: octets[place...].prefix(60), at: place)
        }
        if octets.isEmpty { octets = [0x0A] }
      }
      let file = try read(octets)
      func check(_ item: ParsedItem) {
        #expect(item.hasSoundSegments && item.text.isFitForPrompts, "seed \(seed), round \(round)")
        item.children.forEach(check)
      }
      file.items.forEach(check)
      #expect(try read(octets) == file, "seed \(seed), round \(round)")
    }
  }

  @Test("what was read goes through JSON and back, as between two processes")
  func roundTrip() throws {
    let file = try read(
      message([
        Part("text/calendar", calendar([event("u", "Audit", "CLASS:PRIVATE")])),
        Part("application/pdf", "%PDF-1.4\n"),
        Part("application/pgp-signature", "-----BEGIN PGP SIGNATURE-----"),
        Part("message/rfc822", AttachmentTests.inner, isEncoded: false),
      ]))
    let data = try JSONEncoder().encode(file)
    #expect(try JSONDecoder().decode(ReadFile.self, from: data) == file)
  }
}
