import Chronology
import Grounding
import Partition

/// When series go on after the moment of asking.
///
/// Worked out when asked, from the fact that the series' reader left; nothing of it is stored. Changes
/// to single occurrences are items of their own and are not looked at here.
struct NextOccurrence {
  /// The name of the fact: content lines of RFC 5545.
  static let fact = "recurrence"

  private let now: Int64
  /// Where whole days and times without a zone are placed.
  private let floating: ZoneRules
  private let zones: ZoneDirectory

  /// - Throws: as `RetrievalRequest.validate()` does.
  init(now: String, zone: String?, zones: ZoneDirectory = .system) throws(Problem) {
    guard let asked = AskedTime(now) else {
      throw Problem(.badRequest, "The time is not valid.", place: "now")
    }
    self.now = asked.instant
    self.zones = zones
    floating =
      try zone.map { (zone) throws(Problem) in try AskedTime.zone(zone, zones: zones) }
      ?? ZoneRules(offsetSeconds: asked.offset)
  }

  /// The start and end of the first occurrence that begins after `now`.
  ///
  /// None for what is no series, for one that has ended, and for one that cannot be followed.
  func times(of item: StoredItem) -> [ItemTime] {
    guard item.kind == .event, let lines = Self.lines(item.facts),
      let series = try? Recurrence(contentLines: lines, zones: zones),
      let next = series.next(after: now, floating: floating)
    else { return [] }
    let (start, end) = (zone(item, .start), zone(item, .end))
    return [time(.nextStart, next.start, zone: start)]
      + (next.end.map { [time(.nextEnd, $0, zone: end ?? start)] } ?? [])
  }

  private func zone(_ item: StoredItem, _ role: ItemTime.Role) -> String? {
    item.times.first { $0.role == role }?.zone
  }

  private static func lines(_ facts: [Fact]) -> String? {
    for fact in facts where fact.name == Self.fact {
      if case .text(let lines) = fact.value { return lines }
    }
    return nil
  }

  /// As the series' own start is written: without an instant where it has no zone.
  ///
  /// - Parameter zone: The zone's name as the item has it, which went through its reader.
  private func time(
    _ role: ItemTime.Role, _ moment: CalendarMoment, zone: String?
  ) -> ItemTime {
    ItemTime(
      role: role, instant: moment.instant(), local: moment.localText,
      zone: moment.hasZone ? zone : nil, allDay: moment.isDay ? true : nil)
  }
}
