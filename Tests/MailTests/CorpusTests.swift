import Glibc
import Grounding
import Mail
import Octets
import TestSupport
import Testing

@Suite("Mail of the corpora", .needsCorpora, .serialized)
struct CorpusTests {
  @Test(
    "every message of a list's archive is there and reads as the reference does",
    arguments: [("r-package-devel", 11_114), ("r-devel-2009-2017", 23_646)])
  func lists(name: String, count: Int) throws {
    let folder = try Corpora.folder("mail/lists")
    let octets = try octets(ofFile: "\(folder)/\(name).mbox")
    let references = try Reference.all(ofFile: "\(folder)/\(name).reference-headers.jsonl")
    var cursor = Mailbox.Cursor()
    var agreement = Agreement()
    while let message = cursor.next(octets.span) {
      let raw = Array(octets[message.octets])
      let reference = references[min(agreement.count, references.count - 1)]
      #expect(SHA256.hex(SHA256.digest(raw)) == reference.sha256, "message \(reference.index)")
      agreement.add(raw, parsedItem(raw), reference)
    }
    agreement.report(name)
    #expect(agreement.count == count && references.count == count)
    expectAgreement(agreement, ["subject", "date", "message-id", "references"], plain: 0.997)
    for (form, found) in agreement.disguises {
      #expect(Double(found.recovered) >= 0.999 * Double(found.count), "\(form)")
    }
  }

  /// Walks, copies out and parses on one core; the figure is printed and asserts nothing.
  @Test("an archive read for its speed yields every message with its text")
  func speed() throws {
    let folder = try Corpora.folder("mail/lists")
    let octets = try octets(ofFile: "\(folder)/r-devel-2009-2017.mbox")
    var cursor = Mailbox.Cursor()
    var count = 0
    var texts = 0
    let start = processorSeconds()
    while let message = cursor.next(octets.span) {
      texts += parsedItem(Array(octets[message.octets])).text.isEmpty ? 0 : 1
      count += 1
    }
    let seconds = processorSeconds() - start
    print("r-devel-2009-2017: \(Double(octets.count) / 1e6 / seconds) MB/s of one core")
    #expect(count == 23_646 && texts > 23_000)
  }

  @Test("every SpamAssassin message reads as the reference does")
  func spamAssassin() throws {
    let folder = try Corpora.folder("mail/spamassassin")
    var agreement = Agreement(hasPeople: true)
    var filesAgreed = 0
    for reference in try Reference.all(ofFile: "\(folder)/reference-headers.jsonl") {
      let octets = try octets(ofFile: "\(folder)/\(try #require(reference.path))")
      #expect(MailForm.detect(octets.span) == .message, "\(reference.path ?? "")")
      let message = MessageParser.parse(octets)
      agreement.add(octets, message.item, reference)
      let files = message.attachments.map(\.mediaType).filter { !$0.hasPrefix("text/") }
      filesAgreed += files == reference.structure?.files ? 1 : 0
      if files != reference.structure?.files, Corpora.environment("LOAM_SHOW_DIFFERENCES") != nil {
        print("FILES \(reference.path ?? ""): \(files) | \(reference.structure?.files ?? [])")
      }
    }
    agreement.report("spamassassin")
    print("spamassassin: types of attachments agree on \(filesAgreed) of \(agreement.count)")
    #expect(Double(filesAgreed) >= 0.995 * 4_650)
    #expect(agreement.count == 4_650)
    expectAgreement(agreement, ["subject", "date", "message-id", "references"], plain: 0.995)
    expectAgreement(
      agreement, ["from, addresses", "to, addresses", "cc, addresses"], plain: 0.998)
    // Names that stand in comments are a difference in kind.
    expectAgreement(agreement, ["from", "to", "cc"], plain: 0.93)
  }

  /// Counts plain agreement, and agreement but for what the reference is known to read otherwise.
  private func expectAgreement(_ agreement: Agreement, _ fields: [String], plain: Double) {
    for field in fields {
      #expect(agreement.share(field, withRules: false) >= plain, "\(field)")
      #expect(agreement.share(field, withRules: true) >= 0.999, "\(field)")
    }
  }
}

/// Seconds that this thread has computed.
func processorSeconds() -> Double {
  var time = timespec()
  unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
