import CKernels
import Glibc
import TestSupport
import Testing

/// The levels that this machine can run, the portable one first.
let levels: [loam_level] = [
  LOAM_LEVEL_PORTABLE, LOAM_LEVEL_AVX2, LOAM_LEVEL_AVX512, LOAM_LEVEL_AVX512_VNNI,
  LOAM_LEVEL_NEON,
].filter {
  loam_kernels_can($0) != 0
}

@Suite("Score kernels")
struct ScoreKernelTests {
  static let dimensions = Array(0...70) + [127, 128, 129, 383, 384, 385, 768, 1024]

  @Test("every level agrees with a double-precision sum within the rounding of floats")
  func agreesWithDoubles() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for n in Self.dimensions {
      let row = Self.row(n, &random)
      let query = Self.query(n, &random)
      var exact = 0.0
      var magnitude = 0.0
      for i in 0..<n {
        let term = Double(query[i]) * Double(row.codes[i]) * Double(row.steps[i / 64])
        exact += term
        magnitude += abs(term)
      }
      for level in levels {
        let got = Double(unsafe loam_dot_f32_i8_at(level, query, row.codes, row.steps, n))
        #expect(abs(got - exact) <= magnitude * 1e-6, "seed \(seed), level \(level), n \(n)")
      }
    }
  }

  @Test("a row's score is the scaled product of that row alone, to the bit, wherever it stands")
  func rowsAreIndependent() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for n in [0, 1, 15, 31, 33, 63, 64, 65, 72, 100, 128, 191, 384, 391] {
      for count in 0...9 {
        let query = Self.query(n, &random)
        let rows = (0..<count).map { _ in Self.row(n, &random) }
        for level in levels {
          let out = Self.scores(level, query, rows)
          for (r, row) in rows.enumerated() {
            let alone = unsafe loam_dot_f32_i8_at(level, query, row.codes, row.steps, n)
            #expect(
              out[r] == row.scale / 255 * alone,
              "seed \(seed), level \(level), n \(n), row \(r) of \(count)")
          }
        }
      }
    }
  }

  @Test("the greatest codes, the least and the greatest step, and a scale of zero")
  func edges() {
    for level in levels {
      for n in [16, 64, 65, 384, 1000] {
        let ones = [Float](repeating: 1, count: n)
        for (code, step) in [(-128, 1), (127, 1), (-128, 255), (127, 64), (127, 0)] {
          let row = Row(
            codes: Array(repeating: Int8(code), count: n),
            steps: Array(repeating: UInt8(step), count: (n + 63) / 64), scale: 0)
          let dot = unsafe loam_dot_f32_i8_at(level, ones, row.codes, row.steps, n)
          #expect(dot == Float(code * step * n), "level \(level), n \(n), \(code) * \(step)")
          #expect(Self.scores(level, ones, [row]) == [0])
        }
      }
    }
  }

  @Test("each block counts with its own step, also a last one that is shorter")
  func steps() {
    for level in levels {
      for n in [64, 65, 100, 128, 384, 390] {
        let steps = (1...UInt8((n + 63) / 64)).map { $0 }
        let dot = unsafe loam_dot_f32_i8_at(
          level, Array(repeating: 1, count: n), Array(repeating: 1, count: n), steps, n)
        let expected = (0..<n).reduce(0) { $0 + $1 / 64 + 1 }
        #expect(dot == Float(expected), "level \(level), n \(n)")
      }
    }
  }

  /// Scores rows that lie one after another, and so do their heads.
  static func scores(_ level: loam_level, _ query: [Float], _ rows: [Row]) -> [Float] {
    var out = [Float](repeating: .nan, count: rows.count)
    let codes = rows.flatMap(\.codes)
    let stride = loam_row_head_octets(query.count)
    let heads = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, rows.count * stride), alignment: MemoryLayout<loam_row_head>.alignment)
    defer { unsafe heads.deallocate() }
    for (index, row) in rows.enumerated() {
      unsafe heads.storeBytes(of: row.scale, toByteOffset: index * stride, as: Float.self)
      for (block, step) in row.steps.enumerated() {
        unsafe heads.storeBytes(
          of: step, toByteOffset: index * stride + MemoryLayout<loam_row_head>.size + block,
          as: UInt8.self)
      }
    }
    unsafe codes.withUnsafeBufferPointer { codes in
      let places = unsafe rows.indices.map { row in
        unsafe codes.baseAddress.map { unsafe $0 + row * query.count }
      }
      let headPlaces = unsafe rows.indices.map { row in
        unsafe Optional(
          UnsafePointer((heads + row * stride).assumingMemoryBound(to: loam_row_head.self)))
      }
      unsafe loam_score_rows_f32_i8_at(
        level, query, places, headPlaces, rows.count, query.count, &out)
    }
    return out
  }

  @Test("the level in use is one that the processor has")
  func chosenLevel() {
    #expect(levels.contains(loam_kernels_level()))
    #expect(
      unsafe ["portable", "avx2", "avx512", "avx512vnni", "neon"].contains(
        String(cString: loam_kernels_name())))
  }

  @Test(
    "nothing is read past the end of a row",
    arguments: [1, 7, 17, 31, 33, 383])
  func readsNothingPastTheEnd(n: Int) {
    // A guard page right after the codes: a kernel that reads past the end is stopped by it.
    let page = 4096
    guard
      let memory = unsafe mmap(
        nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe mprotect(memory + page, page, PROT_NONE) == 0
    else { return }
    defer { unsafe munmap(memory, 2 * page) }
    let row = unsafe (memory + page - n).assumingMemoryBound(to: Int8.self)
    for i in 0..<n { unsafe row[i] = Int8(i % 100) }
    let query = [Float](repeating: 1, count: n)
    let steps = [UInt8](repeating: 1, count: (n + 63) / 64)
    for level in levels {
      let expected = (0..<n).reduce(0) { $0 + $1 % 100 }
      #expect(unsafe loam_dot_f32_i8_at(level, query, row, steps, n) == Float(expected))
    }
  }

  struct Row {
    var codes: [Int8]
    var steps: [UInt8]
    var scale: Float
  }

  static func row(_ n: Int, _ random: inout RandomSource) -> Row {
    Row(
      codes: (0..<n).map { _ in Int8.random(in: -128...127, using: &random) },
      steps: (0..<(n + 63) / 64).map { _ in UInt8.random(in: 1...255, using: &random) },
      scale: Float.random(in: 0...0.01, using: &random))
  }

  static func query(_ n: Int, _ random: inout RandomSource) -> [Float] {
    (0..<n).map { _ in Float.random(in: -1...1, using: &random) }
  }
}
