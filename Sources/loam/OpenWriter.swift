import Grounding
import Partition

/// The tenant's writer; a store that another version's analysis indexed is indexed again first.
///
/// - Throws: as `PartitionWriter`, but for `rebuild_needed`.
func openWriter(home: LoamHome, tenant: Tenant) throws(Problem) -> PartitionWriter {
  do throws(Problem) {
    return try PartitionWriter(home: home, tenant: tenant)
  } catch {
    guard error.code == .rebuildNeeded else { throw error }
    try PartitionWriter.rebuild(home: home, tenant: tenant)
    return try PartitionWriter(home: home, tenant: tenant)
  }
}
