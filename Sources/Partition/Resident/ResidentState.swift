import Grounding

/// The groups of the access classes that were asked for, as they are at one change of the store.
///
/// A value: whoever holds one sees it unchanged while the index goes on.
struct ResidentState {
  /// Which store this is of: a restored one has another epoch.
  private(set) var identity: [String] = []
  /// The store's last change that is in.
  private(set) var sequence: Int64 = -1
  /// How often rows came or went, and classes were read.
  private(set) var changes = 0
  private(set) var loads = 0
  private(set) var classes: [Int64: ResidentClass] = [:]
  /// By serial; groups of classes that were read anew leave gaps.
  private(set) var groups: [RowGroup?] = []
  /// Rows that came lately, with the change count at which they did; the last few thousand runs.
  private(set) var arrivals: [(change: Int, rows: ClosedRange<Int64>)] = []
  /// The change count from which on ``arrivals`` has everything.
  private(set) var arrivalsSince = 0

  private static let arrivalLimit = 4_096

  /// Resident octets of the groups.
  var octets: Int { classes.values.reduce(0) { $0 + $1.octets } }

  /// Brings the state to what `connection` reads; `false` where it is ahead of that.
  ///
  /// Changes of classes that are not here are passed over. O(changes since, and rows of the groups that
  /// they touch).
  mutating func follow(_ connection: Connection) throws(Problem) -> Bool {
    let now = try connection.lastChange()
    let identity = [
      try connection.meta(.partitionID) ?? "", try connection.meta(.epoch) ?? "",
    ]
    if identity != self.identity { begin(identity, at: now) }
    guard now != sequence else { return true }
    guard now > sequence else { return false }
    var added: [ClosedRange<Int64>] = []
    var removed: [ClosedRange<Int64>] = []
    try connection.forEach(
      "SELECT kind, first, last FROM change WHERE sequence > ?1 ORDER BY sequence", sequence
    ) { row in
      guard !row.isNull(1), row.int64(1) <= row.int64(2) else { return }
      let rows = row.int64(1)...row.int64(2)
      switch row.text(0) {
      case "rows_added": added.append(rows)
      case "rows_removed": removed.append(rows)
      default: break
      }
    }
    if !added.isEmpty || !removed.isEmpty { try apply(added, removed, connection) }
    sequence = now
    return true
  }

  /// Begins anew for another store at the same place.
  ///
  /// The counts go on: lists and row sets that were made for the store of before are behind.
  private mutating func begin(_ identity: [String], at sequence: Int64) {
    var state = ResidentState()
    state.identity = identity
    state.sequence = sequence
    state.changes = changes + 1
    state.loads = loads + 1
    state.arrivalsSince = state.changes
    self = state
  }

  private mutating func apply(
    _ added: [ClosedRange<Int64>], _ removed: [ClosedRange<Int64>], _ connection: Connection
  ) throws(Problem) {
    changes += 1
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
        let passage = try ResidentClass.Passage(row, kindColumn: 4, place: connection.place)
        touched[row.int64(3), default: ResidentClass.Draft(known)].append(
          passage, titleTerms: row.int(5))
      }
    }
    for (id, draft) in touched {
      guard draft.isSound else {
        // A class of many dead rows, or whose rows did not come in order, is read when it is next asked for.
        forget(id)
        continue
      }
      let extents = try connection.extents(of: id)
      let known = draft.finish(extents: extents)
      classes[id] = known
      for group in known.groups { groups[group.serial] = group }
    }
    note(added)
  }

  private mutating func note(_ added: [ClosedRange<Int64>]) {
    arrivals.append(contentsOf: added.map { (changes, $0) })
    guard arrivals.count > Self.arrivalLimit else { return }
    arrivals.removeFirst(arrivals.count - Self.arrivalLimit)
    // The first that is left may be half of a change.
    arrivalsSince = arrivals[0].change
    arrivals.removeAll { $0.change == arrivalsSince }
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
