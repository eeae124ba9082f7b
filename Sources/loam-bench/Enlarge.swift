import Analysis
import Evaluation
import Glibc
import Grounding
import Octets

/// Makes more passages than there are: each takes its title and its number of sentences from one that is
/// drawn, and its sentences from all passages.
///
/// The same seed gives the same octets. Words keep their frequencies; that words of one matter stand
/// together is lost beyond a sentence.
func recombinePassages(_ arguments: Arguments) throws(Problem) {
  guard let path = arguments.rest.first else { throw Problem(.usage, "Which passages?") }
  let count = try arguments.number("count", default: 1_000_000)
  let seed = UInt64(try arguments.number("seed", default: 1))
  let passages = try BenchPassage.read(path)
  let parts = passages.map { sentences(of: $0.text) }
  let all = parts.flatMap(\.self)
  var random = SplitMix64(seed: seed)
  var lines = PassageLines()
  for number in 1...max(1, count) {
    let drawn = Int(random.next() % UInt64(passages.count))
    let text = parts[drawn].map { _ in all[Int(random.next() % UInt64(all.count))] }
    try lines.append(
      BenchPassage(id: "r\(number)", title: passages[drawn].title, text: text.joined()))
  }
  try Files.write(lines.octets, to: arguments.text("o"))
  print("\(count) passages of \(all.count) sentences, seed \(seed)")
}

private func sentences(of text: String) -> [String] {
  let octets = Array(text.utf8)
  var result: [String] = []
  var start = 0
  while start < octets.count {
    let end = SentenceBoundaries.end(in: octets.span, from: start, style: .prose)
    result.append(String(decoding: octets[start..<end], as: UTF8.self))
    start = end
  }
  return result
}

/// Makes more vectors than there are: each is one of them with normal noise of `--noise` times its length
/// over all components, and of unit length again.
func addNoise(_ arguments: Arguments) throws(Problem) {
  guard let path = arguments.rest.first else { throw Problem(.usage, "Which vectors?") }
  let count = try arguments.number("count", default: 1_000_000)
  let seed = UInt64(try arguments.number("seed", default: 1))
  let dimension = try arguments.number("dim", default: 384)
  let noise = Float(arguments.optional("noise") ?? "0.5") ?? 0.5
  let vectors = try FloatVectors(path, dimension: dimension, limit: .max)
  var random = SplitMix64(seed: seed)
  var output: [UInt8] = []
  output.reserveCapacity(count * dimension * 4)
  for number in 0..<count {
    var vector = vectors.rows[number % vectors.rows.count]
    if number >= vectors.rows.count {
      for index in vector.indices {
        vector[index] += noise * normal(&random) / Float(dimension).squareRoot()
      }
      let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in vector.indices { vector[index] /= length }
    }
    FloatVectors.append(vector, to: &output)
  }
  try Files.write(output, to: arguments.text("o"))
  print("\(count) vectors, noise \(noise), seed \(seed)")
}

/// A normal deviate.
///
/// - SeeAlso: Box, Muller: A Note on the Generation of Random Normal Deviates (1958).
private func normal(_ random: inout SplitMix64) -> Float {
  let radius = (-2 * log(Double(random.next() >> 11 | 1) * 0x1p-53)).squareRoot()
  return Float(radius * cos(2 * Double.pi * Double(random.next() >> 11) * 0x1p-53))
}
