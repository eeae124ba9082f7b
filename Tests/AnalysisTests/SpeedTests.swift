import Analysis
import Glibc
import TestSupport
import Testing

/// Prints how fast English text is analysed.
///
/// Nothing is asserted about time.
///
/// Run with `LOAM_MEASURE=1 swift test -c release --filter SpeedTests`.
@Suite(.needsCorpora, .enabled(if: Corpora.environment("LOAM_MEASURE") == "1"), .serialized)
struct SpeedTests {
  /// SciFact's 5,183 abstracts: title and text of each record, as the file has them.
  private static func english() throws -> [UInt8] {
    try octets(ofFile: Corpora.folder("ir/scifact") + "/scifact/corpus.jsonl")
  }

  @Test("analysis of English text")
  func analysis() throws {
    let text = try Self.english()
    var analyzer = Analyzer()
    var terms = 0
    let rate = rate(octets: text.count) {
      terms = 0
      analyzer.analyze(text.span, mode: .text) { _, _ in
        terms &+= 1
        return true
      }
    }
    #expect(terms > 0)
    print("analysis: \(rate) MB/s of CPU time; \(text.count) octets, \(terms) terms")
  }

  @Test("passages of English text")
  func passages() throws {
    let records = lines(try Self.english())
    let splitter = PassageSplitter()
    var count = 0
    let rate = rate(octets: records.reduce(0) { $0 + $1.utf8.count }) {
      count = 0
      for record in records { count &+= splitter.split(record, segments: []).count }
    }
    #expect(count >= records.count)
    print("passages: \(rate) MB/s of CPU time; \(records.count) texts, \(count) passages")
  }

  /// Millions of octets a second of CPU time: the best of five rounds after one to warm up.
  private func rate(octets: Int, _ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    for _ in 0..<5 {
      let start = clock()
      body()
      best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }
    return (Double(octets) / best / 1e5).rounded() / 10
  }
}
