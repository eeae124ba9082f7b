import Glibc
import Grounding
import Ingestion
import TestSupport
import Testing

@Suite struct FolderListerTests {
  private func list(_ path: String, excludes: [String] = []) throws -> FolderListing {
    var lister = FolderLister(excludes: try excludes.map { try Glob($0) })
    return try lister.list(path)
  }

  private func reasons(_ listing: FolderListing) -> [String] {
    listing.skipped.map { "\($0.path) \($0.code.rawValue)" }.sorted()
  }

  @Test("files come in the order of their paths' octets")
  func order() throws {
    try withTemporaryFolder { folder in
      for path in ["b/z.md", "b.md", "a/x/1.md", "a/x.md", "é.md", "B.md", "a-b.md"] {
        try write("x", to: "\(folder)/\(path)")
      }
      let paths = try list(folder).files.map(\.path)
      #expect(paths == ["B.md", "a-b.md", "a/x.md", "a/x/1.md", "b.md", "b/z.md", "é.md"])
      #expect(paths == paths.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }
  }

  @Test("links, loops, pipes and .git are passed over with a reason each")
  func reasonsOfAll() throws {
    try withTemporaryFolder { outer in
      let folder = "\(outer)/root"
      try write("x", to: "\(folder)/sub/a.md")
      try write("x", to: "\(folder)/.git/config")
      try write("x", to: "\(folder)/other/b.md")
      try write("x", to: "\(outer)/secret.md")
      try write("x", to: "\(outer)/root2/c.md")
      link("\(folder)/sub/up", to: "..")
      link("\(folder)/sub/side", to: "../other")
      link("\(folder)/sub/out.md", to: "../../secret.md")
      link("\(folder)/sibling.md", to: "../root2/c.md")
      link("\(folder)/etc", to: "/etc")
      link("\(folder)/self", to: "self")
      link("\(folder)/dangling", to: "nowhere")
      link("\(folder)/link.md", to: "sub/a.md")
      makePipe("\(folder)/pipe")
      let listing = try list(folder)
      #expect(listing.files.map(\.path) == ["link.md", "other/b.md", "sub/a.md"])
      #expect(
        reasons(listing) == [
          ".git excluded", "dangling vanished", "etc outside_root", "pipe special_file",
          "self directory_loop", "sibling.md outside_root", "sub/out.md outside_root",
          "sub/side linked", "sub/up directory_loop",
        ])
      #expect(listing.failed.isEmpty)
      #expect(listing.isWhole)
    }
  }

  @Test("an exclusion passes over files and whole folders")
  func excluded() throws {
    try withTemporaryFolder { folder in
      for path in ["a.md", "a.tmp", "build/x.md", "sub/build/y.md", "sub/z.md"] {
        try write("x", to: "\(folder)/\(path)")
      }
      let listing = try list(folder, excludes: ["*.tmp", "build/"])
      #expect(listing.files.map(\.path) == ["a.md", "sub/z.md"])
      #expect(reasons(listing) == ["a.tmp excluded", "build excluded", "sub/build excluded"])
    }
  }

  @Test("a folder that may not be read makes the listing not whole")
  func noPermission() throws {
    try withTemporaryFolder { folder in
      try write("x", to: "\(folder)/a.md")
      try write("x", to: "\(folder)/closed/b.md")
      permit("\(folder)/closed", 0)
      defer { permit("\(folder)/closed", 0o700) }
      let listing = try list(folder)
      guard getuid() != 0 else {
        // The superuser reads every folder.
        #expect(listing.files.count == 2)
        return
      }
      #expect(listing.files.map(\.path) == ["a.md"])
      #expect(listing.failed.map(\.code) == [.noPermission])
      #expect(!listing.isWhole)
    }
  }

  @Test("folders nested more deeply than the limit fail, the rest is listed")
  func tooDeep() throws {
    try withTemporaryFolder { folder in
      let atLimit = folder + String(repeating: "/d", count: FolderLister.depthLimit)
      try write("x", to: "\(atLimit)/in.md")
      try write("x", to: "\(atLimit)/d/out.md")
      let listing = try list(folder)
      #expect(listing.files.count == 1)
      #expect(listing.failed.map(\.code) == [.tooDeep])
      #expect(!listing.isWhole)
    }
  }

  @Test("a name that is no UTF-8 is listed and can be read")
  func oddNames() throws {
    try withTemporaryFolder { folder in
      var name = Array("\(folder)/\u{7F}".utf8CString.dropLast())
      name += [CChar(bitPattern: 0xE9), CChar(bitPattern: 0xFF), 0]
      let descriptor = unsafe creat(name, 0o600)
      try #require(descriptor >= 0)
      close(descriptor)
      let listing = try list(folder)
      #expect(listing.files.map(\.path) == ["\u{7F}\u{FFFD}E9\u{FFFD}FF"])
      #expect(throws: Never.self) {
        try OpenFile(try #require(listing.files.first).location).contents(limit: 1)
      }
    }
  }

  @Test("a root that is a file lists itself; one that is not there says so")
  func roots() throws {
    try withTemporaryFolder { folder in
      try write("x", to: "\(folder)/a.md")
      #expect(try list("\(folder)/./sub/../a.md").files.map(\.path) == ["a.md"])
      #expect(#expect(throws: Problem.self) { try list("\(folder)/b.md") }?.code == .vanished)
      makePipe("\(folder)/pipe")
      #expect(#expect(throws: Problem.self) { try list("\(folder)/pipe") }?.code == .special)
    }
  }
}
