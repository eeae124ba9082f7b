import Grounding
import Partition

/// What items are called and where they stand.
extension IngestRun {
  /// Where an item stands.
  struct Place {
    var key: String
    var uri: String
    var row: Int64
    var access: AccessList
    /// The mail folder, for a message of the source.
    var folder: String?
  }

  /// The name and place of an item of a file that is read whole.
  func naming(
    _ item: ParsedItem, _ version: FileVersion, row: Int64
  ) throws(Problem) -> (ItemID, Place) {
    var place = Place(key: version.path, uri: version.uri, row: row, access: version.access)
    switch (item.kind, item.identity) {
    case (.mail, let identity?):
      place.folder = version.folder
      let id = ItemNaming.mailID(source: root.sourceName, identity: identity)
      place.key = ItemNaming.mailKey(path: version.path, id: id, copy: 1)
      return (id, place)
    case (.event, let identity?):
      place.key = ItemNaming.eventKey(path: version.path, identity: identity)
      if let external = item.externalID {
        place.uri += "#" + percentEncoded(external, keeping: "@")
      }
      let id = ItemNaming.eventID(
        source: root.sourceName, path: version.path, identity: identity)
      return (try partID(id, at: place.key, identity: identity, version), place)
    default:
      return (try documentID(version), place)
    }
  }

  /// The id of a record or event: the one that stands at `key`, `id`, or, where that belongs to one
  /// of a file that has moved away, one that the file's content names too.
  func partID(
    _ id: ItemID, at key: String, identity: [UInt8], _ version: FileVersion
  ) throws(Problem) -> ItemID {
    if let known = try writer.itemID(source: root.source, key: key) { return known }
    guard try writer.contains(id) else { return id }
    return ItemNaming.laterPartID(
      source: root.sourceName, path: version.path, identity: identity, hash: version.hash ?? [])
  }

  /// The id of the document at a path: the one it has, the path's own, or, where that belongs to a
  /// document that has moved away, one that its content names too.
  private func documentID(_ version: FileVersion) throws(Problem) -> ItemID {
    if let id = try writer.itemID(source: root.source, key: version.path) { return id }
    let id = ItemNaming.documentID(source: root.sourceName, path: version.path)
    guard try writer.contains(id) else { return id }
    return ItemNaming.laterDocumentID(
      source: root.sourceName, path: version.path, hash: version.hash ?? [])
  }
}
