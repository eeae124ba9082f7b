import CKernels
import Octets

/// What the vectors of one model have in common, and how sketches are made of them.
///
/// Nothing in it is learned from vectors: the rotation is fixed by the dimension, so that a sketch says
/// nothing of any other row.
final class VectorSpace: Sendable {
  let model: String
  let dimension: Int
  /// How many rows a chunk of vectors has at most: whole blocks, as many as one large page has room for.
  let chunkRows: Int
  /// 1 or -1, for each round of the rotation and component.
  private let signs: [Float]

  init(model: String, dimension: Int) {
    self.model = model
    self.dimension = dimension
    let block = Int(LOAM_SKETCH_ROWS)
    let rows = ChunkMemory.largePage / VectorChunk.rowOctets(dimension)
    chunkRows = max(1, rows / block) * block
    var random = SplitMix64(seed: 0x4C6F_616D)
    signs = (0..<Int(LOAM_ROTATION_ROUNDS) * dimension).map { _ in
      random.next() & 1 == 0 ? 1 : -1
    }
  }

  /// Rotates a vector of the space's dimension in place.
  func rotate(_ vector: inout [Float]) {
    // Safe: the kernel changes `dimension` floats by as many signs a round.
    unsafe loam_rotate(signs, dimension, &vector)
  }
}
