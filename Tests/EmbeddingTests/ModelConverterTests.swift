import Embedding
import Grounding
import TestSupport
import Testing

@Suite("Converting a published folder")
struct ModelConverterTests {
  private static let texts = [
    "", "The river floods every spring.", "a b, c", "Über 漢北", "flooding floods xyz",
    "the the the the the the the the the the the the the the the the the the the the the",
  ]

  @Test(
    "float weights give the vectors of the formulas, whatever the checkpoint's numbers are",
    arguments: InventedModel.Encoding.allCases, ["", "bert."])
  func floatWeights(encoding: InventedModel.Encoding, prefix: String) throws {
    let model = InventedModel(seed: 1)
    for pooling in ModelConverter.Options.Pooling.allCases {
      var options = ModelConverter.Options()
      options.weights = .f32
      options.pooling = pooling
      let encoder = try convert(model, options, encoding: encoding, prefix: prefix)
      #expect(encoder.dimension == InventedModel.dimension)
      #expect(encoder.maximumTokens == InventedModel.positions)
      for (text, vector) in zip(Self.texts, encoder.encode(Self.texts, threads: 1)) {
        let expected = model.vector(
          encoder.pieces(text, limit: InventedModel.positions), isFirstToken: pooling == .cls)
        for (a, b) in zip(vector, expected) { #expect(abs(Double(a) - b) < 1e-4, "\(text)") }
      }
    }
  }

  @Test("weights of 8 bits give nearly the same vectors")
  func octetWeights() throws {
    let model = InventedModel(seed: 2)
    let encoder = try convert(model, ModelConverter.Options())
    for (text, vector) in zip(Self.texts, encoder.encode(Self.texts, threads: 1)) {
      let expected = model.vector(encoder.pieces(text, limit: InventedModel.positions))
      #expect(cosine(vector, expected.map { Float($0) }) > 0.99)
    }
  }

  @Test("pieces: longest first, unknown words whole, accents and case away")
  func pieces() throws {
    let encoder = try convert(InventedModel(seed: 1), ModelConverter.Options())
    let table: [(String, [Int32])] = [
      ("", []), ("the River", [4, 5]), ("FLOODING floods", [11, 10, 6]), ("acd", [12, 14, 15]),
      ("acx b", [1, 13]), ("a.b", [12, 17, 13]), ("Über", [20]), ("漢北a", [21, 22, 12]),
      ("[SEP]", [1, 1, 1]), ("a\u{200B}\u{0}c\u{FFFD}", [12, 14]), ("a\u{2028}b", [12, 13]),
    ]
    for (text, expected) in table {
      #expect(encoder.pieces(text, limit: 100) == [2] + expected + [3], "\(text)")
      #expect(encoder.pieceCount(text) == expected.count, "\(text)")
      #expect(encoder.pieces(text, limit: 2) == [2, 3])
    }
  }

  @Test("options: length, prefixes, name; a query gets its prefix, a passage its own")
  func options() throws {
    var options = ModelConverter.Options()
    options.maximumTokens = 5
    options.queryPrefix = "river "
    options.passagePrefix = "spring "
    options.name = "invented"
    let encoder = try convert(InventedModel(seed: 1), options)
    let plain = try convert(InventedModel(seed: 1), ModelConverter.Options())
    #expect(encoder.maximumTokens == 5)
    #expect(encoder.modelID.hasPrefix("invented.int8."))
    #expect(encoder.encode(query: "a") == plain.encode(query: "river a"))
    #expect(encoder.passageInput(title: "a", headings: [], body: "b") == "spring a\nb")
    #expect(encoder.encode(["a b a"], threads: 1) == encoder.encode(["a b a b c"], threads: 1))
  }

  @Test("the same folder gives the same octets, another weight another identity")
  func identity() throws {
    var options = ModelConverter.Options()
    options.name = "invented"
    let first = try convert(InventedModel(seed: 1), options)
    let second = try convert(InventedModel(seed: 1), options)
    let other = try convert(InventedModel(seed: 3), options)
    #expect(first.modelID == second.modelID)
    #expect(first.modelID != other.modelID)
  }

  @Test(
    "a folder that is no such model is refused as bad_model",
    arguments: [
      ["model_type": "\"roberta\""], ["hidden_act": "\"relu\""], ["hidden_size": "13"],
      ["num_attention_heads": "5"], ["num_attention_heads": "0"], ["num_hidden_layers": "3"],
      ["num_hidden_layers": "-1"], ["vocab_size": "24"], ["vocab_size": "99999999999"],
      ["max_position_embeddings": "1"], ["intermediate_size": "4611686018427387904"],
      ["hidden_size": nil], ["layer_norm_eps": "1e400"], ["layer_norm_eps": "-1"],
      ["position_embedding_type": "\"relative_key\""], ["vocab_size": "\"many\""],
    ] as [[String: String?]])
  func refusedConfigs(changing: [String: String?]) throws {
    try withTemporaryFolder { folder in
      try InventedModel(seed: 1).write(to: folder, changing: changing)
      expectBadModel { () throws(Problem) in
        try ModelConverter.convert(folder: folder, to: "\(folder)/out")
      }
      #expect((try? octets(ofFile: "\(folder)/out")) == nil)
    }
  }

  @Test("a damaged checkpoint is refused or converted, and stops nobody")
  func damagedCheckpoints() throws {
    try withTemporaryFolder { folder in
      try InventedModel(seed: 1).write(to: folder)
      let path = "\(folder)/model.safetensors"
      let whole = try octets(ofFile: path)
      var random = RandomSource(seed: RandomSource.seedFromEnvironment())
      for length in [0, 1, 7, 8, 9, 100, whole.count - 1] {
        try writeFile(Array(whole[..<length]), to: path)
        expectBadModel { () throws(Problem) in
          try ModelConverter.convert(folder: folder, to: "\(folder)/out")
        }
      }
      for _ in 0..<500 {
        var damaged = whole
        for _ in 0..<3 {
          let place = Int.random(in: 0..<min(6000, whole.count), using: &random)
          damaged[place] = UInt8.random(in: 0...255, using: &random)
        }
        try writeFile(damaged, to: path)
        do throws(Problem) {
          try ModelConverter.convert(folder: folder, to: "\(folder)/out")
        } catch { #expect(error.code == .badModel) }
      }
    }
  }

  @Test("a file that is missing, and a target that cannot be written, are named")
  func missingFiles() throws {
    try withTemporaryFolder { folder in
      expectBadModel { () throws(Problem) in
        try ModelConverter.convert(folder: folder, to: "\(folder)/out")
      }
      try InventedModel(seed: 1).write(to: folder)
      expectBadModel { () throws(Problem) in
        try ModelConverter.convert(folder: folder, to: "\(folder)/absent/out")
      }
    }
  }

  private func convert(
    _ model: InventedModel, _ options: ModelConverter.Options,
    encoding: InventedModel.Encoding = .f32, prefix: String = ""
  ) throws -> Encoder {
    try withTemporaryFolder { folder in
      try model.write(to: folder, encoding: encoding, prefix: prefix)
      try ModelConverter.convert(folder: folder, to: "\(folder)/model.loam", options: options)
      return try Encoder(file: "\(folder)/model.loam")
    }
  }
}

/// Expects `bad_model` of `body`.
func expectBadModel(
  _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws(Problem) -> Void
) {
  do throws(Problem) {
    try body()
    Issue.record(comment ?? "no problem was found", sourceLocation: sourceLocation)
  } catch {
    #expect(error.code == .badModel, comment, sourceLocation: sourceLocation)
  }
}
