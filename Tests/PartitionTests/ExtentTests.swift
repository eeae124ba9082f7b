import Grounding
import Partition
import TestSupport
import Testing

@Suite("Extents")
struct ExtentTests {
  @Test("are given out alike by a writer that stays and by one that is opened anew")
  func alike() throws {
    func counts(reopens: Bool) throws -> [[Int]] {
      try withTemporaryFolder { folder in
        let store = Store(home: LoamHome(path: "\(folder)/home"))
        var writer: PartitionWriter? = try PartitionWriter(home: store.home, tenant: store.tenant)
        let source = try writer?.source(named: "s") ?? 0
        func reopen() throws {
          guard reopens else { return }
          writer = nil
          writer = try PartitionWriter(home: store.home, tenant: store.tenant)
        }
        // A class fills its extent, another one follows, and then nothing is left of the first.
        for number in 0..<16 {
          _ = try writer?.apply(draft("\(number)", source: source, text: "ferry", access: ann))
        }
        _ = try writer?.apply(draft("last", source: source, text: "ferry", access: bo))
        for number in 0..<16 { _ = try writer?.removeLocation(source: source, key: "\(number)") }
        try reopen()
        _ = try writer?.apply(draft("again", source: source, text: "ferry", access: ann))
        return try RawStore.run(
          "SELECT first, count, used FROM extent ORDER BY first", in: store.home)
      }
    }
    #expect(try counts(reopens: false) == counts(reopens: true))
  }
}
