package import Embedding

/// What making vectors needs of a model: ``Encoder`` has it, a test may bring its own.
package protocol PassageEncoder: Sendable {
  /// The name under which the store keeps the model's vectors.
  var modelID: String { get }
  /// Numbers in a vector.
  var dimension: Int { get }
  /// What is read of a passage.
  func passageInput(title: String?, headings: [String], body: String) -> String
  /// The unit vectors of `inputs`, in their order; with one thread on the caller's.
  func encode(_ inputs: [String], threads: Int) -> [[Float]]
}

extension Encoder: PassageEncoder {}
