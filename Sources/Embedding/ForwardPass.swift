import CKernels

/// Runs texts through a network, several at a time, in memory of its own.
///
/// The texts' pieces lie one after another in one matrix, a row a piece, so that a layer's weights
/// are read once for all of them and nothing is padded; only attention sees one text at a time.
/// A row's numbers do not depend on the other rows, so a text's vector is the same to the bit in
/// whatever company it is computed.
///
/// Unsafe code is kept here: `rows` is checked against the room before anything is written.
///
/// `@unchecked Sendable`: whoever takes it from the encoder's pool is the only one that has it until
/// it is given back.
@safe final class ForwardPass: @unchecked Sendable {
  private let network: Network
  /// Pieces at a time that it has room for.
  let rowLimit: Int
  private let dimension: Int
  /// The state, rows by dimension.
  private let state: UnsafeMutablePointer<Float>
  /// What a sublayer adds to the state; rows by dimension.
  private let change: UnsafeMutablePointer<Float>
  /// What lies between the two products of a sublayer, where the kernels need it.
  private let between: UnsafeMutablePointer<Float>
  private let scratch: UnsafeMutablePointer<Float>

  /// Makes room for `rowLimit` pieces at a time, in texts of at most as many.
  init(_ network: Network, rowLimit: Int) {
    self.network = network
    self.rowLimit = rowLimit
    dimension = network.metadata.dimension
    func room(_ count: Int) -> UnsafeMutablePointer<Float> {
      let octets = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
      return unsafe octets.bindMemory(to: Float.self, capacity: count)
    }
    unsafe state = room(rowLimit * dimension)
    unsafe change = room(rowLimit * dimension)
    let heads = network.metadata.heads
    let layers = network.layers
    unsafe between = room(layers.map { $0.between(rows: rowLimit, heads: heads) }.max() ?? 0)
    unsafe scratch = room(layers.map { $0.scratch(rows: rowLimit, heads: heads) }.max() ?? 0)
  }

  deinit {
    unsafe state.deallocate()
    unsafe change.deallocate()
    unsafe between.deallocate()
    unsafe scratch.deallocate()
  }

  /// The unit vectors of `texts`, one after another in `result`, which has room for them.
  ///
  /// Each text is the numbers of its pieces, special ones included: not empty, each below the
  /// vocabulary's size, not more than the network has positions. With `inspect`, each text's state
  /// is shown after the embeddings and after each layer.
  func run(
    _ texts: [[Int32]], into result: inout [Float], inspect: ((_ state: [Float]) -> Void)? = nil
  ) {
    let rows = texts.reduce(0) { $0 + $1.count }
    precondition(rows <= rowLimit, "the batch is larger than its room")
    embed(texts, rows)
    inspect?(currentState(rows))
    let lengths = texts.map(\.count)
    for layer in network.layers {
      attend(lengths, rows, layer)
      feedForward(rows, layer)
      inspect?(currentState(rows))
    }
    pool(texts, into: &result)
  }

  private func embed(_ texts: [[Int32]], _ rows: Int) {
    var row = 0
    var embedding = unsafe network.embedding
    for text in texts {
      precondition(!text.isEmpty && text.count <= network.metadata.positions)
      precondition(text.allSatisfy { $0 >= 0 && $0 < network.metadata.vocabulary })
      unsafe loam_embed(&embedding, text, text.count, state + row * dimension)
      row += text.count
    }
    var norm = unsafe network.embeddingNorm
    unsafe loam_add_layer_norm(&norm, state, nil, rows)
  }

  private func attend(_ lengths: [Int], _ rows: Int, _ layer: Network.Layer) {
    var layer = layer
    unsafe lengths.withUnsafeBufferPointer { lengths in
      var texts = unsafe loam_texts(lengths: lengths.baseAddress, count: lengths.count)
      unsafe loam_self_attention(
        &layer.attentionInput, &layer.attentionOutput, state, &texts, network.metadata.heads,
        scratch, between, change)
    }
    unsafe loam_add_layer_norm(&layer.attentionNorm, state, change, rows)
  }

  private func feedForward(_ rows: Int, _ layer: Network.Layer) {
    var layer = layer
    unsafe loam_feed_forward(
      &layer.feedInput, &layer.feedOutput, state, rows, scratch, between, change)
    unsafe loam_add_layer_norm(&layer.feedNorm, state, change, rows)
  }

  private func pool(_ texts: [[Int32]], into result: inout [Float]) {
    precondition(result.count >= texts.count * dimension)
    let isFirst: Int32 = network.metadata.pooling == .cls ? 1 : 0
    var row = 0
    unsafe result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      for (index, text) in texts.enumerated() {
        unsafe loam_pool(
          state + row * dimension, text.count, dimension, isFirst, base + index * dimension)
        row += text.count
      }
    }
  }

  private func currentState(_ rows: Int) -> [Float] {
    unsafe [Float](UnsafeBufferPointer(start: state, count: rows * dimension))
  }
}
