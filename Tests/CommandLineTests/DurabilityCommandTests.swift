import Glibc
import Grounding
import Partition
import TestSupport
import Testing

@Suite("verify, backup, restore, erase", .serialized)
struct DurabilityCommandTests {
  private func violations(_ output: String, _ schema: String) throws -> [String] {
    let schema = try JSONSchema(named: schema)
    let lines = output.split(separator: "\n")
    guard !lines.isEmpty else { return ["no line"] }
    return try lines.flatMap { schema.violations(of: try JSONValue(String($0))) }
  }

  private func ids(_ home: String) throws -> Set<String> {
    let snapshot = try Snapshot(home: LoamHome(path: home), tenant: .default)
    let caller = Caller(Principal("ana"))
    let rows = try snapshot.eligible(caller, kinds: Set(ItemKind.allCases))
    return Set(try snapshot.storedItems(rows.itemKeys, caller: caller).values.map(\.id.text))
  }

  private func writeMailbox(_ count: Int, to path: String) throws {
    var mailbox = ""
    for number in 0..<count {
      mailbox += "From p@example.org Tue Nov  3 09:10:00 2026\n"
      mailbox += "From: Person \(number % 7) <p\(number % 7)@example.org>\n"
      mailbox += "Date: Tue, 3 Nov 2026 09:10:00 +0100\nMessage-ID: <m\(number)@example.org>\n"
      mailbox += "Subject: Letter \(number)\n\n"
      mailbox += (0..<120).map { "word\(($0 * 31 + number * 17) % 499)" }.joined(separator: " ")
      mailbox += "\n\n"
    }
    try write(mailbox, to: path)
  }

  @Test("a backup that is taken while an ingest runs holds what was acknowledged up to a batch")
  func backupUnderLoad() throws {
    try withProgram { program in
      try writeMailbox(4_000, to: "\(program.home)/mail.mbox")
      let output = "\(program.home)/ingest.out"
      let pid = try program.start(
        ["ingest", "--json", "--no-vectors", "\(program.home)/mail.mbox"], output: output,
        errors: "\(program.home)/ingest.err")
      var status: Int32 = 0
      var backups: [(path: String, sequence: Int, items: Int)] = []
      var round = 0
      while unsafe waitpid(pid, &status, WNOHANG) == 0 {
        round += 1
        let path = "\(program.home)/backup\(round)"
        let result = try program.run("backup", "--json", path)
        // Before the first commit there is no store yet.
        guard result.code == 0 else { continue }
        #expect(try violations(result.output, "backup-line") == [])
        let line = try JSONValue(result.output)
        backups.append(
          (path, Int(line["sequence"]?.number ?? -1), Int(line["items"]?.number ?? -1)))
      }
      #expect(status == 0)
      var acknowledged: [(sequence: Int, items: Set<String>)] = [(0, [])]
      for line in String(decoding: try octets(ofFile: output), as: UTF8.self).split(
        separator: "\n")
      {
        let event = try JSONValue(String(line))
        guard event["event"] == .string("committed") else { continue }
        let items = event["items"]?.array?.compactMap(\.string) ?? []
        acknowledged.append(
          (
            Int(event["sequence"]?.number ?? -1),
            acknowledged[acknowledged.count - 1].items.union(items)
          ))
      }
      print("\(backups.count) backups while \(acknowledged.count - 1) batches were acknowledged")
      for backup in backups {
        // Batches without items are not in the output; a copy may be ahead of what was printed.
        let known = try #require(acknowledged.last { $0.sequence <= backup.sequence })
        #expect(try ids(backup.path) == known.items)
        #expect(backup.items == known.items.count)
      }
    }
  }

  @Test("the four commands print what Schemas/ says, and end with the codes that README names")
  func commands() throws {
    try withProgram { program in
      try writeMailbox(40, to: "\(program.home)/mail.mbox")
      let path = "\(program.home)/mail.mbox"
      #expect(try program.run("ingest", "--quiet", "--no-vectors", path).code == 0)
      let sound = try program.run("verify", "--json")
      #expect(sound.code == 0)
      #expect(try violations(sound.output, "verify-line") == [])
      let backup = "\(program.home)/backup"
      #expect(try program.run("backup", "--all-tenants", backup).code == 0)
      let manifest = String(
        decoding: try octets(ofFile: "\(backup)/manifest.json"), as: UTF8.self)
      #expect(try JSONSchema(named: "backup-manifest").violations(of: JSONValue(manifest)) == [])
      #expect(try program.run("backup", backup).code == 2)

      let erased = try program.run("erase", "--json", "--from", "p3@example.org")
      #expect(erased.code == 0, "\(erased.errors)")
      #expect(try violations(erased.output, "erasure-line") == [])
      #expect(try JSONValue(erased.output)["items"]?.array?.count == 6)
      #expect(try ids("\(program.home)/loam").count == 34)
      // The mailbox has grown: all of it is there again but for what was erased.
      try writeMailbox(41, to: path)
      let again = try program.run("ingest", "--json", "--no-vectors", path)
      let summary = try JSONValue(again.lines[again.lines.count - 1])
      #expect(summary["added"]?.number == 1)
      #expect(try ids("\(program.home)/loam").count == 35)

      let partition = LoamHome(path: "\(program.home)/loam").partition(of: .default)
      var octets = try octets(ofFile: partition)
      for index in 8_192..<octets.count where index % 4_096 > 2_000 { octets[index] ^= 0x55 }
      try overwrite(partition, octets)
      let damaged = try program.run("verify", "--json")
      #expect(damaged.code == 1)
      #expect(try violations(damaged.output, "verify-line") == [])
      #expect(try JSONValue(damaged.output)["sound"] == .boolean(false))
      let copy = try program.run("backup", "\(program.home)/none")
      #expect(copy.code == 3)
      #expect(copy.errors.contains("damaged"))
      #expect(try program.run("restore", backup).code == 3)
      let restored = try program.run("restore", "--json", "--replace", backup)
      #expect(restored.code == 0, "\(restored.errors)")
      #expect(try violations(restored.output, "backup-line") == [])
      #expect(try program.run("verify").code == 0)
      #expect(try ids("\(program.home)/loam").count == 40)

      #expect(try program.run("erase").code == 2)
      #expect(try program.run("erase", "--all", "--from", "x@example.org").code == 2)
      let all = try program.run("erase", "--json", "--all")
      #expect(try violations(all.output, "erasure-line") == [])
      #expect(try program.run("verify").code == 3)
    }
  }

  private func overwrite(_ path: String, _ octets: [UInt8]) throws {
    for suffix in ["-wal", "-shm"] { _ = unsafe unlink(path + suffix) }
    guard let file = unsafe fopen(path, "wb") else { throw Unreadable(path: path) }
    defer { unsafe fclose(file) }
    unsafe fwrite(octets, 1, octets.count, file)
  }
}
