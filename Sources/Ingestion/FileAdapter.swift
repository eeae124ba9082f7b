import Grounding
import Mail
import Octets
import Partition
import Reading

/// The files of one listing as a source.
///
/// A file whose size, time and number are those of its record, under the same access list, is not
/// opened. A mailbox or a file of records is mapped and read a part at a time; a mailbox that begins
/// with the octets that were read is read from where it ended.
struct FileAdapter: SourceAdapter {
  /// Files of up to so many octets are read at once; greater ones are mapped to see what they are.
  static let loadedOctets = 1 << 20

  private let naming: RootNaming
  private let access: AccessRules
  private let limits: IngestLimits
  private let converter: any FileConverting
  /// By path within the source, as octets.
  private let records: [[UInt8]: FileRecord]
  private var files: ArraySlice<ListedFile>
  private var container: Container?
  private var store: MailStore?

  init(
    files: [ListedFile], naming: RootNaming, access: AccessRules, limits: IngestLimits,
    records: [[UInt8]: FileRecord], converter: any FileConverting
  ) {
    self.files = files[...]
    self.naming = naming
    self.access = access
    self.limits = limits
    self.records = records
    self.converter = converter
  }

  mutating func next() throws(Problem) -> SourceChange? {
    if let change = container?.next() { return change }
    if let ended = container {
      container = nil
      return ended.ending()
    }
    if let change = store?.next() { return change }
    if let ended = store {
      store = nil
      return ended.ending()
    }
    guard let file = files.popFirst() else { return nil }
    do {
      return try look(at: file)
    } catch {
      var problem = error
      problem.place = file.location.display
      return .failed(problem)
    }
  }

  private mutating func look(at file: ListedFile) throws(Problem) -> SourceChange {
    let path = naming.path(of: file)
    let list = try access.list(for: file.path)
    var version = FileVersion(
      path: path, uri: naming.uri(of: file), location: file.location, status: file.status,
      hash: nil, access: list, record: records[Array(path.utf8)])
    version.lacking = FileNote(version.record?.note).lacking
    version.readsMore = version.lacking.contains { converter.canConvert($0) }
    if let record = version.record, record.isComplete, record.matches(file.status),
      version.hasSameAccess, !version.readsMore
    {
      return .unchanged(record)
    }
    version.isInMaildir = file.isInMaildir
    if file.status.size == 0 { return .nothing(version, .empty) }
    let open = try OpenFile(file.location)
    version.status = open.status
    // A mailbox is told from a message by its second separator, which may be far behind.
    let isSmall = open.status.size <= FileAdapter.loadedOctets
    let mapped = isSmall ? nil : try open.map()
    let loaded = isSmall ? try open.contents(limit: FileAdapter.loadedOctets) : []
    let name = lastPart(of: file.path)
    let type =
      file.isInMaildir
      ? .one(.message)
      : mapped.map { $0.withSpan { FileReader.detect($0, name: name) } }
        ?? FileReader.detect(loaded.span, name: name)
    if let content = type.mailContent(isInMaildir: file.isInMaildir) {
      version.folder = MailFolder.name(of: file.path, content)
    }
    func whole(_ format: ItemFormat) throws(Problem) -> SourceChange {
      let octets =
        isSmall && loaded.count <= limits.itemOctets
        ? loaded : try open.contents(limit: limits.itemOctets)
      return .whole(version, .loaded(octets), format)
    }
    switch type {
    case .one(let format): return try whole(format)
    case .calendar: return try whole(.calendar)
    case .records(.outlookStore): return try convert(version, open)
    case .records(let format): return try begin(version, open, mapped, format)
    case .passedOver(let code): return .nothing(version, code)
    }
  }

  private mutating func begin(
    _ version: FileVersion, _ open: OpenFile, _ known: MappedOctets?, _ format: ItemFormat
  ) throws(Problem) -> SourceChange {
    guard open.status.size <= limits.containerOctets else {
      throw Problem(
        .tooLarge, "The file has more than \(limits.containerOctets) octets.",
        place: version.location.display, remedy: "Split it.")
    }
    var version = version
    let mapped = if let known { known } else { try open.map() }
    let hash = mapped.withSpan { GrownHash($0, record: version.record) }
    version.hash = hash.whole
    version.note = FileNote(version.record?.note).mark
    if let record = version.record, record.isComplete, record.hash == hash.whole,
      version.hasSameAccess, !version.readsMore
    {
      return .touched(version)
    }
    var cursor: RecordCursor?
    if format == .message, hash.hasKnownStart, version.hasSameAccess, let record = version.record,
      let mark = MailboxMark(note: version.note), !version.readsMore
    {
      cursor = mapped.withSpan { mark.cursor($0, readTo: Int(record.readTo)) }
      if cursor != nil { version.keptOctets = Int(record.readTo) }
    }
    container = Container(
      file: open, octets: mapped, format: format, itemLimit: limits.itemOctets,
      cursor: cursor ?? mapped.withSpan { RecordCursor(format, of: $0) })
    return .open(version)
  }

  /// A mail store that a program takes apart; read whole again whenever it changed.
  private mutating func convert(
    _ version: FileVersion, _ open: OpenFile
  ) throws(Problem) -> SourceChange {
    do throws(Problem) {
      let path = Array(version.location.octets.dropLast())
      guard case .files(let files) = try converter.convert(fileAt: path, from: .outlookStore) else {
        throw Problem(.converterFailed, "The program left no mailboxes.")
      }
      store = MailStore(file: open, mailboxes: files, itemLimit: limits.itemOctets)
      return .open(version)
    } catch {
      guard error.isForWantOfProgram else { throw error }
      var version = version
      version.lacking = [.outlookStore]
      return .nothing(version, error.code)
    }
  }
}

extension DetectedFile {
  /// What a file is to its mail folder; `nil` where it is no mail.
  fileprivate func mailContent(isInMaildir: Bool) -> MailFolder.Content? {
    switch self {
    case .records(.message): .mailbox
    case .one(.message): isInMaildir ? .maildirMessage : .message
    default: nil
    }
  }
}
