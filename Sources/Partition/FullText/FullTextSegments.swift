import Grounding

/// The segments of the full-text index: each has all terms of the rows that were written in one go,
/// or of segments that were merged.
///
/// - SeeAlso: https://www.sqlite.org/src/file/ext/fts5/fts5_index.c, "FTS5 index record formats"
struct FullTextSegments {
  struct Segment: Equatable {
    var id: Int64
    var pages: ClosedRange<Int64>
  }

  /// Segments of about one age; merged, they become one of the next level.
  struct Level: Equatable {
    /// The oldest first.
    var segments: [Segment]
    /// How many of them are being merged.
    var merging: Int
  }

  /// The newest first.
  let levels: [Level]

  /// The oldest first: what a later one says of a row goes before.
  var segments: [Segment] { levels.reversed().flatMap(\.segments) }

  /// A term's list is read from FTS5's own tables where these have the form that is known here.
  private static let knownVersion = 4
  /// Instead of the number of levels, where segments have more columns.
  private static let secondForm: [UInt8] = [0xFF, 0, 0, 1]
  /// The structure record's row, and how many pages a segment can have.
  private static let structureRow: Int64 = 10
  private static let pageLimit: Int64 = 1 << 31

  /// Reads the structure record; `nil` where it has another form than the one known here.
  ///
  /// - Throws: `damaged`.
  init?(_ connection: Connection) throws(Problem) {
    let version = try connection.first(
      "SELECT v FROM passage_text_config WHERE k = 'version'"
    ) { $0.int(0) }
    guard version == Self.knownVersion else { return nil }
    let record = try connection.first(
      "SELECT block FROM passage_text_data WHERE id = ?1", Self.structureRow
    ) { $0.octets(0) }
    guard let record else { throw Self.damage(connection.place) }
    guard let found = try Self.levels(record.span, connection.place) else { return nil }
    levels = found
  }

  private static func levels(
    _ record: Span<UInt8>, _ place: String
  ) throws(Problem) -> [Level]? {
    // Before it is a cookie of four octets.
    var index = 4
    if record.count >= 8, (0..<4).allSatisfy({ record[4 + $0] == secondForm[$0] }) { return nil }
    guard let levels = record.varint(at: &index), let total = record.varint(at: &index),
      record.varint(at: &index) != nil, levels <= record.count, total <= record.count
    else { throw damage(place) }
    var found: [Level] = []
    for _ in 0..<levels {
      guard let merging = record.varint(at: &index), let count = record.varint(at: &index),
        count <= total
      else { throw damage(place) }
      var level = Level(segments: [], merging: merging)
      for _ in 0..<count {
        guard let id = record.varint(at: &index), let first = record.varint(at: &index),
          let last = record.varint(at: &index),
          (1...0xFFFF).contains(id), first <= last, last < pageLimit
        else { throw damage(place) }
        // A segment that is being merged away may have no page any more.
        if first > 0 {
          level.segments.append(Segment(id: Int64(id), pages: Int64(first)...Int64(last)))
        }
      }
      found.append(level)
    }
    return found
  }

  static func damage(_ place: String) -> Problem {
    Problem(.damaged, "A page of the full-text index cannot be read.", place: place)
  }
}

extension FullTextSegments {
  /// The level that FTS5 merges when it is asked to: the one that it is at, else the newest of those with the
  /// most segments.
  var nextToMerge: Level? {
    if let begun = levels.first(where: { $0.merging > 0 }) { return begun }
    let most = levels.map(\.segments.count).max()
    return levels.first { $0.segments.count == most }
  }
}

extension FullTextSegments.Level {
  /// Pages that are full: the last of a segment mostly is not.
  var fullPages: Int { segments.reduce(0) { $0 + $1.pages.count - 1 } }
}

extension FullTextSegments.Segment {
  /// Where the leaf pages from `first` on are in `passage_text_data`: 37 bits are for pages and what else
  /// a segment can have.
  func rows(from first: Int64) -> ClosedRange<Int64> {
    (id << 37 | first)...(id << 37 | pages.upperBound)
  }
}

extension Span<UInt8> {
  /// Reads one of SQLite's integers of variable length, which begins at `index`, and moves behind it:
  /// seven bits an octet, the most significant first; `nil` where it is not whole or has over 63 bits.
  @inline(__always)
  func varint(at index: inout Int) -> Int? {
    guard index >= 0, index < count else { return nil }
    let first = self[index]
    index += 1
    guard first & 0x80 != 0 else { return Int(first) }
    var value = Int(first & 0x7F)
    for _ in 0..<8 {
      guard index < count else { return nil }
      let octet = self[index]
      index += 1
      value = value << 7 | Int(octet & 0x7F)
      if octet & 0x80 == 0 { return value }
    }
    return nil
  }
}
