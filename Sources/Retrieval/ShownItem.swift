package import Grounding
package import Partition

/// An item with its text, as `GET /v1/items/{id}` and `show --json` give it.
package struct ShownItem: Hashable, Sendable, Encodable {
  package let item: ItemDescription
  package let text: String

  package init(_ item: ItemDescription, text: String) {
    self.item = item
    self.text = text
  }

  private enum CodingKeys: String, CodingKey { case text }

  package func encode(to encoder: any Swift.Encoder) throws {
    try item.encode(to: encoder)
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(text, forKey: .text)
  }

  /// One line of JSON with sorted keys, without a line end.
  package func json() throws(Problem) -> [UInt8] { try sortedJSON(self) }
}

extension Snapshot {
  /// The item that `id` names, as `caller` may see it.
  ///
  /// `nil` alike for a text that can be no id, an item that does not exist and one that may not be
  /// seen. The parent is named to those only who may see it.
  package func shownItem(_ id: String, caller: Caller) throws(Problem) -> ShownItem? {
    guard let id = ItemID(id), let item = try item(id, caller: caller) else { return nil }
    let parent = try visibleParent(of: item, caller: caller)
    return ShownItem(ItemDescription(item, parent: parent), text: item.text)
  }
}
