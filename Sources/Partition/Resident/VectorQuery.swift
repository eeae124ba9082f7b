import CKernels

/// A query's vector, ready to be compared with those of a store.
package struct VectorQuery {
  /// The components as whole numbers of 16 bits, and zeros up to whole blocks of steps: next to what
  /// rounding to 8 bits costs a row this is nothing, and sums of whole numbers are the same on every machine.
  let codes: [Int16]
  /// What one is worth in ``codes``.
  let scale: Float
  let dimension: Int
  private let table: [UInt8]
  private let octets: Int
  private let step: Float
  private let base: Float

  /// `vector` has the dimension of `space`; where not all of it is finite, products are 0 or no number.
  init(_ vector: [Float], in space: VectorSpace) {
    dimension = vector.count
    scale = vector.reduce(0) { max($0, abs($1)) } / Float(Int16.max)
    let filled = loam_step_count(dimension) * Int(LOAM_STEP_BLOCK)
    if scale.isNormal, vector.allSatisfy(\.isFinite) {
      let scale = scale
      codes =
        vector.map { Int16(($0 / scale).rounded()) } + repeatElement(0, count: filled - dimension)
    } else {
      codes = Array(repeating: 0, count: filled)
    }
    var rotated = vector
    space.rotate(&rotated)
    var table = [UInt8](repeating: 0, count: 32 * loam_sketch_octets(vector.count))
    // Safe: the table has the room that the kernel asks for; where it lies is said anew at each use.
    let shape = unsafe loam_sketch_prepare(rotated, rotated.count, &table)
    (octets, step, base) = unsafe (shape.octets, shape.step, shape.base)
    self.table = table
  }

  /// Calls `body` with the query as the scan takes it; good within the call.
  @unsafe func withSketch<T>(_ body: (UnsafePointer<loam_sketch_query>) -> T) -> T {
    unsafe table.withUnsafeBufferPointer { table in
      var query = unsafe loam_sketch_query(
        table: table.baseAddress, octets: octets, step: step, base: base)
      return unsafe body(&query)
    }
  }
}
