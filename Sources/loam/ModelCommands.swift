import Embedding
import Grounding

extension Command {
  static let modelConvert = Command(
    words: ["model", "convert"], summary: "make a model file from a folder of safetensors",
    operands: [Operand(name: "DIR")],
    options: [
      .output, .weights, .modelName, .pooling, .queryPrefix, .passagePrefix, .maximumTokens,
    ] + CommandOption.common,
    details: """
      DIR is a BERT-type sentence encoder as it is published: config.json, vocab.txt and \
      model.safetensors. LOAM_MODEL names the file for later commands.
      """,
    examples: [
      Example(
        line: "loam model convert all-MiniLM-L6-v2 -o minilm.loam",
        meaning: "weights in 8 bits, a scale a row"),
      Example(
        line: "loam model convert e5-small -o e5.loam --query-prefix 'query: ' --weights f32",
        meaning: "weights as they are, and a prefix for queries"),
    ],
    run: runModelConvert)
}

private func runModelConvert(_ invocation: Invocation) throws(Problem) -> Int32 {
  guard let output = invocation.value(.output) else {
    throw Problem(
      .usage, "loam model convert needs -o FILE.", remedy: "See loam model convert --help.")
  }
  var options = ModelConverter.Options()
  options.name = invocation.value(.modelName)
  options.pooling = invocation.value(.pooling).flatMap { .init(rawValue: $0) }
  options.queryPrefix = invocation.value(.queryPrefix) ?? ""
  options.passagePrefix = invocation.value(.passagePrefix) ?? ""
  options.maximumTokens = try invocation.number(.maximumTokens, in: 2...65_536)
  options.weights = invocation.value(.weights).flatMap { .init(rawValue: $0) } ?? .int8
  try ModelConverter.convert(folder: invocation.operands[0], to: output, options: options)
  let encoder = try Encoder(file: output)
  if invocation.console.isJSON {
    try invocation.console.print(
      .object([
        "dimension": .number(encoder.dimension), "file": .text(output),
        "model": .text(encoder.modelID), "tokens": .number(encoder.maximumTokens),
      ]))
  } else {
    invocation.console.remark(
      "\(printable(output)): \(encoder.modelID), \(encoder.dimension) dimensions,"
        + " \(encoder.maximumTokens) tokens")
  }
  return 0
}
