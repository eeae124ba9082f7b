import Embedding
import Grounding
import Partition

/// All that the encoder reads, as JSON lines `{"id","item","text"}`, so that another encoder can be
/// given the same.
struct PassageDump {
  let snapshot: Snapshot
  let encoder: Encoder

  private struct Line: Encodable {
    /// The item's id and the passage's ordinal; unique.
    var id: String
    /// The external id, where there is one.
    var item: String
    /// The context header, a line feed and the passage: the encoder's whole input.
    var text: String
  }

  /// Writes the passages of `items` in their order.
  func write(_ items: [Int64], to path: String) throws(Problem) {
    var octets: [UInt8] = []
    for key in items {
      let caller = DatasetEvaluation.caller
      guard let item = try snapshot.storedItems([key], caller: caller)[key] else { continue }
      let text = Array(item.text.utf8)
      for passage in try snapshot.passages(item: key) where passage.span.end <= text.count {
        let line = Line(
          id: "\(item.id)-\(passage.ordinal)", item: item.externalID ?? item.id.text,
          text: encoder.passageInput(
            title: item.title, headings: passage.locator.heading ?? [],
            body: String(decoding: text[passage.span.range], as: UTF8.self)))
        octets += Array(encoded(line).utf8)
        octets.append(0x0A)
      }
    }
    try Files.write(octets, to: path)
  }
}
