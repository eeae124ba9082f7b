import Grounding
import Partition
import Reading

/// One run's state: the open batch, what was counted, what still has to go.
///
/// Changes are applied in the order of the source. A file's record says that it was read to its end
/// only in the transaction that holds the last of its items and has removed what it no longer has;
/// so a run that is interrupted anywhere leaves a file that is read again.
struct IngestRun {
  /// The root that changes belong to.
  struct Root {
    var source: Int64
    var sourceName: String
    var path: String
  }

  let writer: PartitionWriter
  let limits: IngestLimits
  let emit: (IngestEvent) -> Void
  var summary = IngestSummary()
  var root = Root(source: 0, sourceName: "", path: "")

  private var batch = Batch()
  private var container: OpenContainer?
  /// Items that this run has met, so that each counts once.
  private var met: Set<ItemID> = []
  /// Files that are still there but have no items any more.
  private(set) var emptied: [FileRecord] = []
  /// Places that a file no longer has; they go at the root's end, so that a message that moved to
  /// another file is never without a place.
  private var stale: [(version: FileVersion, keys: Set<[UInt8]>)] = []

  private struct Batch {
    var isOpen = false
    var passages = 0
    var items = 0
    var ids: [ItemID] = []
  }

  private struct OpenContainer {
    var version: FileVersion
    var row: Int64
    /// The places that the store has of it and no part has brought again yet.
    var former: Set<[UInt8]>
    /// How often each item was met in this file.
    var copies: [ItemID: Int] = [:]
  }

  init(writer: PartitionWriter, limits: IngestLimits, emit: @escaping (IngestEvent) -> Void) {
    self.writer = writer
    self.limits = limits
    self.emit = emit
  }

  mutating func apply(_ change: PreparedChange) throws(Problem) {
    switch change {
    case .whole(let version, let file): try storeWhole(version, file)
    case .part(let item, let number): try storePart(item, number: number)
    case .other(.open(let version)): try openContainer(version)
    case .other(.close(let note)): try closeContainer(note: note)
    case .other(.abandon(let problem)):
      container = nil
      fail(problem, within: nil)
    case .other(.partSkipped(let code, let place)):
      skip("\(container?.version.location.display ?? ""), \(place)", code)
    case .other(.partFailed(let problem)):
      fail(problem, within: container?.version.location.display)
    case .other(.nothing(let version, let code)):
      summary.scanned += 1
      countLacking(version.lacking)
      skip(version.location.display, code)
      if let record = version.record { emptied.append(record) }
    case .other(.unchanged(let record)): try countUnchanged(record)
    case .other(.touched(let version)):
      try begin()
      _ = try writer.put(version.newRecord(source: root.source, isComplete: true))
      if let record = version.record { try countUnchanged(record) }
    case .other(.failed(let problem)):
      summary.scanned += 1
      fail(problem, within: nil)
    case .other(.whole), .other(.part): break  // Preparation turns these into its own cases.
    }
  }

  // MARK: Files

  private mutating func storeWhole(
    _ version: FileVersion, _ file: PreparedFile
  ) throws(Problem) {
    summary.scanned += 1
    summary.defects += file.defectCount
    countLacking(version.lacking)
    for part in file.skipped { skip("\(version.location.display), \(part.place)", part.code) }
    guard !file.items.isEmpty else {
      skip(version.location.display, .empty)
      if let record = version.record { emptied.append(record) }
      return
    }
    try begin()
    var former = try version.record.map { (record) throws(Problem) in try keys(of: record) } ?? []
    let row = try writer.put(version.newRecord(source: root.source, isComplete: true))
    for item in file.items {
      let (id, place) = try naming(item.item, version, row: row)
      try store(item, id: id, parent: nil, place: place, former: &former)
    }
    if !former.isEmpty {
      _ = try writer.put(version.newRecord(source: root.source, isComplete: false))
      stale.append((version, former))
    }
    try commitIfFull()
  }

  private mutating func openContainer(_ version: FileVersion) throws(Problem) {
    summary.scanned += 1
    try begin()
    var open = OpenContainer(version: version, row: 0, former: [])
    if let record = version.record {
      if version.keptOctets > 0 {
        // What is in the old part counts as read, so that a further copy is known as one.
        for place in try countPlaces(of: record)
        where place.kind == .mail && ItemNaming.isMessageOfSource(key: place.key) {
          open.copies[place.item, default: 0] += 1
        }
      } else {
        open.former = try keys(of: record)
      }
    }
    // What lacks in the octets that are kept goes on to lack.
    if version.keptOctets == 0 { open.version.lacking = [] }
    open.row = try writer.put(version.newRecord(source: root.source, isComplete: false))
    container = open
  }

  private mutating func storePart(_ prepared: PreparedItem, number: Int) throws(Problem) {
    // Taken out, so that it has one owner and is changed in place: it knows every message of the file.
    guard var open = container.take() else { return }
    defer { container = open }
    let version = open.version
    open.version.lacking.formUnion(prepared.lacking)
    let identity = prepared.item.identity ?? Array("\(number)".utf8)
    let id: ItemID
    var place = Place(key: "", uri: version.uri, row: open.row, access: version.access)
    if prepared.item.kind == .mail {
      id = ItemNaming.mailID(source: root.sourceName, identity: identity)
      let copy = open.copies[id, default: 0] + 1
      open.copies[id] = copy
      place.key = ItemNaming.mailKey(path: version.path, id: id, copy: copy)
      place.folder = version.folder
    } else {
      place.key = ItemNaming.recordKey(path: version.path, identity: identity)
      id = try partID(
        ItemNaming.recordID(source: root.sourceName, path: version.path, identity: identity),
        at: place.key, identity: identity, version)
      guard open.copies.updateValue(1, forKey: id) == nil else {
        fail(
          Problem(
            .malformed, "The record's _id is that of an earlier line.",
            place: "\(version.location.display), line \(number)"), within: nil)
        return
      }
    }
    if let external = prepared.item.externalID {
      place.uri += "#" + percentEncoded(external, keeping: "@")
    }
    try begin()
    try store(prepared, id: id, parent: nil, place: place, former: &open.former)
    try commitIfFull()
  }

  private mutating func closeContainer(note: String?) throws(Problem) {
    guard var open = container else { return }
    container = nil
    open.version.note = note
    countLacking(open.version.lacking)
    if open.former.isEmpty {
      try begin()
      _ = try writer.put(open.version.newRecord(source: root.source, isComplete: true))
      try commitIfFull()
    } else {
      stale.append((open.version, open.former))
    }
  }

  // MARK: Items

  private mutating func store(
    _ prepared: PreparedItem, id: ItemID, parent: ItemID?, place: Place,
    former: inout Set<[UInt8]>
  ) throws(Problem) {
    var place = place
    if prepared.item.isOwnerOnly { place.access = place.access.ownerOnly }
    var item = prepared.item
    if let folder = place.folder { item.facts.append(Fact("folder", .text(folder))) }
    // What came in a message is in no folder of its own.
    place.folder = nil
    let applied = try writer.apply(
      ItemDraft(
        id: id, parent: parent, item: item, contentHash: prepared.contentHash,
        passages: prepared.passages, source: root.source, file: place.row, key: place.key,
        uri: place.uri, access: place.access))
    former.remove(Array(place.key.utf8))
    count(prepared, id: id, applied: applied, isChild: parent != nil)
    for (index, child) in prepared.children.enumerated() {
      let identity = child.item.identity ?? Array("\(index + 1)".utf8)
      var childPlace = place
      childPlace.key = ItemNaming.childKey(
        parentKey: place.key, kind: child.item.kind, identity: identity)
      try store(
        child,
        id: ItemNaming.childID(source: root.sourceName, parent: id, identity: identity),
        parent: id, place: childPlace, former: &former)
    }
  }

  private mutating func count(
    _ prepared: PreparedItem, id: ItemID, applied: Applied, isChild: Bool
  ) {
    guard applied != .erased else {
      summary.skipped[Problem.Code.erased.rawValue, default: 0] += 1
      return
    }
    let isFirst = met.insert(id).inserted
    let kind = prepared.item.kind
    if kind == .mail, !isChild { summary.messages += 1 }
    if isFirst { summary.items[kind, default: 0] += 1 }
    switch applied {
    case .added: summary.added += 1
    case .updated where isFirst: summary.updated += 1
    case .unchanged:
      if isFirst { summary.unchanged += 1 }
      return
    // An item counts once a run: a further copy of it is a duplicate, be it new or changed.
    // What came in it is not counted, as it is no message of a source.
    case .updated, .locationAdded: if !isChild { summary.duplicates += 1 }
    case .erased: return
    }
    batch.ids.append(id)
    batch.items += 1
    guard applied != .locationAdded else { return }
    summary.defects += prepared.item.defects.count
    summary.passages += prepared.passages.count { $0.role == .new }
    batch.passages += prepared.passages.count
  }

  private mutating func countUnchanged(_ record: FileRecord) throws(Problem) {
    summary.scanned += 1
    countLacking(FileNote(record.note).lacking)
    _ = try countPlaces(of: record)
  }

  /// Counts what the store has of a file as unchanged; the result is what lies in it.
  private mutating func countPlaces(of record: FileRecord) throws(Problem) -> [FilePlace] {
    let places = try writer.places(file: record.id)
    for place in places {
      if place.kind == .mail, ItemNaming.isMessageOfSource(key: place.key) {
        summary.messages += 1
      }
      guard met.insert(place.item).inserted else { continue }
      summary.unchanged += 1
      summary.items[place.kind, default: 0] += 1
    }
    return places
  }

  private func keys(of record: FileRecord) throws(Problem) -> Set<[UInt8]> {
    Set(try writer.locations(file: record.id).map { Array($0.utf8) })
  }

  // MARK: What goes

  /// Removes the places that files no longer have, and marks these files as read.
  mutating func removeStale() throws(Problem) {
    let all = stale
    stale = []
    for (version, keys) in all {
      try begin()
      for key in keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        summary.removed += try writer.removeLocation(
          source: root.source, key: String(decoding: key, as: UTF8.self)
        ).count
      }
      _ = try writer.put(version.newRecord(source: root.source, isComplete: true))
      try commitIfFull()
    }
  }

  mutating func removeFiles(_ records: [FileRecord]) throws(Problem) {
    for record in records {
      try begin()
      summary.removed += try writer.removeFile(record.id).count
      batch.items += 1
      try commitIfFull()
    }
  }

  mutating func takeEmptied() -> [FileRecord] {
    defer { emptied = [] }
    return emptied
  }

  // MARK: Batches

  mutating func begin() throws(Problem) {
    guard !batch.isOpen else { return }
    try writer.begin()
    batch.isOpen = true
  }

  private mutating func commitIfFull() throws(Problem) {
    if batch.passages >= limits.batchPassages || batch.items >= limits.batchItems {
      try commit()
    }
  }

  /// Makes what was applied durable, and only then says so.
  mutating func commit() throws(Problem) {
    guard batch.isOpen else { return }
    let sequence = try writer.commit()
    let ids = batch.ids
    batch = Batch()
    emit(.committed(sequence: sequence, items: ids))
  }

  mutating func rollback() {
    if batch.isOpen { writer.rollback() }
    batch = Batch()
  }

  // MARK: What is not read

  private mutating func countLacking(_ formats: Set<ItemFormat>) {
    for format in formats { summary.lacking[format, default: 0] += 1 }
  }

  mutating func skip(_ path: String, _ code: Problem.Code) {
    summary.skipped[code.rawValue, default: 0] += 1
    emit(.skipped(path: path, code: code))
  }

  mutating func fail(_ problem: Problem, within path: String?) {
    var problem = problem
    if let path { problem.place = problem.place.map { "\(path), \($0)" } ?? path }
    summary.failed.append(
      IngestSummary.Failure(
        path: problem.place ?? root.path, code: problem.code, detail: problem.detail,
        remedy: problem.remedy))
    emit(.failed(problem))
  }
}
