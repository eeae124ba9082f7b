import Octets

/// Divides the parts of a message into what its reader sees as its text and what is attached.
///
/// Plain text and HTML are the body, whether they have a file's name or not, unless they are marked
/// as attachments: so mail readers show them. Of a multipart/alternative one is chosen
/// (``Alternatives``); a multipart/related is its root, the rest belongs to it as inline attachments;
/// of every other all parts are read in order. The fields of a delivery report are text too.
/// Everything else is an attachment.
struct BodyChoice {
  private var alternatives = Alternatives()

  mutating func contents(of part: Part, _ octets: Span<UInt8>) -> PartContents {
    switch part.absence {
    case .limit: return PartContents()
    case .noBoundary:
      return PartContents(texts: [
        PartContents.Leaf(
          number: part.place, mediaType: "text/plain", body: part.body, encoding: part.encoding)
      ])
    case nil: break
    }
    guard part.isMultipart else { return leafContents(part) }
    let children = part.children.map { contents(of: $0, octets) }
    switch part.mediaType {
    case "multipart/alternative": return chosen(children, octets)
    case "multipart/related": return root(part, children, octets)
    default: return joined(children)
    }
  }

  private func leafContents(_ part: Part) -> PartContents {
    let type = part.type
    var leaf = PartContents.Leaf(
      number: part.place, mediaType: part.mediaType, body: part.body,
      charsetLabel: type?.octets("charset").map { String(decoding: $0, as: UTF8.self) },
      encoding: part.encoding,
      flow: part.mediaType == "text/plain" ? type.flatMap { FlowedText.Format($0) } : nil,
      name: part.disposition?.text("filename") ?? type?.text("name"),
      isAttached: part.disposition?.value == "attachment",
      isInline: part.disposition?.value == "inline")
    // A message is what it is, whatever it says that should be done with it.
    if part.isRoot { leaf.isAttached = false }
    let isBody = !leaf.isAttached && (leaf.isHTML || isReadAsText(leaf.mediaType))
    return isBody ? PartContents(texts: [leaf]) : PartContents(attachments: [leaf])
  }

  /// Plain text, and what RFC 2046, section 4.1.4, wants read as such; not what has a form of its own.
  private func isReadAsText(_ mediaType: String) -> Bool {
    if mediaType == "text/plain" || DeliveryReport.mediaTypes.contains(mediaType) { return true }
    guard mediaType.hasPrefix("text/") else { return false }
    let others = [
      "calendar", "xml", "css", "javascript", "csv", "vcard", "x-vcard", "directory",
      "rfc822-headers",
    ]
    return !others.contains(String(mediaType.dropFirst(5)))
      && !Alternatives.unreadTexts.contains(mediaType)
  }

  private func joined(_ children: [PartContents]) -> PartContents {
    var contents = PartContents()
    for child in children { contents.append(child) }
    return contents
  }

  /// The part that `start` names, else the first; where it has no text, the first that has.
  ///
  /// - SeeAlso: RFC 2387, section 3.2.
  private func root(
    _ part: Part, _ children: [PartContents], _ octets: Span<UInt8>
  ) -> PartContents {
    let start = part.type?.octets("start").map { bare($0) }
    var root: Int?
    if let start {
      for (index, child) in part.children.enumerated() where root == nil {
        guard let id = child.header.first(.contentID, octets) else { continue }
        if bare(HeaderBlock.unfolded(octets, id, limit: .max)) == start { root = index }
      }
    }
    if root.map({ children[$0].texts.isEmpty }) ?? true {
      root = children.firstIndex { !$0.texts.isEmpty }
    }
    var contents = PartContents()
    for (index, child) in children.enumerated() {
      if index == root {
        contents.append(child)
      } else {
        contents.attachments += child.inOrder.map { leaf in
          var leaf = leaf
          leaf.isInline = !leaf.isAttached
          return leaf
        }
      }
    }
    return contents
  }

  /// An id without its angle brackets.
  private func bare(_ id: [UInt8]) -> [UInt8] {
    id.filter { $0 > 0x20 && $0 != 0x3C && $0 != 0x3E }
  }

  private mutating func chosen(
    _ children: [PartContents], _ octets: Span<UInt8>
  ) -> PartContents {
    guard let index = alternatives.best(of: children, octets) else {
      return joined(children)
    }
    // What is attached in any of them is kept; another way of writing the text is not.
    return PartContents(
      texts: children[index].texts,
      attachments: children.flatMap(\.attachments).filter {
        $0.isAttached || !Alternatives.unreadTexts.contains($0.mediaType)
      })
  }
}
