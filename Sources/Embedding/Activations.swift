/// What a network's states are rounded to before they are multiplied with weights of 8 bits.
///
/// Vectors of both kinds are not the same model's: their cosine is about .999.
enum Activations: Sendable {
  /// By row, to 16 bits: the reference. Also that of float weights, with which nothing is rounded.
  case sixteenBits
  /// In groups of 32, to 7 bits: about as exact as the weights are, and half as fast again with AVX2.
  case sevenBits

  /// What a model is used with: the same on every processor, so that a store can be moved.
  static func usual(for weights: ModelMetadata.Weights) -> Activations {
    weights == .int8 ? .sevenBits : .sixteenBits
  }

  /// What it adds to a model's identity: the bits, and a letter for the way in which steps are chosen.
  var identitySuffix: String { self == .sevenBits ? ".a7b" : "" }
}
