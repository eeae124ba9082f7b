import FoundationEssentials
import Glibc
import TestSupport

/// The texts of `reference/minilm` with the pieces and vectors that all-MiniLM-L6-v2 gives them.
struct Reference {
  struct Row: Decodable {
    var row: Int
    var id: String
    var maximum: Int
    var pieces: Int
    var text: String
    var ids: [Int32]

    private enum CodingKeys: String, CodingKey {
      case row, id, text, ids
      case maximum = "max_len"
      case pieces = "pieces_full"
    }
  }

  static let dimension = 384

  let rows: [Row]
  private let vectors: [Float]

  static let shared = Result { try Reference() }

  private init() throws {
    guard let shared = Corpora.shared else { throw Missing(what: "reference/minilm") }
    let folder = "\(shared)/reference/minilm"
    let lines = try output(of: "xz -dc '\(folder)/reference.jsonl.xz'").split(separator: 0x0A)
    rows = try lines.map { try JSONDecoder().decode(Row.self, from: Data($0)) }
    vectors = try Self.floats("\(folder)/vectors.f32")
  }

  func vector(_ row: Row) -> ArraySlice<Float> {
    vectors[row.row * Self.dimension..<(row.row + 1) * Self.dimension]
  }

  /// The state of row `mail-018` after the embeddings and after each layer, 15 pieces each.
  static func layers() throws -> [Float] {
    guard let shared = Corpora.shared else { throw Missing(what: "reference/minilm") }
    return try floats("\(shared)/reference/minilm/layers.f32")
  }

  private static func floats(_ path: String) throws -> [Float] {
    let octets = try octets(ofFile: path)
    return stride(from: 0, to: octets.count, by: 4).map { i in
      let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(octets[i + $1]) << (8 * UInt32($1)) }
      return Float(bitPattern: bits)
    }
  }
}

/// What a shell command prints.
func output(of command: String) throws -> [UInt8] {
  guard let pipe = unsafe popen(command, "r") else { throw Missing(what: command) }
  var result: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = unsafe fread(&buffer, 1, buffer.count, pipe), count > 0 {
    result.append(contentsOf: buffer[..<count])
  }
  guard unsafe pclose(pipe) == 0 else { throw Missing(what: command) }
  return result
}

/// The cosine of two vectors, in double precision.
func cosine(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Double {
  var (product, first, second) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    product += Double(x) * Double(y)
    first += Double(x) * Double(x)
    second += Double(y) * Double(y)
  }
  return product / (first * second).squareRoot()
}

struct Missing: Error { let what: String }
