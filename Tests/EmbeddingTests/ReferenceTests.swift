import Embedding
import Grounding
import TestSupport
import Testing

/// The published weights, where `LOAM_MODEL_FOLDER` names the folder they are in.
private let weightsFolder = Corpora.environment("LOAM_MODEL_FOLDER")

@Suite("The encoder beside the reference", .needsCorpora)
struct ReferenceTests {
  @Test("the 567 texts have the reference's pieces, in number and in kind")
  func pieces() throws {
    let encoder = try Encoder.bundled()
    let rows = try Reference.shared.get().rows
    #expect(rows.count == 567)
    for row in rows {
      #expect(encoder.pieces(row.text, limit: row.maximum) == row.ids, "\(row.id)")
      #expect(encoder.pieceCount(row.text) == row.pieces - 2, "\(row.id)")
    }
  }

  @Test("weights of 8 bits: mean cosine to the reference at least .998, least at least .99")
  func bundledVectors() throws {
    let cosines = try cosines(of: Encoder.bundled())
    print("8-bit weights: cosine mean \(cosines.mean), least \(cosines.least)")
    #expect(cosines.mean >= 0.998)
    #expect(cosines.least >= 0.99)
  }

  @Test("weights of 8 bits, activations of 16: mean at least .999, least at least .994")
  func sixteenBits() throws {
    let encoder = try Encoder.bundledReference()
    let cosines = try cosines(of: encoder)
    print("8-bit weights, 16-bit activations: cosine mean \(cosines.mean), least \(cosines.least)")
    #expect(cosines.mean >= 0.999)
    #expect(cosines.least >= 0.994)
    #expect(try "\(encoder.modelID).a7b" == Encoder.bundled().modelID)
  }

  @Test(
    "float weights: cosine to the reference at least .9999, and every layer's state within 1e-4",
    .enabled(if: weightsFolder != nil, "LOAM_MODEL_FOLDER names the published weights"))
  func floatVectors() throws {
    var options = ModelConverter.Options()
    options.weights = .f32
    try withTemporaryFolder { folder in
      try ModelConverter.convert(
        folder: #require(weightsFolder), to: "\(folder)/model", options: options)
      let encoder = try Encoder(file: "\(folder)/model")
      let cosines = try cosines(of: encoder)
      print("float weights: cosine mean \(cosines.mean), least \(cosines.least)")
      #expect(cosines.least >= 0.9999)
      try checkLayers(encoder)
    }
  }

  @Test(
    "the model in the executable is what the converter makes of the published weights",
    .enabled(if: weightsFolder != nil, "LOAM_MODEL_FOLDER names the published weights"))
  func bundledModelIsConverted() throws {
    var options = ModelConverter.Options()
    options.name = "all-MiniLM-L6-v2"
    try withTemporaryFolder { folder in
      try ModelConverter.convert(
        folder: #require(weightsFolder), to: "\(folder)/model", options: options)
      #expect(try Encoder(file: "\(folder)/model").modelID == Encoder.bundled().modelID)
      try Encoder.checkBundled()
    }
  }

  private func cosines(of encoder: Encoder) throws -> (mean: Double, least: Double) {
    let reference = try Reference.shared.get()
    let vectors = encoder.encode(pieces: reference.rows.map(\.ids), threads: 2)
    let cosines = zip(reference.rows, vectors).map { cosine($1, reference.vector($0)) }
    return (cosines.reduce(0, +) / Double(cosines.count), cosines.min() ?? 0)
  }

  private func checkLayers(_ encoder: Encoder) throws {
    let row = try #require(Reference.shared.get().rows.first { $0.id == "mail-018" })
    let expected = try Reference.layers()
    let got = encoder.states(row.ids)
    let size = row.ids.count * Reference.dimension
    #expect(got.count == expected.count / size)
    for (layer, state) in got.enumerated() {
      let furthest = zip(state, expected[layer * size..<(layer + 1) * size])
        .reduce(Float(0)) { max($0, abs($1.0 - $1.1)) }
      #expect(furthest < 1e-4, "layer \(layer)")
    }
  }
}
