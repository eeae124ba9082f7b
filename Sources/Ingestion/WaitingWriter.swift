import Glibc
package import Grounding
package import Partition

extension PartitionWriter {
  /// Opens the store of `tenant`, which is there; while somebody else writes to it, tries again.
  ///
  /// - Parameter givesUp: asked between two tries, a fiftieth of a second after the last.
  /// - Throws: as `PartitionWriter`; `locked` where `givesUp` said so, `not_found` where the tenant has
  ///   no store.
  package static func waiting(
    home: LoamHome, tenant: Tenant, until givesUp: () -> Bool
  ) throws(Problem) -> PartitionWriter {
    while true {
      do throws(Problem) {
        return try PartitionWriter(home: home, existing: tenant)
      } catch {
        guard error.code == .locked, !givesUp() else { throw error }
      }
      usleep(20_000)
    }
  }
}
