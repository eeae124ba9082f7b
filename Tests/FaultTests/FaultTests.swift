import TestSupport
import Testing

/// A part of what `make faults` does in full; each test starts the program that does it.
@Suite("A store under faults", .serialized)
struct FaultTests {
  /// Runs the driver and holds its last line against what it should have done, and found nothing.
  private func expect(
    _ arguments: String, _ end: String, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let result = try FaultDriver.run(arguments)
    #expect(result.code == 0, "\(result.output)", sourceLocation: location)
    #expect(
      result.lines.last?.contains(end) == true, "\(result.output)", sourceLocation: location)
  }

  @Test("stands where it failed once")
  func kept() throws {
    let seeds = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    try expect("kept '\(seeds)/Seeds.txt'", "kept seeds; 0 found")
  }

  @Test("keeps what was acknowledged when the power goes")
  func cuts() throws {
    let result = try FaultDriver.run("cuts --count 200 --seed 1000")
    #expect(result.code == 0, "\(result.output)")
    let counts = result.output.split { !$0.isNumber }.compactMap { UInt64($0) }
    // In all, then in writes, syncs, truncations, deletions, new files, and between batches.
    #expect(counts.first == 200)
    #expect(counts.prefix(7).allSatisfy { $0 > 0 }, "\(result.output)")
  }

  @Test("a seed repeats a run")
  func repeats() throws {
    let results = try (0..<2).map { _ in try FaultDriver.run("cuts --count 20 --seed 7") }
    #expect(results[0].code == 0)
    #expect(results[0].output == results[1].output)
    #expect(try FaultDriver.run("cuts --count 20 --seed 8").output != results[0].output)
  }

  @Test(
    "a disk that lies loses what was acknowledged, and that is found",
    arguments: [
      "cuts --count 40 --lie syncs", "cuts --count 160 --lie overwrites",
      "sweep write --step 40 --lie writes", "kills --count 10 --lie early",
    ])
  func bites(arguments: String) throws {
    let result = try FaultDriver.run(arguments)
    #expect(result.code == 1, "\(result.output)")
    #expect(!result.findings.isEmpty)
  }

  @Test("keeps what was acknowledged when its writer is killed")
  func kills() throws {
    try expect("kills --count 30 --seed 1000", "; 0 found")
  }

  @Test(
    "a call that fails is an error or no matter, and the store stands",
    arguments: [
      "sweep full-disk --step 59", "sweep write --step 61", "sweep read --step 13",
      "sweep truncate", "sweep sync --step 2", "sweep open", "sweep delete",
      "sweep shared-memory", "sweep allocation --step 1201",
    ])
  func sweeps(arguments: String) throws {
    let result = try FaultDriver.run(arguments)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.lines.count == 4)
    #expect(!result.output.contains(": 0 runs"), "\(result.output)")
  }

  @Test(
    "a question meets an error, or has the right answer",
    arguments: [
      "read read --step 2", "read open", "read shared-memory", "read allocation --step 397",
    ])
  func reads(arguments: String) throws {
    let result = try FaultDriver.run(arguments)
    #expect(result.code == 0, "\(result.output)")
    #expect(result.lines.count == 2)
    #expect(!result.output.contains(": 0 runs"), "\(result.output)")
  }
}
