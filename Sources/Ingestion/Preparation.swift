import Analysis
import Documents
import Grounding
import Mail
import Octets
import Partition
import Reading

/// An item with all that is computed from its octets alone.
struct PreparedItem: Sendable {
  var item: ParsedItem
  var passages: [Passage]
  var contentHash: [UInt8]
  var children: [PreparedItem]
}

/// A change whose octets were read, parsed and split.
enum PreparedChange: Sendable {
  case whole(FileVersion, PreparedItem)
  case part(PreparedItem, number: Int)
  /// Whatever needs no preparation.
  case other(SourceChange)
}

/// A stretch of a source, prepared, and how many octets each change was.
struct PreparedStretch: Sendable {
  var changes: [PreparedChange]
  var octetCounts: [Int]
}

/// Octets to items with passages: functions of values, so that they can run beside the writer.
struct Preparation: Sendable {
  let limits: IngestLimits

  /// Prepares `changes` in their order on up to `threads` threads.
  func prepare(_ changes: [SourceChange], threads: Int) -> PreparedStretch {
    let sliceCount = min(max(1, threads), max(1, changes.count))
    let prepared = parallel(sliceCount) { slice in
      let start = changes.count * slice / sliceCount
      let end = changes.count * (slice + 1) / sliceCount
      let splitter = PassageSplitter(wordLimit: 120)
      return changes[start..<end].map { prepare($0, splitter: splitter) }
    }
    return PreparedStretch(
      changes: prepared.flatMap(\.self), octetCounts: changes.map(\.octetCount))
  }

  private func prepare(_ change: SourceChange, splitter: PassageSplitter) -> PreparedChange {
    switch change {
    case .whole(var version, let source, let format):
      let octets = source.load()
      let hash = SHA256.digest(octets)
      version.hash = hash
      if let record = version.record, record.isComplete, record.hash == hash, version.hasSameAccess
      {
        return .other(.touched(version))
      }
      do {
        let item = try parse(octets, format, name: lastPart(of: version.path))
        if isEmpty(item) { return .other(.nothing(version, .empty)) }
        return .whole(version, prepared(item, hash: hash, splitter: splitter))
      } catch {
        return .other(.failed(placed(error, version.location.display)))
      }
    case .part(let source, let format, let number):
      let octets = source.load()
      do {
        let item = try parse(octets, format, name: "")
        if isEmpty(item) { return .other(.partSkipped(.empty, place: format.partName(number))) }
        return .part(
          prepared(item, hash: SHA256.digest(octets), splitter: splitter), number: number)
      } catch {
        return .other(.partFailed(placed(error, format.partName(number))))
      }
    default:
      return .other(change)
    }
  }

  private func parse(
    _ octets: [UInt8], _ format: ItemFormat, name: String
  ) throws(Problem) -> ParsedItem {
    switch format {
    case .message: MessageParser.parse(octets).item
    case .markdown:
      Markdown.parse(octets, hints: DocumentHints(name: name), limits: DocumentLimits())
    case .plainText:
      PlainText.parse(octets, hints: DocumentHints(name: name), limits: DocumentLimits())
    case .corpusRecord: try CorpusRecord.parse(line: octets, limits: DocumentLimits())
    }
  }

  private func prepared(
    _ item: ParsedItem, hash: [UInt8], splitter: PassageSplitter
  ) -> PreparedItem {
    var item = item
    let children = item.children
    item.children = []
    return PreparedItem(
      item: item, passages: splitter.split(item.text, segments: item.segments),
      contentHash: hash,
      children: children.map { child in
        // A child's octets are inside its parent's; it is another whenever its text is.
        prepared(child, hash: SHA256.digest(Array(child.text.utf8)), splitter: splitter)
      })
  }

  /// A document without a word; a message always says something by its headers.
  ///
  /// A file's title may be its name alone, a record's is its own.
  private func isEmpty(_ item: ParsedItem) -> Bool {
    item.kind == .document && item.children.isEmpty
      && (item.identity == nil || (item.title ?? "").isEmpty)
      && item.text.utf8.allSatisfy { $0 <= 0x20 }
  }
}

private func placed(_ problem: Problem, _ place: String) -> Problem {
  var problem = problem
  problem.place = problem.place.map { "\(place), \($0)" } ?? place
  return problem
}
