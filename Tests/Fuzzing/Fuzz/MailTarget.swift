import Grounding
import Mail

/// A message, one as its store keeps it and, where the octets are a mailbox, each of its messages.
func fuzzMail(_ octets: [UInt8]) {
  demandSoundMessage(octets)
  let stored = StoredMessage(octets, name: "1.emlx")
  demand(stored.octets.count <= octets.count, "what a store put around a message is removed")
  if stored.octets.count < octets.count { demandSoundMessage(stored.octets) }
  guard MailForm.detect(octets.span) == .mailbox else { return }
  let dialect = MailboxDialect.detect(octets.span)
  var cursor = Mailbox.Cursor(dialect: dialect)
  var end = 0
  while let message = cursor.next(octets.span) {
    demand(message.octets.lowerBound >= end, "messages of a mailbox are in order")
    demand(message.octets.upperBound <= octets.count, "messages lie in the mailbox")
    end = message.octets.upperBound
    let unmarked = dialect.withoutMarks(octets.span, message.octets)
    demand(unmarked?.count ?? 0 <= message.octets.count, "marks are removed, nothing is added")
    demandSoundMessage(unmarked ?? Array(octets[message.octets]))
  }
}

private func demandSoundMessage(_ octets: [UInt8]) {
  let message = MessageParser.parse(octets)
  demandSound(message.item)
  for part in message.attachments {
    demand(!part.number.isEmpty, "a part has a number")
    demand(part.name?.isFitForPrompts ?? true, "a part's name is fit for prompts")
    // Base64 and quoted-printable shorten.
    demand(part.octets.count <= octets.count, "a part is not longer than its message")
  }
  demand(MessageParser.parse(octets).item == message.item, "the same octets read the same")
}
