import Grounding
import Octets

/// A model file, read in place: every offset, size and shape was checked when it was opened.
///
/// - SeeAlso: ``ModelLayout``.
struct ModelFile: Sendable {
  /// Where a tensor's numbers lie in the file.
  struct Tensor: Hashable, Sendable {
    var shape: TensorShape
    var dataOffset: Int
    var scalesOffset: Int?
  }

  let octets: ModelOctets
  let metadata: ModelMetadata
  let digest: [UInt8]
  /// By name; exactly those that ``ModelMetadata/tensors`` lists.
  let tensors: [String: Tensor]
  private let vocabularyOffset: Int
  private let vocabularySize: Int

  /// Name, kind of weights and the beginning of the checksum: vectors of two files are comparable
  /// only where this is the same.
  var identity: String {
    "\(metadata.name).\(metadata.weights.rawValue).\(SHA256.hex(Array(digest.prefix(6))))"
  }

  /// Reads the header and the tables.
  ///
  /// `verifying` also computes the checksum, about 0.1 s of CPU time for 23 MB; the executable's
  /// own model goes without, as the rest of the executable does.
  ///
  /// - Throws: `bad_model` for whatever is wrong with the file.
  init(_ octets: ModelOctets, verifying: Bool) throws(Problem) {
    let header = try Self.header(octets)
    if verifying { try Self.verify(octets) }
    self.octets = octets
    digest = octets.copy(
      offset: ModelLayout.digestRange.lowerBound, size: ModelLayout.digestRange.count)
    guard header.metadata.size <= ModelLayout.metadataLimit,
      header.vocabulary.size <= ModelLayout.vocabularyLimit
    else { throw Problem(.badModel, "the metadata or the vocabulary is too large") }
    metadata = try ModelMetadata.decode(
      octets.copy(offset: header.metadata.offset, size: header.metadata.size))
    (vocabularyOffset, vocabularySize) = header.vocabulary
    tensors = try Self.tensors(octets, table: header.tensors, metadata: metadata)
  }

  /// The octets of `vocab.txt`.
  var vocabulary: [UInt8] { octets.copy(offset: vocabularyOffset, size: vocabularySize) }

  private typealias Section = (offset: Int, size: Int)

  private static func header(_ octets: ModelOctets) throws(Problem) -> (
    metadata: Section, vocabulary: Section, tensors: Section
  ) {
    guard octets.count >= ModelLayout.headerSize else {
      throw Problem(.badModel, "the file is too short for a model")
    }
    guard octets.copy(offset: 0, size: 8) == ModelLayout.magic else {
      throw Problem(
        .badModel, "this is no model file", remedy: "make one with `loam model convert`")
    }
    guard octets.integer(UInt32.self, at: 8) == ModelLayout.version,
      octets.integer(UInt32.self, at: 12) == UInt32(ModelLayout.headerSize)
    else {
      throw Problem(
        .badModel, "the model file is of another version",
        remedy: "convert it again with `loam model convert`")
    }
    guard octets.integer(UInt64.self, at: 16) == UInt64(octets.count) else {
      throw Problem(.badModel, "the model file is cut off or has something appended")
    }
    guard (72..<96).allSatisfy({ octets.integer(UInt8.self, at: $0) == 0 }) else {
      throw Problem(.badModel, "the model's header is damaged")
    }
    return (
      try section(octets, at: 24), try section(octets, at: 40), try section(octets, at: 56)
    )
  }

  /// The range that an offset and a size name, checked against the file.
  private static func section(_ octets: ModelOctets, at place: Int) throws(Problem) -> Section {
    guard let offset = Int(exactly: octets.integer(UInt64.self, at: place)),
      let size = Int(exactly: octets.integer(UInt64.self, at: place + 8)),
      octets.holds(offset: offset, size: size), offset >= ModelLayout.headerSize
    else { throw Problem(.badModel, "a section of the model lies outside of the file") }
    return (offset, size)
  }

  private static func verify(_ octets: ModelOctets) throws(Problem) {
    let range = ModelLayout.digestRange
    var hasher = SHA256.Hasher()
    octets.withSpan(offset: 0, size: range.lowerBound) { hasher.update($0) }
    octets.withSpan(offset: range.upperBound, size: octets.count - range.upperBound) {
      hasher.update($0)
    }
    guard hasher.finish() == octets.copy(offset: range.lowerBound, size: range.count) else {
      throw Problem(
        .badModel, "the model's checksum is wrong: the file is damaged",
        remedy: "convert it again with `loam model convert`")
    }
  }

  private static func tensors(
    _ octets: ModelOctets, table: Section, metadata: ModelMetadata
  ) throws(Problem) -> [String: Tensor] {
    let shapes = metadata.tensors
    guard table.size == shapes.count * ModelLayout.entrySize else {
      throw Problem(.badModel, "the model has another number of tensors than its metadata says")
    }
    var result: [String: Tensor] = [:]
    for (index, shape) in shapes.enumerated() {
      result[shape.name] = try tensor(
        octets, at: table.offset + index * ModelLayout.entrySize, expecting: shape)
    }
    return result
  }

  private static func tensor(
    _ octets: ModelOctets, at place: Int, expecting shape: TensorShape
  ) throws(Problem) -> Tensor {
    let name = octets.copy(offset: place, size: ModelLayout.nameSize)
    let expected = Array(shape.name.utf8)
    guard name.starts(with: expected), name.dropFirst(expected.count).allSatisfy({ $0 == 0 }),
      octets.integer(UInt32.self, at: place + 64) == shape.kind.rawValue,
      octets.integer(UInt32.self, at: place + 68) == UInt32(clamping: shape.rows),
      octets.integer(UInt32.self, at: place + 72) == UInt32(clamping: shape.columns),
      let sizes = shape.kind.sizes(rows: shape.rows, columns: shape.columns)
    else {
      throw Problem(.badModel, "the tensor \(shape.name) is not what the metadata says")
    }
    let data = try section(octets, at: place + 80)
    guard data.size == sizes.data, data.offset % ModelLayout.alignment == 0 else {
      throw Problem(.badModel, "the tensor \(shape.name) has another size or place than it must")
    }
    guard sizes.scales > 0 else {
      return Tensor(shape: shape, dataOffset: data.offset, scalesOffset: nil)
    }
    let scales = try section(octets, at: place + 96)
    guard scales.size == sizes.scales, scales.offset % ModelLayout.alignment == 0 else {
      throw Problem(.badModel, "the scales of \(shape.name) have another size or place")
    }
    return Tensor(shape: shape, dataOffset: data.offset, scalesOffset: scales.offset)
  }
}
