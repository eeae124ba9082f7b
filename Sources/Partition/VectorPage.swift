import Grounding

/// Where a page of vectors has what of the rows of its extent; a *slot* is a row of it.
///
/// `count` rows of codes come first, then `count` scales, then `count` rows of steps.
struct VectorPageLayout {
  /// The extent's slots.
  var count: Int
  var dimension: Int

  var stepCount: Int { QuantizedVector.stepCount(dimension) }
  var octets: Int { steps(count) }

  func codes(_ slot: Int) -> Int { slot * dimension }
  func scale(_ slot: Int) -> Int { count * dimension + slot * 4 }
  func steps(_ slot: Int) -> Int { count * (dimension + 4) + slot * stepCount }
}

extension Blob {
  /// Gives a slot a vector; `nil` overwrites the one that it has.
  func write(_ vector: QuantizedVector?, slot: Int, _ layout: VectorPageLayout) throws(Problem) {
    let codes = vector?.codes ?? Array(repeating: 0, count: layout.dimension)
    let steps = vector?.steps ?? Array(repeating: 0, count: layout.stepCount)
    try write(codes, offset: layout.codes(slot))
    try write([vector?.scale ?? 0], offset: layout.scale(slot))
    try write(steps, offset: layout.steps(slot))
  }

  /// The vector of a slot; `nil` where it has none.
  func vector(slot: Int, _ layout: VectorPageLayout) throws(Problem) -> QuantizedVector? {
    var scale: [Float] = [0]
    try read(into: &scale, offset: layout.scale(slot))
    guard scale[0] > 0 else { return nil }
    var codes = [Int8](repeating: 0, count: layout.dimension)
    var steps = [UInt8](repeating: 0, count: layout.stepCount)
    try read(into: &codes, offset: layout.codes(slot))
    try read(into: &steps, offset: layout.steps(slot))
    return QuantizedVector(VectorRow(codes: codes[...], steps: steps[...], scale: scale[0]))
  }
}

/// What a page holds of the rows of one extent.
struct VectorPage {
  /// The extent's slots; 0 where it has no page.
  private(set) var count = 0
  /// As many codes and steps for each slot as there are, slot after slot.
  private var codes: [Int8] = []
  private var steps: [UInt8] = []
  /// One for each slot; 0 where the row has no vector (yet).
  private(set) var scales: [Float] = []

  func hasVector(_ slot: Int) -> Bool {
    slot < count && scales[slot] > 0 && scales[slot].isFinite
  }

  func row(_ slot: Int) -> VectorRow {
    let (dimension, stepCount) = (codes.count / count, steps.count / count)
    return VectorRow(
      codes: codes[slot * dimension..<(slot + 1) * dimension],
      steps: steps[slot * stepCount..<(slot + 1) * stepCount], scale: scales[slot])
  }

  /// Leaves no slot; the memory is used again.
  mutating func clear() { count = 0 }

  /// Reads a page whole.
  ///
  /// - Throws: `damaged` where it has another size than `layout` says; no slot is left then.
  mutating func read(
    _ blob: borrowing Blob, _ layout: VectorPageLayout, place: String
  ) throws(Problem) {
    clear()
    guard blob.count == layout.octets else {
      throw Problem(.damaged, "A page of vectors has a wrong size.", place: place)
    }
    if scales.count != layout.count {
      codes = Array(repeating: 0, count: layout.count * layout.dimension)
      scales = Array(repeating: 0, count: layout.count)
      steps = Array(repeating: 0, count: layout.count * layout.stepCount)
    }
    try blob.read(into: &codes, offset: layout.codes(0))
    try blob.read(into: &scales, offset: layout.scale(0))
    try blob.read(into: &steps, offset: layout.steps(0))
    count = layout.count
  }
}
