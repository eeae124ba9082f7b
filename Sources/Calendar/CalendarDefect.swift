import Grounding

/// What can be wrong with a calendar that is read all the same: the codes of its defects.
///
/// Details name properties, lines and counts, never content. Removed characters have the codes of
/// `CanonicalText`, HTML those of `HTMLDefect`, a series that cannot be followed those of `Chronology.RecurrenceFault`.
package enum CalendarDefect: String, CaseIterable, Sendable {
  // The file.
  /// No component at all.
  case noComponent = "no_component"
  /// A component has no end, or none of its own.
  case missingEnd = "missing_end"
  /// An end without a beginning.
  case strayEnd = "stray_end"
  /// A line that is no property: the rest of a text whose line was broken, or outside of everything.
  case strayLine = "stray_line"
  /// An event is there again under one UID and RECURRENCE-ID; the one with the highest SEQUENCE,
  /// then the latest DTSTAMP, is kept.
  case duplicateEvent = "duplicate_event"
  /// A zone is described without what it needs.
  case badZone = "bad_zone"
  // An event.
  case missingUID = "missing_uid"
  case missingStart = "missing_start"
  /// A property holds no time that a calendar has.
  case badTime = "bad_time"
  /// The end lies before the start and is left out.
  case endBeforeStart = "end_before_start"
  /// A zone that is neither among the machine's nor described in the file.
  case unknownZone = "unknown_zone"
  /// The machine has no zone files, so that no zone can be found there.
  case zonesAbsent = "zones_absent"
  /// A property that must be there once is there again; the first counts.
  case duplicateProperty = "duplicate_property"
  /// A change for an occurrence and all later ones is shown as one for the occurrence alone.
  case rangeNotRead = "range_not_read"
  /// The class is not known and is treated as PRIVATE.
  case unknownClass = "unknown_class"
  case attachmentNotRead = "attachment_not_read"
  // Encodings.
  case unknownCharset = "unknown_charset"
  /// Octets that are not UTF-8 where nothing else was declared; read as windows-1252.
  case undeclaredOctets = "undeclared_octets"
  case undecodableOctets = "undecodable_octets"
  case badBase64 = "bad_base64"
  case badQuotedPrintable = "bad_quoted_printable"
  // Limits.
  case calendarTooLarge = "calendar_too_large"
  case lineTooLong = "line_too_long"
  case componentsTooDeep = "components_too_deep"
  case tooManyComponents = "too_many_components"
  case tooManyZones = "too_many_zones"
  case tooManyProperties = "too_many_properties"
  case textTooLong = "text_too_long"
  case tooManyPeople = "too_many_people"
  case recurrenceTooLong = "recurrence_too_long"
  case moreDefects = "more_defects"
}

/// Defects, each code and detail once with how often it came, up to a limit.
struct DefectLog {
  private var order: [Defect] = []
  private var counts: [Defect: Int] = [:]
  private var hasMore = false
  private let limit: Int

  init(limit: Int) { self.limit = max(1, limit) }

  mutating func add(_ code: CalendarDefect, _ detail: String? = nil, count: Int = 1) {
    guard count > 0 else { return }
    add(Defect(code.rawValue, detail), count: count)
  }

  mutating func add(_ defect: Defect, count: Int = 1) {
    if counts[defect] == nil {
      guard order.count < limit else {
        hasMore = true
        return
      }
      order.append(defect)
    }
    counts[defect, default: 0] += count
  }

  /// In the order of their first occurrence; the detail says how often where that is not once.
  var defects: [Defect] {
    let listed = order.map { defect in
      let count = counts[defect] ?? 1
      guard count > 1 else { return defect }
      return Defect(defect.code, (defect.detail.map { "\($0): " } ?? "") + String(count))
    }
    return listed + (hasMore ? [Defect(CalendarDefect.moreDefects.rawValue)] : [])
  }
}
