import CKernels
import Grounding

/// The vectors of up to ``VectorSpace/chunkRows`` rows of one group in one piece of memory; immutable.
///
/// A row has `dimension` codes, a head with its scale and steps, and a sketch with its factor: at 384
/// dimensions 384, 12 and 52 octets. One without a vector has the scale NaN, as then has any product, and
/// no sketch finds it. Heads stand apart, so that codes fill whole lines of the processor's cache.
///
/// Safe: the memory is private, written only while the chunk is made and given back once; every row
/// that is asked for is checked against ``count``.
@safe
final class VectorChunk: @unchecked Sendable {
  let count: Int
  private let dimension: Int
  /// Whether a row has a vector.
  let hasVectors: Bool
  private let memory: ChunkMemory
  /// Blocks of 32 rows, the last perhaps not full.
  let blockCount: Int
  private let blocks: UnsafeMutablePointer<UInt8>
  private let factors: UnsafeMutablePointer<Float>
  private let heads: RowHeads
  private let codes: UnsafeMutablePointer<Int8>

  /// Takes the vectors of `count` consecutive places, which `fill` puts there.
  ///
  /// O(rows x dimension log dimension).
  init(
    count: Int, in space: VectorSpace, _ fill: (inout Filler) throws(Problem) -> Void
  ) throws(Problem) {
    precondition(count <= space.chunkRows)
    let dimension = space.dimension
    self.count = count
    self.dimension = dimension
    let blockRows = Int(LOAM_SKETCH_ROWS)
    blockCount = (count + blockRows - 1) / blockRows
    let rows = blockCount * blockRows
    let sketchOctets = rows * loam_sketch_octets(dimension)
    let headOctets = rows * loam_row_head_octets(dimension)
    let owned = ChunkMemory(sketchOctets + rows * 4 + headOctets + count * dimension)
    self.memory = owned
    let memory = unsafe owned.start
    unsafe blocks = memory.bindMemory(to: UInt8.self, capacity: sketchOctets)
    unsafe factors = (memory + sketchOctets).bindMemory(to: Float.self, capacity: rows)
    unsafe heads = RowHeads(
      start: memory + sketchOctets + rows * 4, stride: loam_row_head_octets(dimension))
    unsafe codes = (memory + sketchOctets + rows * 4 + headOctets)
      .bindMemory(to: Int8.self, capacity: count * dimension)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0, count: sketchOctets)
    unsafe heads.start.initializeMemory(as: UInt8.self, repeating: 0, count: headOctets)
    for row in 0..<rows {
      unsafe factors[row] = .nan
      unsafe heads[row].pointee.scale = .nan
    }
    var filler = unsafe Filler(
      blocks: blocks, factors: factors, heads: heads, codes: codes, count: count, space: space)
    do throws(Problem) {
      try fill(&filler)
    } catch {
      owned.free()
      throw error
    }
    hasVectors = filler.hasVectors
    for row in 0..<count where !hasVector(row) {
      unsafe (codes + row * dimension).initialize(repeating: 0, count: dimension)
    }
  }

  private func hasVector(_ row: Int) -> Bool {
    unsafe !heads[row].pointee.scale.isNaN
  }

  /// The memory of a chunk that is being made.
  ///
  /// Safe: it cannot be kept beyond the call that it is handed to, and rows are checked against the count.
  @safe
  struct Filler: ~Copyable {
    private let blocks: UnsafeMutablePointer<UInt8>
    private let factors: UnsafeMutablePointer<Float>
    private let heads: RowHeads
    private let codes: UnsafeMutablePointer<Int8>
    private let count: Int
    private let space: VectorSpace
    private var rotated: [Float]
    fileprivate var hasVectors = false

    fileprivate init(
      blocks: UnsafeMutablePointer<UInt8>, factors: UnsafeMutablePointer<Float>,
      heads: RowHeads, codes: UnsafeMutablePointer<Int8>, count: Int, space: VectorSpace
    ) {
      unsafe (self.blocks, self.factors) = (blocks, factors)
      unsafe (self.heads, self.codes) = (heads, codes)
      (self.count, self.space) = (count, space)
      rotated = Array(repeating: 0, count: space.dimension)
    }

    /// Gives a row the vector of a page's row; none where that one's scale is not above 0.
    mutating func set(_ row: Int, _ vector: VectorRow) {
      let dimension = space.dimension
      precondition(row < count && vector.codes.count == dimension)
      precondition(vector.steps.count == QuantizedVector.stepCount(dimension))
      guard vector.scale > 0, vector.scale.isFinite else { return }
      hasVectors = true
      unsafe heads[row].pointee.scale = vector.scale
      let steps = unsafe heads.steps(row)
      let target = unsafe self.codes + row * dimension
      unsafe vector.codes.withUnsafeBufferPointer { codes in
        guard let base = codes.baseAddress else { return }
        unsafe target.update(from: base, count: dimension)
      }
      let unit = QuantizedVector.unit(vector.scale)
      for (index, step) in vector.steps.enumerated() {
        unsafe steps[index] = step
        for index in QuantizedVector.block(index, dimension: dimension) {
          unsafe rotated[index] = QuantizedVector.component(target[index], step: step, unit: unit)
        }
      }
      space.rotate(&rotated)
      let rows = Int(LOAM_SKETCH_ROWS)
      let block = unsafe blocks + row / rows * rows * loam_sketch_octets(dimension)
      unsafe loam_sketch_row(rotated, dimension, block, row % rows, factors + row)
    }
  }

  deinit { memory.free() }

  /// Octets that it takes of memory.
  var octets: Int { memory.octets }

  /// Octets a row of `dimension` codes.
  static func rowOctets(_ dimension: Int) -> Int {
    loam_sketch_octets(dimension) + MemoryLayout<Float>.size + loam_row_head_octets(dimension)
      + dimension
  }

  /// The vector of `row`, `nil` where it has none.
  func vector(_ row: Int) -> QuantizedVector? {
    precondition(row < count)
    guard hasVector(row) else { return nil }
    let codes = (0..<dimension).map { unsafe self.codes[row * dimension + $0] }
    let steps = (0..<loam_step_count(dimension)).map { unsafe heads.steps(row)[$0] }
    return QuantizedVector(
      VectorRow(codes: codes[...], steps: steps[...], scale: unsafe heads[row].pointee.scale))
  }

  /// Where the rows of a chunk are, as long as it lives.
  @safe
  struct Rows: @unchecked Sendable {
    private let codes: UnsafePointer<Int8>
    private let heads: RowHeads
    private let count: Int
    private let dimension: Int

    fileprivate init(_ chunk: VectorChunk) {
      unsafe (codes, heads) = (UnsafePointer(chunk.codes), chunk.heads)
      (count, dimension) = (chunk.count, chunk.dimension)
    }

    /// Where a row is.
    @unsafe func row(_ row: Int) -> loam_row {
      precondition(row >= 0 && row < count)
      return unsafe loam_row(codes: codes + row * dimension, head: UnsafePointer(heads[row]))
    }
  }

  var rows: Rows { Rows(self) }

  /// Appends the rows whose estimate is `least` or more, numbered from `first`: of each block of 32 rows
  /// from the block `start` on, or of one in `step`.
  func scan(
    _ query: VectorQuery, from start: Int, every step: Int, least: Float, first: Int,
    into found: inout SketchedRows
  ) {
    precondition(start >= 0 && start < blockCount && step > 0)
    let blockRows = Int(LOAM_SKETCH_ROWS)
    let blockOctets = blockRows * loam_sketch_octets(dimension)
    // All blocks in one go, or each by itself.
    let length = step == 1 ? blockCount - start : 1
    unsafe query.withSketch { query in
      for block in stride(from: start, to: blockCount, by: max(step, length)) {
        unsafe found.append(upTo: length * blockRows) { rows, estimates in
          unsafe loam_sketch_scan(
            query, blocks + block * blockOctets, factors + block * blockRows, length, least,
            UInt32(first + block * blockRows), rows, estimates)
        }
      }
    }
  }
}

/// Heads of rows that stand side by side, `stride` octets from one to the next.
@unsafe
private struct RowHeads {
  let start: UnsafeMutableRawPointer
  let stride: Int

  subscript(row: Int) -> UnsafeMutablePointer<loam_row_head> {
    unsafe (start + row * stride).assumingMemoryBound(to: loam_row_head.self)
  }

  /// The steps are what follows the part of a head that is the same for all dimensions.
  func steps(_ row: Int) -> UnsafeMutablePointer<UInt8> {
    unsafe (start + row * stride + MemoryLayout<loam_row_head>.size)
      .assumingMemoryBound(to: UInt8.self)
  }
}
