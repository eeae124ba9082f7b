/// The layout of a model file, version 1.
///
/// All numbers are little-endian; a file is one piece.
///
///     header, 128 octets
///       0   8  "LOAMMODL"
///       8   4  version, 1
///      12   4  size of the header, 128
///      16   8  size of the file
///      24  16  metadata: offset, size          JSON, see ModelMetadata
///      40  16  vocabulary: offset, size        vocab.txt: a piece a line, its number the line's
///      56  16  tensor table: offset, size      entries of 128 octets
///      72  24  zero
///      96  32  SHA-256 of octets 0..<96 and 128..<end
///     entry of the tensor table
///       0  64  name, ASCII, filled up with zeros
///      64   4  kind, see TensorKind
///      68   4  rows
///      72   4  columns
///      76   4  zero
///      80  16  data: offset, size              offset a multiple of 64
///      96  16  scales: offset, size            a float a row; both 0 where the kind has none
///     112  16  zero
///
/// Sections follow the header in this order without overlap; a reader needs only the offsets. Data
/// lies as the kernels take it, so that a file is used where it is mapped.
enum ModelLayout {
  static let magic: [UInt8] = Array("LOAMMODL".utf8)
  static let version: UInt32 = 1
  static let headerSize = 128
  static let digestRange = 96..<128
  static let entrySize = 128
  static let nameSize = 64
  static let alignment = 64
  /// Sections that are read into memory of their own have limits of their own.
  static let metadataLimit = 1 << 16
  static let vocabularyLimit = 1 << 28
  static let tensorLimit = 1 << 14
  /// Outputs that a panel of a linear layer's weights holds side by side (`LOAM_PANEL`).
  static let panel = 32
}

/// How a tensor's numbers lie.
enum TensorKind: UInt32, Sendable {
  /// Floats, row after row.
  case f32 = 1
  /// Floats of a linear layer, [out, in], as [out / 32][in][32]; missing outputs are zero.
  case f32Panels = 2
  /// Signed octets, row after row, with a scale a row.
  case i8Rows = 3
  /// Signed octets of a linear layer as [out / 16][in / 4][16][4], an even number of groups of 16;
  /// what is missing is zero. One scale an output, a whole number of 32.
  case i8Blocks = 4

  /// Octets of the data and of the scales.
  ///
  /// The limits of ``ModelMetadata`` keep both far from
  /// overflow; `nil` where rows or columns are beyond them.
  func sizes(rows: Int, columns: Int) -> (data: Int, scales: Int)? {
    guard (1...1 << 23).contains(rows), (1...1 << 17).contains(columns) else { return nil }
    let whole = (rows + ModelLayout.panel - 1) / ModelLayout.panel * ModelLayout.panel
    switch self {
    case .f32: return (rows * columns * 4, 0)
    case .f32Panels: return (whole * columns * 4, 0)
    case .i8Rows: return (rows * columns, rows * 4)
    case .i8Blocks: return (whole * ((columns + 3) / 4 * 4), whole * 4)
    }
  }
}

/// The name and shape that a network of some metadata needs, in the order of the file.
struct TensorShape: Hashable, Sendable {
  var name: String
  var kind: TensorKind
  var rows: Int
  var columns: Int
}

extension ModelMetadata {
  /// All tensors of the network: what a writer writes and what a reader asks for.
  var tensors: [TensorShape] {
    let linear: TensorKind = weights == .int8 ? .i8Blocks : .f32Panels
    var result = [
      TensorShape(
        name: "embeddings.word", kind: weights == .int8 ? .i8Rows : .f32, rows: vocabulary,
        columns: dimension),
      // The vector of token type 0 is added to each: texts are all of that type.
      TensorShape(name: "embeddings.position", kind: .f32, rows: positions, columns: dimension),
    ]
    func vector(_ name: String, _ count: Int) {
      result.append(TensorShape(name: name, kind: .f32, rows: 1, columns: count))
    }
    func matrix(_ name: String, _ out: Int, _ input: Int) {
      result.append(TensorShape(name: "\(name).weight", kind: linear, rows: out, columns: input))
      vector("\(name).bias", out)
    }
    func norm(_ name: String) {
      vector("\(name).weight", dimension)
      vector("\(name).bias", dimension)
    }
    norm("embeddings.norm")
    for layer in 0..<layers {
      // Query, key and value one after another.
      matrix("layers.\(layer).attention.input", 3 * dimension, dimension)
      matrix("layers.\(layer).attention.output", dimension, dimension)
      norm("layers.\(layer).attention.norm")
      matrix("layers.\(layer).feed.input", intermediate, dimension)
      matrix("layers.\(layer).feed.output", dimension, intermediate)
      norm("layers.\(layer).feed.norm")
    }
    return result
  }
}
