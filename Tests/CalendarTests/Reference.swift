import FoundationEssentials
import TestSupport

/// One line of `reference.jsonl`: what Python's `icalendar` reads in a file.
struct Reference: Decodable {
  struct Event: Decodable {
    var uid: String?
    var summary: String?
    var dtstart: String?
    var tzid: String?
    var dtend: String?
    var duration: String?
    var recurrence_id: String?
  }

  /// `[start, end, all_day, uid, summary]`.
  struct Occurrence: Decodable {
    var start: Int64
    var end: Int64?
    var uid: String?

    init(from decoder: any Decoder) throws {
      var fields = try decoder.unkeyedContainer()
      start = try fields.decode(Int64.self)
      end = try fields.decodeNil() ? nil : fields.decode(Int64.self)
      _ = try fields.decode(Bool.self)
      uid = try fields.decodeNil() ? nil : fields.decode(String.self)
    }
  }

  var file: String
  var parse: String
  var components: [String: Int]?
  var events: [Event]?
  var window: [Int64]?
  var occurrences: [Occurrence]?
  var truncated: Bool?
  var expand: String?

  static func all(ofFile path: String) throws -> [Reference] {
    try octets(ofFile: path).split(separator: 0x0A).map {
      try JSONDecoder().decode(Reference.self, from: Data($0))
    }
  }
}
