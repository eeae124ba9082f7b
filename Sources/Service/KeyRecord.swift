package import Grounding
import Retrieval
import Octets

/// What a key opens.
package enum KeyScope: String, Hashable, Sendable, Codable, CaseIterable {
  /// Questions and items, as the key's principal.
  case retrieve
  /// These as well, with `Server-Timing`, and the metrics.
  case `operator`
}

/// A key as the keys file has it: all but the key.
package struct KeyRecord: Hashable, Sendable {
  package var id: String
  /// Of the key's whole text, in hexadecimal digits.
  package var sha256: String
  package var tenant: String
  package var principal: String
  package var groups: [String]
  package var scope: KeyScope
  /// Moments, as ``Moment/text(_:)`` writes them.
  package var created: String
  /// From when on it is refused; absent where it has no end.
  package var expires: String?
  /// When it was revoked; such a key stays in the file, so that its id in a log can be looked up.
  package var revoked: String?

  package init(
    id: String, sha256: String, tenant: String, principal: String, groups: [String],
    scope: KeyScope, created: String, expires: String? = nil, revoked: String? = nil
  ) {
    self.id = id
    self.sha256 = sha256
    self.tenant = tenant
    self.principal = principal
    self.groups = groups
    self.scope = scope
    self.created = created
    self.expires = expires
    self.revoked = revoked
  }
}

extension KeyRecord: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case id, sha256, tenant, principal, groups, scope, created, expires, revoked
  }

  /// Reads a record.
  ///
  /// A field that is not known is an error: a misspelt `expires` would open for ever.
  package init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    guard known.isSuperset(of: try decoder.fieldNames()) else {
      throw Problem(.malformed, "A key has a field that is not known.")
    }
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      id: try fields.decode(String.self, forKey: .id),
      sha256: try fields.decode(String.self, forKey: .sha256),
      tenant: try fields.decode(String.self, forKey: .tenant),
      principal: try fields.decode(String.self, forKey: .principal),
      groups: try fields.decode([String].self, forKey: .groups),
      scope: try fields.decode(KeyScope.self, forKey: .scope),
      created: try fields.decode(String.self, forKey: .created),
      expires: try fields.decodeIfPresent(String.self, forKey: .expires),
      revoked: try fields.decodeIfPresent(String.self, forKey: .revoked))
  }
}

/// A record made ready for comparing: whom it lets in, and until when.
package struct Key: Sendable {
  package let id: String
  package let tenant: Tenant
  package let caller: Caller
  package let scope: KeyScope
  let digest: [UInt8]
  let expires: Int64?
  let isRevoked: Bool

  /// - Throws: `malformed` where a field has no form.
  init(_ record: KeyRecord) throws(Problem) {
    let digest = Self.octets(hexadecimal: record.sha256)
    let caller = Caller(Principal(record.principal), groups: record.groups)
    let ends = record.expires.map { Moment.seconds($0) }
    guard record.id.utf8.count == KeyText.idLength,
      record.id.utf8.allSatisfy(Base62.digits.contains), let digest,
      !caller.principal.name.isEmpty, Moment.seconds(record.created) != nil,
      ends != .some(nil), record.revoked.map({ Moment.seconds($0) != nil }) ?? true
    else { throw Problem(.malformed, "A key's record has a value that it cannot have.") }
    id = record.id
    tenant = try Tenant(record.tenant)
    self.caller = caller
    scope = record.scope
    self.digest = digest
    expires = ends ?? nil
    isRevoked = record.revoked != nil
  }

  /// The 32 octets of 64 lower-case hexadecimal digits.
  private static func octets(hexadecimal text: String) -> [UInt8]? {
    let digits = text.utf8.compactMap { octet -> UInt8? in
      switch octet {
      case 0x30...0x39: octet - 0x30
      case 0x61...0x66: octet - 0x57
      default: nil
      }
    }
    guard text.utf8.count == 64, digits.count == 64 else { return nil }
    return (0..<32).map { digits[2 * $0] << 4 | digits[2 * $0 + 1] }
  }
}

extension KeyRecord {
  /// How a key stands.
  package enum State: String, Sendable, CaseIterable { case valid, expired, revoked }

  /// - Parameter now: seconds since 1970.
  package func state(now: Int64) -> State {
    if revoked != nil { return .revoked }
    guard let expires else { return .valid }
    return (Moment.seconds(expires) ?? .min) <= now ? .expired : .valid
  }
}
