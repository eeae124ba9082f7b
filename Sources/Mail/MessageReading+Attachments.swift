import Grounding

/// What is no body.
extension MessageReading {
  /// Decodes the attachments as far as the limits go, and notes the names of all.
  ///
  /// A text that is shown with the body has its name noted too, but for the first: some programs
  /// name what the sender wrote.
  mutating func addAttachments(_ contents: PartContents, _ octets: Span<UInt8>) {
    // Most mail has nothing but its text.
    if contents.attachments.isEmpty, contents.texts.count < 2 { return }
    var contents = contents
    let shown = Set(contents.texts.map(\.number))
    contents.texts = contents.texts.dropFirst().filter { $0.name != nil }
    var room = limits.attachmentOctets
    for leaf in contents.inOrder {
      let name = leaf.name.flatMap { fileName($0, leaf) }
      let mediaType = cleanLine(leaf.mediaType)
      item.facts.append(Fact("attachment", .text(name ?? mediaType)))
      if shown.contains(leaf.number) { continue }
      guard attachments.count < limits.attachments else {
        defects.add(.tooManyAttachments, leaf.place)
        continue
      }
      let content = leaf.content(octets, &defects)
      guard content.count <= room else {
        defects.add(.attachmentsTooLarge, leaf.place)
        continue
      }
      room -= content.count
      attachments.append(
        MailPart(
          number: leaf.number, mediaType: mediaType, name: name, charsetLabel: leaf.charsetLabel,
          isInline: leaf.isInline, octets: content))
    }
  }

  /// A file's name on one line and within its limit; `nil` where nothing is left of it.
  private mutating func fileName(_ written: String, _ leaf: PartContents.Leaf) -> String? {
    var name = cleanLine(written)
    if name.utf8.count > limits.nameOctets {
      defects.add(.nameTooLong, leaf.place)
      var end = name.utf8.index(name.startIndex, offsetBy: max(0, limits.nameOctets))
      while end > name.startIndex, end.samePosition(in: name.unicodeScalars) == nil {
        end = name.utf8.index(before: end)
      }
      name = String(name[..<end])
    }
    return name.isEmpty ? nil : name
  }
}
