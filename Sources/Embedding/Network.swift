import CKernels

/// The network's weights where they lie in the model file, in the form that the kernels take.
///
/// `@unchecked Sendable`: the pointers are into `file` and `prepared`, which live as long as this
/// value and are never written; every shape was checked when the file was opened.
@safe struct Network: @unchecked Sendable {
  /// `@safe`: its pointers are only followed by the kernels, which are given rows that fit.
  @safe struct Layer {
    var attentionInput: loam_linear
    var attentionOutput: loam_linear
    var attentionNorm: loam_norm
    var feedInput: loam_linear
    var feedOutput: loam_linear
    var feedNorm: loam_norm

    /// Floats of scratch space that its sublayers need for so many rows.
    func scratch(rows: Int, heads: Int) -> Int {
      var layer = self
      return unsafe max(
        loam_self_attention_scratch(&layer.attentionInput, &layer.attentionOutput, heads, rows),
        loam_feed_forward_scratch(&layer.feedInput, &layer.feedOutput, rows))
    }

    /// Floats of room between the two products of a sublayer.
    func between(rows: Int, heads: Int) -> Int {
      var layer = self
      return unsafe max(
        loam_self_attention_between(&layer.attentionInput, &layer.attentionOutput, heads, rows),
        loam_feed_forward_between(&layer.feedInput, &layer.feedOutput, rows))
    }
  }

  let metadata: ModelMetadata
  let embedding: loam_embedding
  let embeddingNorm: loam_norm
  let layers: [Layer]
  private let file: ModelFile
  private let prepared: PreparedWeights

  /// The network of `file`, whose kernels round activations to `activations`.
  init(_ file: ModelFile, activations: Activations) {
    self.file = file
    metadata = file.metadata
    prepared = PreparedWeights()
    let source = WeightSource(
      file: file, rounding: activations == .sevenBits ? LOAM_ROUNDING_7 : LOAM_ROUNDING_16,
      prepared: prepared)
    unsafe embedding = unsafe source.embedding()
    unsafe embeddingNorm = unsafe source.norm("embeddings.norm")
    var layers: [Layer] = []
    for index in 0..<file.metadata.layers {
      let prefix = "layers.\(index)"
      layers.append(
        unsafe Layer(
          attentionInput: source.linear("\(prefix).attention.input"),
          attentionOutput: source.linear("\(prefix).attention.output"),
          attentionNorm: source.norm("\(prefix).attention.norm"),
          feedInput: source.linear("\(prefix).feed.input"),
          feedOutput: source.linear("\(prefix).feed.output"),
          feedNorm: source.norm("\(prefix).feed.norm")))
    }
    self.layers = layers
  }
}

/// What the kernels work out of weights once, an eighth of their size.
@safe private final class PreparedWeights {
  private var rooms: [UnsafeMutablePointer<Float>] = unsafe []

  deinit { unsafe rooms.forEach { unsafe $0.deallocate() } }

  /// Works it out for one layer, which refers to it from then on.
  func prepare(_ layer: inout loam_linear) {
    let count = unsafe loam_linear_prepared(&layer)
    let octets = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
    let room = unsafe octets.bindMemory(to: Float.self, capacity: count)
    unsafe rooms.append(room)
    unsafe loam_linear_prepare(&layer, room)
  }
}

/// Takes the places of named tensors from a file.
private struct WeightSource {
  let file: ModelFile
  let rounding: loam_rounding
  let prepared: PreparedWeights

  private func tensor(_ name: String) -> ModelFile.Tensor {
    guard let tensor = file.tensors[name] else {
      preconditionFailure("an opened model has every tensor that its metadata lists")
    }
    return tensor
  }

  @unsafe private func floats(_ tensor: ModelFile.Tensor) -> UnsafePointer<Float> {
    let sizes = tensor.shape.kind.sizes(rows: tensor.shape.rows, columns: tensor.shape.columns)
    return unsafe file.octets.pointer(
      to: Float.self, offset: tensor.dataOffset, count: (sizes?.data ?? 0) / 4)
  }

  @unsafe private func codes(_ tensor: ModelFile.Tensor) -> UnsafePointer<Int8> {
    let sizes = tensor.shape.kind.sizes(rows: tensor.shape.rows, columns: tensor.shape.columns)
    return unsafe file.octets.pointer(
      to: Int8.self, offset: tensor.dataOffset, count: sizes?.data ?? 0)
  }

  @unsafe private func scales(_ tensor: ModelFile.Tensor) -> UnsafePointer<Float>? {
    guard let offset = tensor.scalesOffset,
      let sizes = tensor.shape.kind.sizes(rows: tensor.shape.rows, columns: tensor.shape.columns)
    else { return nil }
    return unsafe file.octets.pointer(to: Float.self, offset: offset, count: sizes.scales / 4)
  }

  @unsafe func norm(_ name: String) -> loam_norm {
    unsafe loam_norm(
      weight: floats(tensor("\(name).weight")), bias: floats(tensor("\(name).bias")),
      size: file.metadata.dimension, epsilon: Float(file.metadata.layerNormEpsilon))
  }

  @unsafe func linear(_ name: String) -> loam_linear {
    let weight = tensor("\(name).weight")
    let isInt8 = weight.shape.kind == .i8Blocks
    var layer = unsafe loam_linear(
      f32: isInt8 ? nil : floats(weight), i8: isInt8 ? codes(weight) : nil,
      scales: scales(weight), bias: floats(tensor("\(name).bias")),
      in: weight.shape.columns, out: weight.shape.rows, rounding: rounding, reach: nil, starts: nil)
    unsafe prepared.prepare(&layer)
    return unsafe layer
  }

  @unsafe func embedding() -> loam_embedding {
    let word = tensor("embeddings.word")
    let isInt8 = word.shape.kind == .i8Rows
    return unsafe loam_embedding(
      f32: isInt8 ? nil : floats(word), i8: isInt8 ? codes(word) : nil, scales: scales(word),
      positions: floats(tensor("embeddings.position")), size: file.metadata.dimension)
  }
}
