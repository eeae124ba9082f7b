import CKernels
import TestSupport
import Testing

@Suite("Sketch kernels")
struct SketchKernelTests {
  static let dimensions = [1, 2, 7, 8, 31, 32, 33, 64, 100, 255, 384, 385, 768, 1024, 4096]

  @Test("a rotation keeps products, and undoes no difference between two vectors")
  func rotates() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for dimension in Self.dimensions {
      let signs = Self.signs(dimension, &random)
      let (x, y) = (Self.vector(dimension, &random), Self.vector(dimension, &random))
      var (a, b) = (x, y)
      unsafe loam_rotate(signs, dimension, &a)
      unsafe loam_rotate(signs, dimension, &b)
      let magnitude = Self.product(x, x).squareRoot() * Self.product(y, y).squareRoot()
      #expect(
        abs(Self.product(a, b) - Self.product(x, y)) <= 1e-4 * magnitude,
        "seed \(seed), dimension \(dimension)")
    }
  }

  @Test("every level rotates as the plain transform does, to the bit")
  func rotationsAgree() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for dimension in Self.dimensions {
      let signs = Self.signs(dimension, &random)
      let vector = Self.vector(dimension, &random)
      let expected = Self.rotated(vector, signs)
      for level in levels {
        var rotated = vector
        unsafe loam_rotate_at(level, signs, dimension, &rotated)
        #expect(rotated == expected, "seed \(seed), dimension \(dimension)")
      }
    }
  }

  @Test("a row is its components' signs, and a factor that makes them estimate its own product")
  func rowsOfSigns() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for dimension in Self.dimensions {
      let vector = Self.vector(dimension, &random)
      let octets = loam_sketch_octets(dimension)
      var block = [UInt8](repeating: 255, count: 32 * octets)
      var factor: Float = 0
      unsafe loam_sketch_row(vector, dimension, &block, 3, &factor)
      let bits = (0..<8 * octets).map { block[$0 / 8 * 32 + 3] >> UInt8($0 % 8) & 1 == 1 }
      #expect(Array(bits[..<dimension]) == vector.map { $0 > 0 }, "seed \(seed)")
      #expect(!bits[dimension...].contains(true))
      #expect((0..<octets).allSatisfy { block[$0 * 32 + 2] == 255 && block[$0 * 32 + 4] == 255 })
      let magnitude = vector.reduce(0) { $0 + Double(abs($1)) }
      #expect(
        abs(Double(factor) * magnitude / Self.product(vector, vector) - 1) < 1e-5,
        "seed \(seed), dimension \(dimension)")
    }
  }

  @Test("every level finds the same rows with the same estimates, to the bit")
  func levelsAgree() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for dimension in Self.dimensions {
      let sketches = Sketches(dimension: dimension, rows: 150, &random)
      let query = Self.vector(dimension, &random)
      for least: Float in [-.infinity, 0, 0.02, .infinity] {
        let expected = sketches.scan(LOAM_LEVEL_PORTABLE, query, least)
        for level in levels {
          let found = sketches.scan(level, query, least)
          #expect(found.rows == expected.rows, "seed \(seed), dimension \(dimension)")
          #expect(found.estimates == expected.estimates, "seed \(seed), dimension \(dimension)")
        }
        // 150 rows are 4 blocks and a part; the rest of the last has no factor.
        if least == -.infinity { #expect(expected.rows == Array(0..<150).map { UInt32($0) + 7 }) }
        if least == .infinity { #expect(expected.rows.isEmpty) }
      }
    }
  }

  @Test("an estimate is near the product, and a row of zeros is none")
  func estimates() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for dimension in [384, 768] {
      var sketches = Sketches(dimension: dimension, rows: 320, &random)
      let query = Self.vector(dimension, &random)
      let found = sketches.scan(LOAM_LEVEL_PORTABLE, query, -.infinity)
      var square = 0.0
      for (row, estimate) in zip(found.rows, found.estimates) {
        let exact = Self.product(query, sketches.vectors[Int(row) - 7])
        square += (Double(estimate) - exact) * (Double(estimate) - exact)
      }
      // 1 / sqrt(dimension) times sqrt(pi / 2 - 1) for random directions.
      let deviation = (square / 320).squareRoot()
      #expect(deviation < 1.1 / Double(dimension).squareRoot(), "seed \(seed): \(deviation)")
      sketches.set(5, [Float](repeating: 0, count: dimension))
      #expect(sketches.scan(LOAM_LEVEL_PORTABLE, query, -.infinity).rows.count == 319)
    }
  }

  @Test("a query of zeros estimates all as nothing")
  func emptyQuery() {
    var random = RandomSource(seed: 1)
    let sketches = Sketches(dimension: 64, rows: 40, &random)
    for level in levels {
      let found = sketches.scan(level, [Float](repeating: 0, count: 64), -.infinity)
      #expect(found.rows.count == 40 && found.estimates.allSatisfy { $0 == 0 })
    }
  }

  /// The rotation as it is defined: a sum and a difference at a time.
  static func rotated(_ vector: [Float], _ signs: [Float]) -> [Float] {
    let dimension = vector.count
    var window = 1
    while window * 2 <= dimension { window *= 2 }
    var result = vector
    for round in 0..<Int(LOAM_ROTATION_ROUNDS) {
      for index in 0..<dimension { result[index] *= signs[round * dimension + index] }
      let first = round % 2 == 0 ? 0 : dimension - window
      var half = 1
      while half < window {
        for index in 0..<window where index & half == 0 {
          let (a, b) = (result[first + index], result[first + index + half])
          (result[first + index], result[first + index + half]) = (a + b, a - b)
        }
        half *= 2
      }
      let factor = 1 / Float(window).squareRoot()
      for index in first..<first + window { result[index] *= factor }
    }
    return result
  }

  /// Rows in blocks, as the kernels take them.
  struct Sketches {
    private let signs: [Float]
    private let octets: Int
    private var blocks: [UInt8]
    private var factors: [Float]
    private(set) var vectors: [[Float]]

    init(dimension: Int, rows: Int, _ random: inout RandomSource) {
      signs = SketchKernelTests.signs(dimension, &random)
      octets = loam_sketch_octets(dimension)
      let count = (rows + 31) / 32
      blocks = Array(repeating: 0, count: count * 32 * octets)
      factors = Array(repeating: .nan, count: count * 32)
      vectors = (0..<rows).map { _ in SketchKernelTests.vector(dimension, &random) }
      for row in 0..<rows { set(row, vectors[row]) }
    }

    mutating func set(_ row: Int, _ vector: [Float]) {
      var rotated = vector
      unsafe loam_rotate(signs, vector.count, &rotated)
      let first = row / 32 * 32 * octets
      unsafe blocks.withUnsafeMutableBufferPointer { blocks in
        unsafe factors.withUnsafeMutableBufferPointer { factors in
          guard let block = blocks.baseAddress, let factor = factors.baseAddress else { return }
          unsafe loam_sketch_row(rotated, vector.count, block + first, row % 32, factor + row)
        }
      }
    }

    func scan(
      _ level: loam_level, _ vector: [Float], _ least: Float
    ) -> (rows: [UInt32], estimates: [Float]) {
      var rotated = vector
      unsafe loam_rotate(signs, vector.count, &rotated)
      var table = [UInt8](repeating: 0, count: 32 * octets)
      var rows = [UInt32](repeating: 0, count: factors.count)
      var estimates = [Float](repeating: 0, count: factors.count)
      let count = unsafe table.withUnsafeMutableBufferPointer { table in
        guard let address = table.baseAddress else { return 0 }
        var query = unsafe loam_sketch_prepare(rotated, vector.count, address)
        return unsafe loam_sketch_scan_at(
          level, &query, blocks, factors, factors.count / 32, least, 7, &rows, &estimates)
      }
      return (Array(rows[..<count]), Array(estimates[..<count]))
    }
  }

  static func signs(_ dimension: Int, _ random: inout RandomSource) -> [Float] {
    (0..<dimension * Int(LOAM_ROTATION_ROUNDS)).map { _ in
      Bool.random(using: &random) ? 1 : -1
    }
  }

  /// Of about unit length.
  static func vector(_ dimension: Int, _ random: inout RandomSource) -> [Float] {
    let vector = (0..<dimension).map { _ in Float.random(in: -1...1, using: &random) }
    let length = Float(product(vector, vector).squareRoot())
    return vector.map { length > 0 ? $0 / length : 0 }
  }

  static func product(_ x: [Float], _ y: [Float]) -> Double {
    zip(x, y).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }
}
