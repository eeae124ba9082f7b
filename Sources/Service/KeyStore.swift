package import Grounding
import Partition
import Synchronization

/// The keys of a home as they are now: the file is read again whenever it is another.
///
/// A file that is broken leaves the keys of before in force, and says so; one that is gone leaves
/// none, so that removing it locks everybody out.
package final class KeyStore: Sendable {
  private struct State {
    /// `nil` before the first look.
    var file: FileState??
    var keys: [String: Key] = [:]
    var problem: Problem?
  }

  private let path: String
  private let clock: ServiceClock
  private let report: @Sendable (Problem) -> Void
  private let state = Mutex(State())
  /// The keys that were read last, for those who may not wait while the file is read.
  private let latest = Mutex<[String: Key]>([:])

  /// - Parameter report: told once of each broken state of the file.
  init(home: LoamHome, clock: ServiceClock, report: @escaping @Sendable (Problem) -> Void) {
    path = home.keys
    self.clock = clock
    self.report = report
  }

  /// What is wrong with the file: `unavailable` where there is none.
  package var problem: Problem? {
    refreshed { state in
      state.problem ?? (state.file == .some(nil) ? Self.missing : nil)
    }
  }

  /// How many keys there are, revoked and expired ones too.
  package var count: Int { refreshed { $0.keys.count } }

  private static let missing = Problem(
    .unavailable, "There is no keys file.", remedy: "Run loam key add on the machine.")

  /// The key that the value of `Authorization` shows; `nil` for every reason there is not to open.
  ///
  /// The same work for each reason: one digest, one look-up, one comparison of 32 octets.
  func key(authorization: String?) -> Key? {
    key(authorization) { id in refreshed { $0.keys[id] } }
  }

  /// As ``key(authorization:)``, by the keys that were read last: never waits for the file.
  func latestKey(authorization: String?) -> Key? {
    key(authorization) { id in latest.withLock { $0[id] } }
  }

  private func key(_ authorization: String?, find: (_ id: String) -> Key?) -> Key? {
    let token = authorization.flatMap(Self.bearer) ?? ""
    let presented = KeyText(token)
    let digest = presented?.digest ?? Self.nobody.digest
    let found = find(presented?.id ?? Self.nobody.id)
    let isEqual = Self.isEqual(digest, found?.digest ?? [UInt8](repeating: 0, count: 32))
    let now = clock.wall() / 1_000
    guard let found, presented != nil, isEqual, !found.isRevoked,
      found.expires.map({ now < $0 }) ?? true
    else { return nil }
    return found
  }

  /// Stands in for what is no key.
  private static let nobody: KeyText = {
    var random = SystemRandomNumberGenerator()
    return KeyText(using: &random)
  }()

  /// What stands behind the scheme `Bearer`, which is written in either case (RFC 9110, section 11.1).
  private static func bearer(_ value: String) -> String? {
    let parts = value.split(separator: " ", maxSplits: 1)
    guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
    return String(parts[1].drop { $0 == " " })
  }

  /// In a time that depends on the lengths alone.
  static func isEqual(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    guard a.count == b.count else { return false }
    var difference: UInt8 = 0
    for index in a.indices { difference |= a[index] ^ b[index] }
    return difference == 0
  }

  private func refreshed<R: Sendable>(_ body: (State) -> R) -> R {
    var broken: Problem?
    let result = state.withLock { state in
      let now = FileState(path)
      if state.file == nil || state.file != .some(now) { broken = read(into: &state, now) }
      return body(state)
    }
    if let broken { report(broken) }
    return result
  }

  private func read(into state: inout State, _ now: FileState?) -> Problem? {
    state.file = .some(now)
    do throws(Problem) {
      guard let found = try PrivateFile.read(path, limit: KeyFile.octetLimit) else {
        state = State(file: .some(nil))
        latest.withLock { $0 = [:] }
        return nil
      }
      // What was read may be a later state than the one that was seen.
      state.file = .some(found.state)
      let file = try KeyFile(json: found.octets, place: path)
      var keys: [String: Key] = [:]
      for record in file.keys { keys[record.id] = try Key(record) }
      state.keys = keys
      latest.withLock { $0 = keys }
      state.problem = nil
      return nil
    } catch {
      state.problem = error
      return error
    }
  }
}
