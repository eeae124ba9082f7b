import Calendar
import Chronology
import Grounding

/// A calendar, and the next occurrence of each of its series.
func fuzzCalendar(_ octets: [UInt8]) {
  let calendar = CalendarParser.parse(octets)
  for event in calendar.events {
    demand(event.kind == .event, "events are events")
    demandSound(event)
    for case .text(let lines) in event.facts.filter({ $0.name == "recurrence" }).map(\.value) {
      demandSoundSeries(lines)
    }
  }
}

private func demandSoundSeries(_ lines: String) {
  guard let series = try? Recurrence(contentLines: lines, zones: .system) else {
    demand(false, "the fact of a series can be read")
    return
  }
  for after in [0, 1_700_000_000, 4_000_000_000] as [Int64] {
    if let next = series.next(after: after) {
      demand(next.instant > after, "the next occurrence is after")
    }
  }
}
