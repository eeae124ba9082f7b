import Grounding
import Mail

/// The item alone, where a test does not look at attachments.
func parsedItem(_ octets: [UInt8], limits: MailLimits = MailLimits()) -> ParsedItem {
  MessageParser.parse(octets, limits: limits).item
}

/// The regular files below `folder`, sorted.
func filePaths(below folder: String) -> [String] {
  let output = try? output(of: "find -L '\(folder)' -type f | LC_ALL=C sort")
  return (output ?? []).split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
}
