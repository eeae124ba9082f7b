import Grounding
import Octets

/// Puts a model file together in memory.
///
/// - SeeAlso: ``ModelLayout``.
struct ModelWriter {
  private var octets: [UInt8]
  private var table: [UInt8] = []
  private let metadata: ModelMetadata
  private let vocabulary: [UInt8]
  private var remaining: ArraySlice<TensorShape>

  init(_ metadata: ModelMetadata, vocabulary: [UInt8]) throws(Problem) {
    self.metadata = metadata
    self.vocabulary = vocabulary
    remaining = metadata.tensors[...]
    let json = try metadata.encoded()
    octets = [UInt8](repeating: 0, count: ModelLayout.headerSize)
    octets.replaceSubrange(0..<8, with: ModelLayout.magic)
    set(ModelLayout.version, at: 8)
    set(UInt32(ModelLayout.headerSize), at: 12)
    append(section: json, at: 24)
    append(section: vocabulary, at: 40)
    // The tensor table's room: filled when all tensors are known.
    append(
      section: [UInt8](repeating: 0, count: remaining.count * ModelLayout.entrySize), at: 56)
  }

  /// Writes the next tensor of the list from its floats, row after row, in the kind it is to have.
  mutating func add(_ name: String, _ values: [Float]) {
    guard let shape = remaining.popFirst() else { preconditionFailure("one tensor too many") }
    precondition(shape.name == name && values.count == shape.rows * shape.columns)
    switch shape.kind {
    case .f32: write(shape, data: Self.octets(of: values), scales: [])
    case .f32Panels:
      write(shape, data: Self.octets(of: Self.panels(values, shape)), scales: [])
    case .i8Rows:
      let (codes, scales) = Self.quantize(values, columns: shape.columns)
      write(shape, data: codes.map(UInt8.init(bitPattern:)), scales: Self.octets(of: scales))
    case .i8Blocks:
      var (codes, scales) = Self.quantize(values, columns: shape.columns)
      scales += [Float](repeating: 0, count: Self.whole(shape.rows) - shape.rows)
      codes = Self.blocks(codes, shape)
      write(shape, data: codes.map(UInt8.init(bitPattern:)), scales: Self.octets(of: scales))
    }
  }

  /// The finished file.
  mutating func finish() -> [UInt8] {
    precondition(remaining.isEmpty, "a tensor is missing")
    align()
    let place = Int(octets[56..<64].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    octets.replaceSubrange(place..<place + table.count, with: table)
    set(UInt64(octets.count), at: 16)
    var hasher = SHA256.Hasher()
    hasher.update(Array(octets[..<ModelLayout.digestRange.lowerBound]))
    hasher.update(Array(octets[ModelLayout.digestRange.upperBound...]))
    octets.replaceSubrange(ModelLayout.digestRange, with: hasher.finish())
    return octets
  }

  private mutating func set(_ number: some FixedWidthInteger, at place: Int) {
    for (index, octet) in Self.octets(of: number).enumerated() { octets[place + index] = octet }
  }

  private mutating func align() {
    while octets.count % ModelLayout.alignment != 0 { octets.append(0) }
  }

  private mutating func append(section: [UInt8], at place: Int) {
    align()
    set(UInt64(octets.count), at: place)
    set(UInt64(section.count), at: place + 8)
    octets += section
  }

  private mutating func write(_ shape: TensorShape, data: [UInt8], scales: [UInt8]) {
    align()
    let dataOffset = octets.count
    octets += data
    align()
    let scalesOffset = scales.isEmpty ? 0 : octets.count
    octets += scales
    let name = Array(shape.name.utf8)
    var entry = name + [UInt8](repeating: 0, count: ModelLayout.nameSize - name.count)
    for number in [shape.kind.rawValue, UInt32(shape.rows), UInt32(shape.columns), 0] {
      entry += Self.octets(of: number)
    }
    for number in [dataOffset, data.count, scalesOffset, scales.count, 0, 0] {
      entry += Self.octets(of: UInt64(number))
    }
    table += entry
  }

  private static func octets(of number: some FixedWidthInteger) -> [UInt8] {
    (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
  }

  private static func octets(of floats: [Float]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(floats.count * 4)
    for value in floats {
      let bits = value.bitPattern
      for shift in [0, 8, 16, 24] as [UInt32] {
        result.append(UInt8(truncatingIfNeeded: bits >> shift))
      }
    }
    return result
  }

  private static func whole(_ rows: Int) -> Int {
    (rows + ModelLayout.panel - 1) / ModelLayout.panel * ModelLayout.panel
  }

  /// Signed octets with a scale a row: the row's greatest magnitude becomes 127.
  static func quantize(_ values: [Float], columns: Int) -> (codes: [Int8], scales: [Float]) {
    var codes: [Int8] = []
    var scales: [Float] = []
    codes.reserveCapacity(values.count)
    for start in stride(from: 0, to: values.count, by: columns) {
      let row = values[start..<start + columns]
      let scale = (row.lazy.map(\.magnitude).max() ?? 0) / 127
      scales.append(scale)
      for value in row {
        let code = scale > 0 ? (value / scale).rounded(.toNearestOrEven) : 0
        codes.append(Int8(max(-127, min(127, code))))
      }
    }
    return (codes, scales)
  }

  private static func panels(_ values: [Float], _ shape: TensorShape) -> [Float] {
    let panel = ModelLayout.panel
    var result = [Float](repeating: 0, count: whole(shape.rows) * shape.columns)
    for row in 0..<shape.rows {
      let base = row / panel * panel * shape.columns + row % panel
      for column in 0..<shape.columns {
        result[base + column * panel] = values[row * shape.columns + column]
      }
    }
    return result
  }

  private static func blocks(_ codes: [Int8], _ shape: TensorShape) -> [Int8] {
    let columns = (shape.columns + 3) / 4 * 4
    var result = [Int8](repeating: 0, count: whole(shape.rows) * columns)
    for row in 0..<shape.rows {
      let base = row / 16 * 16 * columns + row % 16 * 4
      for column in 0..<shape.columns {
        result[base + column / 4 * 64 + column % 4] = codes[row * shape.columns + column]
      }
    }
    return result
  }
}
