import Grounding
import Partition
import Retrieval

/// A model whose vectors the words settle; pieces are words.
struct LetterEncoder: QueryEncoder {
  var modelID: String
  let dimension = Session.dimension

  func encode(query: String) -> [Float] {
    Self.vector("\(modelID) \(query)").values
  }

  func pieceCount(_ text: String) -> Int { text.split(separator: " ").count }

  static func vector(_ text: String) -> QuantizedVector {
    let sum = text.utf8.reduce(UInt32(7)) { $0 &* 31 &+ UInt32($1) }
    let values = (0..<Session.dimension).map { Float((sum >> ($0 * 4)) & 15) - 7.25 }
    let length = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return QuantizedVector(values.map { $0 / length })
  }
}
