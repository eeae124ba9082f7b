import Grounding
import Mail
import Octets
import TestSupport
import Testing

/// Two hundred messages whose every line was labelled by reading them.
///
/// A file has a line a message: where it is (a list's archive and the message's number in it, or a file
/// of SpamAssassin's corpus), its SHA-256, and the roles of its lines that are not blank, with the first
/// line's number and the last one's, from 0. No text is in it. `N` is new, `Q` quoted, `S` signature,
/// `D` disclaimer, `B` banner.
///
/// `LabelledBodies.tsv` was at hand while the rules were made. `LabelledBodiesHeldOut.tsv` was labelled
/// apart, by somebody who had neither the rules nor what they say of these messages. Its messages were
/// drawn at random (Python's `Random(20261129)`, one shuffle of each source in the order of its archive
/// or of its file names), none of them one of the first hundred and none with a body of more than 400
/// lines: 30 of each list, 25 of SpamAssassin's ham, 15 of its spam. By simple tests of the raw body
/// some were drawn first, so that odd styles are among them:
///
/// - 10, 10, 8 and 1 (all there are) with `Original Message`, `Forwarded` or the like behind hyphens,
///   `Begin forwarded message`, a `From:` line at most four lines above a `Sent:`, `Date:`, `To:` or
///   `Subject:` line, or a line that ends with `wrote:`, `writes:`, `said:` or `schrieb:` where no line
///   begins with `>`;
/// - 10, 10 and 8 of the rest with a line that begins with `>` and two lines that do not behind it,
///   above any rule or `--`; of the spam instead 6 with "unsubscribe", "remove", "opt out",
///   "mailing list" or "no longer";
/// - 10, 10, 9 and 8 of all the rest.
///
/// How its lines were labelled:
///
/// - A quote has the line or header block that introduces it, whatever its marks (`>`, `|`, `)`, a
///   name), and lines that a mail program broke off quoted ones. What stands below a separator is
///   quoted, with the separator and the signatures and footers in it. An answer between quotes is new.
/// - Closing words right above the name, names that sign off (`-Bill`), `-- ` and what follows are
///   signature, above a postscript too. Thanks for something named, and greetings, are new.
/// - Program output that begins with `>` is new; so is a line of links below the text.
/// - Armour of a PGP signature is signature, the lines above a signed text are banner.
/// - What mail systems add is banner: notes of parts left out, advertisements of a list's or web mail's
///   host, a bulk mailer's codes. Legal text is disclaimer.
/// - `L`: a list's footer with its rule line, or how to leave a bulk mailing. `M`: the line that a
///   telephone adds. `F`: a message passed on, with its separator and header block. See ``Reading``.
@Suite("Bodies labelled by hand", .needsCorpora, .serialized)
struct LabelledBodiesTests {
  /// What the three letters that the held-out labels have of their own stand for.
  private enum Reading: CaseIterable {
    /// A list's footer is what a system adds, a telephone's line is its owner's, and a message passed
    /// on is the sender's news.
    case heldOut
    /// As ``Segment/Role`` has it, and as the first hundred messages are labelled.
    case documented

    func role(_ letter: Character) -> Segment.Role? {
      switch letter {
      case "N": .new
      case "Q": .quoted
      case "S": .signature
      case "D": .disclaimer
      case "B": .banner
      case "L": self == .heldOut ? .banner : .disclaimer
      case "M": self == .heldOut ? .signature : .banner
      case "F": self == .heldOut ? .new : .quoted
      default: nil
      }
    }
  }

  private struct Labelled {
    var corpus: String
    var key: String
    var sha256: String
    var letters: [Int: Character]

    init?(_ line: Substring) {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 4 else { return nil }
      (corpus, key, sha256) = (fields[0], fields[1], fields[2])
      letters = [:]
      for run in fields[3].split(separator: " ") {
        let bounds = run.dropFirst().split(separator: "-").compactMap { Int($0) }
        guard let letter = run.first, let first = bounds.first, let last = bounds.last
        else { return nil }
        for line in first...last { letters[line] = letter }
      }
    }
  }

  /// How many lines were told right by one reading of the labels, and what was taken for what.
  private struct Tally: Equatable {
    var count = 0
    var right = 0
    var confusions: [String: Int] = [:]

    mutating func add(_ role: Segment.Role, expected: Segment.Role) {
      count += 1
      guard role != expected else { return right += 1 }
      confusions["\(expected) as \(role)", default: 0] += 1
    }
  }

  @Test(
    "of the lines of a hundred messages most are told right",
    arguments: [("LabelledBodies", 0.97), ("LabelledBodiesHeldOut", 0.97)])
  func accuracy(file: String, least: Double) throws {
    let path = #filePath.replacing("LabelledBodiesTests.swift", with: "\(file).tsv")
    let lines = String(decoding: try octets(ofFile: path), as: UTF8.self).split(separator: "\n")
    let labelled = lines.compactMap { Labelled($0) }
    #expect(lines.count == 100 && labelled.count == 100)
    var archives: [String: [[UInt8]]] = [:]
    var tallies: [Reading: Tally] = [:]
    for message in labelled {
      let raw = try raw(message, &archives)
      try #require(SHA256.hex(SHA256.digest(raw)) == message.sha256)
      let item = parsedItem(raw)
      for (number, role) in item.lineRoles {
        let letter = try #require(message.letters[number], "\(message.key): line \(number)")
        for reading in Reading.allCases {
          let expected = try #require(reading.role(letter), "\(message.key): \(letter)")
          tallies[reading, default: Tally()].add(role, expected: expected)
          if role != expected, Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
            let line = "\(message.corpus) \(message.key) \(number)"
            print("LABEL \(reading) \(line): \(letter), \(expected) as \(role)")
          }
        }
      }
    }
    for reading in Reading.allCases
    where reading == .heldOut || tallies[reading] != tallies[.heldOut] {
      let tally = try #require(tallies[reading])
      print("\(file), read as \(reading): \(tally.right) of \(tally.count) lines")
      for (what, count) in tally.confusions.sorted(by: { $0.key < $1.key }) {
        print("  \(count) \(what)")
      }
    }
    let tally = try #require(tallies[.heldOut])
    #expect(Double(tally.right) >= least * Double(tally.count))
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
