import Glibc

/// Writes a file, and the folders above it.
///
/// - Throws: ``Unreadable`` where it cannot be written.
package func write(_ text: String, to path: String) throws { try write(Array(text.utf8), to: path) }

package func write(_ octets: [UInt8], to path: String) throws {
  var folder = ""
  for part in path.split(separator: "/").dropLast() {
    folder += "/\(part)"
    _ = unsafe mkdir(folder, 0o700)
  }
  guard let file = unsafe fopen(path, "wb") else { throw Unreadable(path: path) }
  defer { unsafe fclose(file) }
  guard unsafe fwrite(octets, 1, octets.count, file) == octets.count else {
    throw Unreadable(path: path)
  }
}
