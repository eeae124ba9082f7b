package import Embedding
package import Grounding
package import Partition

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

extension Snapshot {
  /// That of `encoders` whose vectors are searched, else the first of them.
  ///
  /// Who has the store's model and the one that takes its place asks with the right one at any time.
  package func encoder(
    among encoders: [any QueryEncoder]
  ) throws(Problem) -> (any QueryEncoder)? {
    guard encoders.count > 1 else { return encoders.first }
    let id = try modelID()
    return encoders.first { $0.modelID == id } ?? encoders.first
  }
}
