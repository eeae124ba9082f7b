import CKernels

/// The vectors of up to 1,024 rows of one group in one piece of aligned memory; immutable.
///
/// A row has `dimension` codes and a scale, and a sketch with its factor: at 384 dimensions 388 and 52
/// octets. One without a vector has the scale NaN, as then has any product, and no sketch finds it.
///
/// Safe: the memory is private, written only while the chunk is made and given back once; every row
/// that is asked for is checked against ``count``.
@safe
final class VectorChunk: @unchecked Sendable {
  static let capacity = 1_024
  private static let alignment = 64

  let count: Int
  private let dimension: Int
  /// Whether a row has a vector.
  let hasVectors: Bool
  /// Octets in all.
  let octets: Int
  private let blockCount: Int
  private let blocks: UnsafeMutablePointer<UInt8>
  private let factors: UnsafeMutablePointer<Float>
  private let scales: UnsafeMutablePointer<Float>
  private let codes: UnsafeMutablePointer<Int8>

  /// Takes the vectors of consecutive places: `codes` has `dimension` a row, `scales` one.
  ///
  /// O(rows x dimension log dimension).
  init(codes: [Int8], scales: [Float], in space: VectorSpace) {
    let (count, dimension) = (scales.count, space.dimension)
    precondition(codes.count == count * dimension && count <= Self.capacity)
    self.count = count
    self.dimension = dimension
    let blockRows = Int(LOAM_SKETCH_ROWS)
    blockCount = (count + blockRows - 1) / blockRows
    let rows = blockCount * blockRows
    let sketchOctets = rows * loam_sketch_octets(dimension)
    octets = sketchOctets + rows * 8 + count * dimension
    let memory = UnsafeMutableRawPointer.allocate(byteCount: octets, alignment: Self.alignment)
    unsafe blocks = memory.bindMemory(to: UInt8.self, capacity: sketchOctets)
    unsafe factors = (memory + sketchOctets).bindMemory(to: Float.self, capacity: rows)
    unsafe self.scales = (memory + sketchOctets + rows * 4)
      .bindMemory(to: Float.self, capacity: rows)
    unsafe self.codes = (memory + sketchOctets + rows * 8)
      .bindMemory(to: Int8.self, capacity: count * dimension)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: octets)
    for row in 0..<rows { unsafe (factors[row], self.scales[row]) = (.nan, .nan) }
    var hasVectors = false
    var rotated = [Float](repeating: 0, count: dimension)
    let target = unsafe self.codes
    unsafe codes.withUnsafeBufferPointer { codes in
      if let base = codes.baseAddress { unsafe target.update(from: base, count: codes.count) }
    }
    for row in 0..<count where scales[row] > 0 && scales[row].isFinite {
      unsafe self.scales[row] = scales[row]
      hasVectors = true
      for index in 0..<dimension {
        rotated[index] = Float(codes[row * dimension + index]) * scales[row]
      }
      space.rotate(&rotated)
      let block = unsafe blocks + row / blockRows * blockRows * loam_sketch_octets(dimension)
      unsafe loam_sketch_row(rotated, dimension, block, row % blockRows, factors + row)
    }
    self.hasVectors = hasVectors
  }

  deinit { unsafe UnsafeMutableRawPointer(blocks).deallocate() }

  /// The vector of `row`, `nil` where it has none.
  func vector(_ row: Int) -> QuantizedVector? {
    precondition(row < count)
    guard unsafe !scales[row].isNaN else { return nil }
    return QuantizedVector(
      codes: (0..<dimension).map { unsafe codes[row * dimension + $0] }, scale: unsafe scales[row])
  }

  /// Where the rows of a chunk are, as long as it lives.
  @safe
  struct Rows: @unchecked Sendable {
    private let codes: UnsafePointer<Int8>
    private let scales: UnsafePointer<Float>
    private let count: Int
    private let dimension: Int

    fileprivate init(_ chunk: VectorChunk) {
      unsafe (codes, scales) = (UnsafePointer(chunk.codes), UnsafePointer(chunk.scales))
      (count, dimension) = (chunk.count, chunk.dimension)
    }

    /// The codes of a row and where their scale is.
    @unsafe func codes(
      of row: Int
    ) -> (codes: UnsafePointer<Int8>, scale: UnsafePointer<Float>) {
      precondition(row < count)
      return unsafe (codes + row * dimension, scales + row)
    }
  }

  var rows: Rows { Rows(self) }

  /// Appends the rows whose estimate is `least` or more, numbered from `first`.
  func scan(_ query: VectorQuery, least: Float, first: Int, into found: inout SketchedRows) {
    unsafe query.withSketch { query in
      unsafe found.append(upTo: blockCount * Int(LOAM_SKETCH_ROWS)) { rows, estimates in
        unsafe loam_sketch_scan(
          query, blocks, factors, blockCount, least, UInt32(first), rows, estimates)
      }
    }
  }
}
