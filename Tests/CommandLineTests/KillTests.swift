import Glibc
import Grounding
import Partition
import TestSupport
import Testing

@Suite(.serialized) struct KillTests {
  /// Words that no stemmer changes, so that they are terms as they stand.
  private static let words = (0..<60).map { "w\($0)x" }

  /// A mailbox with copies in it, and notes: some commits' worth of passages.
  private static func writeMaterial(to folder: String, random: inout RandomSource) throws {
    func event(_ uid: String, _ summary: String, _ more: String) -> String {
      let lines = ["SUMMARY:" + summary, more].map { $0.replacing("\n", with: "") }
      return "BEGIN:VEVENT\nUID:\(uid)\nDTSTAMP:20261101T080000Z\nDTSTART:20261103T090000Z\n"
        + lines.joined(separator: "\n") + "\nEND:VEVENT\n"
    }
    func calendar(_ events: [String]) -> String {
      "BEGIN:VCALENDAR\nVERSION:2.0\n" + events.joined() + "END:VCALENDAR\n"
    }
    func text(_ count: Int) -> String {
      (0..<count).map { index in
        (words.randomElement(using: &random) ?? "w0x") + (index % 12 == 11 ? ".\n" : " ")
      }.joined()
    }
    var mailbox = ""
    for number in 0..<160 {
      var message =
        "From: Person \(number % 7) <p\(number % 7)@example.org>\n"
        + "Date: Tue, 3 Nov 2026 09:\(10 + number % 50):00 +0100\n"
        + "Message-ID: <m\(number)@example.org>\nSubject: \(text(3).dropLast(1))\n\n"
      let body = text(Int.random(in: 100...900, using: &random))
      if number % 16 == 5 {
        // An attachment, and an invitation that is its owner's only.
        message = message.dropLast() + "Content-Type: multipart/mixed; boundary=b\n\n"
        message += "--b\n\n\(body)\n--b\nContent-Disposition: attachment; filename=a.txt\n\n"
        message += "\(text(150))\n--b\nContent-Type: text/calendar\n\n"
        message += calendar([event("i\(number)", text(4), "CLASS:PRIVATE")]) + "--b--\n"
      } else {
        message += body + "\n"
      }
      for _ in 0..<(number % 40 == 0 ? 2 : 1) {
        mailbox += "From p@example.org Tue Nov  3 09:10:00 2026\n" + message + "\n"
      }
    }
    try write(mailbox, to: "\(folder)/mail.mbox")
    let events = (0..<10).map { event("e\($0)", text(6), "DESCRIPTION:" + text(8)) }
    try write(calendar(events), to: "\(folder)/events.ics")
    for number in 0..<12 {
      try write("# Note \(number)\n\n\(text(200))\n", to: "\(folder)/notes/\(number).md")
    }
  }

  /// One who may see everything.
  private static let caller = Caller(Principal("ana"))
  /// How often a run has to be interrupted.
  private static let rounds =
    Corpora.environment("LOAM_KILL_ROUNDS").flatMap { Int($0) } ?? 100

  private static func arguments(_ path: String) -> [String] {
    ["ingest", "--json", "--no-vectors", "--source", "s", path]
  }

  private static func content(_ program: Program) throws -> StoreContent {
    try StoreContent(home: "\(program.home)/loam", terms: words, caller: caller)
  }

  /// A home and what an undisturbed ingest put there.
  private struct Ingested {
    let home: String
    let output: String
    /// In microseconds.
    let duration: Double
    let content: StoreContent
  }

  private static func ingested(_ path: String, home: String) throws -> Ingested {
    let program = Program(home: home)
    try write("", to: "\(home)/.keep")
    let start = ContinuousClock.now
    let result = try program.run(arguments(path))
    let duration = (ContinuousClock.now - start) / .microseconds(1)
    #expect(result.code == 0, "\(result.errors)")
    return Ingested(
      home: home, output: result.output, duration: duration, content: try content(program))
  }

  /// Ingests `path` in a copy of the home `start` again and again, each time killed at some moment,
  /// until `count` runs were interrupted by it; then each once more, to the end.
  ///
  /// A store that was interrupted is sound, has what the run acknowledged and passes `check`; one that
  /// was completed is as the one of `whole`, which was never disturbed.
  private func interrupt(
    _ path: String, count: Int, from start: String, to whole: Ingested, in folder: String,
    _ random: inout RandomSource, seed: UInt64,
    check: (Program, Comment) throws -> Void = { _, _ in }
  ) throws {
    var (duration, interrupted, round) = (whole.duration, 0, 0)
    while interrupted < count {
      round += 1
      // Rounds count where the kill came in time; a machine that is faster now than in the first run
      // shortens the wait.
      try #require(round < 4 * count, "seed \(seed): killed \(interrupted) of \(round)")
      let program = Program(home: "\(folder)/home")
      _ = unsafe system("rm -rf '\(program.home)' && cp -r '\(start)' '\(program.home)'")
      let output = "\(program.home)/acknowledged"
      let pid = try program.start(
        Self.arguments(path), output: output, errors: "\(program.home)/errors")
      usleep(UInt32(duration * Double.random(in: 0..<1, using: &random)))
      kill(pid, SIGKILL)
      if Program.wait(for: pid) & 0x7F == SIGKILL { interrupted += 1 } else { duration *= 0.9 }

      let context: Comment = "seed \(seed), round \(round)"
      let ids = acknowledged(String(decoding: try octets(ofFile: output), as: UTF8.self)).ids
      try expectSound(program, has: ids, context)
      try check(program, context)
      #expect(try program.run(Self.arguments(path)).code == 0, context)
      try expectSound(program, has: ids, context)
      #expect(try Self.content(program).difference(from: whole.content) == "", context)
    }
  }

  @Test("an ingest that is killed at any moment has what it acknowledged, and is completed")
  func killed() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withTemporaryFolder { folder in
      let material = "\(folder)/material"
      try Self.writeMaterial(to: material, random: &random)
      let whole = try Self.ingested(material, home: "\(folder)/whole")
      #expect(acknowledged(whole.output).commits > 3)
      // 160 messages, four of them twice; 12 notes; 10 attachments, 10 invitations, 10 events.
      #expect(whole.content.items.count == 202)
      #expect(whole.content.locations.count == 206)
      #expect(whole.content.postings.values.allSatisfy { !$0.isEmpty })

      try write("", to: "\(folder)/empty/.keep")
      try interrupt(
        material, count: Self.rounds, from: "\(folder)/empty", to: whole, in: folder, &random,
        seed: seed)
    }
  }

  @Test("a mailbox's growth that is killed at any moment has what it had and what it acknowledged")
  func killedInGrowth() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withTemporaryFolder { folder in
      try Self.writeMaterial(to: "\(folder)/grown", random: &random)
      let mail = try octets(ofFile: "\(folder)/grown/mail.mbox")
      // The first tenth of the messages; their copies come again in what is added.
      let starts = mail.indices.filter { mail[$0...].starts(with: "From p@".utf8) }
      let material = "\(folder)/material/mail.mbox"
      try write(Array(mail[..<starts[starts.count / 10]]), to: material)
      let before = try Self.ingested(material, home: "\(folder)/before")
      let old = Set(before.content.items)
      try write(mail, to: material)
      let whole = try Self.ingested(material, home: "\(folder)/whole")
      #expect(old.count > 10 && old.isSubset(of: whole.content.items))

      try interrupt(
        material, count: Self.rounds / 4, from: before.home, to: whole, in: folder, &random,
        seed: seed
      ) { program, context in
        let left = try Self.content(program)
        #expect(old.isSubset(of: left.items), context)
      }
    }
  }

  private func acknowledged(_ output: String) -> (ids: [ItemID], commits: Int) {
    // Only whole lines are acknowledgements.
    let lines = output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .filter { $0.hasPrefix(#"{"event":"committed""#) }
    let ids = lines.flatMap { line in
      line.split(separator: "\"").filter { $0.utf8.count == 20 }.compactMap { ItemID(String($0)) }
    }
    return (ids, lines.count)
  }

  private func expectSound(
    _ program: Program, has ids: [ItemID], _ context: Comment
  ) throws {
    let home = LoamHome(path: "\(program.home)/loam")
    guard home.tenants().contains(.default) else {
      #expect(ids.isEmpty, context)
      return
    }
    let writer = try PartitionWriter(home: home, tenant: .default)
    #expect(try writer.checkIntegrity() == [], context)
    let snapshot = try Snapshot(home: home, tenant: .default)
    for id in ids {
      let item = try snapshot.item(id, caller: Self.caller)
      #expect(item != nil, context)
      if let item { #expect(try !snapshot.passages(item: item.key).isEmpty, context) }
    }
  }
}
