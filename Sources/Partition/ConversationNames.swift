import Grounding
import Octets

/// What a copy of a message says of its conversation, as the store holds it.
///
/// A name is the first eight octets of a SHA-256: two ids with one name are a matter of 2^32 tries, and
/// gain nothing that naming the same id would not.
struct ConversationNames {
  /// Of its Message-ID, `nil` where it has none.
  var own: Int64?
  /// Of the messages it refers to, each once, its parent last, never itself.
  var references: [Int64]
  /// Seconds since 1970.
  var sent: Int64?
  /// Of its base subject, `nil` where that says nothing.
  var subject: Int64?
  /// Whether the subject has a reply's mark.
  var isReply: Bool

  /// References that a message may have: the first, which began the conversation, and the last 499.
  static let referenceLimit = 500

  /// `nil` for what is no mail.
  init?(_ item: ParsedItem) {
    guard item.kind == .mail else { return nil }
    own = item.externalID.map { Self.name(of: $0) }
    var ids = item.references[...]
    if ids.count > Self.referenceLimit {
      ids = ids.prefix(1) + ids.suffix(Self.referenceLimit - 1)
    }
    references = []
    for id in ids {
      let name = Self.name(of: id)
      if name != own, !references.contains(name) { references.append(name) }
    }
    sent = item.times.first { $0.role == .sent }?.instant
    let title = item.title.map { Subject($0) }
    subject = title.flatMap { $0.key.isEmpty ? nil : Self.name(of: $0.key) }
    isReply = title?.isReply ?? false
  }

  static func name(of id: String) -> Int64 {
    SHA256.digest(Array(id.utf8)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
  }

  // MARK: Columns

  /// Eight octets a reference, the most significant first; `nil` where there is none.
  var referencesColumn: [UInt8]? {
    guard !references.isEmpty else { return nil }
    return references.flatMap { name in
      (0..<8).map { UInt8(truncatingIfNeeded: name >> (56 - 8 * Int64($0))) }
    }
  }

  var isReplyColumn: Int { isReply ? 1 : 0 }

  /// - Throws: `damaged` where `column` is not what ``referencesColumn`` writes.
  static func references(_ column: [UInt8]) throws(Problem) -> [Int64] {
    guard column.count.isMultiple(of: 8) else {
      throw Problem(.damaged, "A message's references cannot be read.")
    }
    return stride(from: 0, to: column.count, by: 8).map { start in
      column[start..<start + 8].reduce(0) { $0 << 8 | Int64($1) }
    }
  }
}
