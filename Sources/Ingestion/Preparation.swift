import Analysis
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
  /// Of an item that came alone: the forms of what came in it and is not read for want of a program.
  var lacking: Set<ItemFormat> = []
}

/// The items of a file that is read whole, and what in it makes none.
struct PreparedFile: Sendable {
  var items: [PreparedItem]
  var skipped: [SkippedPart]
  /// Oddities of a file without an item; where there is one, they are its first item's.
  var defectCount: Int
}

/// A change whose octets were read, parsed and split.
enum PreparedChange: Sendable {
  case whole(FileVersion, PreparedFile)
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
  let converter: any FileConverting
  /// What holds for all files.
  let hints: ReadingHints

  /// Prepares `changes` in their order on up to `threads` threads.
  func prepare(_ changes: [SourceChange], threads: Int) -> PreparedStretch {
    let sliceCount = min(max(1, threads), max(1, changes.count))
    let prepared = parallel(sliceCount) { slice in
      let start = changes.count * slice / sliceCount
      let end = changes.count * (slice + 1) / sliceCount
      let splitter = PassageSplitter()
      return changes[start..<end].map { prepare($0, splitter: splitter) }
    }
    return PreparedStretch(
      changes: prepared.flatMap(\.self), octetCounts: changes.map(\.octetCount))
  }

  private func prepare(_ change: SourceChange, splitter: PassageSplitter) -> PreparedChange {
    switch change {
    case .whole(let version, let source, let format):
      return prepareWhole(version, source.load(), format, splitter)
    case .part(let source, let format, let number):
      let octets = source.load()
      var hints = hints
      if format == .message { hints.flags = MailboxFlags.flags(octets.span) }
      do throws(Problem) {
        let file = try FileReader.read(
          octets, as: format, hints: hints, limits: limits.reading, converter: converter)
        guard let item = file.items.first, !item.isEmptyDocument else {
          return .other(.partSkipped(.empty, place: format.partName(number)))
        }
        var prepared = prepared(item, hash: SHA256.digest(octets), splitter: splitter)
        prepared.lacking = file.lacking
        return .part(prepared, number: number)
      } catch {
        return .other(.partFailed(placed(error, format.partName(number))))
      }
    default:
      return .other(change)
    }
  }

  private func prepareWhole(
    _ version: FileVersion, _ octets: [UInt8], _ format: ItemFormat, _ splitter: PassageSplitter
  ) -> PreparedChange {
    var version = version
    let hash = SHA256.digest(octets)
    version.hash = hash
    if let record = version.record, record.isComplete, record.hash == hash, version.hasSameAccess,
      !version.readsMore
    {
      return .other(.touched(version))
    }
    let name = lastPart(of: version.path)
    var hints = hints
    hints.name = name
    hints.flags = version.isInMaildir ? MaildirName.flags(name) : []
    do throws(Problem) {
      var file = try FileReader.read(
        octets, as: format, hints: hints, limits: limits.reading, converter: converter)
      version.lacking = file.lacking
      file.items.removeAll(where: \.isEmptyDocument)
      if !file.items.isEmpty {
        file.items[0].defects += file.defects
        file.defects = []
      }
      return .whole(
        version,
        PreparedFile(
          items: file.items.map { prepared($0, hash: hash, splitter: splitter) },
          skipped: file.skipped, defectCount: file.defects.count))
    } catch  where error.isForWantOfProgram {
      version.lacking = [format]
      return .other(.nothing(version, error.code))
    } catch {
      return .other(.failed(placed(error, version.location.display)))
    }
  }

  private func prepared(
    _ item: ParsedItem, hash: [UInt8], splitter: PassageSplitter
  ) -> PreparedItem {
    var item = item
    let children = item.children
    item.children = []
    return PreparedItem(
      item: item,
      passages: splitter.split(item.text, segments: item.segments),
      contentHash: item.contentHash ?? hash,
      children: children.map { prepared($0, hash: hash, splitter: splitter) })
  }
}

private func placed(_ problem: Problem, _ place: String) -> Problem {
  var problem = problem
  problem.place = problem.place.map { "\(place), \($0)" } ?? place
  return problem
}
