import Grounding
import Partition

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
      readTo: isComplete ? Int64(status.size) : -1, access: access, note: isComplete ? note : nil)
  }
}
