import Glibc
import Grounding
import Partition

/// The tenant's writer; a store that another version's analysis indexed is indexed again first.
///
/// Where somebody else writes it waits up to about five seconds: who makes vectors has the lock for a
/// moment once a batch.
/// - Throws: as `PartitionWriter`, but for `rebuild_needed`.
func openWriter(home: LoamHome, tenant: Tenant) throws(Problem) -> PartitionWriter {
  var triesLeft = 250
  var isRebuilt = false
  while true {
    do throws(Problem) {
      return try PartitionWriter(home: home, tenant: tenant)
    } catch {
      switch error.code {
      case .rebuildNeeded where !isRebuilt:
        try PartitionWriter.rebuild(home: home, tenant: tenant)
        isRebuilt = true
        continue
      case .locked where triesLeft > 0: triesLeft -= 1
      default: throw error
      }
    }
    usleep(20_000)
  }
}
