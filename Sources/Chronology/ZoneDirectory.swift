import Glibc
import Synchronization

/// A zone and the name that the zone files know it by, or that its calendar gave it.
package struct NamedZone: Hashable, Sendable {
  package var name: String
  package var rules: ZoneRules

  package init(name: String, rules: ZoneRules) {
    self.name = name
    self.rules = rules
  }

  package static let utc = NamedZone(name: "UTC", rules: .utc)
}

/// The zone files of a machine, read as they are asked for and remembered.
///
/// A name is a path of at most four words of letters, digits, `_`, `+` and `-`, so that none leads out
/// of the folder. Where the folder is absent, as without the package `tzdata`, UTC alone is known.
package final class ZoneDirectory: Sendable {
  /// Of this machine.
  package static let system = ZoneDirectory(path: "/usr/share/zoneinfo")

  private let path: String
  /// What a name was found to be, also where it was nothing.
  private let known = Mutex<[String: ZoneRules?]>([:])
  private static let memoryLimit = 1_024

  /// Whether there were zone files when it was made.
  package let isPresent: Bool

  package init(path: String) {
    self.path = path
    isPresent = unsafe access(path, R_OK | X_OK) == 0
  }

  /// The zone that a calendar calls `identifier`.
  ///
  /// In this order: a name of the zone files; such a name behind a prefix of its maker
  /// (`/mozilla.org/20050126_1/Europe/Berlin`); a Windows name (`W. Europe Standard Time`); an older
  /// name that newer zone files have dropped (`US/Pacific`).
  package func zone(_ identifier: String) -> NamedZone? {
    if ZoneNames.utc.contains(identifier) { return .utc }
    guard identifier.utf8.count <= 256 else { return nil }
    if let rules = rules(named: identifier) { return NamedZone(name: identifier, rules: rules) }
    if identifier.utf8.first == 0x2F { return prefixed(identifier) }
    guard let name = ZoneNames.windows[identifier] ?? ZoneNames.former[identifier] else {
      return nil
    }
    if name == "UTC" { return .utc }
    return rules(named: name).map { NamedZone(name: name, rules: $0) }
  }

  /// The last three, two words or the last one of a path, whatever is a zone's name first.
  private func prefixed(_ identifier: String) -> NamedZone? {
    let words = identifier.split(separator: "/")
    for count in [3, 2, 1] where words.count >= count {
      let name = words.suffix(count).joined(separator: "/")
      if let rules = rules(named: name) { return NamedZone(name: name, rules: rules) }
      if let former = ZoneNames.former[name], let rules = rules(named: former) {
        return NamedZone(name: former, rules: rules)
      }
    }
    return nil
  }

  /// The zone of the file `name`.
  package func rules(named name: String) -> ZoneRules? {
    guard Self.isSafe(name) else { return nil }
    if let found = known.withLock({ $0[name] }) { return found }
    let rules = Self.octets(ofFile: "\(path)/\(name)").flatMap { ZoneFile.rules($0) }
    known.withLock { known in
      if known.count >= Self.memoryLimit { known = [:] }
      known[name] = .some(rules)
    }
    return rules
  }

  /// Folders and files beside the zones themselves.
  private static let reserved: Set<String> = [
    "posix", "right", "localtime", "posixrules", "Factory",
  ]

  private static func isSafe(_ name: String) -> Bool {
    let words = name.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...4).contains(words.count), !reserved.contains(String(words[0])) else { return false }
    return words.allSatisfy { word in
      (1...32).contains(word.utf8.count) && word.utf8.first != 0x2D
        && word.utf8.allSatisfy {
          switch $0 {
          case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x5F: true
          default: false
          }
        }
    }
  }

  /// A plain file's octets; `nil` where there is none, or one that is too large for a zone.
  private static func octets(ofFile path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      (44...off_t(ZoneFile.octetLimit)).contains(status.st_size)
    else { return nil }
    var octets = [UInt8](repeating: 0, count: Int(status.st_size))
    var filled = 0
    while filled < octets.count {
      let count = octets.count - filled
      let got = unsafe octets.withUnsafeMutableBytes { buffer in
        // Safe: the buffer has `count` octets from `filled`.
        unsafe read(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count)
      }
      guard got > 0 else { return nil }
      filled += got
    }
    return octets
  }
}
