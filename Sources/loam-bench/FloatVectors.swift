import Evaluation
import Grounding
import Retrieval

/// Vectors of 32-bit floats, brought to unit length.
struct FloatVectors {
  var rows: [[Float]] = []

  init(_ path: String, dimension: Int, limit: Int) throws(Problem) {
    let octets = try Files.read(path)
    var start = 0
    while start + dimension * 4 <= octets.count, rows.count < limit {
      var row = (0..<dimension).map { index in
        let written = octets[start + index * 4..<start + index * 4 + 4]
        return Float(bitPattern: written.reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) })
      }
      let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if length > 0 { for index in row.indices { row[index] /= length } }
      rows.append(row)
      start += dimension * 4
    }
  }

  /// Writes a vector as the file has it.
  static func append(_ vector: [Float], to octets: inout [UInt8]) {
    for value in vector {
      for shift in [0, 8, 16, 24] {
        octets.append(UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(shift)))
      }
    }
  }

  /// The numbers of the nearest rows among some; those of equal products by number.
  func nearest(_ count: Int, to query: [Float], among numbers: [Int]) -> [Int] {
    let scored = numbers.map {
      ScoredItem(item: Int32($0), score: Double(product(query, with: $0)))
    }
    return leadingItems(count, of: scored)
      .sorted { ($1.score, $0.item) < ($0.score, $1.item) }.prefix(count).map { Int($0.item) }
  }

  func product(_ query: [Float], with number: Int) -> Float {
    var product: Float = 0
    let row = rows[number]
    for index in query.indices { product += query[index] * row[index] }
    return product
  }
}
