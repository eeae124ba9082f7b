import Grounding

/// A data set's files: what is ingested, what is asked, what is right.
struct DatasetFolder {
  /// The folder's last component.
  let name: String
  /// What goes through the ingest.
  let inputs: [String]
  private let path: String
  /// The judgements' name as reports have it.
  let qrels: String
  let judgements: Judgements
  /// The judged topics, in the order of `queries.jsonl`.
  let topics: [Topic]
  /// External ids of what is taken out of the store before anything is ranked.
  let excluded: Set<Identifier>

  /// Reads topics and judgements; the corpus itself is left to the ingest.
  ///
  /// - Throws: what a reader throws; `not_found` for a missing file; `malformed` where a judged topic
  ///   has no query; `usage` where the judgements' name is no file name.
  init(_ options: DatasetOptions) throws(Problem) {
    let folder = Files.absolute(options.folder)
    path = folder
    name = folder.split(separator: "/").last.map(String.init) ?? folder
    let isMail = !options.mail.isEmpty
    guard !options.qrels.isEmpty, !options.qrels.contains("/") else {
      throw Problem(.usage, "The judgements' name is not valid.", remedy: "Name a file of qrels/.")
    }
    qrels = isMail ? "qrels" : options.qrels
    inputs = isMail ? options.mail : ["\(folder)/corpus.jsonl"]
    let judgements = try Judgements(
      file: isMail ? "\(folder)/qrels.txt" : "\(folder)/qrels/\(options.qrels).tsv")
    for input in inputs where !Files.exists(input) {
      throw Problem(.notFound, "There is no such file.", place: input)
    }
    let queries = "\(folder)/queries.jsonl"
    let all = try Topic.read(jsonLines: Files.read(queries), name: queries)
    topics = all.filter { judgements.grades[$0.id] != nil }
    guard topics.count == judgements.grades.count else {
      throw Problem(.malformed, "A judged topic has no query.", place: queries)
    }
    self.judgements = judgements
    let list = "\(folder)/excluded-messages.tsv"
    excluded = isMail && Files.exists(list) ? try Self.identifiers(list) : []
  }

  /// A tenant that only this folder has, so that a kept home can hold several data sets.
  var tenant: Tenant {
    get throws(Problem) {
      let letters = name.utf8.prefix(32).map { octet -> UInt8 in
        let lower = (0x41...0x5A).contains(octet) ? octet + 0x20 : octet
        let isPlain = (0x61...0x7A).contains(lower) || (0x30...0x39).contains(lower)
        return isPlain ? lower : 0x2D
      }
      // FNV-1a: two folders of one name must not share a tenant; nobody attacks this.
      var hash: UInt64 = 0xCBF2_9CE4_8422_2325
      for octet in path.utf8 { hash = (hash ^ UInt64(octet)) &* 0x0000_0100_0000_01B3 }
      return try Tenant("data-\(String(decoding: letters, as: UTF8.self))-\(hex(hash))")
    }
  }

  private func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }

  /// The first field of each line.
  private static func identifiers(_ path: String) throws(Problem) -> Set<Identifier> {
    var lines = FieldLines(
      octets: try Files.read(path), name: path, comments: false, tabsOnly: true)
    var identifiers: Set<Identifier> = []
    while let line = try lines.next() {
      if let first = line.fields.first { identifiers.insert(Identifier(octets: first)) }
    }
    return identifiers
  }
}
