import Grounding
import Ingestion
import TestSupport
import Testing

@Suite struct OpenFileTests {
  @Test("a file over the limit is too_large, one at the limit is read")
  func limit() throws {
    try withTemporaryFolder { folder in
      try write("12345", to: "\(folder)/a")
      #expect(try contents(ofFile: "\(folder)/a", limit: 5) == Array("12345".utf8))
      let error = #expect(throws: Problem.self) { try contents(ofFile: "\(folder)/a", limit: 4) }
      #expect(error?.code == .tooLarge)
    }
  }

  @Test("a file that was written, shortened or replaced after its opening is changed")
  func changed() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      let changes: [() throws -> Void] = [
        { try write("12345", to: path) },
        { shorten(path, to: 1) },
        {
          try write("1234", to: "\(folder)/b")
          move("\(folder)/b", to: path)
        },
        { remove(path) },
      ]
      for change in changes {
        try write("1234", to: path)
        let file = try OpenFile(FilePath(path))
        #expect(throws: Never.self) { try file.requireUnchanged() }
        try change()
        let error = #expect(throws: Problem.self) { try file.requireUnchanged() }
        #expect(error?.code == .changed)
      }
    }
  }

  @Test("a mapped file that shrinks reads as zeros and says so, and the process lives")
  func mapping() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a"
      try write(String(repeating: "x", count: 40_000), to: path)
      let mapped = try OpenFile(FilePath(path)).map()
      #expect(mapped.octets(0..<3) == Array("xxx".utf8))
      #expect(!mapped.wasCut)
      shorten(path, to: 10)
      #expect(mapped.octets(30_000..<30_002) == [0, 0])
      #expect(mapped.wasCut)
      try write("", to: path)
      let empty = try OpenFile(FilePath(path)).map()
      #expect(empty.octets(0..<0) == [])
    }
  }
}
