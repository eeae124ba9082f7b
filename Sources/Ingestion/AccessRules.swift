import FoundationEssentials
package import Grounding

/// Who may see which path: the lines of an `--acl` file over a default list.
///
/// Each line is `{"glob": PATTERN, "grants": [GRANT, ...]}`, with `"owner": NAME` where what matches
/// is not the default owner's; the last line whose pattern matches a path gives its whole list, the
/// default counts where none does. A line that cannot be read might
/// have matched anything and allowed or denied anyone, so every path that no later line matches has
/// no list: it fails, and nothing is opened.
package struct AccessRules: Sendable {
  private enum Grants: Sendable {
    case list(AccessList)
    case unreadable(line: Int)
  }
  private struct Rule: Sendable {
    /// `nil` matches every path.
    var glob: Glob?
    var grants: Grants
  }

  /// The most octets and lines that a file may have.
  package static let octetLimit = 16 << 20
  package static let lineLimit = 100_000

  private let fallback: AccessList
  private var rules: [Rule] = []

  /// Rules without a file: one list for everything.
  package init(owner: Principal, grants: [Grant]) {
    fallback = AccessList(owner: owner, grants: grants)
  }

  /// - Throws: `access_unreadable` where the file cannot be read at all or is too large.
  package init(owner: Principal, grants: [Grant], file: String) throws(Problem) {
    self.init(owner: owner, grants: grants)
    let octets: [UInt8]
    do {
      octets = try contents(ofFile: file, limit: AccessRules.octetLimit)
    } catch {
      throw Problem(
        .accessUnreadable, "The access lists cannot be read: \(error.detail)", place: file,
        remedy: "Correct --acl; nothing was ingested.")
    }
    try add(octets, place: file)
  }

  /// Reads the lines of a file; empty ones are passed over.
  package mutating func add(_ octets: [UInt8], place: String) throws(Problem) {
    var number = 0
    for line in octets.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      guard number <= AccessRules.lineLimit else {
        throw Problem(
          .accessUnreadable, "There are more than \(AccessRules.lineLimit) access lists.",
          place: place, remedy: "Use patterns that match more.")
      }
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      rules.append(rule(line: Array(line), number: number))
    }
  }

  private func rule(line: [UInt8], number: Int) -> Rule {
    guard let read = try? JSONDecoder().decode([String: AnyOfLine].self, from: Data(line)),
      Set(read.keys).subtracting(["owner"]) == ["glob", "grants"],
      case .text(let pattern) = read["glob"],
      let glob = try? Glob(pattern)
    else { return Rule(glob: nil, grants: .unreadable(line: number)) }
    guard case .list(let texts) = read["grants"], let owner = owner(read["owner"]) else {
      return Rule(glob: glob, grants: .unreadable(line: number))
    }
    var grants: [Grant] = []
    for text in texts {
      guard let grant = try? Grant(parsing: text) else {
        return Rule(glob: glob, grants: .unreadable(line: number))
      }
      grants.append(grant)
    }
    return Rule(glob: glob, grants: .list(AccessList(owner: owner, grants: grants)))
  }

  /// The owner that a line names, or the default one; `nil` where what it names is no name.
  private func owner(_ value: AnyOfLine?) -> Principal? {
    switch value {
    case nil: fallback.owner
    case .text(let name) where !Principal(name).name.isEmpty: Principal(name)
    default: nil
    }
  }

  /// A value of a line; what is neither a text nor a list of texts is `other`.
  private enum AnyOfLine: Decodable {
    case text(String)
    case list([String])
    case other

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let list = try? container.decode([String].self) {
        self = .list(list)
      } else {
        self = .other
      }
    }
  }

  /// Who may see `path`, which is relative to the root.
  ///
  /// - Throws: `access_unreadable` where the line that decides cannot be read.
  /// - Complexity: O(lines).
  package func list(for path: String) throws(Problem) -> AccessList {
    for rule in rules.reversed() where rule.glob?.matches(path) ?? true {
      switch rule.grants {
      case .list(let list): return list
      case .unreadable(let line):
        throw Problem(
          .accessUnreadable, "Line \(line) of the access lists cannot be read.", place: path,
          remedy: "Write it as {\"glob\": \"mail/*\", \"grants\": [\"group:staff\"]}.")
      }
    }
    return fallback
  }
}
