import Calendar
import Chronology
import Grounding

/// A calendar of one event whose lines are given, ended by CRLF.
func calendar(_ lines: String...) -> [UInt8] { calendar(lines) }

func calendar(_ lines: [String]) -> [UInt8] {
  let all =
    ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:u@example.org"] + lines
    + ["END:VEVENT", "END:VCALENDAR"]
  return Array(all.map { $0 + "\r\n" }.joined().utf8)
}

/// The event of ``calendar(_:)``.
func event(_ lines: String...) throws -> ParsedItem {
  let parsed = CalendarParser.parse(calendar(lines))
  guard parsed.events.count == 1 else { throw NoEvent(count: parsed.events.count) }
  return parsed.events[0]
}

struct NoEvent: Error { let count: Int }

extension ParsedItem {
  func time(_ role: ItemTime.Role) -> ItemTime? { times.first { $0.role == role } }

  func facts(_ name: String) -> [String] {
    facts.filter { $0.name == name }.compactMap {
      if case .text(let text) = $0.value { text } else { nil }
    }
  }

  var codes: [String] { defects.map(\.code) }
}
