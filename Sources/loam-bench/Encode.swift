import Embedding
import Evaluation
import Grounding

/// Writes the vectors of passages or of queries as 32-bit floats, one after another.
func encodeVectors(_ arguments: Arguments) throws(Problem) {
  let encoder = try Encoder.bundled()
  var octets: [UInt8] = []
  func write(_ vector: [Float]) { FloatVectors.append(vector, to: &octets) }
  if let path = arguments.optional("passages") {
    let passages = try BenchPassage.read(path)
    for start in stride(from: 0, to: passages.count, by: 512) {
      let inputs = passages[start..<min(start + 512, passages.count)].map {
        encoder.passageInput(title: $0.title, headings: [], body: $0.text)
      }
      encoder.encode(inputs, threads: try arguments.number("threads", default: 1)).forEach(write)
    }
  }
  for path in arguments.all("queries") {
    for query in try BenchQueries.read(path) { write(encoder.encode(query: query)) }
  }
  try Files.write(octets, to: arguments.text("o"))
  print("\(octets.count / 4 / encoder.dimension) vectors")
}
