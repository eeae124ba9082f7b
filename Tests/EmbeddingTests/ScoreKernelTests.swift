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

  @Test("every level gives the product of whole numbers, however many rows there are")
  func agreesWithWholeNumbers() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for n in Self.dimensions {
      for count in [0, 1, 3, 4, 5, 9, 17] {
        let query = (0..<n).map { _ in Int16.random(in: -32767...32767, using: &random) }
        let rows = (0..<count).map { _ in Row(random: n, &random) }
        let expected = rows.map { $0.score(query, scale: 0.25) }
        for level in levels {
          let got = Self.scores(level, query, scale: 0.25, rows)
          #expect(got == expected, "seed \(seed), level \(level), n \(n), \(count) rows")
        }
      }
    }
  }

  @Test("the greatest codes and steps, steps of zero, and scales of zero and of no number")
  func edges() {
    for n in [16, 64, 65, 384, 1000] {
      for (value, code, step) in [
        (32767, -128, 255), (-32767, -128, 255), (32767, 127, 255), (1, 127, 1), (32767, 127, 0),
      ] {
        let query = [Int16](repeating: Int16(value), count: n)
        let row = Row(
          codes: Array(repeating: Int8(code), count: n),
          steps: Array(repeating: UInt8(step), count: (n + 63) / 64), scale: 255)
        let zero = Row(codes: row.codes, steps: row.steps, scale: 0)
        let none = Row(codes: row.codes, steps: row.steps, scale: .nan)
        for level in levels {
          let got = Self.scores(level, query, scale: 1, [row, zero, none])
          let what = "level \(level), n \(n), \(value) * \(code) * \(step)"
          #expect(got[0] == Float(value * code * step * n), "\(what)")
          #expect(got[1] == 0 && got[2].isNaN, "\(what)")
        }
      }
    }
  }

  @Test("each block counts with its own step, also a last one that is shorter")
  func steps() {
    for n in [64, 65, 100, 128, 384, 390] {
      let row = Row(
        codes: Array(repeating: 1, count: n), steps: (1...UInt8((n + 63) / 64)).map { $0 },
        scale: 255)
      let expected = (0..<n).reduce(0) { $0 + $1 / 64 + 1 }
      for level in levels {
        let got = Self.scores(level, Array(repeating: 1, count: n), scale: 1, [row])
        #expect(got == [Float(expected)], "level \(level), n \(n)")
      }
    }
  }

  @Test("nothing is read past the end of a row", arguments: [1, 7, 17, 31, 33, 383])
  func readsNothingPastTheEnd(n: Int) {
    // A guard page right after the codes: a kernel that reads past the end is stopped by it.
    let page = 4096
    guard
      let memory = unsafe mmap(
        nil, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe mprotect(memory + page, page, PROT_NONE) == 0
    else { return }
    defer { unsafe munmap(memory, 2 * page) }
    let codes = unsafe (memory + page - n).assumingMemoryBound(to: Int8.self)
    for i in 0..<n { unsafe codes[i] = Int8(i % 100) }
    let expected = Float((0..<n).reduce(0) { $0 + $1 % 100 })
    let steps = [UInt8](repeating: 1, count: (n + 63) / 64)
    for level in levels {
      unsafe Self.withHeads([Row(codes: [], steps: steps, scale: 255)], n) { heads in
        let row = unsafe loam_row(codes: codes, head: heads[0])
        var out = Float.nan
        let query = Self.filled(Array(repeating: 1, count: n))
        unsafe loam_score_rows_at(level, query, 1, [row], 1, n, &out)
        #expect(out == expected, "level \(level)")
      }
    }
  }

  @Test("the level in use is one that the processor has")
  func chosenLevel() {
    #expect(levels.contains(loam_kernels_level()))
    #expect(
      unsafe ["portable", "avx2", "avx512", "avx512vnni", "neon"].contains(
        String(cString: loam_kernels_name())))
  }

  /// Scores rows that lie one after another, and so do their heads.
  static func scores(
    _ level: loam_level, _ query: [Int16], scale: Float, _ rows: [Row]
  ) -> [Float] {
    var out = [Float](repeating: .infinity, count: rows.count)
    let codes = rows.flatMap(\.codes)
    unsafe withHeads(rows, query.count) { heads in
      unsafe codes.withUnsafeBufferPointer { codes in
        let places = unsafe rows.indices.map { row in
          unsafe loam_row(
            codes: codes.baseAddress.map { unsafe $0 + row * query.count }, head: heads[row])
        }
        unsafe loam_score_rows_at(
          level, filled(query), scale, places, rows.count, query.count, &out)
      }
    }
    return out
  }

  /// A query with zeros up to a whole block of steps.
  private static func filled(_ query: [Int16]) -> [Int16] {
    query + repeatElement(0, count: (query.count + 63) / 64 * 64 - query.count)
  }

  /// Calls `body` with where the heads of rows of `dim` components lie, side by side.
  @unsafe private static func withHeads(
    _ rows: [Row], _ dim: Int, _ body: ([UnsafePointer<loam_row_head>]) -> Void
  ) {
    let stride = loam_row_head_octets(dim)
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
    unsafe body(
      rows.indices.map { row in
        unsafe UnsafePointer((heads + row * stride).assumingMemoryBound(to: loam_row_head.self))
      })
  }

  struct Row {
    var codes: [Int8]
    var steps: [UInt8]
    var scale: Float

    init(codes: [Int8], steps: [UInt8], scale: Float) {
      (self.codes, self.steps, self.scale) = (codes, steps, scale)
    }

    init(random n: Int, _ random: inout RandomSource) {
      codes = (0..<n).map { _ in Int8.random(in: -128...127, using: &random) }
      steps = (0..<(n + 63) / 64).map { _ in UInt8.random(in: 0...255, using: &random) }
      scale = Float.random(in: 0...0.01, using: &random)
    }

    /// `scale` times the sum over i of query[i] times component i.
    func score(_ query: [Int16], scale: Float) -> Float {
      let sum = codes.indices.reduce(0) {
        $0 + Int(query[$1]) * Int(codes[$1]) * Int(steps[$1 / 64])
      }
      return Float(Double(sum) * (Double(self.scale) * Double(scale) / 255))
    }
  }
}
