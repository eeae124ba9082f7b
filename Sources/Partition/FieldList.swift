import Grounding

/// Several texts in one, so that none can imitate a separator.
///
/// Each field is written as its octet count, a colon and itself; an absent one as `-`. Used where a
/// table of its own would be too much: times, heading paths, sets of access lists.
enum FieldList {
  static func encode(_ fields: [String?]) -> String {
    fields.map { field in field.map { "\($0.utf8.count):\($0)" } ?? "-" }.joined()
  }

  /// - Throws: `damaged` when `text` is not what ``encode(_:)`` writes.
  static func decode(_ text: String) throws(Problem) -> [String?] {
    let damage = Problem(.damaged, "A list of fields in the store cannot be read.")
    var fields: [String?] = []
    let octets = Array(text.utf8)
    var index = 0
    while index < octets.count {
      if octets[index] == 0x2D {
        fields.append(nil)
        index += 1
        continue
      }
      guard let colon = octets[index...].firstIndex(of: 0x3A), colon - index <= 10,
        let count = Int(String(decoding: octets[index..<colon], as: UTF8.self)),
        count >= 0, octets.count - colon - 1 >= count
      else { throw damage }
      index = colon + 1 + count
      fields.append(String(decoding: octets[colon + 1..<index], as: UTF8.self))
    }
    return fields
  }

  // MARK: Times

  static func encode(_ times: [ItemTime]) -> String {
    encode(
      times.flatMap { time -> [String?] in
        [
          time.role.rawValue, time.instant.map { String($0) }, time.local, time.zone,
          time.allDay.map { $0 ? "1" : "0" },
        ]
      })
  }

  /// - Throws: `damaged`.
  static func decodeTimes(_ text: String) throws(Problem) -> [ItemTime] {
    let fields = try decode(text)
    let damage = Problem(.damaged, "A time in the store cannot be read.")
    guard fields.count.isMultiple(of: 5) else { throw damage }
    var times: [ItemTime] = []
    for start in stride(from: 0, to: fields.count, by: 5) {
      guard let role = fields[start].flatMap(ItemTime.Role.init(rawValue:)) else { throw damage }
      times.append(
        ItemTime(
          role: role, instant: fields[start + 1].flatMap { Int64($0) }, local: fields[start + 2],
          zone: fields[start + 3], allDay: fields[start + 4].map { $0 == "1" }))
    }
    return times
  }
}

extension Statement {
  /// The locator whose part, heading and page begin at `column`.
  func locator(_ column: Int32) throws(Problem) -> Locator {
    var heading: [String]?
    if let text = optionalText(column + 1) {
      heading = try FieldList.decode(text).compactMap { $0 }
    }
    return Locator(part: optionalText(column), heading: heading, page: optionalInt(column + 2))
  }
}

extension Locator {
  /// The heading path as a column holds it.
  var headingColumn: String? { heading.map { FieldList.encode($0) } }
}
