import Retrieval
import Synchronization

/// A model made of word hashes, as small as one can be; it counts what it encodes.
final class WordModel: QueryEncoder, Sendable {
  let modelID: String
  let dimension = 16
  let encoded = Atomic(0)

  init(_ modelID: String = "test-words") { self.modelID = modelID }

  func encode(query: String) -> [Float] {
    encoded.wrappingAdd(1, ordering: .relaxed)
    return vector(query)
  }

  func vector(_ text: String) -> [Float] {
    var sum = [Float](repeating: 0, count: dimension)
    for word in text.lowercased().split(whereSeparator: { !$0.isLetter }) {
      // Another model has other vectors.
      var state = (modelID + word).utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01B3
      }
      for index in sum.indices {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        sum[index] += Float(Int64(state >> 40) - 0x80_0000) / 0x80_0000
      }
    }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return length > 0 ? sum.map { $0 / length } : sum
  }

  func pieceCount(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
}
