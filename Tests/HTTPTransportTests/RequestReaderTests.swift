import HTTPTransport
import TestSupport
import Testing

@Suite("RequestReader")
struct RequestReaderTests {
  @Test("a good request gives the same events however it is split", arguments: goodRequests)
  func good(_ example: ReaderCase) { checkSplits(example) }

  @Test("a bad request is refused the same way however it is split", arguments: badRequests)
  func bad(_ example: ReaderCase) {
    checkSplits(example)
    #expect(
      example.events.contains { if case .refused = $0 { true } else { false } },
      "the case has no refusal")
  }

  @Test("each limit holds exactly", arguments: limitCases)
  func limit(_ example: ReaderCase) { checkSplits(example) }

  /// Whole, split at every position, and octet by octet.
  private func checkSplits(_ example: ReaderCase) {
    let (input, limits) = (example.input, example.limits)
    #expect(events(of: input, limits: limits) == example.events, "whole")
    for split in 0...input.count {
      let found = events(of: input, splits: [split], limits: limits)
      guard found != example.events else { continue }
      Issue.record("split at \(split): \(found)")
      return
    }
    #expect(events(of: input, splits: 0...input.count, limits: limits) == example.events)
  }

  @Test("all good requests behind one another give all their events")
  func pipelined() {
    let lasting = goodRequests.filter { !$0.name.hasPrefix("(last)") }
    let input = lasting.flatMap(\.input)
    let expected = lasting.flatMap(\.events)
    #expect(events(of: input) == expected)
    #expect(events(of: input, splits: 0...input.count) == expected)
  }

  @Test("after a refusal nothing more is read")
  func ends() {
    var reader = RequestReader()
    let octets = Array("GET /\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
    reader.feed(octets.span)
    #expect(reader.next() == .refused(.malformed))
    #expect(reader.next() == nil)
    reader.feed(octets.span)
    #expect(reader.next() == nil)
    #expect(reader.heldOctets == 0)
    #expect(reader.phase == .refused)
  }

  @Test(
    "random requests with changed octets give the same events however they are split")
  func random() {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let pool = (goodRequests + badRequests).map(\.input)
    for _ in 0..<3_000 {
      var input: [UInt8] = []
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        input += pool[Int.random(in: 0..<pool.count, using: &random)]
      }
      for _ in 0..<Int.random(in: 0...3, using: &random) where !input.isEmpty {
        let at = Int.random(in: 0..<input.count, using: &random)
        input[at] = UInt8.random(in: 0...255, using: &random)
      }
      let splits = (0..<Int.random(in: 0...9, using: &random))
        .map { _ in Int.random(in: 0...input.count, using: &random) }.sorted()
      let whole = events(of: input)
      let isSame = events(of: input, splits: splits) == whole
      #expect(isSame, "seed \(seed), splits \(splits), input \(input)")
      if !isSame { return }
    }
  }

  @Test("phases tell what is waited for")
  func phases() {
    var reader = RequestReader()
    #expect(reader.phase == .idle)
    for (text, phase) in [
      ("\r", .head), ("\nPOST / HT", .head), ("TP/1.1\r\nHost: h\r\nContent-Length: 3", .head),
      ("\r\n\r", .head), ("\na", .body), ("b", .body), ("c", .idle),
    ] as [(String, RequestReader.Phase)] {
      reader.feed(Array(text.utf8).span)
      while reader.next() != nil {}
      #expect(reader.phase == phase, "after \(text.debugDescription)")
    }
  }
}
