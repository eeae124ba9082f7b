/// A name that can be allowed or denied; white space trimmed, lower case.
package struct Principal: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let name: String
  package init(_ name: String) { self.name = normalised(name) }
  package var description: String { name }
  package static func < (a: Principal, b: Principal) -> Bool { a.name < b.name }
}

/// Who asks: a principal and the groups it belongs to.
package struct Caller: Hashable, Sendable {
  package let principal: Principal
  package let groups: Set<String>

  package init(_ principal: Principal, groups: some Sequence<String> = []) {
    self.principal = principal
    self.groups = Set(groups.map(normalised))
  }
}

/// One entry of an access list: `user:NAME`, `group:NAME` or `everyone`; a leading `!` denies.
package struct Grant: Hashable, Sendable, Comparable, CustomStringConvertible {
  package enum Subject: Hashable, Sendable {
    case user(Principal)
    case group(String)
    case everyone
  }

  package let subject: Subject
  package let denies: Bool

  package init(_ subject: Subject, denies: Bool = false) {
    self.subject = subject
    self.denies = denies
  }

  /// - Throws: `bad_request` when `text` has none of the three forms or an empty name.
  package init(parsing text: String) throws(Problem) {
    var rest = trimmed(text)
    denies = rest.first == "!"
    if denies { rest = trimmed(rest.dropFirst()) }
    let name = normalised(String(rest.drop { $0 != ":" }.dropFirst()))
    if rest.lowercased() == "everyone" {
      subject = .everyone
    } else if rest.lowercased().hasPrefix("user:"), !name.isEmpty {
      subject = .user(Principal(name))
    } else if rest.lowercased().hasPrefix("group:"), !name.isEmpty {
      subject = .group(name)
    } else {
      throw Problem(
        .badRequest, "A grant is not valid.",
        remedy: "Write user:NAME, group:NAME or everyone, with a leading ! to deny.")
    }
  }

  package var description: String {
    let name =
      switch subject {
      case .user(let principal): "user:\(principal.name)"
      case .group(let group): "group:\(group)"
      case .everyone: "everyone"
      }
    return denies ? "!\(name)" : name
  }

  /// By the octets of the written form.
  package static func < (a: Grant, b: Grant) -> Bool {
    a.description.utf8.lexicographicallyPrecedes(b.description.utf8)
  }
}

/// Who may see one location of an item.
///
/// The owner is in unless denied by name; a list without an allowing grant is the owner's alone;
/// deny wins over allow. Two lists that say the same are equal: grants are sorted and unique.
package struct AccessList: Hashable, Sendable, Comparable {
  package let owner: Principal
  package let grants: [Grant]

  package init(owner: Principal, grants: some Sequence<Grant> = []) {
    self.owner = owner
    self.grants = Set(grants).sorted()
  }

  /// Whether `caller` may see what this list guards.
  ///
  /// - Complexity: O(*n*) in the grants.
  package func allows(_ caller: Caller) -> Bool {
    var isAllowed = caller.principal == owner
    for grant in grants {
      let names =
        switch grant.subject {
        case .user(let principal): principal == caller.principal
        case .group(let group): caller.groups.contains(group)
        case .everyone: true
        }
      guard names else { continue }
      if grant.denies { return false }
      isAllowed = true
    }
    return isAllowed
  }

  /// The list of what only the owner may see: the denying grants alone.
  package var ownerOnly: AccessList { AccessList(owner: owner, grants: grants.filter(\.denies)) }

  /// One line of text that two lists share exactly when they are equal; ``init(canonical:)`` reads it.
  ///
  /// Names are length-prefixed, so that no name can imitate a separator.
  package var canonical: String {
    ([owner.name] + grants.map(\.description)).map { "\($0.utf8.count):\($0)" }.joined()
  }

  /// - Throws: `damaged` when `canonical` is not what ``canonical`` writes.
  package init(canonical: String) throws(Problem) {
    let damage = Problem(.damaged, "An access list in the store cannot be read.")
    var fields: [String] = []
    var rest = Array(canonical.utf8)[...]
    while !rest.isEmpty {
      guard let colon = rest.firstIndex(of: 0x3A),
        let count = Int(String(decoding: rest[..<colon], as: UTF8.self)),
        count >= 0, rest.endIndex - colon - 1 >= count
      else { throw damage }
      let start = colon + 1
      fields.append(String(decoding: rest[start..<start + count], as: UTF8.self))
      rest = rest[(start + count)...]
    }
    guard let owner = fields.first else { throw damage }
    var grants: [Grant] = []
    for field in fields.dropFirst() {
      do { grants.append(try Grant(parsing: field)) } catch { throw damage }
    }
    self.init(owner: Principal(owner), grants: grants)
  }

  package static func < (a: AccessList, b: AccessList) -> Bool {
    a.canonical.utf8.lexicographicallyPrecedes(b.canonical.utf8)
  }
}

private func trimmed(_ text: some StringProtocol) -> String {
  var rest = Substring(text)
  while let first = rest.first, first.isWhitespace { rest.removeFirst() }
  while let last = rest.last, last.isWhitespace { rest.removeLast() }
  return String(rest)
}

private func normalised(_ name: String) -> String { trimmed(name).lowercased() }
