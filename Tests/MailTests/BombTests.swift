import Grounding
import Mail
import TestSupport
import Testing

/// What a quadratic reading would not end on, and what would fill the memory.
@Suite("Bombs in mail", .serialized)
struct BombTests {
  private static let separator = "From a@b.c Mon Jan  1 00:00:00 2026\n"
  private static let good =
    "From: ana@example.org\nDate: 1 Jan 2026 0:00 Z\nMessage-ID: <good@example.org>\nSubject: Good\n"
    + "Content-Type: multipart/mixed; boundary=g\n\n--g\n\nThe text.\n"
    + "--g\nContent-Type: a/b; name=c\n\nfile\n--g--\n"

  /// The messages of the mailbox `octets`, each read by itself.
  private func messages(_ octets: [UInt8]) -> [ParsedMessage] {
    var cursor = Mailbox.Cursor()
    var found: [ParsedMessage] = []
    while let message = cursor.next(octets.span) {
      found.append(MessageParser.parse(Array(octets[message.octets])))
    }
    return found
  }

  private func isGood(_ message: ParsedMessage) -> Bool {
    let good = MessageParser.parse(Array(Self.good.utf8))
    return message.item == good.item && message.attachments == good.attachments
      && good.item.defects.isEmpty && good.attachments.count == 1
  }

  @Test(
    "a bomb ends with its named defects, and the message after it is whole",
    arguments: MailBomb.all.indices)
  func each(index: Int) throws {
    let bomb = MailBomb.all[index]
    let mailbox = Self.separator + bomb.source() + "\n\n" + Self.separator + Self.good
    let messages = messages(Array(mailbox.utf8))
    try #require(messages.count == 2, "\(bomb.name)")
    var codes: [String] = []
    for defect in messages[0].item.defects where !codes.contains(defect.code) {
      codes.append(defect.code)
    }
    #expect(codes == bomb.codes, "\(bomb.name)")
    #expect(messages[0].item.hasSoundSegments, "\(bomb.name)")
    // The mailbox ended its last line.
    var message = messages[0]
    if message.item.text.last == "\n" { message.item.text.removeLast() }
    // Not in the macro, which would print a million words.
    let isRead = bomb.isRead(message)
    #expect(isRead, "\(bomb.name)")
    #expect(isGood(messages[1]), "\(bomb.name)")
  }

  /// 256 MiB; of one line 1 GiB where `LOAM_MEASURE=1`.
  @Test(
    "a header of a gigabyte ends with its named defects, and the message after it is whole",
    arguments: [
      ("X: ", "x", ["message_too_large", "header_too_long"]),
      ("", "X: 1\n", ["message_too_large", "too_many_fields"]),
      ("X: a\n", " x\n", ["message_too_large", "field_too_long"]),
    ])
  func header(start: String, piece: String, codes: [String]) throws {
    let isGigabyte = piece == "x" && Corpora.environment("LOAM_MEASURE") == "1"
    let size = isGigabyte ? 1 << 30 : 256 << 20
    let piece = Array(String(repeating: piece, count: (1 << 20) / piece.utf8.count).utf8)
    var octets = Array((Self.separator + MailBomb.head + "Subject: s\n" + start).utf8)
    octets.reserveCapacity(size + (2 << 20))
    while octets.count < size { octets += piece }
    octets += Array(("\n\nbody\n\n" + Self.separator + Self.good).utf8)
    let messages = messages(octets)
    try #require(messages.count == 2)
    #expect(messages[0].item.defects.map(\.code) == codes)
    #expect(messages[0].item.title == "s" && messages[0].item.text.isEmpty)
    #expect(isGood(messages[1]))
  }
}
