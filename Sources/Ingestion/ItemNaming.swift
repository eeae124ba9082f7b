package import Grounding
import Octets

/// The name of an item and of the place where it stands.
///
/// A location's key is the file's path, and behind two slashes (which no path has) what tells the
/// file's items apart: a message's id, a record's `_id`. A further copy in the same file has `+2`,
/// `+3` and so on; what came in a message its parent's key, a slash, and its part's number or, for an
/// event, `event:` and its name.
package enum ItemNaming {
  /// For a message: what it is, wherever it stands.
  package static func mailID(source: String, identity: [UInt8]) -> ItemID {
    itemID(source: source, key: identity)
  }

  static func recordID(source: String, path: String, identity: [UInt8]) -> ItemID {
    itemID(source: source, key: Array(path.utf8) + [0] + identity)
  }

  static func documentID(source: String, path: String) -> ItemID {
    itemID(source: source, key: Array(path.utf8))
  }

  /// For a document at a path whose name belongs to a document that has moved away.
  static func laterDocumentID(source: String, path: String, hash: [UInt8]) -> ItemID {
    itemID(source: source, key: Array(path.utf8) + [0] + hash)
  }

  /// For an event of a calendar file; its identity is UID, 0x00, RECURRENCE-ID.
  static func eventID(source: String, path: String, identity: [UInt8]) -> ItemID {
    itemID(source: source, key: Array(path.utf8) + [0] + identity)
  }

  /// For a record or event of a file whose name belongs to one of a file that has moved away.
  static func laterPartID(
    source: String, path: String, identity: [UInt8], hash: [UInt8]
  ) -> ItemID {
    itemID(source: source, key: Array(path.utf8) + [0] + identity + [0] + hash)
  }

  /// For an attachment by its part's number, or for an event of a mail by its identity.
  static func childID(source: String, parent: ItemID, identity: [UInt8]) -> ItemID {
    itemID(source: source, key: Array(parent.text.utf8) + [0] + identity)
  }

  static func mailKey(path: String, id: ItemID, copy: Int) -> String {
    copy == 1 ? "\(path)//\(id)" : "\(path)//\(id)+\(copy)"
  }

  static func recordKey(path: String, identity: [UInt8]) -> String {
    "\(path)//\(String(decoding: identity, as: UTF8.self))"
  }

  static func eventKey(path: String, identity: [UInt8]) -> String {
    "\(path)//\(eventName(identity))"
  }

  static func childKey(parentKey: String, kind: ItemKind, identity: [UInt8]) -> String {
    let name =
      kind == .event
      ? "event:" + eventName(identity) : percentEncoded(String(decoding: identity, as: UTF8.self))
    let hasSeparator = firstSeparator(in: parentKey) != nil
    return hasSeparator ? "\(parentKey)/\(name)" : "\(parentKey)///\(name)"
  }

  /// The fields of an event's identity, each without a slash of its own, and slashes between.
  private static func eventName(_ identity: [UInt8]) -> String {
    var fields = identity.split(separator: 0, omittingEmptySubsequences: false)
    while fields.count > 1, fields.last?.isEmpty == true { fields.removeLast() }
    return fields.map {
      percentEncoded(String(decoding: $0, as: UTF8.self), keeping: "@")
    }.joined(separator: "/")
  }

  /// Whether a mail's key is that of a message of a source, not of one attached to another.
  static func isMessageOfSource(key: String) -> Bool {
    guard let separator = firstSeparator(in: key) else { return true }
    return !key.utf8[separator...].dropFirst(2).contains(0x2F)
  }

  /// `key` under another path.
  static func moved(key: String, from old: String, to new: String) -> String {
    guard key.utf8.starts(with: old.utf8) else { return key }
    return new + String(decoding: key.utf8.dropFirst(old.utf8.count), as: UTF8.self)
  }

  private static func firstSeparator(in key: String) -> String.Index? {
    var index = key.utf8.startIndex
    while let slash = key.utf8[index...].firstIndex(of: 0x2F) {
      let next = key.utf8.index(after: slash)
      if next < key.utf8.endIndex, key.utf8[next] == 0x2F { return slash }
      index = next
    }
    return nil
  }
}
