import FoundationEssentials
import Grounding

/// What a model file says of its model: the JSON object in it, all keys always present.
struct ModelMetadata: Codable, Hashable, Sendable {
  enum Pooling: String, Codable, Sendable { case mean, cls }
  enum Weights: String, Codable, Sendable { case int8, f32 }

  /// The family; only `bert` is known.
  var architecture = "bert"
  /// Numbers of the vector, and of the state that layers hand on.
  var dimension: Int
  var heads: Int
  var intermediate: Int
  var layers: Int
  var layerNormEpsilon: Double
  /// Pieces of a text that are read, `[CLS]` and `[SEP]` among them.
  var maximumTokens: Int
  var name: String
  /// What goes before a passage and before a query; mostly empty.
  var passagePrefix: String
  var queryPrefix: String
  var pooling: Pooling
  /// Positions that the model has a vector for.
  var positions: Int
  /// Rows of the word embeddings.
  var vocabulary: Int
  var weights: Weights

  private enum CodingKeys: String, CodingKey {
    case architecture, dimension, heads, intermediate, layers, name, pooling, positions
    case vocabulary, weights
    case layerNormEpsilon = "layer_norm_epsilon"
    case maximumTokens = "maximum_tokens"
    case passagePrefix = "passage_prefix"
    case queryPrefix = "query_prefix"
  }

  /// What is wrong with the numbers, `nil` where a network of this shape can be built.
  ///
  /// The limits keep every size in a file far from overflow and memory within reason.
  var fault: String? {
    if architecture != "bert" { return "the architecture is unknown" }
    if !(1...8192).contains(dimension) { return "the dimension is not 1 to 8192" }
    if !(1...256).contains(heads) || dimension % heads != 0 {
      return "the heads do not divide the dimension"
    }
    if !(1...65_536).contains(intermediate) { return "the intermediate size is not 1 to 65536" }
    if !(1...256).contains(layers) { return "the layers are not 1 to 256" }
    if !(2...65_536).contains(positions) { return "the positions are not 2 to 65536" }
    if !(2...positions).contains(maximumTokens) {
      return "the maximum of tokens is not 2 to the number of positions"
    }
    if !(3...4_194_304).contains(vocabulary) { return "the vocabulary is not 3 to 4194304 entries" }
    if !(layerNormEpsilon >= 0 && layerNormEpsilon <= 0.1) { return "the epsilon is not 0 to 0.1" }
    if name.isEmpty || name.utf8.count > 200 { return "the name is not 1 to 200 octets" }
    if passagePrefix.utf8.count > 1000 || queryPrefix.utf8.count > 1000 {
      return "a prefix is longer than 1000 octets"
    }
    return nil
  }

  /// The object as JSON with sorted keys: the same metadata is the same octets.
  func encoded() throws(Problem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do { return try [UInt8](encoder.encode(self)) } catch {
      throw Problem(.badModel, "the metadata cannot be written as JSON")
    }
  }

  /// - Throws: `bad_model` where the octets are not such an object or a number is out of range.
  static func decode(_ octets: [UInt8]) throws(Problem) -> ModelMetadata {
    let metadata: ModelMetadata
    do { metadata = try JSONDecoder().decode(ModelMetadata.self, from: Data(octets)) } catch {
      throw Problem(.badModel, "the model's metadata is not the JSON object it has to be")
    }
    if let fault = metadata.fault { throw Problem(.badModel, "the model's metadata: \(fault)") }
    return metadata
  }
}
