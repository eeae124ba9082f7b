import Grounding
import Partition
import Reading

extension FileRecord {
  /// Whether all of the file's items are in the store.
  var isComplete: Bool { size >= 0 && readTo == size }

  /// Whether the file at the path still looks as it did when it was read.
  func matches(_ status: FileStatus) -> Bool {
    size == Int64(status.size) && modified == status.modified
      && inode == Int64(bitPattern: status.inode)
  }
}

extension FileVersion {
  /// The record of this version; one that is not complete asks for the file to be read again.
  func newRecord(source: Int64, isComplete: Bool) -> FileRecord {
    FileRecord(
      source: source, path: path, size: Int64(status.size), modified: status.modified,
      inode: Int64(bitPattern: status.inode), hash: isComplete ? hash : nil,
      readTo: isComplete ? Int64(status.size) : -1, access: access,
      note: isComplete ? FileNote(mark: note, lacking: lacking).text : nil)
  }
}

/// What a file's record remembers, in the form in which the store keeps it: lines, each of one thing.
struct FileNote {
  /// Of a mailbox, see ``MailboxMark``.
  var mark: String?
  /// The forms in the file that were not read for want of a program: it is read again when one is
  /// there.
  var lacking: Set<ItemFormat> = []

  private static let word = "lacks "

  init(mark: String?, lacking: Set<ItemFormat>) {
    self.mark = mark
    self.lacking = lacking
  }

  init(_ text: String?) {
    for line in (text ?? "").split(separator: "\n") {
      guard line.hasPrefix(Self.word) else {
        mark = String(line)
        continue
      }
      lacking = Set(
        line.dropFirst(Self.word.count).split(separator: " ").compactMap {
          ItemFormat(rawValue: String($0))
        })
    }
  }

  /// `nil` where there is nothing to remember.
  var text: String? {
    var lines = [mark].compactMap(\.self)
    if !lacking.isEmpty {
      lines.append(Self.word + lacking.map(\.rawValue).sorted().joined(separator: " "))
    }
    return lines.isEmpty ? nil : lines.joined(separator: "\n")
  }
}
