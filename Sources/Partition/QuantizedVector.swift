/// A vector in signed octets with one scale: component *i* is `Float(codes[i]) * scale`.
///
/// A scale a row: one scale for all rows loses a tenth of the neighbours. It is the one with which the
/// product of the vector and its codes is that of the vector and itself, so that rounding moves a row
/// neither nearer nor farther from what is like it: of the error of products an eighth goes. The scale 0
/// means that there is no vector.
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
    var (square, product) = (0.0, 0.0)
    codes = vector.map { value in
      guard value.isFinite else { return 0 }
      let code = Int8(max(-127, min(127, (value / divisor).rounded(.toNearestOrEven))))
      square += Double(value) * Double(value)
      product += Double(value) * Double(code)
      return code
    }
    scale = Float(square / product)
  }
}
