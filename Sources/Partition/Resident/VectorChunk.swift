import CKernels
import Grounding

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

  /// Takes the vectors of `count` consecutive places, which `fill` puts there.
  ///
  /// O(rows x dimension log dimension).
  init(
    count: Int, in space: VectorSpace, _ fill: (inout Filler) throws(Problem) -> Void
  ) throws(Problem) {
    precondition(count <= Self.capacity)
    let dimension = space.dimension
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
    unsafe scales = (memory + sketchOctets + rows * 4)
      .bindMemory(to: Float.self, capacity: rows)
    unsafe codes = (memory + sketchOctets + rows * 8)
      .bindMemory(to: Int8.self, capacity: count * dimension)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: sketchOctets)
    for row in 0..<rows { unsafe (factors[row], scales[row]) = (.nan, .nan) }
    var filler = unsafe Filler(
      blocks: blocks, factors: factors, scales: scales, codes: codes, count: count, space: space)
    do throws(Problem) {
      try fill(&filler)
    } catch {
      unsafe memory.deallocate()
      throw error
    }
    hasVectors = filler.hasVectors
    for row in 0..<count where unsafe scales[row].isNaN {
      unsafe (codes + row * dimension).initialize(repeating: 0, count: dimension)
    }
  }

  /// The memory of a chunk that is being made.
  ///
  /// Safe: it cannot be kept beyond the call that it is handed to, and rows are checked against the count.
  @safe
  struct Filler: ~Copyable {
    private let blocks: UnsafeMutablePointer<UInt8>
    private let factors: UnsafeMutablePointer<Float>
    private let scales: UnsafeMutablePointer<Float>
    private let codes: UnsafeMutablePointer<Int8>
    private let count: Int
    private let space: VectorSpace
    private var rotated: [Float]
    fileprivate var hasVectors = false

    fileprivate init(
      blocks: UnsafeMutablePointer<UInt8>, factors: UnsafeMutablePointer<Float>,
      scales: UnsafeMutablePointer<Float>, codes: UnsafeMutablePointer<Int8>, count: Int,
      space: VectorSpace
    ) {
      unsafe (self.blocks, self.factors) = (blocks, factors)
      unsafe (self.scales, self.codes) = (scales, codes)
      (self.count, self.space) = (count, space)
      rotated = Array(repeating: 0, count: space.dimension)
    }

    /// Gives a row the vector of `codes` and `scale`; none where the scale is not above 0.
    mutating func set(_ row: Int, _ codes: ArraySlice<Int8>, scale: Float) {
      let dimension = space.dimension
      precondition(row < count && codes.count == dimension)
      guard scale > 0, scale.isFinite else { return }
      hasVectors = true
      unsafe scales[row] = scale
      let target = unsafe self.codes + row * dimension
      unsafe codes.withUnsafeBufferPointer { codes in
        guard let base = codes.baseAddress else { return }
        unsafe target.update(from: base, count: dimension)
      }
      for index in rotated.indices { unsafe rotated[index] = Float(target[index]) * scale }
      space.rotate(&rotated)
      let rows = Int(LOAM_SKETCH_ROWS)
      let block = unsafe blocks + row / rows * rows * loam_sketch_octets(dimension)
      unsafe loam_sketch_row(rotated, dimension, block, row % rows, factors + row)
    }
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
