import Glibc
import TestSupport

/// A BERT of a few hundred weights, written as the folder that such models are published in.
struct InventedModel {
  static let dimension = 12
  static let heads = 3
  static let intermediate = 20
  static let layers = 2
  static let positions = 16
  static let vocabulary = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "the", "river", "floods", "every", "spring", "##s", "##ing",
    "flood", "a", "b", "##c", "##d", "re", ".", ",", "über", "uber", "漢", "北", "##ber", "u",
  ]

  enum Encoding: String, CaseIterable { case f32 = "F32", f16 = "F16", bf16 = "BF16" }

  /// The weights by the names that checkpoints have, each with its shape.
  private(set) var tensors: [(name: String, shape: [Int], values: [Float])] = []

  init(seed: UInt64) {
    var random = RandomSource(seed: seed)
    func add(_ name: String, _ shape: [Int]) {
      // Rounded to what a half-precision number holds, so that every encoding says the same.
      let values = floats(shape.reduce(1, *), &random).map { ($0 * 32).rounded() / 32 }
      tensors.append((name, shape, values))
    }
    func norm(_ name: String) {
      add("\(name).weight", [Self.dimension])
      add("\(name).bias", [Self.dimension])
    }
    func dense(_ name: String, _ out: Int, _ input: Int) {
      add("\(name).weight", [out, input])
      add("\(name).bias", [out])
    }
    let (width, wide) = (Self.dimension, Self.intermediate)
    add("embeddings.word_embeddings.weight", [Self.vocabulary.count, width])
    add("embeddings.position_embeddings.weight", [Self.positions, width])
    add("embeddings.token_type_embeddings.weight", [2, width])
    norm("embeddings.LayerNorm")
    for layer in 0..<Self.layers {
      let name = "encoder.layer.\(layer)"
      for part in ["query", "key", "value"] {
        dense("\(name).attention.self.\(part)", width, width)
      }
      dense("\(name).attention.output.dense", width, width)
      norm("\(name).attention.output.LayerNorm")
      dense("\(name).intermediate.dense", wide, width)
      dense("\(name).output.dense", width, wide)
      norm("\(name).output.LayerNorm")
    }
    dense("pooler.dense", width, width)
  }

  /// The folder's `config.json`.
  static let config: [String: String] = [
    "model_type": "\"bert\"", "hidden_size": "\(dimension)", "num_attention_heads": "\(heads)",
    "num_hidden_layers": "\(layers)", "intermediate_size": "\(intermediate)",
    "max_position_embeddings": "\(positions)", "vocab_size": "\(vocabulary.count)",
    "hidden_act": "\"gelu\"", "layer_norm_eps": "1e-12",
  ]

  /// Writes the folder's three files; `changing` replaces or, with `nil`, removes a config's value.
  func write(
    to folder: String, encoding: Encoding = .f32, prefix: String = "",
    changing: [String: String?] = [:]
  ) throws {
    var config = Self.config
    for (key, value) in changing { config[key] = value }
    let fields = config.sorted { $0.key < $1.key }.map { "\"\($0)\": \($1)" }
    try write("{\(fields.joined(separator: ", "))}", to: "\(folder)/config.json")
    try write(Self.vocabulary.joined(separator: "\n") + "\n", to: "\(folder)/vocab.txt")
    try writeFile(safetensors(encoding, prefix: prefix), to: "\(folder)/model.safetensors")
  }

  private func write(_ text: String, to path: String) throws {
    try writeFile(Array(text.utf8), to: path)
  }

  private func safetensors(_ encoding: Encoding, prefix: String) -> [UInt8] {
    var data: [UInt8] = []
    var entries = ["\"__metadata__\": {\"format\": \"pt\"}"]
    for tensor in tensors {
      let start = data.count
      for value in tensor.values {
        switch encoding {
        case .f32: data += littleEndian(value.bitPattern)
        case .f16: data += littleEndian(Float16(value).bitPattern)
        case .bf16: data += littleEndian(UInt16(value.bitPattern >> 16))
        }
      }
      entries.append(
        """
        "\(prefix)\(tensor.name)": {"dtype": "\(encoding.rawValue)", \
        "shape": \(tensor.shape), "data_offsets": [\(start), \(data.count)]}
        """)
    }
    let header = Array("{\(entries.joined(separator: ", "))}".utf8)
    return littleEndian(UInt64(header.count)) + header + data
  }

  /// The network's unit vector, computed as the formulas say, in double precision.
  func vector(_ ids: [Int32], isFirstToken: Bool = false) -> [Double] {
    let width = Self.dimension
    let weights = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0.values) })
    func values(_ name: String) -> [Double] { (weights[name] ?? []).map(Double.init) }
    func dense(_ x: [[Double]], _ name: String) -> [[Double]] {
      let (weight, bias) = (values("\(name).weight"), values("\(name).bias"))
      return x.map { row in
        bias.indices.map { out in
          row.indices.reduce(bias[out]) { $0 + row[$1] * weight[out * row.count + $1] }
        }
      }
    }
    func norm(_ x: [[Double]], _ name: String) -> [[Double]] {
      let (weight, bias) = (values("\(name).weight"), values("\(name).bias"))
      return x.map { row in
        let mean = row.reduce(0, +) / Double(width)
        let variance = row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
        return row.indices.map {
          (row[$0] - mean) / (variance + 1e-12).squareRoot() * weight[$0] + bias[$0]
        }
      }
    }
    func sum(_ a: [[Double]], _ b: [[Double]]) -> [[Double]] {
      zip(a, b).map { zip($0, $1).map(+) }
    }
    let word = values("embeddings.word_embeddings.weight")
    let position = values("embeddings.position_embeddings.weight")
    let type = values("embeddings.token_type_embeddings.weight")
    var x = ids.enumerated().map { place, id in
      (0..<width).map { word[Int(id) * width + $0] + position[place * width + $0] + type[$0] }
    }
    x = norm(x, "embeddings.LayerNorm")
    for layer in 0..<Self.layers {
      let name = "encoder.layer.\(layer)"
      let parts = ["query", "key", "value"].map { dense(x, "\(name).attention.self.\($0)") }
      let qkv = x.indices.flatMap { row in parts.flatMap { $0[row] } }
      let joined = naiveAttention(qkv.map { Float($0) }, ids.count, Self.heads, width / Self.heads)
      let heads = ids.indices.map { Array(joined[$0 * width..<($0 + 1) * width]) }
      x = norm(
        sum(x, dense(heads, "\(name).attention.output.dense")),
        "\(name).attention.output.LayerNorm")
      let wide = dense(x, "\(name).intermediate.dense").map { $0.map(gelu) }
      x = norm(sum(x, dense(wide, "\(name).output.dense")), "\(name).output.LayerNorm")
    }
    let pooled = isFirstToken ? x[0] : (0..<width).map { i in x.reduce(0) { $0 + $1[i] } }
    let length = pooled.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return pooled.map { $0 / length }
  }
}

func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
  (0..<number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
}

/// Writes a file of these octets.
func writeFile(_ octets: [UInt8], to path: String) throws {
  guard let file = unsafe fopen(path, "wb") else { throw Missing(what: path) }
  defer { unsafe fclose(file) }
  guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else {
    throw Missing(what: path)
  }
}
