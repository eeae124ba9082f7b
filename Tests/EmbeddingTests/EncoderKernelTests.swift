import CKernels
import Glibc
import TestSupport
import Testing

/// Every kernel of the encoder at every level, beside the same sums in double precision.
@Suite("Encoder kernels")
struct EncoderKernelTests {
  @Test(
    "a linear layer with float weights and with octets, for any shape",
    arguments: [
      (1, 1), (3, 31), (4, 32), (5, 33), (31, 16), (64, 100), (384, 64), (385, 40), (900, 48),
    ])
  func linear(input: Int, output: Int) {
    var random = RandomSource(seed: UInt64(input * 1000 + output))
    let layer = LinearLayer(input: input, output: output, random: &random)
    for rows in [0, 1, 2, 5, 11, 12, 13, 49] {
      let x = floats(rows * input, &random)
      let expected = layer.expected(x, rows: rows)
      for level in levels {
        for form in LinearLayer.Form.all {
          let got = layer.apply(x, rows: rows, level: level, form, gelu: false)
          // Rows are rounded to 16 bits, steps of 3e-5 here, or to 7, steps of 0.03.
          let error = form == .f32 ? 1e-5 : form == .octets16 ? 1e-4 : 0.05
          let bound = error * Double(input).squareRoot() + 1e-6
          for (a, b) in zip(got, form == .f32 ? expected.exact : expected.rounded) {
            #expect(abs(Double(a) - b) < bound)
          }
          let bent = layer.apply(x, rows: rows, level: level, form, gelu: true)
          for (a, b) in zip(bent, got) {
            #expect(abs(Double(a) - gelu(Double(b))) < 1e-6 * max(1, abs(Double(b))))
          }
        }
      }
    }
  }

  @Test("a row's result does not depend on the rows beside it, to the bit")
  func rowsAreIndependent() {
    var random = RandomSource(seed: 11)
    let layer = LinearLayer(input: 500, output: 70, random: &random)
    let x = floats(29 * 500, &random)
    for level in levels {
      for form in LinearLayer.Form.all {
        let all = layer.apply(x, rows: 29, level: level, form, gelu: true)
        for row in 0..<29 {
          let alone = layer.apply(
            Array(x[row * 500..<(row + 1) * 500]), rows: 1, level: level, form, gelu: true)
          #expect(alone == Array(all[row * 70..<(row + 1) * 70]), "level \(level), row \(row)")
        }
      }
    }
  }

  @Test("with weights of octets every level gives the same bits: the sums are of integers")
  func octetsAreExact() {
    var random = RandomSource(seed: 12)
    for (input, output) in [(1, 1), (5, 33), (384, 64), (386, 40), (1536, 32)] {
      let layer = LinearLayer(input: input, output: output, random: &random)
      var x = floats(14 * input, &random)
      // Rows of one sign at full magnitude, of zeros, of the tiny and of the huge.
      for i in 0..<input {
        x[i] = 1
        x[input + i] = 0
        x[2 * input + i] *= 1e-30
        x[3 * input + i] *= 1e29
      }
      for form in [LinearLayer.Form.octets16, .octets7] {
        let plain = layer.apply(x, rows: 14, level: LOAM_LEVEL_PORTABLE, form, gelu: false)
        for level in levels {
          #expect(
            layer.apply(x, rows: 14, level: level, form, gelu: false) == plain,
            "level \(level), \(form), \(input) inputs")
        }
      }
    }
  }

  @Test("the greatest weights and inputs that a 16-bit sum can meet do not overflow it")
  func greatestSums() {
    var random = RandomSource(seed: 14)
    for (weights, inputs) in [
      ([-128], [1]), ([-128], [-1]), ([127], [1]), ([-128, 127], [-1, 1]),
      ([127], [1, 1, 1, 1, 0, 0]), ([-128], [0.9, 0.01]), ([127, -128], [63, 62.5]),
    ] as [([Int8], [Float])] {
      let layer = LinearLayer(input: 160, output: 32, random: &random, weights: weights)
      let x = (0..<9 * 160).map { _ in inputs.randomElement(using: &random) ?? 0 }
      let expected = layer.expected(x, rows: 9).rounded
      let plain = layer.apply(x, rows: 9, level: LOAM_LEVEL_PORTABLE, .octets7, gelu: false)
      for (a, b) in zip(plain, expected) {
        // A step is a 15th of the greatest input at most; half of one is lost of each.
        #expect(abs(Double(a) - b) <= Double(inputs.map(abs).max() ?? 0) / 30 * 128 * 160 * 0.01)
      }
      for level in levels {
        #expect(layer.apply(x, rows: 9, level: level, .octets7, gelu: false) == plain)
      }
    }
  }

  @Test(
    "inputs that lie along an output's weights, where a 16-bit sum is as great as it may be",
    arguments: [[-128], [127], [-1, 1], [-128, 127], [3, -90, 0, 0], Array(-20...20)] as [[Int8]])
  func alignedSums(weights: [Int8]) {
    var random = RandomSource(seed: UInt64(weights.count))
    for input in [16, 32, 72, 96, 390] {
      let layer = LinearLayer(input: input, output: 40, random: &random, weights: weights)
      for sign in [Float(1), -1] {
        let x = layer.codes.map { Float($0) * sign }
        let expected = layer.expected(x, rows: 40).rounded
        let plain = layer.apply(x, rows: 40, level: LOAM_LEVEL_PORTABLE, .octets7, gelu: false)
        for (a, b) in zip(plain, expected) {
          let greatest = Double(weights.map { abs(Int($0)) }.max() ?? 0)
          #expect(abs(Double(a) - b) <= greatest / 30 * 128 * Double(input) * 0.01)
        }
        for level in levels {
          #expect(layer.apply(x, rows: 40, level: level, .octets7, gelu: false) == plain)
        }
      }
    }
  }

  @Test("a number that is not finite takes its row, or its group of 32, away, and spoils no other")
  func notFinite() {
    var random = RandomSource(seed: 13)
    let layer = LinearLayer(input: 40, output: 32, random: &random)
    for level in levels {
      for bad in [Float.infinity, -Float.infinity, Float(1e38)] {
        for form in [LinearLayer.Form.octets16, .octets7] {
          var x = floats(2 * 40, &random)
          var zeroed = x
          for i in 0..<(form == .octets7 ? 32 : 40) { zeroed[i] = 0 }
          let expected = layer.apply(zeroed, rows: 2, level: level, form, gelu: false)
          x[7] = bad
          #expect(layer.apply(x, rows: 2, level: level, form, gelu: false) == expected)
          if form == .octets16 { #expect(Array(expected[..<32]) == layer.bias) }
        }
      }
    }
  }

  @Test("a feed-forward part is its two layers, to the bit", arguments: [32, 64, 48, 5])
  func feedForward(wide: Int) {
    var random = RandomSource(seed: UInt64(wide))
    let first = LinearLayer(input: 40, output: wide, random: &random)
    let second = LinearLayer(input: wide, output: 24, random: &random)
    let x = floats(7 * 40, &random)
    for level in levels {
      for form in LinearLayer.Form.all {
        let between = first.apply(x, rows: 7, level: level, form, gelu: true)
        let expected = second.apply(between, rows: 7, level: level, form, gelu: false)
        let got = unsafe first.withLayer(form, level) { first in
          unsafe second.withLayer(form, level) { second in
            var first = unsafe first
            var second = unsafe second
            var scratch = [Float](
              repeating: .nan, count: unsafe loam_feed_forward_scratch(&first, &second, 7))
            var between = [Float](
              repeating: .nan, count: unsafe loam_feed_forward_between(&first, &second, 7))
            var result = [Float](repeating: .nan, count: 7 * 24)
            unsafe loam_feed_forward_at(
              level, &first, &second, x, 7, &scratch, &between, &result)
            return result
          }
        }
        #expect(got == expected, "level \(level), \(form)")
      }
    }
  }

  @Test(
    "self-attention between two layers is its parts, to the bit",
    arguments: [(2, 32), (1, 64), (3, 16), (2, 40)])
  func selfAttention(heads: Int, size: Int) {
    var random = RandomSource(seed: UInt64(heads * 100 + size))
    let hidden = heads * size
    let first = LinearLayer(input: 36, output: 3 * hidden, random: &random)
    let second = LinearLayer(input: hidden, output: 36, random: &random)
    let lengths = [5, 1, 33, 49]
    let rows = lengths.reduce(0, +)
    let x = floats(rows * 36, &random)
    for level in levels {
      for form in LinearLayer.Form.all {
        let qkv = first.apply(x, rows: rows, level: level, form, gelu: false)
        var attended: [Float] = []
        var row = 0
        for tokens in lengths {
          let part = Array(qkv[row * 3 * hidden..<(row + tokens) * 3 * hidden])
          attended += attend(part, tokens, heads, size, level)
          row += tokens
        }
        let expected = second.apply(attended, rows: rows, level: level, form, gelu: false)
        let got = unsafe first.withLayer(form, level) { first in
          unsafe second.withLayer(form, level) { second in
            unsafe joined(first, second, x, lengths, heads, level)
          }
        }
        #expect(got == expected, "level \(level), \(form)")
      }
    }
  }

  private func joined(
    _ first: loam_linear, _ second: loam_linear, _ x: [Float], _ lengths: [Int], _ heads: Int,
    _ level: loam_level
  ) -> [Float] {
    var first = unsafe first
    var second = unsafe second
    let rows = lengths.reduce(0, +)
    var scratch = [Float](
      repeating: .nan, count: unsafe loam_self_attention_scratch(&first, &second, heads, rows))
    var between = [Float](
      repeating: .nan, count: unsafe loam_self_attention_between(&first, &second, heads, rows))
    var result = unsafe [Float](repeating: .nan, count: rows * second.out)
    unsafe lengths.withUnsafeBufferPointer { lengths in
      var texts = unsafe loam_texts(lengths: lengths.baseAddress, count: lengths.count)
      unsafe loam_self_attention_at(
        level, &first, &second, x, &texts, heads, &scratch, &between, &result)
    }
    return result
  }

  @Test("the Gaussian error linear unit, from far below zero to far above")
  func gaussian() {
    let x = (-4000...4000).map { Float($0) / 300 } + [-1e30, -50, 50, 1e30]
    for level in levels {
      var got = x
      unsafe loam_gelu_at(level, &got, got.count)
      for (a, b) in zip(got, x) {
        #expect(abs(Double(a) - gelu(Double(b))) < 1e-6 * max(1, abs(Double(b))), "at \(b)")
      }
    }
  }

  @Test("softmax of rows of any length, of wide ranges and of equal values")
  func softmax() {
    var random = RandomSource(seed: 5)
    for n in Array(1...70) + [256, 511, 512] {
      for range in [Float(0), 1, 20, 1e4] {
        let stride = n + 3
        let x = (0..<2 * stride).map { _ in Float.random(in: -range...range, using: &random) }
        for level in levels {
          var got = x
          unsafe loam_softmax_at(level, &got, 2, n, stride, 0.25)
          for row in 0..<2 {
            let part = x[row * stride..<row * stride + n].map { Double($0) * 0.25 }
            let most = part.max() ?? 0
            let sum = part.reduce(0) { $0 + exp($1 - most) }
            for (i, value) in part.enumerated() {
              let expected = exp(value - most) / sum
              #expect(abs(Double(got[row * stride + i]) - expected) < 2e-6, "n \(n), \(range)")
            }
          }
          // What lies between the rows is not touched.
          #expect(got[n..<stride] == x[n..<stride])
        }
      }
    }
  }

  @Test("layer norm with and without an addend; a row of one value becomes the bias")
  func layerNorm() {
    var random = RandomSource(seed: 6)
    for n in [1, 2, 7, 16, 31, 33, 384] {
      let weight = floats(n, &random)
      let bias = floats(n, &random)
      for offset in [Float(0), 100] {
        let x = floats(3 * n, &random).map { $0 + offset }
        let y = floats(3 * n, &random)
        for level in levels {
          for addend in [nil, y] {
            let got = normalized(x, addend, weight, bias, level)
            let sum =
              addend.map { zip(x, $0).map { Double($0) + Double($1) } } ?? x.map(Double.init)
            for row in 0..<3 {
              let part = Array(sum[row * n..<(row + 1) * n])
              let mean = part.reduce(0, +) / Double(n)
              let variance = part.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
              for i in 0..<n where n > 1 {
                let expected =
                  (part[i] - mean) / (variance + 1e-12).squareRoot() * Double(weight[i])
                  + Double(bias[i])
                #expect(abs(Double(got[row * n + i]) - expected) < (offset > 0 ? 2e-3 : 1e-4))
              }
            }
          }
          let flat = normalized([Float](repeating: 3, count: n), nil, weight, bias, level)
          #expect(flat == bias)
        }
      }
    }
  }

  @Test(
    "attention of texts of any length over heads of any size",
    arguments: [(1, 4), (2, 32), (3, 5), (12, 32), (2, 40), (1, 64)])
  func attention(heads: Int, size: Int) {
    var random = RandomSource(seed: UInt64(heads * 100 + size))
    for tokens in [1, 2, 13, 31, 32, 33, 47, 48, 49, 100] {
      let hidden = heads * size
      let qkv = floats(tokens * hidden * 3, &random).map { $0 * 2 }
      let expected = naiveAttention(qkv, tokens, heads, size)
      for level in levels {
        let got = attend(qkv, tokens, heads, size, level)
        for (a, b) in zip(got, expected) {
          #expect(abs(Double(a) - b) < 1e-5, "level \(level), \(tokens) tokens")
        }
      }
    }
  }

  private func attend(
    _ qkv: [Float], _ tokens: Int, _ heads: Int, _ size: Int, _ level: loam_level
  ) -> [Float] {
    var scratch = [Float](repeating: .nan, count: loam_attention_scratch(tokens, size))
    var result = [Float](repeating: .nan, count: tokens * heads * size)
    unsafe loam_attention_at(level, qkv, tokens, heads, size, &scratch, &result)
    return result
  }

  private func normalized(
    _ x: [Float], _ y: [Float]?, _ weight: [Float], _ bias: [Float], _ level: loam_level
  ) -> [Float] {
    var x = x
    unsafe weight.withUnsafeBufferPointer { weight in
      unsafe bias.withUnsafeBufferPointer { bias in
        guard let w = weight.baseAddress, let b = bias.baseAddress else { return }
        var norm = unsafe loam_norm(weight: w, bias: b, size: weight.count, epsilon: 1e-12)
        let rows = x.count / weight.count
        if let y {
          unsafe loam_add_layer_norm_at(level, &norm, &x, y, rows)
        } else {
          unsafe loam_add_layer_norm_at(level, &norm, &x, nil, rows)
        }
      }
    }
    return x
  }
}

func floats(_ count: Int, _ random: inout RandomSource) -> [Float] {
  (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
}

func gelu(_ x: Double) -> Double { 0.5 * x * (1 + erf(x / 2.0.squareRoot())) }

/// Softmax(q k^T / sqrt(size)) v, head by head, as the formula says.
func naiveAttention(_ qkv: [Float], _ tokens: Int, _ heads: Int, _ size: Int) -> [Double] {
  let hidden = heads * size
  var result = [Double](repeating: 0, count: tokens * hidden)
  for head in 0..<heads {
    for t in 0..<tokens {
      let query = t * 3 * hidden + head * size
      let scores = (0..<tokens).map { other in
        let key = other * 3 * hidden + hidden + head * size
        return (0..<size).reduce(0.0) { $0 + Double(qkv[query + $1]) * Double(qkv[key + $1]) }
          / Double(size).squareRoot()
      }
      let most = scores.max() ?? 0
      let weights = scores.map { exp($0 - most) }
      let sum = weights.reduce(0, +)
      for other in 0..<tokens {
        let value = other * 3 * hidden + 2 * hidden + head * size
        for i in 0..<size {
          result[t * hidden + head * size + i] += weights[other] / sum * Double(qkv[value + i])
        }
      }
    }
  }
  return result
}

/// A linear layer with the same weights as floats and as octets, laid out as CKernels.h says.
private struct LinearLayer {
  /// Kind of weights, and for octets what rows are rounded to.
  enum Form {
    case f32, octets16, octets7

    static let all: [Form] = [.f32, .octets16, .octets7]
  }

  let input: Int
  let output: Int
  private let weights: [Float]
  let codes: [Int8]
  private let scales: [Float]
  let bias: [Float]

  init(
    input: Int, output: Int, random: inout RandomSource, weights choice: [Int8] = Array(-127...127)
  ) {
    self.input = input
    self.output = output
    codes = (0..<input * output).map { _ in choice.randomElement(using: &random) ?? 0 }
    scales = (0..<output).map { _ in Float.random(in: 0.001...0.01, using: &random) }
    weights = floats(input * output, &random)
    bias = floats(output, &random)
  }

  func expected(_ x: [Float], rows: Int) -> (exact: [Double], rounded: [Double]) {
    var exact: [Double] = []
    var rounded: [Double] = []
    for row in 0..<rows {
      for out in 0..<output {
        var (first, second) = (0.0, 0.0)
        for i in 0..<input {
          let value = Double(x[row * input + i])
          first += value * Double(weights[out * input + i])
          second += value * Double(codes[out * input + i])
        }
        exact.append(first + Double(bias[out]))
        rounded.append(second * Double(scales[out]) + Double(bias[out]))
      }
    }
    return (exact, rounded)
  }

  func apply(_ x: [Float], rows: Int, level: loam_level, _ form: Form, gelu: Bool) -> [Float] {
    unsafe withLayer(form, level) { layer in
      var layer = unsafe layer
      var result = [Float](repeating: .nan, count: rows * output)
      var scratch = [Float](repeating: .nan, count: unsafe loam_linear_scratch(&layer, rows))
      unsafe loam_linear_apply_at(level, &layer, x, rows, gelu ? 1 : 0, &scratch, &result)
      return result
    }
  }

  /// Calls `body` with the layer as the kernels of a level take it.
  func withLayer(_ form: Form, _ level: loam_level, _ body: (loam_linear) -> [Float]) -> [Float] {
    let whole = (output + 31) / 32 * 32
    let columns = (input + 3) / 4 * 4
    var panels = [Float](repeating: 0, count: whole * input)
    var blocks = [Int8](repeating: 0, count: whole * columns)
    for out in 0..<output {
      for i in 0..<input {
        panels[out / 32 * 32 * input + i * 32 + out % 32] = weights[out * input + i]
        blocks[out / 16 * 16 * columns + i / 4 * 64 + out % 16 * 4 + i % 4] =
          codes[out * input + i]
      }
    }
    let isFloat = form == .f32
    let padded = scales + [Float](repeating: 0, count: whole - output)
    return unsafe panels.withUnsafeBufferPointer { panels in
      unsafe blocks.withUnsafeBufferPointer { blocks in
        unsafe padded.withUnsafeBufferPointer { scales in
          unsafe bias.withUnsafeBufferPointer { bias in
            guard let bias = bias.baseAddress else { return [] }
            var layer = unsafe loam_linear(
              f32: isFloat ? panels.baseAddress : nil, i8: isFloat ? nil : blocks.baseAddress,
              scales: isFloat ? nil : scales.baseAddress, bias: bias, in: input, out: output,
              rounding: form == .octets7 ? LOAM_ROUNDING_7 : LOAM_ROUNDING_16, reach: nil,
              starts: nil)
            var room = [Float](repeating: .nan, count: unsafe loam_linear_prepared(&layer) + 1)
            return unsafe room.withUnsafeMutableBufferPointer { room in
              guard let room = room.baseAddress else { return [] }
              unsafe loam_linear_prepare_at(level, &layer, room)
              return unsafe body(layer)
            }
          }
        }
      }
    }
  }
}
