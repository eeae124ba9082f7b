import Glibc

/// The whole of a file's octets.
///
/// - Throws: ``Unreadable`` where it cannot be opened.
package func octets(ofFile path: String) throws -> [UInt8] {
  guard let file = unsafe fopen(path, "rb") else { throw Unreadable(path: path) }
  defer { unsafe fclose(file) }
  var result: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = unsafe fread(&buffer, 1, buffer.count, file), count > 0 {
    result.append(contentsOf: buffer[..<count])
  }
  return result
}

/// A file or folder that a test needs and cannot read.
package struct Unreadable: Error {
  package let path: String
  package init(path: String) { self.path = path }
}

/// Runs `body` with a new empty folder, which is removed afterwards.
package func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
  var template = Array("/tmp/loam-test.XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { throw Unreadable(path: "/tmp") }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { _ = unsafe system("rm -rf '\(path)'") }
  return try body(path)
}
