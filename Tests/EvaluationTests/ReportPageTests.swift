import Evaluation
import Grounding
import TestSupport
import Testing

@Suite("The page of an evaluation")
struct ReportPageTests {
  /// Two runs over `count` topics; the second finds what the first does not, but on every fifth.
  private func report(topics count: Int, in folder: String) throws -> RunReport {
    var qrels = ""
    var (a, b) = ("", "")
    for topic in 0..<count {
      qrels += "q\(topic) 0 good 1\n"
      a += "q\(topic) Q0 \(topic % 5 == 0 ? "good" : "bad") 1 1 a\n"
      b += "q\(topic) Q0 \(topic % 5 == 0 ? "bad" : "good") 1 1 b\n"
    }
    for (name, text) in [("q&a.txt", qrels), ("a", a), ("b", b)] {
      try Files.write(Array(text.utf8), to: "\(folder)/\(name)")
    }
    return try RunReport(
      qrels: "\(folder)/q&a.txt", runs: ["\(folder)/a", "\(folder)/b"])
  }

  @Test("it stands alone, is well formed, and says the same twice")
  func page() throws {
    try withTemporaryFolder { folder in
      let page = try report(topics: 40, in: folder).page
      #expect(page == (try report(topics: 40, in: folder).page))
      for forbidden in ["<script", "http:", "https:", "href", "src=", "url("] {
        #expect(!page.contains(forbidden), "\(forbidden)")
      }
      #expect(page.contains("<title>q&amp;a.txt</title>"))
      #expect(unclosed(page) == [])
    }
  }

  @Test("every topic has its bar and its row, and the counts are told")
  func bars() throws {
    try withTemporaryFolder { folder in
      let page = try report(topics: 40, in: folder).page
      #expect(page.components(of: "class=\"better\"") == 32)
      #expect(page.components(of: "class=\"worse\"") == 8)
      #expect(page.contains("32 better, 0 equal, 8 worse; mean +0.6000"))
      #expect(page.contains("p &lt; 0.0001") || page.contains("p = 0.000"))
      #expect(page.components(of: "<tr><th>q") == 40)
    }
  }

  @Test("no drawing leaves its frame, with one topic or with a thousand", arguments: [1, 7, 1_000])
  func frame(count: Int) throws {
    try withTemporaryFolder { folder in
      let page = try report(topics: count, in: folder).page
      var numbers = 0
      for name in ["x", "y", "cx", "cy", "x1", "x2", "y1", "y2"] {
        for part in page.split(separator: " \(name)=\"").dropFirst() {
          let value = try #require(Double(part.prefix { $0 != "\"" }))
          #expect((0...720).contains(value))
          numbers += 1
        }
      }
      #expect(numbers > 50)
      #expect(!page.contains("nan") && !page.contains("inf\""))
    }
  }

  /// The elements that are open at the end, or were closed out of order.
  private func unclosed(_ page: String) -> [String] {
    let void: Set<String> = ["meta", "!doctype"]
    var open: [String] = []
    for part in page.split(separator: "<").dropFirst(0) {
      let tag = part.prefix { $0 != ">" }
      guard part.contains(">"), let name = tag.split(separator: " ").first?.lowercased() else {
        continue
      }
      if name.hasPrefix("/") {
        guard open.last == String(name.dropFirst()) else { return open + [name] }
        open.removeLast()
      } else if !void.contains(name), !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    return open
  }
}

extension String {
  /// How often `part` occurs.
  fileprivate func components(of part: String) -> Int { split(separator: part).count - 1 }
}
