import Grounding
import Mail
import Octets
import Reading

/// A part of a message as `loam parse` shows it: how it is built, and what became of it.
struct ShownPart {
  enum Outcome {
    /// A multipart: its parts follow.
    case container
    /// It is the text of its message, or a part of that.
    case body
    /// Another way of writing the text, which is not read.
    case alternative
    case attachment(ReadPart.Outcome)
    /// It lies beyond a limit; a defect says which.
    case beyondLimit
  }

  /// As IMAP numbers it through attached messages; `TEXT`, as IMAP has it too, for a message that is
  /// a multipart.
  var number: String
  /// How many parts are around it.
  var depth: Int
  var tree: PartTree
  /// Decoded; of a multipart as they stand.
  var octetCount: Int
  /// SHA-256 of the decoded octets; `nil` for a multipart.
  var hash: [UInt8]?
  var outcome: Outcome
}

/// Lists the parts of a message and of those attached to it, in the order in which they stand.
struct ShownParts {
  private(set) var parts: [ShownPart] = []
  private var attachments: [String: ReadPart]

  /// - Parameters:
  ///   - octets: What `file` was read from: one message.
  init(_ octets: [UInt8], _ file: ReadFile) {
    attachments = Dictionary(file.parts.map { ($0.number, $0) }) { first, _ in first }
    add(octets, file.items.first, prefix: "", depth: 0)
  }

  private mutating func add(
    _ octets: [UInt8], _ item: ParsedItem?, prefix: String, depth: Int
  ) {
    let tree = PartTree.read(octets.span).tree
    let bodies = Set(item?.segments.compactMap(\.locator.part) ?? [])
    add(tree, octets, item, bodies, prefix: prefix, depth: depth, isAlternative: false)
  }

  private mutating func add(
    _ tree: PartTree, _ octets: [UInt8], _ item: ParsedItem?, _ bodies: Set<String>,
    prefix: String, depth: Int, isAlternative: Bool
  ) {
    let number = prefix + (tree.number.isEmpty ? "TEXT" : tree.number)
    if !tree.children.isEmpty {
      parts.append(
        ShownPart(
          number: number, depth: depth, tree: tree, octetCount: tree.body.count, hash: nil,
          outcome: .container))
      for child in tree.children {
        add(
          child, octets, item, bodies, prefix: prefix, depth: depth + 1,
          isAlternative: isAlternative || tree.mediaType == "multipart/alternative")
      }
      return
    }
    let content = tree.content(in: octets.span)
    let outcome: ShownPart.Outcome =
      if let attachment = attachments[number] {
        .attachment(attachment.outcome)
      } else if bodies.contains(tree.number.isEmpty ? "1" : tree.number) || content.isEmpty {
        .body
      } else {
        isAlternative ? .alternative : .beyondLimit
      }
    parts.append(
      ShownPart(
        number: number, depth: depth, tree: tree, octetCount: content.count,
        hash: SHA256.digest(content), outcome: outcome))
    guard case .attachment(.read(.message)) = outcome else { return }
    let child = item?.children.first { $0.identity == Array(tree.number.utf8) }
    add(content, child, prefix: "\(number).", depth: depth + 1)
  }
}
