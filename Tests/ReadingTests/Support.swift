import Grounding
import Octets
import Reading

/// One part of a message as the tests write it.
struct Part {
  var type: String
  var disposition: String?
  var octets: [UInt8]
  var isEncoded = true
  var more: [String] = []

  init(
    _ type: String, name: String? = nil, _ text: String, isInline: Bool = false,
    isEncoded: Bool = true, more: [String] = []
  ) {
    self.init(
      type, name: name, octets: Array(text.utf8), isInline: isInline, isEncoded: isEncoded,
      more: more)
  }

  init(
    _ type: String, name: String? = nil, octets: [UInt8], isInline: Bool = false,
    isEncoded: Bool = true, more: [String] = []
  ) {
    self.type = type
    self.octets = octets
    self.isEncoded = isEncoded
    self.more = more
    let file = name.map { "; filename=\"\($0)\"" } ?? ""
    disposition = (isInline ? "inline" : "attachment") + file
  }
}

let messageHeader =
  "From: Ana <ana@example.org>\nTo: bo@example.org\nDate: Tue, 3 Nov 2026 09:10:00 +0100\n"
  + "Message-ID: <m@example.org>\nSubject: Papers\nMIME-Version: 1.0\n"

/// A message with a text and `parts`, which are 2, 3 and so on.
func message(_ parts: [Part], text: String = "See what is attached.", boundary: String = "b")
  -> [UInt8]
{
  var octets = Array(
    (messageHeader + "Content-Type: multipart/mixed; boundary=\(boundary)\n\n"
      + "--\(boundary)\nContent-Type: text/plain\n\n\(text)\n").utf8)
  for part in parts {
    var header = ["Content-Type: \(part.type)"] + part.more
    if let disposition = part.disposition { header.append("Content-Disposition: \(disposition)") }
    if part.isEncoded { header.append("Content-Transfer-Encoding: base64") }
    octets += Array("--\(boundary)\n\(header.joined(separator: "\n"))\n\n".utf8)
    octets += part.isEncoded ? Array(base64(part.octets).utf8) : part.octets
    octets += [0x0A]
  }
  return octets + Array("--\(boundary)--\n".utf8)
}

/// RFC 4648, section 4, in lines of 76 letters.
func base64(_ octets: [UInt8]) -> String {
  let alphabet = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var letters: [UInt8] = []
  for start in stride(from: 0, to: octets.count, by: 3) {
    let group = octets[start..<min(start + 3, octets.count)]
    let padded = Array(group) + [0, 0]
    let bits = Int(padded[0]) << 16 | Int(padded[1]) << 8 | Int(padded[2])
    for place in 0..<4 {
      letters.append(
        place <= group.count ? alphabet[bits >> (18 - 6 * place) & 63] : UInt8(ascii: "="))
    }
    if letters.count % 77 == 76 { letters.append(0x0A) }
  }
  return String(decoding: letters, as: UTF8.self)
}

func read(_ octets: [UInt8], limits: ReadingLimits = ReadingLimits()) throws -> ReadFile {
  try FileReader.read(octets, as: .message, limits: limits)
}

/// A calendar with events of these lines each.
func calendar(_ events: [[String]], method: String? = nil, more: [String] = []) -> String {
  let head =
    ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//test//EN"]
    + (method.map { ["METHOD:\($0)"] } ?? [])
  let body = events.flatMap { ["BEGIN:VEVENT"] + $0 + ["END:VEVENT"] }
  return (head + body + more + ["END:VCALENDAR", ""]).joined(separator: "\r\n")
}

func event(_ uid: String, _ summary: String, _ more: String...) -> [String] {
  [
    "UID:\(uid)", "DTSTAMP:20261101T080000Z", "DTSTART:20261103T090000Z",
    "DTEND:20261103T100000Z", "SUMMARY:\(summary)",
  ] + more
}

/// What the reading says was not read: the details of its defects, in order.
func notRead(_ item: ParsedItem) -> [String] {
  item.defects.filter { $0.code == ReadingDefect.attachmentNotRead.rawValue }
    .map { $0.detail ?? "" }
}
