import Grounding
import Ingestion
import Testing

@Suite struct GlobTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var pattern: String
    var path: String
    var isFolder = false
    var matches: Bool
    var testDescription: String { "\(pattern) \(path)" }
  }

  static let cases: [Case] = [
    Case(pattern: "*.md", path: "a.md", matches: true),
    Case(pattern: "*.md", path: "notes/deep/a.md", matches: true),
    Case(pattern: "*.md", path: "a.mdx", matches: false),
    Case(pattern: "drafts", path: "notes/drafts/a.md", matches: true),
    Case(pattern: "drafts", path: "notes/drafts2/a.md", matches: false),
    Case(pattern: "notes/*", path: "notes/a.md", matches: true),
    Case(pattern: "notes/*", path: "notes/deep/a.md", matches: true),
    Case(pattern: "notes/*", path: "other/notes/a.md", matches: false),
    Case(pattern: "/notes", path: "notes/a.md", matches: true),
    Case(pattern: "/notes", path: "other/notes", matches: false),
    Case(pattern: "**/notes", path: "other/notes", matches: true),
    Case(pattern: "**/notes", path: "notes", matches: true),
    Case(pattern: "**/notes", path: "mynotes", matches: false),
    Case(pattern: "a/**/b", path: "a/b", matches: true),
    Case(pattern: "a/**/b", path: "a/x/y/b", matches: true),
    Case(pattern: "a/**/b", path: "a/xb", matches: false),
    Case(pattern: "a/**", path: "a/x/y", matches: true),
    Case(pattern: "a/**", path: "a", matches: false),
    Case(pattern: "**", path: "any/thing", matches: true),
    Case(pattern: "a?c", path: "abc", matches: true),
    Case(pattern: "a?c", path: "a/c", matches: false),
    Case(pattern: "a?c", path: "aéc", matches: true),
    Case(pattern: "[a-c]x", path: "bx", matches: true),
    Case(pattern: "[!a-c]x", path: "bx", matches: false),
    Case(pattern: "[!a-c]x", path: "dx", matches: true),
    Case(pattern: "[]x]", path: "]", matches: true),
    Case(pattern: "[a-]", path: "-", matches: true),
    Case(pattern: "\\*", path: "*", matches: true),
    Case(pattern: "\\*", path: "a", matches: false),
    Case(pattern: "build/", path: "build", matches: false),
    Case(pattern: "build/", path: "build", isFolder: true, matches: true),
    Case(pattern: "build/", path: "build/a.o", matches: true),
    Case(pattern: "x", path: "", matches: false),
    // A name that begins with a combining mark does not hide the slash before it.
    Case(pattern: "a/*", path: "a/\u{308}x", matches: true),
    Case(pattern: "a", path: "a/\u{308}x", matches: true),
  ]

  @Test("a pattern matches what its rules say", arguments: cases)
  func matches(_ item: Case) throws {
    #expect(try Glob(item.pattern).matches(item.path, isFolder: item.isFolder) == item.matches)
  }

  @Test("a pattern that is empty, too long or open is refused")
  func refused() throws {
    for pattern in ["", "[a", "[]", String(repeating: "a", count: Glob.limit + 1)] {
      let error = #expect(throws: Problem.self) { try Glob(pattern) }
      #expect(error?.code == .badRequest)
    }
    #expect(try Glob(String(repeating: "a", count: Glob.limit)).matches("a") == false)
  }

  @Test("many stars against many letters take no exponential time")
  func hostile() throws {
    let glob = try Glob(String(repeating: "*a", count: 100) + "b")
    #expect(!glob.matches(String(repeating: "a", count: 1_000)))
  }
}
