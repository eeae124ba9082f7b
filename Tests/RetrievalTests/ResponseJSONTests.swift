import FoundationEssentials
import Grounding
import Retrieval
import TestSupport
import Testing

@Suite("A response as JSON")
struct ResponseJSONTests {
  @Test("its octets are those of the library's encoder with sorted names")
  func agreesWithEncoder() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    for number in 0..<300 {
      var drawn = RandomResponse(random: random)
      let response = try drawn.response()
      random = drawn.random
      let (own, expected) = (try response.json(), try sortedJSON(response))
      #expect(
        own == expected,
        "seed \(seed), response \(number): \(String(decoding: own, as: UTF8.self))")
    }
  }

  @Test("every character of the first plane, by itself and beside others", arguments: 0..<4)
  func characters(quarter: UInt32) throws {
    for value in quarter << 14..<(quarter + 1) << 14 {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let coverage = Coverage(passages: 0, pending: 0, mode: .lexical, vector: nil, tokens: nil)
      let response = RetrievalResponse(
        results: [], coverage: coverage, requestID: "a\(scalar)\u{1F600}\(scalar)")
      #expect(try response.json() == sortedJSON(response), "U+\(String(value, radix: 16))")
    }
  }

  @Test("a number that is none is refused", arguments: [Double.nan, .infinity, -.infinity])
  func noNumber(score: Double) throws {
    let coverage = Coverage(
      passages: 1, pending: 0, mode: .hybrid,
      vector: VectorCoverage(method: .exact, recall: score), tokens: nil)
    #expect(throws: Problem.self) {
      try RetrievalResponse(results: [], coverage: coverage).json()
    }
  }
}

/// Draws responses in which anything may be absent, empty or odd.
private struct RandomResponse {
  var random: RandomSource

  mutating func response() throws -> RetrievalResponse {
    let method = [VectorCoverage.Method.exact, .sketch].randomElement(using: &random) ?? .exact
    let coverage = Coverage(
      passages: number(), pending: number(),
      mode: Mode.allCases.randomElement(using: &random) ?? .hybrid,
      vector: Bool.random(using: &random)
        ? VectorCoverage(method: method, recall: score()) : nil,
      tokens: maybe { $0.number() })
    return RetrievalResponse(
      results: try many { try $0.result() }, coverage: coverage, requestID: maybe { $0.text() })
  }

  private mutating func result() throws -> RetrievalResult {
    var result = RetrievalResult(
      rank: number(), score: score(), lexical: maybe { $0.leg() }, vector: maybe { $0.leg() },
      item: item(), snippets: many { $0.snippet() })
    if Bool.random(using: &random) {
      let id = Bool.random(using: &random) ? "\"id\":\"a\\n/\"," : ""
      result.conversation = try JSONDecoder().decode(
        ConversationGroup.self, from: Data("{\(id)\"items\":[\"b\",\"c\"],\"results\":3}".utf8))
    }
    return result
  }

  private mutating func item() -> ItemDescription {
    ItemDescription(
      id: text(), kind: ItemKind.allCases.randomElement(using: &random) ?? .mail,
      externalID: maybe { $0.text() }, parent: maybe { $0.text() }, title: maybe { $0.text() },
      conversation: maybe { $0.text() }, language: maybe { $0.text() }, label: maybe { $0.text() },
      people: maybe { draw in
        draw.many { draw in
          Person(
            role: Person.Role.allCases.randomElement(using: &draw.random) ?? .from,
            name: draw.maybe { $0.text() }, address: draw.maybe { $0.text() },
            state: draw.maybe {
              Person.State.allCases.randomElement(using: &$0.random) ?? .accepted
            })
        }
      },
      times: maybe { draw in
        let times = draw.many { draw in
          let role = ItemTime.Role.allCases.randomElement(using: &draw.random) ?? .sent
          return (
            role.rawValue,
            TimeDescription(
              ItemTime(
                role: role, instant: draw.maybe { Int64($0.number()) },
                local: draw.maybe { $0.text() }, zone: draw.maybe { $0.text() }))
          )
        }
        return Dictionary(times) { first, _ in first }
      },
      locations: many { draw in
        LocationDescription(source: draw.text(), uri: draw.maybe { $0.text() })
      })
  }

  private mutating func snippet() -> Snippet {
    let start = number()
    return Snippet(
      text: text(), span: TextSpan(start: start, end: start + number()), sha256: text(),
      locator: maybe { draw in
        Locator(
          part: draw.maybe { $0.text() }, heading: draw.maybe { $0.many { $0.text() } },
          page: draw.maybe { $0.number() })
      },
      marks: many { [$0.number(), $0.number()] }, score: score(),
      quoted: maybe { Bool.random(using: &$0.random) })
  }

  private mutating func leg() -> LegScore { LegScore(rank: maybe { $0.number() }, score: score()) }

  private mutating func score() -> Double {
    switch Int.random(in: 0..<6, using: &random) {
    case 0:
      [0, 1, -1, 1e-6, 2e-5, -1e-6, 0.1, 123_456.5, 1e15, 1e16, 1e17, 1e300, 1e-300]
        .randomElement(using: &random) ?? 0
    case 1: Double.random(in: -1e9...1e9, using: &random)
    default: roundedScore(Double.random(in: -1...1, using: &random))
    }
  }

  private mutating func number() -> Int {
    [0, 1, 9, 10, 1_234_567, Int.random(in: 0..<1_000_000_000, using: &random)]
      .randomElement(using: &random) ?? 0
  }

  private mutating func text() -> String {
    let parts = [
      "", "plain words", "\"quoted\" \\ / </b>",
      "\u{0}\u{1}\u{8}\t\n\u{B}\u{C}\r\u{1F}\u{7F}\u{80}",
      "Zoë 東京 \u{1F600}\u{2028}\u{2029}\u{FEFF}", "e\u{301}\r\n",
    ]
    return many { draw in parts.randomElement(using: &draw.random) ?? "" }.joined()
  }

  private mutating func maybe<T>(_ make: (inout Self) -> T) -> T? {
    Bool.random(using: &random) ? make(&self) : nil
  }

  private mutating func many<T>(_ make: (inout Self) throws -> T) rethrows -> [T] {
    var drawn: [T] = []
    for _ in 0..<Int.random(in: 0...3, using: &random) { drawn.append(try make(&self)) }
    return drawn
  }
}
