import FoundationEssentials
package import Grounding
import Octets
package import Partition

/// The file `keys.json` of a home: who may ask the endpoint.
///
/// One JSON object, `{"version": 1, "keys": [...]}`, mode 0600. It is replaced whole under the lock file
/// `keys.lock`, so a reader sees one state or the next.
package struct KeyFile: Hashable, Sendable, Codable {
  package static let currentVersion = 1
  static let octetLimit = 16 << 20
  package static let keyLimit = 16_384

  package var version = Self.currentVersion
  /// In the order in which they were added; revoked ones too.
  package var keys: [KeyRecord] = []

  package init() {}

  /// The file of `home`; without keys where there is none.
  ///
  /// - Throws: `malformed`, `too_large`, `too_many`, `no_permission`, `unreadable`, `newer_schema`.
  package init(home: LoamHome) throws(Problem) {
    if let found = try PrivateFile.read(home.keys, limit: Self.octetLimit) {
      try self.init(json: found.octets, place: home.keys)
    } else {
      self.init()
    }
  }

  init(json: [UInt8], place: String) throws(Problem) {
    do {
      self = try JSONDecoder().decode(KeyFile.self, from: Data(json))
      guard version == Self.currentVersion else {
        throw Problem(
          .newerSchema, "The keys file was made by a newer version of Loam.",
          remedy: "Use that version or a later one.")
      }
      guard keys.count <= Self.keyLimit, Set(keys.map(\.id)).count == keys.count else {
        throw Problem(.malformed, "The keys file has too many keys, or an id twice.")
      }
      for record in keys { _ = try Key(record) }
    } catch var problem as Problem {
      if problem.code == .badRequest { problem.code = .malformed }
      problem.place = place
      throw problem
    } catch {
      throw Problem(
        .malformed, "The keys file is not what Loam writes.", place: place,
        remedy: "Restore it from a backup, or remove it and add the keys again.")
    }
  }

  /// The octets of the file: sorted names, a line end last.
  package func json() throws(Problem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
    do {
      return Array(try encoder.encode(self)) + [0x0A]
    } catch {
      throw Problem(.internal, "The keys cannot be written as JSON.")
    }
  }

  /// Changes the file of `home` while no other process does, and makes it where it is missing.
  ///
  /// A file that cannot be read is left as it is.
  package static func edit<R>(
    home: LoamHome, _ body: (inout KeyFile) throws(Problem) -> R
  ) throws(Problem) -> R {
    try home.make()
    return try PrivateFile.withLock("\(home.path)/keys.lock") { () throws(Problem) -> R in
      var file = try KeyFile(home: home)
      let result = try body(&file)
      try PrivateFile.replace(home.keys, with: try file.json())
      return result
    }
  }
}

extension KeyFile {
  /// Whom a new key lets in.
  package struct Holder: Sendable {
    package var tenant: Tenant
    package var principal: String
    package var groups: [String]
    package var scope: KeyScope
    /// Seconds since 1970.
    package var expires: Int64?

    package init(
      tenant: Tenant, principal: String, groups: [String] = [], scope: KeyScope = .retrieve,
      expires: Int64? = nil
    ) {
      self.tenant = tenant
      self.principal = principal
      self.groups = groups
      self.scope = scope
      self.expires = expires
    }
  }

  /// Adds a new key and returns it: the only time that it is known.
  ///
  /// - Parameter now: seconds since 1970.
  /// - Throws: `too_many`; `malformed` for a holder without a name.
  package mutating func add(
    _ holder: Holder, now: Int64, using random: inout some RandomNumberGenerator
  ) throws(Problem) -> KeyText {
    guard keys.count < Self.keyLimit else {
      throw Problem(
        .tooMany, "There are \(Self.keyLimit) keys already.",
        remedy: "Take revoked ones out of the keys file.")
    }
    var key: KeyText
    repeat { key = KeyText(using: &random) } while keys.contains { $0.id == key.id }
    let record = KeyRecord(
      id: key.id, sha256: SHA256.hex(key.digest), tenant: holder.tenant.name,
      principal: holder.principal, groups: holder.groups, scope: holder.scope,
      created: Moment.text(now), expires: holder.expires.map { Moment.text($0) })
    _ = try Key(record)
    keys.append(record)
    return key
  }

  /// Marks the key `id` as revoked.
  ///
  /// A key that is revoked already stays as it is.
  ///
  /// - Throws: `not_found`.
  package mutating func revoke(_ id: String, now: Int64) throws(Problem) {
    guard let index = keys.firstIndex(where: { $0.id == id }) else {
      throw Problem(.notFound, "There is no such key.", remedy: "loam key list names them.")
    }
    if keys[index].revoked == nil { keys[index].revoked = Moment.text(now) }
  }
}
