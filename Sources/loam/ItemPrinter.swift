import Grounding
import Retrieval

/// One item as a person reads it in a terminal: what is known of it, then its text.
struct ItemPrinter {
  let terminal: Terminal

  func text(for item: ItemDescription, text: String) -> String {
    var lines = [terminal.styled(item.title.map { printable($0) } ?? "(no title)", .title)]
    var fields: [(String, String)] = [("id", item.id), ("kind", item.kind.rawValue)]
    for person in item.people ?? [] { fields.append((person.role.rawValue, fullName(person))) }
    for role in ["sent", "received", "modified", "start", "end"] {
      if let time = item.times?[role] { fields.append((role, describe(time))) }
    }
    if let external = item.externalID { fields.append(("external id", external)) }
    if let conversation = item.conversation { fields.append(("conversation", conversation)) }
    for location in item.locations {
      fields.append(("source", location.source))
      if let uri = location.uri { fields.append(("at", uri)) }
    }
    let width = fields.map(\.0.count).max() ?? 0
    for (name, value) in fields {
      let gap = String(repeating: " ", count: width - name.count + 2)
      lines.append(terminal.styled(name, .faint) + gap + printable(value))
    }
    lines.append("")
    // The text has its own lines; only what could drive the terminal is taken out.
    lines += text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map { printable($0) }
        .joined(separator: "\t")
    }
    return lines.joined(separator: "\n")
  }
}

/// A person's name and address as mail writes them.
func fullName(_ person: Person) -> String {
  switch (person.name, person.address) {
  case (let name?, let address?): "\(name) <\(address)>"
  case (let name?, nil): name
  case (nil, let address?): address
  case (nil, nil): ""
  }
}
