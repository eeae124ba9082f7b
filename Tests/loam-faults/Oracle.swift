import Grounding
import Partition

/// Judges a store that something has happened to.
struct Oracle {
  let reference: Reference
  let home: LoamHome

  /// Holds the store against the states that it may have: that after `acknowledged` batches, or that
  /// after `started` where one more was under way.
  ///
  /// The result is the state that it has, and a writer. With `readsFirst` a reader is the first to
  /// open it.
  func judge(
    acknowledged: Int, started: Int, readsFirst: Bool
  ) throws -> (state: Int, session: Session) {
    if readsFirst { try readBeforeWriting() }
    let session = try Session(home: home)
    let state = try state(acknowledged: acknowledged, started: started)
    let findings = try session.writer.checkIntegrity()
    guard findings.isEmpty else { throw Finding(findings.joined(separator: "; ")) }
    let snapshot = try Snapshot(home: home, tenant: Session.tenant)
    let expected = try reference.state(state)
    try Questions.compare(snapshot, with: expected.model)
    guard try Questions.answers(of: snapshot) == expected.answers else {
      throw Finding("state \(state) answers otherwise than a clean store")
    }
    return (state, session)
  }

  /// The state whose tables the store has.
  func state(acknowledged: Int, started: Int) throws -> Int {
    let digests = try TableDigests(path: home.partition(of: Session.tenant))
    for state in Set([acknowledged, started]).sorted()
    where try reference.state(state).digests == digests {
      return state
    }
    let differences = digests.differences(from: try reference.state(acknowledged).digests)
    throw Finding(
      "acknowledged \(acknowledged), started \(started): the store is neither; it differs in "
        + differences.joined(separator: ", "))
  }

  /// A store that was never made is not found; every other that has its model can be asked.
  private func readBeforeWriting() throws {
    do throws(Problem) {
      let snapshot = try Snapshot(home: home, tenant: Session.tenant)
      if try snapshot.modelID() != nil { _ = try Questions.answers(of: snapshot) }
    } catch {
      guard error.code == .notFound else { throw error }
    }
  }
}
