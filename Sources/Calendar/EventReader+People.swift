import Chronology
import Grounding

/// Who takes part.
extension EventReader {
  mutating func readPeople() {
    for (name, role) in [("ORGANIZER", Person.Role.organizer), ("ATTENDEE", .attendee)] {
      for property in all(name) {
        guard item.people.count < limits.people else {
          texts.defects.add(.tooManyPeople)
          return
        }
        let name = property.parameter("CN").flatMap { cleanLine($0) }
        let address = address(property)
        guard name != nil || address != nil else { continue }
        item.people.append(
          Person(
            role: role, name: name == address ? nil : name, address: address,
            state: role == .attendee ? state(property) : nil))
      }
    }
  }

  /// An address of mail: of `mailto:`, of EMAIL, or as it stands; other addresses name nobody.
  private mutating func address(_ property: ContentLine) -> String? {
    let text = texts.text(property)
    let isMail = text.prefix(7).lowercased() == "mailto:"
    let stated = cleanLine(String(isMail ? text.dropFirst(7) : text[...]))
    let other = property.parameter("EMAIL").flatMap { cleanLine($0) }
    for candidate in [isMail ? stated : nil, other, stated] {
      guard let candidate, candidate.utf8.contains(0x40),
        isMail || !candidate.utf8.contains(0x3A), candidate.utf8.count <= 320
      else { continue }
      return candidate
    }
    return nil
  }

  private func state(_ property: ContentLine) -> Person.State? {
    guard let value = property.parameter("PARTSTAT") ?? property.parameter("STATUS") else {
      return nil
    }
    let name = value.lowercased().split { $0 == "-" || $0 == " " }.joined(separator: "_")
    return Person.State(rawValue: name)
  }
}
