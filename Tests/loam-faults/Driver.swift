import CFaults
import Grounding
import Partition

/// Runs what is asked for, prints what is found and keeps the seeds of it.
struct Driver {
  private let arguments: Arguments
  private let scratch: String
  private var findings = 0

  /// Work is done in the folder `scratch`.
  init(_ arguments: Arguments, scratch: String) {
    self.arguments = arguments
    self.scratch = scratch
  }

  /// The exit code: 0 where every store was sound, 1 where one was not.
  mutating func run() throws -> Int32 {
    let words = arguments.words
    switch words.first {
    case "cuts" where words.count == 1:
      try cut(
        arguments.number("count", or: 300), seed: arguments.number("seed", or: Self.firstSeed))
    case "sweep" where words.count == 2, "read" where words.count == 2:
      guard let kind = FaultKind(rawValue: words[1]) else { throw Usage() }
      let step = try arguments.number("step", or: UInt64(1))
      let seed = try arguments.number("seed", or: Self.firstSeed)
      guard step > 0 else { throw Usage() }
      if words[0] == "sweep" { try sweep(kind, step: step, seed: seed) }
      if words[0] == "read" { try read(kind, step: step, seed: seed) }
    case "kills" where words.count == 1:
      try kill(
        arguments.number("count", or: 30), seed: arguments.number("seed", or: Self.firstSeed))
    case "kept" where words.count == 2: try runKept(words[1])
    case "write" where words.count == 4:
      guard let seed = UInt64(words[2]), let state = Int(words[3]) else { throw Usage() }
      try Kills.write(
        home: LoamHome(path: words[1]), seed: seed, from: state,
        isEarly: arguments["lie"] == "early")
    default: throw Usage()
    }
    return findings == 0 ? 0 : 1
  }

  /// Seeds count up from here.
  private static let firstSeed: UInt64 = 20_261_129

  /// Runs `body` in an empty folder; what it finds is printed, and kept as `line`.
  private mutating func judge(_ line: String, _ body: (String) throws -> Void) {
    let folder = "\(scratch)/run"
    do {
      try body(folder)
    } catch {
      findings += 1
      let line = (error as? Finding)?.repetition ?? line
      print("FOUND  \(line): \(error)")
      if let path = arguments["keep"] {
        try? Scratch.write(Array("\(line)\n".utf8), to: path, appends: true)
      }
    }
    loam_fault_disarm()
    Scratch.remove(folder)
  }

  // MARK: Power cuts

  /// Cuts of one store; then it is another's turn, with another workload.
  private static let cutsPerStore = 20

  private mutating func cut(_ count: Int, seed: UInt64) throws {
    let lie = try arguments["lie"].map { word in
      guard let lie = PowerCuts.Lie(rawValue: word) else { throw Usage() }
      return lie
    }
    var (done, tally) = (0, PowerCuts.Tally())
    var seed = seed
    while done < count {
      let number = min(Self.cutsPerStore, count - done)
      judge("cuts \(seed)") { folder in
        let cuts = try PowerCuts(seed: seed, folder: folder, lie: lie)
        defer { tally.add(cuts.tally) }
        try cuts.run(number)
      }
      done += number
      seed += 1
    }
    print("\(tally.text); \(findings) found")
  }

  // MARK: Sweeps

  private mutating func sweep(_ kind: FaultKind, step: UInt64, seed: UInt64) throws {
    guard ["writes", nil].contains(arguments["lie"]) else { throw Usage() }
    let lies = arguments["lie"] != nil
    for (first, stays) in [(0, false), (0, true), (6, false), (6, true)] {
      var count = 0
      judge("sweep \(kind.rawValue) \(seed)") { folder in
        let sweep = try Sweep(seed: seed, first: first, folder: folder, lies: lies)
        count = try sweep.run(kind, stays: stays, step: Self.step(step, kind, stays))
      }
      print("\(label(kind, stays)), from state \(first): \(count) runs; \(findings) found")
    }
  }

  private mutating func read(_ kind: FaultKind, step: UInt64, seed: UInt64) throws {
    for stays in [false, true] {
      var count = 0
      judge("read \(kind.rawValue) \(seed)") { folder in
        let sweep = try ReadSweep(seed: seed, first: 6, folder: folder)
        count = try sweep.run(kind, stays: stays, step: Self.step(step, kind, stays))
      }
      print("\(label(kind, stays)), reading: \(count) runs; \(findings) found")
    }
  }

  /// Where memory is refused from one call on, all ends there as if that call alone had failed, but
  /// for the undoing: of these many calls some are enough.
  private static func step(_ step: UInt64, _ kind: FaultKind, _ stays: Bool) -> UInt64 {
    kind == .allocation && stays ? 5 * step : step
  }

  private func label(_ kind: FaultKind, _ stays: Bool) -> String {
    "\(kind.rawValue), \(stays ? "from one call on" : "one call")"
  }

  // MARK: Kills

  /// Kills of one store; then it is another's turn, with another workload.
  private static let killsPerStore = 20

  private mutating func kill(_ count: Int, seed: UInt64) throws {
    guard ["early", nil].contains(arguments["lie"]) else { throw Usage() }
    let isEarly = arguments["lie"] != nil
    var (done, unacknowledged, batches) = (0, 0, 0)
    var seed = seed
    while done < count {
      let number = min(Self.killsPerStore, count - done)
      judge("kills \(seed)") { folder in
        let kills = try Kills(seed: seed, folder: folder, isEarly: isEarly)
        defer {
          unacknowledged += kills.unacknowledged
          batches += kills.state
        }
        try kills.run(number)
      }
      done += number
      seed += 1
    }
    print(
      "\(done) kills, \(batches) batches, of which \(unacknowledged) stood unacknowledged;"
        + " \(findings) found")
  }

  // MARK: Kept seeds

  /// Runs what a file of seeds names, a line each; what stands behind a # says why it is there.
  private mutating func runKept(_ path: String) throws {
    guard let octets = Scratch.octets(of: path) else { throw Finding("\(path) cannot be read") }
    var count = 0
    for line in String(decoding: octets, as: UTF8.self).split(separator: "\n") {
      let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
      guard !words.isEmpty else { continue }
      let text = words.joined(separator: " ")
      guard let run = try Self.kept(words) else { throw Finding("\(path): \(text)?") }
      judge(text, run)
      count += 1
    }
    print("\(count) kept seeds; \(findings) found")
  }

  /// What a line of kept seeds asks for; `nil` where it cannot be understood.
  private static func kept(_ words: [String]) throws -> ((String) throws -> Void)? {
    if words.count == 2, let seed = UInt64(words[1]) {
      switch words[0] {
      case "cuts":
        return { try PowerCuts(seed: seed, folder: $0, lie: nil).run(cutsPerStore) }
      case "kills":
        return { try Kills(seed: seed, folder: $0, isEarly: false).run(killsPerStore) }
      default: return nil
      }
    }
    guard words.count == 6, let kind = FaultKind(rawValue: words[1]), let seed = UInt64(words[2]),
      let first = Int(words[3]), ["once", "stays"].contains(words[4]), let nth = UInt64(words[5])
    else { return nil }
    let fault = Fault(kind: kind, nth: nth, stays: words[4] == "stays")
    switch words[0] {
    case "sweep":
      return {
        _ = try Sweep(seed: seed, first: first, folder: $0, lies: false).happens(fault)
      }
    case "read":
      return { _ = try ReadSweep(seed: seed, first: first, folder: $0).happens(fault) }
    default: return nil
    }
  }
}
