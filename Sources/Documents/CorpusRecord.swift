package import Grounding
import Markup

/// Reads one line of a BEIR `corpus.jsonl`: `{"_id", "title", "text", "metadata"}`.
package enum CorpusRecord {
  /// The item in `line`: title and text as they are, `_id` as identity and external id.
  ///
  /// `title` and `text` may be absent; other members are passed over.
  ///
  /// - Throws: `malformed` for what is no JSON object (RFC 8259, UTF-8, each member once) with a
  ///   string or number `_id`; `too_large` and `too_deep` beyond `limits`. Places are octet offsets.
  package static func parse(
    line: [UInt8], limits: DocumentLimits = DocumentLimits()
  ) throws(Problem) -> ParsedItem {
    guard line.count <= limits.recordOctets else {
      throw Problem(
        .tooLarge, "The record has more than \(limits.recordOctets) octets.",
        remedy: "Split the record.")
    }
    guard let text = String(validating: line, as: UTF8.self) else {
      throw Problem(.malformed, "The record is not UTF-8.", remedy: "Write the file in UTF-8.")
    }
    var reader = JSONReader(Array(text.utf8), depthLimit: limits.recordDepth)
    let members = try reader.members(["_id", "title", "text"])
    guard let id = members["_id"], !id.isEmpty else {
      throw Problem(
        .malformed, "The record has no _id.", remedy: "Give each record an _id that is its own.")
    }
    return item(id: id, title: members["title"], text: members["text"] ?? "", limits)
  }

  private static func item(
    id: String, title: String?, text: String, _ limits: DocumentLimits
  ) -> ParsedItem {
    var item = ParsedItem(kind: .document)
    item.identity = Array(id.utf8)
    item.externalID = CanonicalText.cleaned(id).text
    item.title = title.map { CanonicalText.cleaned($0).text }.flatMap { $0.isEmpty ? nil : $0 }
    var canonical = CanonicalText(capacity: text.utf8.count)
    let whole = prefix(text, octets: limits.textOctets)
    if whole.utf8.count < text.utf8.count {
      item.defects.append(DocumentText.defect(.textTooLong))
    }
    canonical.append(whole, as: .body)
    item.text = canonical.text
    item.segments = canonical.segments
    item.defects += canonical.defects
    return item
  }
}
