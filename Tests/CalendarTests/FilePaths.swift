import Glibc

/// The regular files below `folder`, sorted.
func filePaths(below folder: String) -> [String] {
  guard let pipe = unsafe popen("find -L '\(folder)' -type f | LC_ALL=C sort", "r") else {
    return []
  }
  defer { unsafe pclose(pipe) }
  var output: [UInt8] = []
  while case let character = unsafe fgetc(pipe), character != EOF {
    output.append(UInt8(truncatingIfNeeded: character))
  }
  return output.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) }
}
