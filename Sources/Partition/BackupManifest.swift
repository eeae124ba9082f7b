import FoundationEssentials
package import Grounding

/// What a backup's `manifest.json` says: each copy with what it was and how to know it again.
package struct BackupManifest: Hashable, Sendable, Codable {
  /// Of this form; another number is another form.
  package static let format = 1

  package var format = BackupManifest.format
  /// In the order of their names.
  package var tenants: [TenantCopy]
  /// The endpoint's keys (their digests), where they were taken along.
  package var keys: FileDigest?

  package init(tenants: [TenantCopy], keys: FileDigest? = nil) {
    self.tenants = tenants
    self.keys = keys
  }

  /// With sorted keys, and a line end.
  package func json() throws(Problem) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do { return Array(try encoder.encode(self)) + [0x0A] } catch {
      throw Problem(.internal, "The manifest cannot be written.")
    }
  }

  /// - Throws: `malformed`.
  package init(json octets: [UInt8], place: String) throws(Problem) {
    guard let manifest = try? JSONDecoder().decode(BackupManifest.self, from: Data(octets)),
      manifest.format == Self.format
    else {
      throw Problem(
        .malformed, "The backup's manifest cannot be read.", place: place,
        remedy: "Name a folder that loam backup of this version or an earlier one has made.")
    }
    self = manifest
  }
}

/// One tenant's copy: a prefix of what was acknowledged, up to a change.
package struct TenantCopy: Hashable, Sendable, Codable {
  package var tenant: String
  /// The store's own name, which a copy keeps.
  package var partition: String
  package var epoch: Int
  /// The last change that is in it, as `ingest --json` acknowledges them.
  package var sequence: Int64
  package var items: Int
  package var file: FileDigest
}

/// How to know a file again.
package struct FileDigest: Hashable, Sendable, Codable {
  package var octets: Int
  /// In hexadecimal digits.
  package var sha256: String
}
