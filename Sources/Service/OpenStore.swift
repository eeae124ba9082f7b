import Grounding
import Partition
import Retrieval

/// One open store with what it remembers of its callers, in use by one request or by none.
///
/// Between requests it is paused, so that it never keeps the write-ahead log from being emptied.
///
/// `@unchecked Sendable`: neither `Snapshot` nor `Retriever` may be used by two threads at a time. The
/// pool hands a store out by taking it from its list under a lock and gets it back the same way, and
/// nobody keeps it beyond the request; so each use happens after the last one, on one thread.
final class OpenStore: @unchecked Sendable {
  /// A retriever holds the rows and vectors that its caller may see.
  private static let callerLimit = 4

  let tenant: Tenant
  let snapshot: Snapshot
  /// The database file that was opened; a restored one is another.
  private let file: FileState
  private var retrievers: [(caller: Caller, retriever: Retriever)] = []
  /// Nanoseconds of the steady clock.
  var lastUsed: Int64 = 0
  /// What it holds in memory, about, as it was last counted; the index is not its own.
  private(set) var octets = 0

  /// - Throws: as `Snapshot`.
  init(home: LoamHome, tenant: Tenant, cache: IndexCache) throws(Problem) {
    let path = home.partition(of: tenant)
    guard let file = FileState(path) else {
      throw Problem(.notFound, "The tenant has no store.")
    }
    self.file = file
    self.tenant = tenant
    snapshot = try Snapshot(home: home, tenant: tenant, cache: cache)
    // Between the two moments a restore may have put another file there, with a log of its own.
    guard let now = FileState(path), now.isSameFile(as: file) else {
      throw Problem(.unavailable, "The store was replaced while it was opened.")
    }
  }

  func knows(_ caller: Caller) -> Bool { retrievers.contains { $0.caller == caller } }

  func pause() throws(Problem) { try snapshot.pause() }

  /// What of the file is mapped counts up to a mebibyte: with many small stores that is most of their
  /// memory, while of a large one the system keeps and drops what it likes.
  func countOctets() {
    octets =
      snapshot.octets + retrievers.reduce(0) { $0 + $1.retriever.octets }
      + min(file.octets, 1 << 20)
  }

  /// Moves on to the store as it is now; `false` where another file has taken its place, or its index
  /// has given way.
  func resume(home: LoamHome) throws(Problem) -> Bool {
    guard snapshot.isResident, let now = FileState(home.partition(of: tenant)),
      now.isSameFile(as: file)
    else { return false }
    if try !snapshot.resume() { retrievers = [] }
    return true
  }

  /// The retriever of `caller`; the one that was used least recently gives way.
  ///
  /// Each caller has one of its own, so that what one asked never quickens an answer to another. It asks
  /// with that of `encoders` whose vectors the store has; when these change, the store has moved on.
  func retriever(
    for caller: Caller, encoders: [any QueryEncoder]
  ) throws(Problem) -> Retriever {
    if let index = retrievers.firstIndex(where: { $0.caller == caller }) {
      retrievers.append(retrievers.remove(at: index))
      return retrievers[retrievers.count - 1].retriever
    }
    if retrievers.count == Self.callerLimit { retrievers.removeFirst() }
    let retriever = Retriever(
      snapshot: snapshot, encoder: try snapshot.encoder(among: encoders))
    retrievers.append((caller, retriever))
    return retriever
  }
}
