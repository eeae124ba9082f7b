import Chronology
import Grounding
import Markup

/// What a person reads of an event, besides its title.
extension EventReader {
  mutating func writeText(_ text: inout EventText) {
    text.append(summaryLines().joined(separator: "\n"))
    writeDescription(&text)
    for property in all("COMMENT").prefix(100) {
      for paragraph in Self.paragraphs(texts.text(property)) { text.append(paragraph) }
    }
  }

  /// When, how often, where, who: one line each.
  private mutating func summaryLines() -> [String] {
    var lines: [String] = []
    func add(_ label: String, _ value: String?) {
      if let value, !value.isEmpty { lines.append("\(label): \(value)") }
    }
    if isCancelled { lines.append("This event is cancelled.") }
    if let start { add("When", cleanLine(WhenWords.span(from: start, to: end))) }
    if isSeries { add("Repeats", repetition().flatMap { cleanLine($0) }) }
    if let replaced { add("In place of", cleanLine(WhenWords.moment(replaced))) }
    add("Where", line("LOCATION"))
    let organizers = item.people.filter { $0.role == .organizer }.map(Self.words)
    add("Organizer", organizers.joined(separator: ", "))
    let attendees = item.people.filter { $0.role == .attendee }.map(Self.words)
    add("Attendees", attendees.joined(separator: ", "))
    add("Categories", categories.joined(separator: ", "))
    for name in ["CONTACT", "RESOURCES"] { add(name.capitalised, line(name)) }
    if line("STATUS")?.lowercased() == "tentative" { add("Status", "tentative") }
    for link in links() { add("Link", link) }
    return lines
  }

  private var isCancelled: Bool {
    mutating get {
      if line("STATUS")?.lowercased() == "cancelled" { return true }
      return method.map { upperCased($0.value.filter { $0 > 0x20 }[...]) } == "CANCEL"
    }
  }

  private static func words(_ person: Person) -> String {
    let state = person.state.map { " (\($0.words))" } ?? ""
    return switch (person.name, person.address) {
    case (let name?, let address?): "\(name) <\(address)>\(state)"
    case (let name?, nil): name + state
    case (nil, let address): (address ?? "") + state
    }
  }

  private static let linkProperties = [
    "URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL",
  ]

  private mutating func links() -> [String] {
    var found: [String] = []
    for name in Self.linkProperties {
      for property in all(name).prefix(20) {
        guard let link = cleanLine(texts.text(property)), !found.contains(link) else { continue }
        found.append(link)
      }
    }
    return found
  }

  /// The first description that says something; HTML where there is no other.
  private mutating func writeDescription(_ text: inout EventText) {
    for property in all("DESCRIPTION") + all("X-ALT-DESC") {
      let description = texts.text(property)
      guard description.utf8.contains(where: { $0 > 0x20 }) else { continue }
      let isHTML = property.name == "X-ALT-DESC" || property.says("FMTTYPE", "TEXT/HTML")
      if let html = HTMLDescription(description, isDeclared: isHTML) {
        for defect in text.append(html: html.text) { texts.defects.add(defect) }
      } else {
        for paragraph in Self.paragraphs(description) { text.append(paragraph) }
      }
      return
    }
  }

  /// Stretches of lines between empty ones.
  private static func paragraphs(_ text: String) -> [String] {
    var found: [[String]] = [[]]
    let plain = text.utf8.filter { $0 != 0x0D }
    for line in plain.split(separator: 0x0A, omittingEmptySubsequences: false) {
      var octets = line[...]
      while let last = octets.last, last == 0x20 || last == 0x09 { octets.removeLast() }
      if octets.isEmpty {
        if found.last?.isEmpty == false { found.append([]) }
      } else {
        found[found.count - 1].append(String(decoding: octets, as: UTF8.self))
      }
    }
    return found.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
  }

  /// The rules in words, further dates and exceptions.
  private mutating func repetition() -> String? {
    guard let start else { return nil }
    var parts: [String] = []
    for property in all("RRULE").prefix(4) {
      guard let rule = try? RecurrenceRule(property.value) else {
        parts.append("by a rule that is not understood")
        continue
      }
      parts.append(RuleWords(rule, start: start).text)
    }
    var text = parts.joined(separator: ", and ")
    let added = days("RDATE")
    if !added.isEmpty { text += (text.isEmpty ? "on " : ", also on ") + WhenWords.list(added) }
    let excluded = days("EXDATE")
    if !excluded.isEmpty { text += ", except on " + WhenWords.list(excluded) }
    return text
  }

  /// The days of a list of dates, in order.
  private mutating func days(_ name: String) -> [Int] {
    var days: Set<Int> = []
    for property in all(name) {
      for octets in property.value.split(separator: 0x2C) {
        let first = octets.prefix { $0 != 0x2F }
        guard let value = TimeValue(first), days.count < Recurrence.dateLimit else { continue }
        let moment = CalendarMoment(value, zoneID: property.parameter("TZID"), zones: zones)
        days.insert((start.flatMap { moment.civil(in: $0.zone) } ?? moment.civil).dayNumber)
      }
    }
    return days.sorted()
  }
}

extension Person.State {
  /// As people say it.
  var words: String {
    switch self {
    case .accepted: "accepted"
    case .declined: "declined"
    case .tentative: "tentative"
    case .delegated: "delegated"
    case .needsAction: "no answer yet"
    }
  }
}

extension String {
  /// `CONTACT` as `Contact`.
  fileprivate var capitalised: String { prefix(1) + dropFirst().lowercased() }
}
