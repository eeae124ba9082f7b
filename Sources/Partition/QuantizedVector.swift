/// A vector in signed octets with one scale: component *i* is `Float(codes[i]) * scale`.
///
/// A scale a row: one scale for all rows loses a tenth of the neighbours (DESIGN section 4). The
/// scale 0 means that there is no vector.
package struct QuantizedVector: Hashable, Sendable {
  package var codes: [Int8]
  package var scale: Float

  package init(codes: [Int8], scale: Float) {
    self.codes = codes
    self.scale = scale
  }

  /// Rounds to the nearest code, ties to even; the greatest component becomes 127 or -127.
  ///
  /// A component that is no finite number counts as 0. A vector of zeros has the scale 0.
  package init(_ vector: [Float]) {
    var greatest: Float = 0
    for value in vector where value.isFinite { greatest = max(greatest, abs(value)) }
    scale = greatest / 127
    // A scale of a subnormal greatest component can be 0, or too small to divide by.
    guard scale.isNormal else {
      (codes, scale) = (Array(repeating: 0, count: vector.count), 0)
      return
    }
    let divisor = scale
    codes = vector.map { value in
      guard value.isFinite else { return 0 }
      return Int8(max(-127, min(127, (value / divisor).rounded(.toNearestOrEven))))
    }
  }
}
