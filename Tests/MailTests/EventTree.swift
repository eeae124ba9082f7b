import Mail
import Octets
import TestSupport

/// A message or part as mime4j's stream parser reports it, and as Loam finds it.
struct EventTree {
  enum Content {
    /// With its transfer encoding undone.
    case body([UInt8])
    indirect case message(EventTree)
    case multipart(preamble: [UInt8], parts: [EventTree], epilogue: [UInt8])
  }

  var fields: [[UInt8]]
  var content: Content

  /// The tree that Loam finds in a message; attached messages are read as messages.
  init(message octets: [UInt8]) {
    self.init(PartTree.read(octets.span).tree, octets)
  }

  private init(_ part: PartTree, _ octets: [UInt8]) {
    fields = part.fields.map { Array(octets[$0.octets]) }
    if part.mediaType.hasPrefix("multipart/") {
      content = .multipart(
        preamble: Array(octets[part.preamble ?? part.body]),
        parts: part.children.map { EventTree($0, octets) },
        epilogue: part.epilogue.map { Array(octets[$0]) } ?? [])
    } else if part.mediaType == "message/rfc822" {
      content = .message(EventTree(message: part.content(in: octets.span)))
    } else {
      content = .body(part.content(in: octets.span))
    }
  }

  /// Where `self` and `other` are not the same, as `1.2 body`: a place and what differs there.
  func differences(from other: EventTree, at place: String = "1") -> [String] {
    var found: [String] = []
    let ours = fields.map(Self.lines)
    let theirs = other.fields.map(Self.lines)
    if ours != theirs { found.append("\(place) fields") }
    switch (content, other.content) {
    case (.body(let ours), .body(let theirs)):
      if Self.lines(ours) != Self.lines(theirs) {
        found.append("\(place) body: \(ours.count) octets for \(theirs.count)")
      }
    case (.message(let ours), .message(let theirs)):
      found += ours.differences(from: theirs, at: "\(place).1")
    case (
      .multipart(let preamble, let parts, let epilogue),
      .multipart(let theirPreamble, let theirParts, let theirEpilogue)
    ):
      if Self.lines(preamble) != Self.lines(theirPreamble) { found.append("\(place) preamble") }
      if parts.count != theirParts.count {
        found.append("\(place) parts \(parts.count) for \(theirParts.count)")
      }
      for (index, pair) in zip(parts, theirParts).enumerated() {
        found += pair.0.differences(from: pair.1, at: "\(place).\(index + 1)")
      }
      if Self.lines(epilogue) != Self.lines(theirEpilogue) { found.append("\(place) epilogue") }
    default: found.append("\(place) kind \(kind) for \(other.kind)")
    }
    return found
  }

  private var kind: String {
    switch content {
    case .body: "body"
    case .message: "message"
    case .multipart: "multipart"
    }
  }

  /// Line ends are the store's: CRLF is LF.
  private static func lines(_ octets: [UInt8]) -> [UInt8] {
    var lines: [UInt8] = []
    for (index, octet) in octets.enumerated() {
      if octet == 0x0D, index + 1 < octets.count, octets[index + 1] == 0x0A { continue }
      lines.append(octet)
    }
    return lines
  }
}

extension EventTree {
  /// The tree of a `_decoded.xml`, the bodies that it names read from beside it.
  init(ofFile path: String) throws {
    let folder = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
    let octets = Self.lines(try TestSupport.octets(ofFile: path))
    var reader = EventReader(octets: octets, folder: folder)
    try reader.expect("<message>")
    self = try reader.entity()
    try reader.expect("</message>")
  }

  fileprivate init(fields: [[UInt8]], _ content: Content) {
    self.fields = fields
    self.content = content
  }
}

/// Reads the few elements that those files have; anything else is an error.
private struct EventReader {
  struct Unexpected: Error { let at: Int }

  let octets: [UInt8]
  let folder: String
  private var index = 0

  init(octets: [UInt8], folder: String) {
    self.octets = octets
    self.folder = folder
  }

  private func isNext(_ text: String) -> Bool { octets[index...].starts(with: text.utf8) }

  private mutating func accept(_ text: String) -> Bool {
    guard isNext(text) else { return false }
    index += text.utf8.count
    if index < octets.count, octets[index] == 0x0A { index += 1 }
    return true
  }

  mutating func expect(_ text: String) throws {
    guard accept(text) else { throw Unexpected(at: index) }
  }

  /// Up to `end`, which is passed over; `&lt;` and the like are what they stand for.
  private mutating func text(upTo end: String) throws -> [UInt8] {
    var text: [UInt8] = []
    let references = [("&lt;", 0x3C), ("&gt;", 0x3E), ("&amp;", 0x26)] as [(String, UInt8)]
    while !isNext(end) {
      guard index < octets.count else { throw Unexpected(at: index) }
      if let (name, octet) = references.first(where: { isNext($0.0) }) {
        text.append(octet)
        index += name.utf8.count
      } else {
        text.append(octets[index])
        index += 1
      }
    }
    try expect(end)
    return text
  }

  mutating func entity() throws -> EventTree {
    try expect("<header>")
    var fields: [[UInt8]] = []
    while accept("<field>") { fields.append(try text(upTo: "</field>")) }
    try expect("</header>")
    return EventTree(fields: fields, try content())
  }

  private mutating func content() throws -> EventTree.Content {
    for element in ["<text-body name=\"", "<binary-body name=\""] where accept(element) {
      let name = String(decoding: try text(upTo: "\"/>"), as: UTF8.self)
      return .body(try TestSupport.octets(ofFile: "\(folder)/\(name)"))
    }
    if accept("<message>") {
      let message = try entity()
      try expect("</message>")
      return .message(message)
    }
    try expect("<multipart>")
    var preamble: [UInt8] = []
    var epilogue: [UInt8] = []
    if accept("<preamble>") { preamble = try text(upTo: "</preamble>") }
    var parts: [EventTree] = []
    while accept("<body-part>") {
      parts.append(try entity())
      try expect("</body-part>")
    }
    if accept("<epilogue>") { epilogue = try text(upTo: "</epilogue>") }
    try expect("</multipart>")
    return .multipart(preamble: preamble, parts: parts, epilogue: epilogue)
  }
}
