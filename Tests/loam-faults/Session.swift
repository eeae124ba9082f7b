import Grounding
import Partition

/// A writer at work: what ingest does, through the doors that ingest uses.
final class Session {
  static let source = "letters"
  static let tenant = Tenant.default
  static let dimension = 8

  let writer: PartitionWriter
  private var source: Int64 = 0

  /// Opens the store and readies it; both are no change where they were done before.
  init(home: LoamHome) throws(Problem) {
    writer = try PartitionWriter(home: home, tenant: Self.tenant, partitionID: "faults")
    source = try writer.source(named: Self.source)
    if try writer.model() == nil {
      try writer.requireModel(Self.model(0), dimension: Self.dimension)
    }
  }

  static func model(_ version: Int) -> String { "m\(version)" }

  /// Does a batch; when this returns, it is durable.
  func apply(_ batch: Batch, to model: Model) throws(Problem) {
    var model = model
    do throws(Problem) {
      try writer.begin()
      for change in batch.changes {
        try perform(change, in: model)
        model.apply(change)
      }
      if batch.isRolledBack { return writer.rollback() }
      _ = try writer.commit()
    } catch {
      writer.rollback()
      throw error
    }
  }

  /// Merges the full-text index's segments a page at a time, which changes nothing that the store says.
  func merge() throws(Problem) { try writer.mergeSegments(stepPages: 1) }

  private func perform(_ change: Change, in model: Model) throws(Problem) {
    switch change {
    case .put(let letter, let key, let access, let file):
      var after = model
      after.apply(change)
      try apply(letter, key: key, access: access, file: file)
      // A new content is for all copies.
      for (other, copy) in after.copies.sorted(by: { $0.key < $1.key })
      where copy.letter.name == letter.name && other != key {
        try apply(letter, key: other, access: copy.access, file: copy.file)
      }
    case .removeLocation(let key): _ = try writer.removeLocation(source: source, key: key)
    case .removeFile(let path): _ = try writer.removeFile(row(ofFile: path))
    case .moveFile(let path, let target):
      try writer.moveFile(row(ofFile: path), to: target) { key, uri in
        (Model.key(key, movedTo: target), uri)
      }
    case .embed(let limit):
      for role in ModelRole.allCases {
        guard let known = try writer.model(role) else { continue }
        try writer.storeVectors(
          try writer.pendingVectors(role, limit: limit).map {
            (row: $0.row, vector: LetterEncoder.vector("\(known.id) \($0.title ?? "") \($0.body)"))
          }, model: known.id)
      }
    case .requireReading(let version): try writer.requireReading(version)
    case .changeModel(let version):
      // Each third time what is under way is given up instead.
      if version % 3 == 0 { return try writer.keepModel() }
      try writer.changeModel(to: Self.model(version), dimension: Self.dimension)
    }
  }

  private func apply(
    _ letter: Letter, key: String, access: AccessList, file: String?
  ) throws(Problem) {
    var row: Int64?
    if let file {
      row = try writer.put(
        FileRecord(source: source, path: file, size: 1, modified: 2, inode: 3, access: access))
    }
    _ = try writer.apply(letter.draft(source: source, key: key, file: row, access: access))
  }

  private func row(ofFile path: String) throws(Problem) -> Int64 {
    guard let file = try writer.file(source: source, path: path) else {
      throw Problem(.notFound, "A file of the workload is not in the store.", place: path)
    }
    return file.id
  }
}
