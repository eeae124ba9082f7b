import CKernels
import TestSupport
import Testing

@Suite("Posting kernels")
struct PostingKernelTests {
  @Test(
    "every level scores and notes as a plain loop does, to the bit",
    arguments: [0, 1, 3, 4, 5, 8, 100, 3_000], [0, 0.3])
  func agree(count: Int, repeated: Double) {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for least in [Double.leastNonzeroMagnitude, 1.5, .infinity] {
      for hasExtra in [false, true] {
        let list = List(count: count, repeated: repeated, &random)
        var expected = Scores(hasExtra: hasExtra)
        let used = list.score(&expected, least: least)
        #expect(used == list.exceptions.count)
        for level in levels {
          var found = Scores(hasExtra: hasExtra)
          #expect(list.score(&found, least: least, level) == used, "seed \(seed), \(level)")
          #expect(found == expected, "seed \(seed), \(level)")
        }
      }
    }
  }

  /// What is there of 65,536 items before and after a list is scored.
  private struct Scores: Equatable {
    var scores = (0..<65_536).map { Double($0 % 3) / 2 }
    var extra: [Double]
    var noted: [UInt32] = []

    init(hasExtra: Bool) { extra = hasExtra ? (0..<65_536).map { Double($0 % 4) / 5 } : [] }
  }

  private struct List {
    static let first = 70_000
    static let (weight, titleWeight, constant, slope) = (1.7, 3.0, 0.375, 0.0071)
    var items: [UInt16] = []
    var codes: [UInt8] = []
    var exceptions: [loam_exception] = []
    let lengths: [UInt32]
    let weights = (0...255).map { Double($0 % 16) + 1 }
    let norms = (0..<Int(LOAM_NORMS)).map { List.constant + List.slope * Double($0) }

    /// `repeated` is the share of postings that are of the item before.
    init(count: Int, repeated: Double, _ random: inout RandomSource) {
      // The last item, 65,535, is mostly among them.
      var item = 65_535
      for index in 0..<count {
        if index > 0, Double.random(in: 0..<1, using: &random) >= repeated {
          item -= Int.random(in: 1...18, using: &random)
        }
        items.append(UInt16(item))
        let isEscaped = Int.random(in: 0..<30, using: &random) == 0
        codes.append(isEscaped ? UInt8(LOAM_ESCAPE) : UInt8.random(in: 0...254, using: &random))
        if isEscaped {
          exceptions.append(
            loam_exception(
              body: .random(in: 0...900, using: &random), title: .random(in: 0...9, using: &random),
              advance: 0))
        }
      }
      items.reverse()
      // Some are so long that their norm is not in the table.
      lengths = (0..<65_536).map { _ in
        Int.random(in: 0..<100, using: &random) == 0
          ? .random(in: UInt32(LOAM_NORMS) - 1...UInt32.max, using: &random)
          : .random(in: 0...400, using: &random)
      }
    }

    /// The plain loop; how many exceptions it used.
    func score(_ state: inout Scores, least: Double) -> Int {
      var (index, used) = (0, 0)
      while index < items.count {
        let item = Int(items[index])
        var frequency = 0.0
        while index < items.count, Int(items[index]) == item {
          if codes[index] == UInt8(LOAM_ESCAPE) {
            let exception = exceptions[used]
            frequency += Double(exception.body) + Self.titleWeight * Double(exception.title)
            used += 1
          } else {
            frequency += weights[Int(codes[index])]
          }
          index += 1
        }
        if !state.extra.isEmpty {
          frequency += state.extra[item]
          state.extra[item] = 0
        }
        let norm = Self.constant + Self.slope * Double(lengths[item])
        let before = state.scores[item]
        state.scores[item] += Self.weight * (frequency / (frequency + norm))
        if before < least, state.scores[item] >= least {
          state.noted.append(UInt32(Self.first + item))
        }
      }
      return used
    }

    /// The kernel, called for two halves as for two windows.
    func score(_ state: inout Scores, least: Double, _ level: loam_level) -> Int {
      var middle = items.count / 2
      while middle > 0, middle < items.count, items[middle - 1] == items[middle] { middle += 1 }
      var used = 0
      for half in [0..<middle, middle..<items.count] {
        var noted = [UInt32](repeating: 0, count: 65_536)
        let hasExtra = !state.extra.isEmpty
        let count = unsafe state.scores.withUnsafeMutableBufferPointer { scores in
          unsafe state.extra.withUnsafeMutableBufferPointer { extra in
            unsafe noted.withUnsafeMutableBufferPointer { noted in
              unsafe lengths.withUnsafeBufferPointer { lengths in
                var term = unsafe loam_term(
                  weight: Self.weight, least: least, title_weight: Self.titleWeight,
                  constant: Self.constant, slope: Self.slope, lengths: lengths.baseAddress,
                  extra: hasExtra ? extra.baseAddress : nil, scores: scores.baseAddress,
                  first: UInt32(Self.first), noted: noted.baseAddress, noted_count: 0)
                used += unsafe loam_score_postings_at(
                  level, &term, Array(items[half]), Array(codes[half]), half.count,
                  Array(exceptions[used...]), weights, norms)
                return unsafe term.noted_count
              }
            }
          }
        }
        state.noted += noted[..<count]
      }
      return used
    }
  }
}
