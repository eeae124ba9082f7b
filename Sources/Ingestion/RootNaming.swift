import Grounding

/// How a root's files are named within their source.
struct RootNaming: Sendable {
  /// Stands before the path below the root; empty where the source is the root itself.
  let prefix: String
  /// The root from the file system's root.
  let absoluteRoot: String
  let isFile: Bool
  /// What all paths of the root begin with, without a slash; `nil` where these are all of the source.
  let below: String?

  /// - Parameter sharesSource: whether other roots may have the same source; the last part of the
  ///   root's path then begins the names, so that they do not meet.
  init(absoluteRoot: String, isFile: Bool, sharesSource: Bool) {
    self.absoluteRoot = absoluteRoot
    self.isFile = isFile
    let name = lastPart(of: absoluteRoot)
    below = sharesSource || isFile ? name : nil
    prefix = isFile || !sharesSource ? "" : name + "/"
  }

  /// The path within the source.
  func path(of file: ListedFile) -> String { prefix + file.path }

  func uri(of file: ListedFile) -> String {
    "file://" + percentEncoded(isFile ? absoluteRoot : absoluteRoot + "/" + file.path)
  }
}

/// A path as part of a URI: all but unreserved characters and slashes as `%` and two digits.
///
/// - SeeAlso: RFC 3986, sections 2.1 and 2.3; RFC 8089.
func percentEncoded(_ path: String, keeping kept: String = "/") -> String {
  var result = ""
  for octet in path.utf8 {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E:
      result.unicodeScalars.append(Unicode.Scalar(octet))
    case _ where kept.utf8.contains(octet):
      result.unicodeScalars.append(Unicode.Scalar(octet))
    default:
      let digits = String(octet, radix: 16, uppercase: true)
      result += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
    }
  }
  return result
}
