import Grounding
import Ingestion
import Partition
import Retrieval
import TestSupport
import Testing

@Suite(.needsCorpora, .serialized) struct CorporaTests {
  /// How many messages a reference file has: a line each.
  private func referenceCount(_ path: String) throws -> Int {
    try octets(ofFile: path).count { $0 == 0x0A }
  }

  @Test("every message of the corpora comes in, copies are told apart, and a search answers")
  func allMessages() throws {
    let spam = try Corpora.folder("mail/spamassassin")
    let lists = try Corpora.folder("mail/lists")
    // What is attached comes beside the messages: messages and documents; three of the documents
    // stand uuencoded in one text.
    let stores = [
      ("\(spam)/spamassassin", "\(spam)/reference-headers.jsonl", 4_650, [4, 15]),
      (
        "\(lists)/r-package-devel.mbox", "\(lists)/r-package-devel.reference-headers.jsonl",
        11_114, [0, 0]
      ),
      (
        "\(lists)/r-devel-2009-2017.mbox", "\(lists)/r-devel-2009-2017.reference-headers.jsonl",
        23_646, [0, 0]
      ),
    ]
    try withBench { bench in
      bench.source = nil
      var itemCount = 0
      for (path, reference, count, attached) in stores {
        let summary = try bench.ingest([path])
        #expect(summary.messages == count, "\(path)")
        #expect(try referenceCount(reference) == count)
        #expect(summary.failed == [])
        #expect(summary.skipped == [:])
        #expect(summary.items.values.reduce(0, +) == summary.added)
        #expect(summary.items[.mail, default: 0] + summary.duplicates == count + attached[0])
        #expect(summary.items[.document, default: 0] == attached[1])
        #expect(bench.committed.count >= summary.added)
        itemCount += summary.items[.mail, default: 0]
      }
      let snapshot = try Snapshot(home: bench.home, tenant: .default)
      let response = try Retriever(snapshot: snapshot, encoder: nil).retrieve(
        RetrievalRequest(query: "how to submit a package to CRAN", mode: .lexical),
        caller: Caller(Principal("ana")))
      #expect(response.results.count == 10)
      #expect(response.results.allSatisfy { !$0.snippets.isEmpty })
      let rows = try snapshot.eligible(Caller(Principal("ana")), kinds: [.mail])
      #expect(rows.itemKeys.count == itemCount)
      #expect(try snapshot.eligible(Caller(Principal("eve")), kinds: [.mail]).isEmpty)
    }
  }
}
