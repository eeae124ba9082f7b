/// What one item's octets are.
package enum ItemFormat: String, Hashable, Sendable, Codable {
  case message, markdown, plainText, corpusRecord
}
