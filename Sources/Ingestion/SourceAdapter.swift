package import Grounding
package import Partition
package import Reading

/// A file as it is now, and what the store knows of it.
package struct FileVersion: Sendable {
  /// The path within the source.
  package var path: String
  package var uri: String
  /// What is read from.
  package var location: FilePath
  package var status: FileStatus
  /// SHA-256 of all octets, once they were read.
  package var hash: [UInt8]?
  /// Who may see what is in it.
  package var access: AccessList
  /// What the store has from an earlier run.
  package var record: FileRecord?
  /// Whether it is a message of a Maildir, whose name has flags.
  package var isInMaildir = false
  /// The mail folder that the messages in it are in.
  package var folder: String?
  /// What its record remembers, see ``MailboxMark``.
  package var note: String?
  /// Octets from the start whose items the store has and that are not read again: of a mailbox that
  /// only grew; else 0.
  package var keptOctets = 0
  /// The forms in it that are not read for want of a program.
  package var lacking: Set<ItemFormat> = []
  /// Whether some of these can be read by now.
  package var readsMore = false

  /// Whether the store has it under this very access list.
  var hasSameAccess: Bool { record?.access == access }
}

extension ItemFormat {
  /// How a person finds the part of a file that has this number.
  func partName(_ number: Int) -> String {
    self == .corpusRecord ? "line \(number)" : "message \(number)"
  }
}

/// An item's octets, on their way to its parser.
package enum ItemOctets: Sendable {
  case loaded([UInt8])
  /// A part of a file that is mapped.
  case mapped(MappedOctets, Range<Int>)

  package var count: Int {
    switch self {
    case .loaded(let octets): octets.count
    case .mapped(_, let range): range.count
    }
  }

  package func load() -> [UInt8] {
    switch self {
    case .loaded(let octets): octets
    case .mapped(let octets, let range): octets.octets(range)
    }
  }

  /// The octets in `range`, without a copy where they are mapped.
  package func slice(_ range: Range<Int>) -> ItemOctets {
    switch self {
    case .loaded(let octets): .loaded(Array(octets[range]))
    case .mapped(let octets, let outer):
      .mapped(octets, outer.lowerBound + range.lowerBound..<outer.lowerBound + range.upperBound)
    }
  }

  /// Calls `body` with the octets.
  package func withSpan<R, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
    switch self {
    case .loaded(let octets): try body(octets.span)
    case .mapped(let octets, let range):
      try octets.withSpan { (span) throws(E) in try body(span.extracting(range)) }
    }
  }
}

/// What a source says next.
///
/// Every file is said once: as `whole`, as `open`, `part`s, `close`, or as one of the others.
package enum SourceChange: Sendable {
  /// A file that is one item, or a calendar.
  case whole(FileVersion, ItemOctets, ItemFormat)
  /// A file of many items begins; what the store has of it and no part brings again is gone at its
  /// `close`, unless it lies in the octets that are kept.
  case open(FileVersion)
  /// An item of the open file; `number` counts from 1 (for lines, the line).
  case part(ItemOctets, ItemFormat, number: Int)
  /// A part that is not read; the open file goes on.
  case partSkipped(Problem.Code, place: String)
  case partFailed(Problem)
  /// The open file was read to its end: the checkpoint, with what its record is to remember.
  case close(note: String?)
  /// The open file was not read to its end, and is read again next time.
  case abandon(Problem)
  /// A file without items, and why.
  case nothing(FileVersion, Problem.Code)
  /// A file that the store has as it is.
  case unchanged(FileRecord)
  /// A file whose octets the store has, under another time or number.
  case touched(FileVersion)
  case failed(Problem)
}

extension SourceChange {
  /// Octets that are read, or need not be.
  var octetCount: Int {
    switch self {
    case .whole(_, let octets, _), .part(let octets, _, _): octets.count
    case .unchanged(let record): Int(record.size)
    case .touched(let version), .nothing(let version, _): version.status.size
    case .open(let version): version.keptOctets
    case .partSkipped, .partFailed, .close, .abandon, .failed: 0
    }
  }
}

/// Where items come from: today folders and files; push, watch and queue are further ones.
package protocol SourceAdapter {
  /// The next thing that the source says; `nil` at its end.
  mutating func next() throws(Problem) -> SourceChange?
}
