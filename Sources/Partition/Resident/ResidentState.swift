import Grounding

/// Which rows came at which of the changes that an index saw; the last few thousand runs.
struct Arrivals {
  /// How many changes there were.
  private(set) var count = 0
  private var runs: [(change: Int, rows: ClosedRange<Int64>)] = []
  /// The change from which on ``runs`` has everything.
  private var since = 0

  private static let limit = 4_096

  /// Notes a change at which `rows` came, none where some went only.
  mutating func note(_ rows: [ClosedRange<Int64>]) {
    count += 1
    runs.append(contentsOf: rows.map { (count, $0) })
    guard runs.count > Self.limit else { return }
    runs.removeFirst(runs.count - Self.limit)
    // The first that is left may be half of a change.
    since = runs[0].change
    runs.removeAll { $0.change == since }
  }

  /// Notes a change after which nothing is as it was.
  mutating func forget() {
    count += 1
    since = count
    runs = []
  }

  /// What came after a change; `nil` where that is not known any more.
  func rows(after change: Int) -> [ClosedRange<Int64>]? {
    change < since ? nil : runs.filter { $0.change > change }.map(\.rows)
  }
}

/// The groups of the access classes that were asked for, as they are at one change of the store.
///
/// A value: whoever holds one sees it unchanged while the index goes on.
struct ResidentState {
  /// Which store this is of: a restored one has another epoch.
  private(set) var identity: StoreIdentity?
  /// The store's last change that is in.
  private(set) var sequence: Int64 = -1
  /// How often classes were read.
  private(set) var loads = 0
  private(set) var classes: [Int64: ResidentClass] = [:]
  /// By serial; groups of classes that were read anew leave gaps.
  private(set) var groups: [RowGroup?] = []
  private(set) var arrivals = Arrivals()
  /// The same of vectors: how often some came or went, and of which rows.
  private(set) var vectorArrivals = Arrivals()

  /// Resident octets of the groups.
  var octets: Int { classes.values.reduce(0) { $0 + $1.octets } }

  /// Brings the state to what `connection` reads; `false` where it is ahead of that.
  ///
  /// Changes of classes that are not here are passed over. O(changes since, and rows of the groups that
  /// they touch).
  mutating func follow(_ connection: Connection) throws(Problem) -> Bool {
    let now = try connection.lastChange()
    let identity = try connection.identity()
    if identity != self.identity { begin(identity, at: now) }
    guard now != sequence else { return true }
    guard now > sequence else { return false }
    var added: [ClosedRange<Int64>] = []
    var removed: [ClosedRange<Int64>] = []
    var vectors: [ClosedRange<Int64>] = []
    var hasLostVectors = false
    try connection.forEach(
      "SELECT kind, first, last FROM change WHERE sequence > ?1 ORDER BY sequence", sequence
    ) { row in
      if row.text(0) == "vectors_dropped" { hasLostVectors = true }
      guard !row.isNull(1), row.int64(1) <= row.int64(2) else { return }
      let rows = row.int64(1)...row.int64(2)
      switch row.text(0) {
      case "rows_added": added.append(rows)
      case "rows_removed": removed.append(rows)
      case "vectors_stored": vectors.append(rows)
      default: break
      }
    }
    if !added.isEmpty || !removed.isEmpty { try apply(added, removed, connection) }
    // Rows may come with vectors that they had elsewhere.
    if !vectors.isEmpty || !added.isEmpty { vectorArrivals.note(vectors + added) }
    if hasLostVectors { vectorArrivals.forget() }
    sequence = now
    return true
  }

  /// Begins anew for another store at the same place.
  ///
  /// The counts go on: lists and row sets that were made for the store of before are behind.
  private mutating func begin(_ identity: StoreIdentity, at sequence: Int64) {
    var state = ResidentState()
    state.identity = identity
    state.sequence = sequence
    (state.arrivals, state.vectorArrivals, state.loads) = (arrivals, vectorArrivals, loads + 1)
    state.arrivals.forget()
    state.vectorArrivals.forget()
    self = state
  }

  /// All is read before anything changes: whoever fails here tries again from the same state.
  private mutating func apply(
    _ added: [ClosedRange<Int64>], _ removed: [ClosedRange<Int64>], _ connection: Connection
  ) throws(Problem) {
    var touched: [Int64: ResidentClass.Draft] = [:]
    for rows in removed {
      for (id, known) in classes where known.reaches(rows) {
        touched[id, default: ResidentClass.Draft(known)].remove(rows)
      }
    }
    for rows in added {
      try connection.forEach(
        """
        SELECT p.row, p.item, p.body_terms, i.class, i.kind, i.title_terms
        FROM passage p JOIN item i ON i.key = p.item
        WHERE p.row BETWEEN ?1 AND ?2 AND p.role IS NULL ORDER BY p.row
        """, rows.lowerBound, rows.upperBound
      ) { row throws(Problem) in
        guard let known = classes[row.int64(3)] else { return }
        touched[row.int64(3), default: ResidentClass.Draft(known)].append(
          ResidentClass.Passage(row),
          of: try ResidentClass.ItemHead(row, 4, place: connection.place))
      }
    }
    var finished: [(id: Int64, known: ResidentClass?)] = []
    for (id, draft) in touched {
      // A class of many dead rows, or whose rows did not come in order, is read when it is next asked for.
      finished.append(
        (id, draft.isSound ? draft.finish(extents: try connection.extents(of: id)) : nil))
    }
    arrivals.note(added)
    for (id, known) in finished {
      guard let known else {
        forget(id)
        continue
      }
      classes[id] = known
      for group in known.groups { groups[group.serial] = group }
    }
  }

  private mutating func forget(_ id: Int64) {
    for group in classes.removeValue(forKey: id)?.groups ?? [] { groups[group.serial] = nil }
  }

  /// Reads those of `ids` that are not here; `connection` reads the state's own change.
  ///
  /// O(rows of what is read).
  mutating func load(_ ids: [Int64], _ connection: Connection) throws(Problem) {
    let missing = ids.filter { classes[$0] == nil }
    guard !missing.isEmpty else { return }
    loads += 1
    for id in missing {
      let read = try ResidentClass(reading: id, firstSerial: groups.count, connection)
      classes[id] = read
      for group in read.groups { groups.append(group) }
    }
  }
}

extension Connection {
  /// The sequence of the last change in the log; 0 where there is none.
  func lastChange() throws(Problem) -> Int64 {
    try first("SELECT coalesce(max(sequence), 0) FROM change") { $0.int64(0) } ?? 0
  }

  /// Where the own passages of a class lie, ascending.
  func extents(of accessClass: Int64) throws(Problem) -> [Range<Int64>] {
    try all(
      "SELECT first, count FROM extent WHERE class = ?1 AND role IS NULL ORDER BY first",
      accessClass
    ) { row throws(Problem) in try row.extent(0, place: place) }
  }
}
