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
///   telephone adds. `F`: a message passed on, with its separator and header block. They were told
///   apart from the others while labelling, and stand for what ``Segment/Role`` says of them:
///   disclaimer, banner and quoted.
@Suite("Bodies labelled by hand", .needsCorpora, .serialized)
struct LabelledBodiesTests {
  private static let roles: [Character: Segment.Role] = [
    "N": .new, "Q": .quoted, "S": .signature, "D": .disclaimer, "B": .banner, "L": .disclaimer,
    "M": .banner, "F": .quoted,
  ]

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

  @Test(
    "of the lines of a hundred messages at least 97 in 100 are told right",
    arguments: ["LabelledBodies", "LabelledBodiesHeldOut"])
  func accuracy(file: String) throws {
    let path = #filePath.replacing("LabelledBodiesTests.swift", with: "\(file).tsv")
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
      for (number, role) in parsedItem(raw).lineRoles {
        let place = "\(message.corpus) \(message.key) \(number)"
        let letter = try #require(message.letters[number], "\(place)")
        let expected = try #require(Self.roles[letter], "\(place)")
        count += 1
        right += role == expected ? 1 : 0
        guard role != expected else { continue }
        confusions["\(expected) as \(role)", default: 0] += 1
        if Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
          print("LABEL \(place): \(letter), \(expected) as \(role)")
        }
      }
    }
    print("\(file): \(right) of \(count) lines")
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
