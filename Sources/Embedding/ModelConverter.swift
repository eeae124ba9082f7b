import FoundationEssentials
import Glibc
package import Grounding

/// Makes a model file from the folder that a BERT-type sentence encoder is published as.
package enum ModelConverter {
  /// What a folder does not say, or says otherwise than wanted.
  package struct Options: Hashable, Sendable {
    package enum Pooling: String, Sendable, CaseIterable { case mean, cls }
    package enum Weights: String, Sendable, CaseIterable { case int8, f32 }

    /// How the model is called in its identity; the folder's name where absent.
    package var name: String?
    /// The folder's `1_Pooling/config.json` where absent, else the mean.
    package var pooling: Pooling?
    /// What goes before every passage.
    package var passagePrefix = ""
    /// What goes before every query, such as `query: `.
    package var queryPrefix = ""
    /// Pieces that are read, `[CLS]` and `[SEP]` included; `sentence_bert_config.json` where absent,
    /// else the number of positions.
    package var maximumTokens: Int?
    package var weights: Weights = .int8

    package init() {}
  }

  /// Reads `config.json`, `vocab.txt` and `model.safetensors` of `folder` and writes the file `to`.
  ///
  /// The tensors may be named with or without the prefix `bert.` and be of F32, F16 or BF16. The
  /// file appears whole or not at all, and is the same octets for the same input. Memory: the file
  /// and the largest tensor.
  ///
  /// - Throws: `bad_model` where the folder is not such a model (cased vocabularies, activations
  ///   other than `gelu` and relative positions are refused) or the file cannot be written.
  package static func convert(
    folder: String, to path: String, options: Options = Options()
  ) throws(Problem) {
    let octets = try convert(folder: folder, options: options)
    try write(octets, to: path)
  }

  static func convert(folder: String, options: Options) throws(Problem) -> [UInt8] {
    let source = try Source(folder: folder)
    let vocabulary = try source.octets("vocab.txt", limit: ModelLayout.vocabularyLimit)
    let metadata = try source.metadata(options)
    let count = try Vocabulary(vocabulary, limit: metadata.vocabulary).count
    guard count > 0 else { throw Problem(.badModel, "the vocabulary is empty", place: folder) }
    let weights = try Safetensors(ModelOctets(file: "\(folder)/model.safetensors"))
    var writer = try ModelWriter(metadata, vocabulary: vocabulary)
    try TensorCopier(weights: weights, metadata: metadata).copy(to: &writer)
    return writer.finish()
  }

  private static func write(_ octets: [UInt8], to path: String) throws(Problem) {
    let partial = "\(path).partial"
    let descriptor = unsafe open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw Problem(.badModel, "the file cannot be made (errno \(errno))", place: partial)
    }
    var offset = 0
    while offset < octets.count {
      let count = unsafe octets.withUnsafeBytes {
        unsafe Glibc.write(descriptor, $0.baseAddress.map { unsafe $0 + offset }, $0.count - offset)
      }
      guard count > 0 else { break }
      offset += count
    }
    let isWhole = offset == octets.count && fsync(descriptor) == 0
    guard close(descriptor) == 0, isWhole, unsafe rename(partial, path) == 0 else {
      let number = errno
      unsafe unlink(partial)
      throw Problem(
        number == ENOSPC ? .noSpace : .badModel, "the file cannot be written (errno \(number))",
        place: path)
    }
  }
}

/// The JSON files of a model's folder.
private struct Source {
  let folder: String
  private let config: Config

  private struct Config: Decodable {
    var model_type: String?
    var hidden_size: Int
    var num_attention_heads: Int
    var num_hidden_layers: Int
    var intermediate_size: Int
    var max_position_embeddings: Int
    var vocab_size: Int
    var hidden_act: String?
    var layer_norm_eps: Double?
    var position_embedding_type: String?
  }

  private struct Pooling: Decodable {
    var pooling_mode_cls_token: Bool?
    var pooling_mode_mean_tokens: Bool?
  }

  private struct Limits: Decodable { var max_seq_length: Int? }
  private struct Tokenizer: Decodable { var do_lower_case: Bool? }

  init(folder: String) throws(Problem) {
    self.folder = folder
    config = try Self.decode(Config.self, folder, "config.json")
    guard config.model_type ?? "bert" == "bert", config.hidden_act ?? "gelu" == "gelu",
      config.position_embedding_type ?? "absolute" == "absolute"
    else {
      throw Problem(
        .badModel, "only BERT with gelu and absolute positions can be converted", place: folder)
    }
    if let tokenizer = try Self.optional(Tokenizer.self, folder, "tokenizer_config.json"),
      tokenizer.do_lower_case == false
    {
      throw Problem(.badModel, "cased vocabularies cannot be converted", place: folder)
    }
  }

  func octets(_ name: String, limit: Int) throws(Problem) -> [UInt8] {
    try Self.octets(folder, name, limit: limit)
  }

  /// The metadata of the file to be, from the folder and the options.
  func metadata(_ options: ModelConverter.Options) throws(Problem) -> ModelMetadata {
    let limits = try Self.optional(Limits.self, folder, "sentence_bert_config.json")
    let metadata = ModelMetadata(
      dimension: config.hidden_size, heads: config.num_attention_heads,
      intermediate: config.intermediate_size, layers: config.num_hidden_layers,
      layerNormEpsilon: config.layer_norm_eps ?? 1e-12,
      maximumTokens: options.maximumTokens ?? limits?.max_seq_length
        ?? config.max_position_embeddings,
      name: options.name ?? folder.split(separator: "/").last.map(String.init) ?? "model",
      passagePrefix: options.passagePrefix, queryPrefix: options.queryPrefix,
      pooling: try pooling(options), positions: config.max_position_embeddings,
      vocabulary: config.vocab_size, weights: options.weights == .int8 ? .int8 : .f32)
    if let fault = metadata.fault { throw Problem(.badModel, fault, place: folder) }
    return metadata
  }

  private func pooling(_ options: ModelConverter.Options) throws(Problem)
    -> ModelMetadata.Pooling
  {
    if let pooling = options.pooling { return pooling == .cls ? .cls : .mean }
    let given = try Self.optional(Pooling.self, folder, "1_Pooling/config.json")
    guard let given else { return .mean }
    switch (given.pooling_mode_mean_tokens ?? false, given.pooling_mode_cls_token ?? false) {
    case (true, false): return .mean
    case (false, true): return .cls
    default:
      throw Problem(
        .badModel, "the folder's pooling is neither mean nor cls alone", place: folder,
        remedy: "name the pooling")
    }
  }

  private static func octets(_ folder: String, _ name: String, limit: Int) throws(Problem)
    -> [UInt8]
  {
    let file = try ModelOctets(file: "\(folder)/\(name)")
    guard file.count <= limit else {
      throw Problem(.badModel, "the file is too large", place: "\(folder)/\(name)")
    }
    return file.copy(offset: 0, size: file.count)
  }

  private static func decode<T: Decodable>(_ type: T.Type, _ folder: String, _ name: String)
    throws(Problem) -> T
  {
    let octets = try octets(folder, name, limit: ModelLayout.metadataLimit)
    do { return try JSONDecoder().decode(type, from: Data(octets)) } catch {
      throw Problem(.badModel, "the file is not the JSON it has to be", place: "\(folder)/\(name)")
    }
  }

  /// As ``decode(_:_:_:)``; `nil` where there is no such file.
  private static func optional<T: Decodable>(_ type: T.Type, _ folder: String, _ name: String)
    throws(Problem) -> T?
  {
    guard unsafe access("\(folder)/\(name)", F_OK) == 0 else { return nil }
    return try decode(type, folder, name)
  }
}

/// Takes the tensors of a BERT checkpoint in the order of the file to be.
private struct TensorCopier {
  let weights: Safetensors
  let metadata: ModelMetadata
  private let prefix: String

  init(weights: Safetensors, metadata: ModelMetadata) {
    self.weights = weights
    self.metadata = metadata
    prefix = weights.tensors["embeddings.word_embeddings.weight"] == nil ? "bert." : ""
  }

  func copy(to writer: inout ModelWriter) throws(Problem) {
    let (width, wide) = (metadata.dimension, metadata.intermediate)
    writer.add(
      "embeddings.word",
      try floats("embeddings.word_embeddings.weight", [metadata.vocabulary, width]))
    writer.add("embeddings.position", try positions())
    try norm("embeddings.norm", from: "embeddings.LayerNorm", to: &writer)
    for layer in 0..<metadata.layers {
      let (to, from) = ("layers.\(layer)", "encoder.layer.\(layer)")
      var weight: [Float] = []
      var bias: [Float] = []
      for part in ["query", "key", "value"] {
        weight += try floats("\(from).attention.self.\(part).weight", [width, width])
        bias += try floats("\(from).attention.self.\(part).bias", [width])
      }
      writer.add("\(to).attention.input.weight", weight)
      writer.add("\(to).attention.input.bias", bias)
      try linear(
        "\(to).attention.output", from: "\(from).attention.output.dense", width, width, &writer)
      try norm("\(to).attention.norm", from: "\(from).attention.output.LayerNorm", to: &writer)
      try linear("\(to).feed.input", from: "\(from).intermediate.dense", wide, width, &writer)
      try linear("\(to).feed.output", from: "\(from).output.dense", width, wide, &writer)
      try norm("\(to).feed.norm", from: "\(from).output.LayerNorm", to: &writer)
    }
  }

  private func floats(_ name: String, _ shape: [Int]) throws(Problem) -> [Float] {
    try weights.floats(prefix + name, shape: shape)
  }

  /// The vectors of the positions, with that of token type 0 added.
  private func positions() throws(Problem) -> [Float] {
    let width = metadata.dimension
    var values = try floats(
      "embeddings.position_embeddings.weight", [metadata.positions, width])
    let name = "embeddings.token_type_embeddings.weight"
    let types = weights.tensors[prefix + name]?.shape.first ?? 1
    guard (1...1024).contains(types) else {
      throw Problem(.badModel, "the model has no token types, or too many")
    }
    let type = try floats(name, [types, width])
    for i in values.indices { values[i] += type[i % width] }
    return values
  }

  private func norm(_ name: String, from source: String, to writer: inout ModelWriter)
    throws(Problem)
  {
    writer.add("\(name).weight", try floats("\(source).weight", [metadata.dimension]))
    writer.add("\(name).bias", try floats("\(source).bias", [metadata.dimension]))
  }

  private func linear(
    _ name: String, from source: String, _ out: Int, _ input: Int, _ writer: inout ModelWriter
  ) throws(Problem) {
    writer.add("\(name).weight", try floats("\(source).weight", [out, input]))
    writer.add("\(name).bias", try floats("\(source).bias", [out]))
  }
}
