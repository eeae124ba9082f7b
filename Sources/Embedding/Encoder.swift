import Dispatch
package import Grounding
import Synchronization

/// Turns texts into unit vectors whose product says how alike they are.
///
/// Immutable, so one serves all threads. The same text gives the same vector to the bit whatever
/// else is encoded with it and on however many threads; another processor may differ in the last
/// bits.
package final class Encoder: Sendable {
  /// Pieces that a passage's context header takes at most.
  private static let headerLimit = 64
  /// Pieces in a batch: enough for reading weights to be small beside their use, few enough for a
  /// batch's state to stay in the processor's cache.
  private static let batchLimit = 256

  /// Passes that wait for the next text or batch, with memory of about 1.4 MB each, are so many at most.
  private static let passLimit = 4

  private let network: Network
  private let passes = Mutex<[ForwardPass]>([])
  private let vocabulary: Vocabulary

  /// Name, kind of weights, the beginning of the file's checksum and, where it is not the
  /// reference, what activations are rounded to: vectors are comparable only where this is the same.
  package let modelID: String

  /// The model that the executable carries, all-MiniLM-L6-v2 with weights of 8 bits; made once.
  ///
  /// - Throws: `bad_model` where the executable was built without it.
  package static func bundled() throws(Problem) -> Encoder { try shared.get() }

  /// The same with activations of 16 bits, which what ``bundled()`` computes is held against.
  package static func bundledReference() throws(Problem) -> Encoder {
    try Encoder(ModelFile(.bundled, verifying: false), activations: .sixteenBits)
  }

  private static let shared: Result<Encoder, Problem> = {
    do throws(Problem) {
      return .success(try Encoder(ModelFile(.bundled, verifying: false)))
    } catch { return .failure(error) }
  }()

  /// Computes the checksum of the model that the executable carries.
  ///
  /// - Throws: `bad_model` where it is wrong.
  package static func checkBundled() throws(Problem) {
    _ = try ModelFile(.bundled, verifying: true)
  }

  /// The model in a file that ``ModelConverter`` made.
  ///
  /// It is mapped, not copied, and its checksum
  /// is computed.
  ///
  /// - Throws: `bad_model` for whatever is wrong with the file.
  /// - Complexity: O(*n*) in the file's octets; about 0.1 s of CPU time for 23 MB.
  package convenience init(file: String) throws(Problem) {
    do throws(Problem) {
      try self.init(ModelFile(ModelOctets(file: file), verifying: true))
    } catch {
      var problem = error
      problem.place = file
      throw problem
    }
  }

  /// The model of `file`, with the activations that its weights are used with, or others.
  init(_ file: ModelFile, activations: Activations? = nil) throws(Problem) {
    vocabulary = try Vocabulary(file.vocabulary, limit: file.metadata.vocabulary)
    let activations = activations ?? .usual(for: file.metadata.weights)
    network = Network(file, activations: activations)
    modelID = file.identity + activations.identitySuffix
  }

  /// Numbers in a vector.
  package var dimension: Int { network.metadata.dimension }

  /// Pieces of a text that are read, `[CLS]` and `[SEP]` included; the rest of it is not.
  package var maximumTokens: Int { network.metadata.maximumTokens }

  /// Pieces of the whole text, without `[CLS]` and `[SEP]`.
  ///
  /// - Complexity: O(*n*) in the octets; no memory beyond a word.
  package func pieceCount(_ text: String) -> Int { pieceCount(text, limit: .max) }

  private func pieceCount(_ text: String, limit: Int) -> Int {
    var reader = PieceReader(vocabulary, limit: limit, isCounting: true)
    reader.read(text.utf8Span.span)
    return reader.count
  }

  /// The numbers of a text's pieces with `[CLS]` and `[SEP]`, `limit` at most (not below 2).
  package func pieces(_ text: String, limit: Int) -> [Int32] {
    var reader = PieceReader(vocabulary, limit: max(0, limit - 2))
    reader.read(text.utf8Span.span)
    return reader.numbers
  }

  /// What the encoder reads of a passage, as text: a context header, a line feed and the body.
  ///
  /// The header is the title without reply marks and list tags and the headings above the passage,
  /// joined by ` > `; its words are cut where they would be more than 64 pieces. An encoder of the
  /// same model that is given the text reads the same pieces, so long as it takes what looks like a
  /// special token for text. Where title and headings are empty, the body alone.
  package func passageInput(title: String?, headings: [String], body: String) -> String {
    var parts = title.map { [Subject($0).base] } ?? []
    // A document's title is often its first heading.
    parts += headings.first == title ? headings.dropFirst() : headings[...]
    let header = cut(parts.filter { !$0.isEmpty }.joined(separator: " > "))
    let prefix = network.metadata.passagePrefix
    return header.isEmpty ? prefix + body : "\(prefix)\(header)\n\(body)"
  }

  /// The first words of `header`, set apart by spaces, that are at most 64 pieces together.
  private func cut(_ header: String) -> String {
    var kept = ""
    var left = Self.headerLimit
    // A title of a megabyte is not split whole: no more words are looked at than can be kept.
    for word in header.unicodeScalars.lazy.split(
      maxSplits: Self.headerLimit * 4, whereSeparator: { $0.properties.isWhitespace })
    {
      let word = String(String.UnicodeScalarView(word))
      let count = pieceCount(word, limit: left + 1)
      guard count <= left else { break }
      left -= count
      kept += kept.isEmpty ? word : " \(word)"
    }
    return kept
  }

  /// The vector of a query, with the model's prefix for queries.
  ///
  /// It has a thread and memory of its own, so it never waits behind a batch.
  ///
  /// - Complexity: about 3 ms of CPU time for ten words on a slow core with AVX2.
  package func encode(query: String) -> [Float] {
    let text = pieces(network.metadata.queryPrefix + query, limit: maximumTokens)
    var result = [Float](repeating: 0, count: dimension)
    let pass = takePass(rows: text.count)
    pass.run([text], into: &result)
    giveBack(pass)
    return result
  }

  /// A pass that nobody else has, with room for `rows` pieces.
  private func takePass(rows: Int) -> ForwardPass {
    let usual = max(Self.batchLimit, maximumTokens)
    guard rows <= usual else { return ForwardPass(network, rowLimit: rows) }
    return passes.withLock { $0.popLast() } ?? ForwardPass(network, rowLimit: usual)
  }

  private func giveBack(_ pass: ForwardPass) {
    guard pass.rowLimit == max(Self.batchLimit, maximumTokens) else { return }
    passes.withLock { if $0.count < Self.passLimit { $0.append(pass) } }
  }

  /// The vectors of `inputs`, in their order; see ``passageInput(title:headings:body:)``.
  ///
  /// Texts of about the same length are computed together, on `threads` threads (at least one).
  /// What lies past ``maximumTokens`` is not read.
  package func encode(_ inputs: [String], threads: Int) -> [[Float]] {
    encode(pieces: inputs.map { pieces($0, limit: maximumTokens) }, threads: threads)
  }

  /// As ``encode(_:threads:)`` for texts that are numbers of pieces already, `[CLS]` and `[SEP]`
  /// included: each not empty, within the vocabulary and not more than the model has positions.
  package func encode(pieces texts: [[Int32]], threads: Int) -> [[Float]] {
    let batches = Self.batches(texts)
    let next = Atomic<Int>(0)
    let results = Mutex([[Float]](repeating: [], count: texts.count))
    let rowLimit = max(Self.batchLimit, texts.reduce(0) { max($0, $1.count) })
    let count = max(1, min(threads, batches.count))
    DispatchQueue.concurrentPerform(iterations: batches.isEmpty ? 0 : count) { _ in
      let pass = takePass(rows: rowLimit)
      defer { giveBack(pass) }
      while case let index = next.wrappingAdd(1, ordering: .relaxed).oldValue, index < batches.count
      {
        let batch = batches[index]
        var vectors = [Float](repeating: 0, count: batch.count * dimension)
        pass.run(batch.map { texts[$0] }, into: &vectors)
        results.withLock { results in
          for (position, text) in batch.enumerated() {
            results[text] = Array(vectors[position * dimension..<(position + 1) * dimension])
          }
        }
      }
    }
    return results.withLock { $0 }
  }

  /// Texts by descending length, so many together as fit a batch: the longest first, so that no
  /// thread ends alone with a long one.
  private static func batches(_ texts: [[Int32]]) -> [[Int]] {
    let order = texts.indices.sorted { (texts[$1].count, $0) < (texts[$0].count, $1) }
    var result: [[Int]] = []
    var room = 0
    for index in order {
      if texts[index].count > room {
        result.append([])
        room = max(batchLimit, texts[index].count)
      }
      result[result.count - 1].append(index)
      room -= texts[index].count
    }
    return result
  }
}

extension Encoder {
  /// The state of one text's pieces after the embeddings and after each layer, a row a piece.
  package func states(_ text: [Int32]) -> [[Float]] {
    let pass = ForwardPass(network, rowLimit: text.count)
    var vector = [Float](repeating: 0, count: dimension)
    var states: [[Float]] = []
    pass.run([text], into: &vector) { states.append($0) }
    return states
  }
}
