import Grounding
import Reading
import Testing

@Suite("An invitation in a message")
struct InvitationTests {
  private func mail(_ parts: Part...) throws -> ParsedItem {
    try #require(try read(message(parts)).items.first)
  }

  @Test("that stands in the text and as a file is one event, and no oddity")
  func twice() throws {
    let text = calendar([event("u1", "Audit")], method: "REQUEST")
    let item = try mail(
      Part("text/calendar; method=REQUEST", text), Part("application/ics", name: "invite.ics", text)
    )
    #expect(item.children.map(\.externalID) == ["u1"])
    #expect(!item.defects.contains { $0.code == ReadingDefect.repeatedEventID.rawValue })
    #expect(notRead(item) == [])
  }

  @Test("that contradicts itself is two events, with names of their own and an oddity")
  func contradiction() throws {
    let item = try mail(
      Part("text/calendar", calendar([event("u1", "Audit")])),
      Part("text/calendar", calendar([event("u1", "Other audit")])))
    #expect(item.children.count == 2)
    #expect(Set(item.children.compactMap(\.identity)).count == 2)
    #expect(item.defects.contains { $0.code == ReadingDefect.repeatedEventID.rawValue })
  }

  @Test("an occurrence of a series is an event beside it")
  func occurrence() throws {
    let item = try mail(
      Part(
        "text/calendar",
        calendar([
          event("u1", "Weekly", "RRULE:FREQ=WEEKLY"),
          event("u1", "Moved", "RECURRENCE-ID:20261110T090000Z"),
        ])))
    #expect(item.children.count == 2)
    #expect(item.children[0].identity == Array("u1".utf8) + [0])
    #expect(item.children[1].identity?.starts(with: Array("u1".utf8) + [0]) == true)
    #expect(item.children[0].identity != item.children[1].identity)
  }

  @Test("that is private or confidential is its owner's only")
  func ownerOnly() throws {
    for (property, isOwnerOnly) in [
      ("CLASS:PRIVATE", true), ("CLASS:CONFIDENTIAL", true), ("CLASS:PUBLIC", false),
    ] {
      let item = try mail(Part("text/calendar", calendar([event("u1", "Audit", property)])))
      #expect(item.children.map(\.isOwnerOnly) == [isOwnerOnly], "\(property)")
      #expect(!item.isOwnerOnly)
    }
  }

  @Test("a task in it is named as not read, and the event beside it is read")
  func tasks() throws {
    let task = ["BEGIN:VTODO", "UID:t1", "SUMMARY:Paint", "END:VTODO"]
    let item = try mail(Part("text/calendar", calendar([event("u1", "Audit")], more: task)))
    #expect(item.children.map(\.externalID) == ["u1"])
    #expect(notRead(item).count == 1)
    #expect(notRead(item)[0].hasPrefix("part 2"))
    #expect(notRead(item)[0].hasSuffix(": not_yet"))
    let only = try mail(Part("text/calendar", calendar([], more: task)))
    #expect(only.children.isEmpty)
    #expect(notRead(only).contains("part 2: not_yet"))
  }
}
