import FoundationEssentials
package import Grounding

/// A query of an evaluation set.
package struct Topic: Hashable, Sendable {
  package var id: Identifier
  package var text: String
  /// What sort of question it is, where the file tells sorts apart.
  package var kind: String?

  package init(id: Identifier, text: String, kind: String? = nil) {
    self.id = id
    self.text = text
    self.kind = kind
  }

  /// A line's limit in octets; a query itself may be 4,096.
  package static let lineLimit = 1 << 20
  package static let countLimit = 1_000_000

  /// Reads `queries.jsonl`: an object a line with `_id` (or `id`), `text` and, where there is one,
  /// `kind`; other members are passed over.
  ///
  /// - Parameter name: what an error calls the file.
  /// - Returns: the topics in the order of the file.
  /// - Throws: `malformed` with the line for what is no such object, a name or text that is empty, a
  ///   name with white space, and one that comes twice; `too_large` for a line above 1 MiB;
  ///   `too_many` above a million topics; `empty` without a topic.
  package static func read(jsonLines octets: [UInt8], name: String) throws(Problem) -> [Topic] {
    var topics: [Topic] = []
    var seen: Set<Identifier> = []
    var number = 0
    for line in octets.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      let place = "\(name), line \(number)"
      guard line.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { continue }
      guard line.count <= lineLimit else {
        throw Problem(.tooLarge, "A line is longer than \(lineLimit) octets.", place: place)
      }
      guard topics.count < countLimit else {
        throw Problem(.tooMany, "There are more than \(countLimit) topics.", place: place)
      }
      let topic = try decode(line, place: place)
      guard seen.insert(topic.id).inserted else {
        throw Problem(.malformed, "A topic's name comes twice.", place: place)
      }
      topics.append(topic)
    }
    guard !topics.isEmpty else { throw Problem(.empty, "The file has no topics.", place: name) }
    return topics
  }

  private static func decode(_ line: ArraySlice<UInt8>, place: String) throws(Problem) -> Topic {
    guard let record = try? JSONDecoder().decode(Record.self, from: Data(line)),
      let id = (record._id ?? record.id).map({ Identifier($0.text) }), let text = record.text
    else {
      throw Problem(
        .malformed, "A topic cannot be read.", place: place,
        remedy: "Write an object a line with _id and text.")
    }
    guard id.isField, text.contains(where: { !$0.isWhitespace }) else {
      throw Problem(
        .malformed, "A topic's name or text is empty, or its name has white space.", place: place)
    }
    return Topic(id: id, text: text, kind: record.kind.flatMap { $0.isEmpty ? nil : $0 })
  }

  private struct Record: Decodable {
    var _id: Name?
    var id: Name?
    var text: String?
    var kind: String?

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      _id = try fields.decodeIfPresent(Name.self, forKey: ._id)
      id = try fields.decodeIfPresent(Name.self, forKey: .id)
      text = try fields.decodeIfPresent(String.self, forKey: .text)
      // A data set may use the name for something else.
      kind = try? fields.decodeIfPresent(String.self, forKey: .kind)
    }

    private enum CodingKeys: String, CodingKey { case _id, id, text, kind }
  }

  /// A name that some data sets write as a number.
  private struct Name: Decodable {
    var text: String

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      if let number = try? value.decode(Int.self) {
        text = String(number)
      } else {
        text = try value.decode(String.self)
      }
    }
  }
}
