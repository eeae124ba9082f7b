import CKernels

/// A vector in signed octets, with a step for each block of 64 components and one scale: component *i* is
/// `codes[i] * steps[i / 64] * scale / 255`.
///
/// With one scale for all of a row .989 of the ten nearest of 100,000 are found, with these steps .992.
/// The scale is the one with which the product of the vector and what it was rounded to is that of the
/// vector and itself, so that rounding moves a row neither nearer nor farther from what is like it: of
/// the error of products an eighth goes. The scale 0 means that there is no vector.
package struct QuantizedVector: Hashable, Sendable {
  package var codes: [Int8]
  /// One a block, 1 to 255; the last block may be shorter than the others.
  package var steps: [UInt8]
  package var scale: Float

  private static let blockSize = Int(LOAM_STEP_BLOCK)
  private static let fullStep = Int(LOAM_FULL_STEP)

  /// How many steps a vector of `dimension` components has.
  static func stepCount(_ dimension: Int) -> Int { loam_step_count(dimension) }

  /// The components that share the step `index`.
  static func block(_ index: Int, dimension: Int) -> Range<Int> {
    index * blockSize..<min((index + 1) * blockSize, dimension)
  }

  init(_ row: VectorRow) {
    (codes, steps, scale) = (Array(row.codes), Array(row.steps), row.scale)
  }

  /// Rounds to the nearest code, ties to even.
  ///
  /// The greatest component becomes 127 or -127 in a block of step 255, and each other block has the least
  /// step with which its greatest component is 127 at most; 1 where all are 0. What is rounded again gets
  /// the same codes and steps, and the same scale but for the last bit of a float. A component that is no
  /// finite number counts as 0. A vector of zeros has the scale 0.
  package init(_ vector: [Float]) {
    let blocks = (0..<Self.stepCount(vector.count)).map {
      Self.block($0, dimension: vector.count)
    }
    let greatest = blocks.map { block in
      vector[block].reduce(Float(0)) { $1.isFinite ? max($0, abs($1)) : $0 }
    }
    codes = Array(repeating: 0, count: vector.count)
    steps = Array(repeating: 1, count: blocks.count)
    scale = 0
    // What a code of step 1 is worth. As a float it can be 0, or too small to be exact.
    let unit = Double(greatest.max() ?? 0) / Double(127 * Self.fullStep)
    guard Float(unit).isNormal else { return }
    var (square, product) = (0.0, 0.0)
    for (index, block) in blocks.enumerated() {
      let step = Self.step(Double(greatest[index]) / unit)
      steps[index] = UInt8(step)
      for index in block where vector[index].isFinite {
        let value = Double(vector[index])
        let code = max(-127, min(127, (value / (unit * step)).rounded(.toNearestOrEven)))
        codes[index] = Int8(code)
        square += value * value
        product += value * code * step
      }
    }
    scale = Float(square / product * Double(Self.fullStep))
  }

  /// The step of a block, from its greatest magnitude in units of a code of step 1.
  ///
  /// Magnitudes are rounded before they are compared: those of a vector that was rounded are whole
  /// numbers but for the errors of floats.
  private static func step(_ greatest: Double) -> Double {
    let step = max(1, (greatest.rounded() / 127).rounded(.up))
    // Rounded to a code the greatest component may be one for which a lesser step would do.
    let rounded = (greatest / step).rounded(.toNearestOrEven) * step
    return rounded > 127 * (step - 1) ? step : max(1, step - 1)
  }

  /// The components.
  package var values: [Float] {
    let unit = Self.unit(scale)
    var values: [Float] = []
    values.reserveCapacity(codes.count)
    for (index, step) in steps.enumerated() {
      for code in codes[Self.block(index, dimension: codes.count)] {
        values.append(Self.component(code, step: step, unit: unit))
      }
    }
    return values
  }

  /// What a code of step 1 is worth.
  static func unit(_ scale: Float) -> Float { scale / Float(fullStep) }

  /// One component; the product of code and step is exact.
  static func component(_ code: Int8, step: UInt8, unit: Float) -> Float {
    Float(code) * Float(step) * unit
  }
}

/// One row of a page of vectors, where it stands.
struct VectorRow {
  var codes: ArraySlice<Int8>
  var steps: ArraySlice<UInt8>
  var scale: Float
}
