import FoundationEssentials
import Grounding

/// A safetensors file: 8 octets with the header's size, a JSON header, the tensors' octets.
///
/// - SeeAlso: https://huggingface.co/docs/safetensors
struct Safetensors {
  struct Tensor: Hashable {
    var type: String
    var shape: [Int]
    /// Octets from the file's beginning.
    var range: Range<Int>
  }

  private static let headerLimit = 1 << 24

  let tensors: [String: Tensor]
  private let octets: ModelOctets

  /// Reads the header of a mapped file.
  ///
  /// - Throws: `bad_model` where the header is no such JSON or a tensor lies outside of the file.
  init(_ octets: ModelOctets) throws(Problem) {
    self.octets = octets
    guard octets.holds(offset: 0, size: 8),
      let size = Int(exactly: octets.integer(UInt64.self, at: 0)), size <= Self.headerLimit,
      octets.holds(offset: 8, size: size)
    else { throw Problem(.badModel, "the safetensors header does not fit its file") }
    let header: [String: Entry]
    do {
      header = try JSONDecoder().decode(
        [String: Entry].self, from: Data(octets.copy(offset: 8, size: size)))
    } catch { throw Problem(.badModel, "the safetensors header is not the JSON it has to be") }
    var tensors: [String: Tensor] = [:]
    for (name, entry) in header where name != "__metadata__" {
      tensors[name] = try Self.tensor(name, entry, base: 8 + size, octets)
    }
    self.tensors = tensors
  }

  private static func tensor(
    _ name: String, _ entry: Entry, base: Int, _ octets: ModelOctets
  ) throws(Problem) -> Tensor {
    let problem = Problem(.badModel, "a tensor lies outside of the safetensors file", place: name)
    guard let type = entry.dtype, let shape = entry.shape, let offsets = entry.dataOffsets,
      offsets.count == 2, offsets[0] >= 0, offsets[0] <= offsets[1],
      offsets[1] <= octets.count - base
    else { throw problem }
    return Tensor(type: type, shape: shape, range: base + offsets[0]..<base + offsets[1])
  }

  /// The tensor's numbers, row after row.
  ///
  /// - Throws: `bad_model` where it is absent, of another shape, of a type other than F32, F16 and
  ///   BF16, or holds a number that is not finite.
  func floats(_ name: String, shape: [Int]) throws(Problem) -> [Float] {
    guard let tensor = tensors[name] else {
      throw Problem(.badModel, "the model lacks the tensor \(name)")
    }
    guard tensor.shape == shape else {
      throw Problem(.badModel, "the tensor \(name) is \(tensor.shape), not \(shape)")
    }
    let count = shape.reduce(1, *)
    let width = tensor.type == "F32" ? 4 : 2
    guard ["F32", "F16", "BF16"].contains(tensor.type), tensor.range.count == count * width else {
      throw Problem(.badModel, "the tensor \(name) is not of F32, F16 or BF16")
    }
    let start = tensor.range.lowerBound
    let values: [Float] =
      switch tensor.type {
      case "F32":
        (0..<count).map { Float(bitPattern: octets.integer(UInt32.self, at: start + 4 * $0)) }
      case "F16":
        (0..<count).map {
          Float(Float16(bitPattern: octets.integer(UInt16.self, at: start + 2 * $0)))
        }
      default:
        (0..<count).map {
          Float(bitPattern: UInt32(octets.integer(UInt16.self, at: start + 2 * $0)) << 16)
        }
      }
    guard values.allSatisfy(\.isFinite) else {
      throw Problem(.badModel, "the tensor \(name) holds numbers that are not finite")
    }
    return values
  }

  /// An entry of the header.
  ///
  /// `__metadata__` has other keys, so that all of these may be absent.
  private struct Entry: Decodable {
    var dtype: String?
    var shape: [Int]?
    var dataOffsets: [Int]?

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case dataOffsets = "data_offsets"
    }
  }
}
