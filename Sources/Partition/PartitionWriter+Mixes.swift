import Grounding

/// What a reply is searched by: its own vectors mixed with the mean of its parent's.
///
/// The own vectors stay where they are; what is searched stands in pages beside them. Who the parent is
/// is decided list by list, as for quotes: under one access list it is the message under the same list
/// that bears the last reference. The mix counts for callers whom one of the lists allows under which
/// the parent is the one it was made with, so that nothing hidden shows in it. Where messages with one
/// Message-ID say different things under different lists, a reply that lies under several of them is
/// mixed with the one of most lists, and searched by its own vectors under the others.
extension PartitionWriter {
  /// A reply's parent, and the class of the lists under which it is; no class where these are all of
  /// the reply's.
  struct Mix: Hashable {
    var parent: Int64
    var `class`: Int64?
  }

  /// Renews the mixes of what changed in the batch: vectors, parents, lists.
  ///
  /// - Complexity: O(vectors of the items that changed and of their replies).
  func settleMixes(_ links: inout MessageLinks) throws(Problem) {
    var renewed = Set<Int64>()
    for item in batch.messages.items.sorted() {
      let known = try mix(of: item)
      let mix = try currentMix(of: item, &links)
      guard mix != known else { continue }
      renewed.insert(item)
      // A REPLACE would open a statement journal, and with it a savepoint of the index, each time.
      if let mix, known == nil {
        try connection.run(
          "INSERT INTO mix (item, parent, class) VALUES (?1, ?2, ?3)", item, mix.parent, mix.class)
      } else if let mix {
        try connection.run(
          "UPDATE OR FAIL mix SET parent = ?2, class = ?3 WHERE item = ?1", item, mix.parent,
          mix.class)
      } else {
        try connection.run("DELETE FROM mix WHERE item = ?1", item)
      }
    }
    guard let model = try model() else { return }
    for item in batch.messages.embedded.sorted() {
      renewed.insert(item)
      try connection.forEach("SELECT item FROM mix WHERE parent = ?1", item) {
        renewed.insert($0.int64(0))
      }
    }
    // Replies to one message share its mean.
    var means: [Int64: [Float]?] = [:]
    for item in renewed.sorted() { try renewMix(of: item, model.dimension, &means) }
  }

  private func mix(of item: Int64) throws(Problem) -> Mix? {
    try connection.first("SELECT parent, class FROM mix WHERE item = ?1", item) {
      Mix(parent: $0.int64(0), class: $0.isNull(1) ? nil : $0.int64(1))
    }
  }

  /// The parent of an item as its and the others' copies say now.
  func currentMix(of item: Int64, _ links: inout MessageLinks) throws(Problem) -> Mix? {
    let lists = try links.lists(of: item)
    var parents: [Int64: Set<Int64>] = [:]
    for list in lists {
      guard let name = try links.lastReferences(of: item, list: list).first,
        let parent = try links.bearers(of: name, list: list).first(where: { $0 != item })
      else { continue }
      parents[parent, default: []].insert(list)
    }
    guard let most = parents.values.map(\.count).max() else { return nil }
    var candidates: [(id: String, parent: Int64)] = []
    for (parent, lists) in parents where lists.count == most {
      let id = try connection.first("SELECT id FROM item WHERE key = ?1", parent) { $0.text(0) }
      candidates.append((id ?? "", parent))
    }
    guard let parent = candidates.min(by: { $0.id < $1.id })?.parent, let own = parents[parent]
    else { return nil }
    return Mix(parent: parent, class: own.count == lists.count ? nil : try classes.union(own))
  }

  // MARK: Vectors

  /// Has all mixes made again: whatever they are mixed of is another.
  func noteAllMixes() throws(Problem) {
    try connection.forEach("SELECT item FROM mix") {
      batch.messages.embedded.insert($0.int64(0))
    }
  }

  private func renewMix(
    of item: Int64, _ dimension: Int, _ means: inout [Int64: [Float]?]
  ) throws(Problem) {
    let mixed = try mixedVectors(of: item, dimension, &means)
    for (row, vector) in mixed { try storeMixed(vector, row: row, dimension: dimension) }
    // They are searched by something else, or by other callers.
    batch.vectorRows.append(contentsOf: mixed.map(\.row))
  }

  /// What the rows of an item are to be searched by; `nil` for its own vector, or where there is none.
  func mixedVectors(
    of item: Int64, _ dimension: Int, _ means: inout [Int64: [Float]?]
  ) throws(Problem) -> [(row: Int64, vector: QuantizedVector?)] {
    let rows = try ownRows(of: item)
    var mean: [Float]?
    if let parent = try mix(of: item)?.parent {
      if let known = means[parent] {
        mean = known
      } else {
        mean = QuantizedVector.mean(
          try storedVectors(of: ownRows(of: parent)), dimension: dimension)
        means.updateValue(mean, forKey: parent)
      }
    }
    guard let mean else { return rows.map { ($0, nil) } }
    return zip(rows, try storedVectors(of: rows)).map { ($0, $1?.mixed(with: mean)) }
  }

  private func ownRows(of item: Int64) throws(Problem) -> [Int64] {
    try connection.all(
      "SELECT row FROM passage WHERE item = ?1 AND role IS NULL ORDER BY ordinal", item
    ) { $0.int64(0) }
  }

  /// Writes what a row is searched by, or that it is its own vector.
  private func storeMixed(
    _ vector: QuantizedVector?, row: Int64, dimension: Int
  ) throws(Problem) {
    guard let extent = try extent(of: row) else { return }
    let layout = VectorPageLayout(count: Int(extent.count), dimension: dimension)
    let isKnown = try connection.first(
      "SELECT 1 FROM mixed_page WHERE extent = ?1", extent.first
    ) { _ in true }
    if isKnown != true {
      guard vector != nil else { return }
      try connection.run(
        "INSERT INTO mixed_page (extent, page) VALUES (?1, zeroblob(?2))", extent.first,
        layout.octets)
    }
    let blob = try connection.page(extent.first, of: .mixed, isWritable: true)
    try blob.write(vector, slot: Int(row - extent.first), layout)
  }

  /// Overwrites what removed rows were searched by.
  func wipeMixed(row: Int64, dimension: Int) throws(Problem) {
    try storeMixed(nil, row: row, dimension: dimension)
  }

  // MARK: Integrity

  /// Every reply is mixed with the parent that the messages say, and every row is searched by what
  /// that gives; reads every message's references and every vector.
  func checkMixes() throws(Problem) -> [String] {
    var misplaced = 0
    var links = MessageLinks(connection)
    let items = try connection.all("SELECT key FROM item ORDER BY key") { $0.int64(0) }
    for item in items where try mix(of: item) != currentMix(of: item, &links) { misplaced += 1 }
    var findings = misplaced == 0 ? [] : ["\(misplaced) replies with another parent than they say"]
    guard let model = try model() else { return findings }
    var expected: [Int64: QuantizedVector] = [:]
    var means: [Int64: [Float]?] = [:]
    for item in items where try mix(of: item) != nil {
      for (row, vector) in try mixedVectors(of: item, model.dimension, &means) {
        if let vector { expected[row] = vector }
      }
    }
    var wrong = 0
    var page = VectorPage()
    try connection.forEach(
      "SELECT m.extent, e.count FROM mixed_page m JOIN extent e ON e.first = m.extent"
    ) { row throws(Problem) in
      let first = row.int64(0)
      let layout = VectorPageLayout(count: row.int(1), dimension: model.dimension)
      let blob = try connection.page(first, of: .mixed, isWritable: false)
      guard blob.count == layout.octets else {
        return findings.append("a page of mixed vectors has a wrong size")
      }
      try page.read(blob, layout, place: connection.place)
      for slot in 0..<page.count where page.scales[slot] != 0 {
        let found = QuantizedVector(page.row(slot))
        if expected.removeValue(forKey: first + Int64(slot)) != found { wrong += 1 }
      }
    }
    wrong += expected.count
    if wrong > 0 {
      findings.append("\(wrong) rows that are searched by another vector than theirs")
    }
    return findings
  }
}

extension QuantizedVector {
  /// How much of its parent's mean vector a reply has.
  private static let parentShare: Float = 0.5

  /// The mean of those of `vectors` that are there, summed in their order; `nil` where none is.
  static func mean(_ vectors: [QuantizedVector?], dimension: Int) -> [Float]? {
    var sum = [Float](repeating: 0, count: dimension)
    var count = 0
    for case let vector? in vectors where vector.codes.count == dimension {
      for (index, value) in vector.values.enumerated() { sum[index] += value }
      count += 1
    }
    return count == 0 ? nil : sum.map { $0 / Float(count) }
  }

  /// This vector and half of `mean`, at unit length; `nil` where that has none.
  func mixed(with mean: [Float]) -> QuantizedVector? {
    var sum = zip(values, mean).map { $0 + Self.parentShare * $1 }
    var square: Float = 0
    for value in sum { square += value * value }
    let length = square.squareRoot()
    guard length.isNormal else { return nil }
    for index in sum.indices { sum[index] /= length }
    let vector = QuantizedVector(sum)
    return vector.scale == 0 ? nil : vector
  }
}
