import Grounding
import Mail
import Octets
import TestSupport
import Testing

/// A hundred messages whose every line was labelled by reading them.
///
/// `LabelledBodies.tsv` has a line a message: where it is (a list's archive and the message's number
/// in it, or a file of SpamAssassin's corpus), its SHA-256, and the roles of its lines that are not
/// blank: `N` new, `Q` quoted, `S` signature, `D` disclaimer, `B` banner, with the first line's number
/// and the last one's, from 0. No text is in it.
@Suite("Bodies labelled by hand", .needsCorpora, .serialized)
struct LabelledBodiesTests {
  private struct Labelled {
    var corpus: String
    var key: String
    var sha256: String
    var roles: [Int: Segment.Role]

    init?(_ line: Substring) {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 4 else { return nil }
      (corpus, key, sha256) = (fields[0], fields[1], fields[2])
      roles = [:]
      for run in fields[3].split(separator: " ") {
        let bounds = run.dropFirst().split(separator: "-").compactMap { Int($0) }
        guard let role = Self.roles[run.first ?? " "], let first = bounds.first,
          let last = bounds.last
        else { return nil }
        for line in first...last { roles[line] = role }
      }
    }

    static let roles: [Character: Segment.Role] = [
      "N": .new, "Q": .quoted, "S": .signature, "D": .disclaimer, "B": .banner,
    ]
  }

  @Test("of the lines of a hundred messages at least 97 in 100 are told right")
  func accuracy() throws {
    let path = #filePath.replacing("LabelledBodiesTests.swift", with: "LabelledBodies.tsv")
    let lines = String(decoding: try octets(ofFile: path), as: UTF8.self).split(separator: "\n")
    let labelled = lines.compactMap { Labelled($0) }
    #expect(lines.count == 100 && labelled.count == 100)
    var archives: [String: [[UInt8]]] = [:]
    var count = 0
    var right = 0
    var confusions: [String: Int] = [:]
    for message in labelled {
      let raw = try raw(message, &archives)
      try #require(SHA256.hex(SHA256.digest(raw)) == message.sha256)
      let item = parsedItem(raw)
      for (number, role) in item.lineRoles {
        let expected = try #require(message.roles[number], "\(message.key): line \(number)")
        count += 1
        right += role == expected ? 1 : 0
        guard role != expected else { continue }
        confusions["\(expected) as \(role)", default: 0] += 1
        if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
          print("LABEL \(message.corpus) \(message.key) \(number): \(expected) as \(role)")
        }
      }
    }
    print("labelled bodies: \(right) of \(count) lines")
    for (what, count) in confusions.sorted(by: { $0.key < $1.key }) { print("  \(count) \(what)") }
    #expect(Double(right) >= 0.97 * Double(count))
  }

  private func raw(_ message: Labelled, _ archives: inout [String: [[UInt8]]]) throws -> [UInt8] {
    let folder = try Corpora.folder(
      message.corpus == "spamassassin" ? "mail/spamassassin" : "mail/lists")
    guard let number = Int(message.key) else {
      return try octets(ofFile: "\(folder)/\(message.key)")
    }
    if archives[message.corpus] == nil {
      let name = message.corpus.dropFirst("lists/".count)
      let octets = try octets(ofFile: "\(folder)/\(name).mbox")
      var cursor = Mailbox.Cursor()
      var all: [[UInt8]] = []
      while let next = cursor.next(octets.span) { all.append(Array(octets[next.octets])) }
      archives[message.corpus] = all
    }
    return try #require(archives[message.corpus])[number]
  }
}

extension ParsedItem {
  /// The numbers of the lines that are not blank, each with the role of the segment it begins in.
  var lineRoles: [(line: Int, role: Segment.Role)] {
    let octets = Array(text.utf8)
    var roles: [(Int, Segment.Role)] = []
    var segment = 0
    var start = 0
    var number = 0
    while start <= octets.count {
      let end = octets[start...].firstIndex(of: 0x0A) ?? octets.count
      if let first = octets[start..<end].firstIndex(where: { $0 > 0x20 }) {
        while segment < segments.count, segments[segment].span.end <= first { segment += 1 }
        roles.append((number, segment < segments.count ? segments[segment].role : .new))
      }
      number += 1
      start = end + 1
    }
    return roles
  }
}
