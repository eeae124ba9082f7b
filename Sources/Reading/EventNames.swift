import Grounding

/// Gives every event of one file or message a name of its own.
///
/// Invitations mostly stand twice in their message, as a part of the text and as a file: an event
/// with the same name and the same octets is the same.
struct EventNames {
  private var met: [[UInt8]: Set<[UInt8]>] = [:]
  private(set) var defects: [Defect] = []

  /// The event under its name; `nil` for one that was there already.
  mutating func distinct(_ event: ParsedItem) -> ParsedItem? {
    var event = event
    let hash = event.contentHash ?? []
    var name = event.identity ?? hash
    if !name.contains(0) { name.append(0) }
    event.identity = name
    guard var known = met[name] else {
      met[name] = [hash]
      return event
    }
    guard known.insert(hash).inserted else {
      add(.duplicateEvent)
      return nil
    }
    met[name] = known
    event.identity = name + [0] + Array("\(known.count)".utf8)
    add(.repeatedEventID)
    return event
  }

  private mutating func add(_ defect: ReadingDefect) {
    let code = defect.rawValue
    guard let place = defects.firstIndex(where: { $0.code == code }) else {
      return defects.append(Defect(code, "1"))
    }
    defects[place].detail = String((defects[place].detail.flatMap { Int($0) } ?? 0) + 1)
  }
}
