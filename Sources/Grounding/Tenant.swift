/// The name of whose data it is: `[a-z0-9][a-z0-9-]{0,62}`.
package struct Tenant: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let name: String

  package static let `default` = Tenant(unchecked: "default")

  private init(unchecked name: String) { self.name = name }

  /// - Throws: `bad_request` when `name` has another form.
  package init(_ name: String) throws(Problem) {
    let octets = Array(name.utf8)
    func isAlphanumeric(_ octet: UInt8) -> Bool {
      (0x61...0x7A).contains(octet) || (0x30...0x39).contains(octet)
    }
    guard (1...63).contains(octets.count), isAlphanumeric(octets[0]),
      octets.allSatisfy({ isAlphanumeric($0) || $0 == 0x2D })
    else {
      throw Problem(
        .badRequest, "The tenant's name is not valid.",
        remedy: "Use 1 to 63 of a-z, 0-9 and -, beginning with a letter or digit.")
    }
    self.name = name
  }

  package var description: String { name }
  package static func < (a: Tenant, b: Tenant) -> Bool { a.name < b.name }
}
