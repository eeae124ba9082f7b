import CKernels
import Glibc
import TestSupport
import Testing

/// The levels that this machine can run, the portable one first.
let levels: [loam_level] = [
  LOAM_LEVEL_PORTABLE, LOAM_LEVEL_AVX2, LOAM_LEVEL_AVX512, LOAM_LEVEL_AVX512_VNNI,
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
      let (query, codes) = Self.sample(n, &random)
      var exact = 0.0
      var magnitude = 0.0
      for i in 0..<n {
        exact += Double(query[i]) * Double(codes[i])
        magnitude += abs(Double(query[i]) * Double(codes[i]))
      }
      for level in levels {
        let got = Double(unsafe loam_dot_f32_i8_at(level, query, codes, n))
        #expect(abs(got - exact) <= magnitude * 1e-6, "seed \(seed), level \(level), n \(n)")
      }
    }
  }

  @Test("a row's score is the scaled product of that row alone, to the bit, wherever it stands")
  func rowsAreIndependent() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for n in [0, 1, 15, 31, 33, 64, 384] {
      for rows in 0...9 {
        let (query, _) = Self.sample(n, &random)
        let codes = Self.sample(n * rows, &random).codes
        let scales = (0..<rows).map { _ in Float.random(in: 0...0.01, using: &random) }
        for level in levels {
          let out = Self.scores(level, query, codes, scales)
          for r in 0..<rows {
            let row = Array(codes[r * n..<(r + 1) * n])
            let alone = unsafe loam_dot_f32_i8_at(level, query, row, n)
            #expect(
              out[r] == scales[r] * alone, "seed \(seed), level \(level), row \(r) of \(rows)")
          }
        }
      }
    }
  }

  @Test("the greatest codes and a scale of zero")
  func edges() {
    for level in levels {
      for n in [16, 384, 1000] {
        let ones = [Float](repeating: 1, count: n)
        let least = unsafe loam_dot_f32_i8_at(level, ones, [Int8](repeating: -128, count: n), n)
        let most = unsafe loam_dot_f32_i8_at(level, ones, [Int8](repeating: 127, count: n), n)
        #expect(least == Float(-128 * n))
        #expect(most == Float(127 * n))
        #expect(Self.scores(level, ones, [Int8](repeating: 127, count: n), [0]) == [0])
      }
    }
  }

  /// Scores rows that lie one after another.
  static func scores(
    _ level: loam_level, _ query: [Float], _ codes: [Int8], _ scales: [Float]
  ) -> [Float] {
    var out = [Float](repeating: .nan, count: scales.count)
    unsafe codes.withUnsafeBufferPointer { codes in
      let rows = unsafe scales.indices.map { row in
        unsafe codes.baseAddress.map { unsafe $0 + row * query.count }
      }
      unsafe loam_score_rows_f32_i8_at(
        level, query, rows, scales, scales.count, query.count, &out)
    }
    return out
  }

  @Test("the level in use is one that the processor has")
  func chosenLevel() {
    #expect(levels.contains(loam_kernels_level()))
    #expect(
      unsafe ["portable", "avx2", "avx512", "avx512vnni"].contains(
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
    for level in levels {
      let expected = (0..<n).reduce(0) { $0 + $1 % 100 }
      #expect(unsafe loam_dot_f32_i8_at(level, query, row, n) == Float(expected))
    }
  }

  static func sample(_ n: Int, _ random: inout RandomSource) -> (query: [Float], codes: [Int8]) {
    (
      (0..<n).map { _ in Float.random(in: -1...1, using: &random) },
      (0..<n).map { _ in Int8.random(in: -128...127, using: &random) }
    )
  }
}
