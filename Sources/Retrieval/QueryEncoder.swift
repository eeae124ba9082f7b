package import Embedding

/// What retrieval needs of a model: ``Encoder`` has it, a test may bring its own.
package protocol QueryEncoder {
  /// The name under which the store keeps the model's vectors.
  var modelID: String { get }
  /// Numbers in a vector.
  var dimension: Int { get }
  /// The query's unit vector, of the same dimension as the stored ones.
  func encode(query: String) -> [Float]
  /// How many pieces `text` has for the model, its own marks not counted.
  func pieceCount(_ text: String) -> Int
}

extension Encoder: QueryEncoder {}
