import Glibc
import Grounding
import Partition
import TestSupport
import Testing

@Suite("LoamHome")
struct LoamHomeTests {
  @Test(
    "the flag comes before LOAM_HOME, XDG_DATA_HOME and HOME",
    arguments: [
      ("/f", ["LOAM_HOME": "/l"], "/f"), (nil, ["LOAM_HOME": "/l", "HOME": "/h"], "/l"),
      ("", ["LOAM_HOME": "", "XDG_DATA_HOME": "/x"], "/x/loam"),
      (nil, ["XDG_DATA_HOME": "relative", "HOME": "/h"], "/h/.local/share/loam"),
      (nil, [:], ".loam"),
    ] as [(String?, [String: String], String)])
  func resolves(flag: String?, environment: [String: String], expected: String) {
    #expect(LoamHome.resolve(flag: flag) { environment[$0] }.path == expected)
  }

  @Test("tenants are the folders with a store; everything is made for its owner alone")
  func listsTenants() throws {
    try withTemporaryFolder { folder in
      let home = LoamHome(path: "\(folder)/deep/home")
      #expect(home.tenants() == [])
      let mask = umask(0)
      defer { umask(mask) }
      for name in ["b", "a-1"] { _ = try PartitionWriter(home: home, tenant: Tenant(name)) }
      _ = unsafe mkdir("\(home.path)/tenants/empty", 0o700)
      _ = unsafe mkdir("\(home.path)/tenants/Not a tenant", 0o700)
      #expect(home.tenants().map(\.name) == ["a-1", "b"])
      let tenant = try Tenant("b")
      for (path, mode) in [
        (home.path, 0o700), (home.path(of: tenant), 0o700), (home.partition(of: tenant), 0o600),
        (home.lock(of: tenant), 0o600),
      ] as [(String, mode_t)] {
        var status = stat()
        #expect(unsafe stat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == mode, "\(path)")
      }
    }
  }

  @Test("a home that cannot be made is named, with a remedy")
  func reportsUnusableHomes() throws {
    try withTemporaryFolder { folder in
      try write([], to: "\(folder)/file")
      let problem = #expect(throws: Problem.self) {
        try PartitionWriter(home: LoamHome(path: "\(folder)/file/home"), tenant: .default)
      }
      #expect(problem?.code == .unavailable)
      #expect(problem?.remedy != nil)
    }
  }
}
