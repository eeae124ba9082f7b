import FoundationEssentials
import TestSupport

/// One line of `reference-headers.jsonl`: what Python's `email` reads in a message.
struct Reference: Decodable {
  var index: Int
  var path: String?
  var sha256: String
  var subject: String?
  var from: String?
  var to: String?
  var cc: String?
  var date: Int64?
  var message_id: String?
  var in_reply_to: String?
  var references: [String]
  var structure: Structure?

  /// A leaf is a content type, a container is `[content type, [children]]`.
  enum Structure: Decodable {
    case leaf(String)
    case container(String, [Structure])

    /// The types of what is no text, messages not entered.
    var files: [String] {
      switch self {
      case .leaf(let type): type.hasPrefix("text/") ? [] : [type]
      case .container(let type, let parts):
        type.hasPrefix("multipart/") ? parts.flatMap(\.files) : [type]
      }
    }

    init(from decoder: any Decoder) throws {
      if let type = try? decoder.singleValueContainer().decode(String.self) {
        self = .leaf(type)
        return
      }
      var container = try decoder.unkeyedContainer()
      self = .container(
        try container.decode(String.self), try container.decode([Structure].self))
    }
  }

  static func all(ofFile path: String) throws -> [Reference] {
    let decoder = JSONDecoder()
    return try octets(ofFile: path).split(separator: 0x0A).map {
      try decoder.decode(Reference.self, from: Data($0))
    }
  }
}
