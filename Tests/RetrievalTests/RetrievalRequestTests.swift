import Grounding
import Retrieval
import Testing

@Suite("A retrieval request")
struct RetrievalRequestTests {
  private func parse(_ json: String) throws -> RetrievalRequest {
    try RetrievalRequest(json: Array(json.utf8))
  }

  @Test("a query alone has the contract's defaults")
  func defaults() throws {
    let request = try parse(#"{"query":"budget"}"#)
    #expect(request == RetrievalRequest(query: "budget"))
    #expect(request.kinds == [.mail, .document, .event])
    #expect(request.limit == 10)
    #expect(request.snippetsPerItem == 3)
    #expect(request.mode == .hybrid)
    #expect(request.fusion == .convex)
    #expect(request.budgetTokens == nil)
  }

  @Test("every field of the contract is read")
  func everyField() throws {
    let request = try parse(
      """
      {"query": "what did we decide", "kinds": ["mail", "event"], "limit": 7,
       "snippets_per_item": 2, "mode": "lexical", "fusion": "rrf", "budget_tokens": 2000,
       "group_by": "conversation",
       "now": "2026-11-24T09:00:00+01:00", "zone": "Europe/Berlin"}
      """)
    #expect(
      request
        == RetrievalRequest(
          query: "what did we decide", kinds: [.mail, .event], limit: 7, snippetsPerItem: 2,
          mode: .lexical, fusion: .rrf, groupBy: .conversation, budgetTokens: 2_000,
          now: "2026-11-24T09:00:00+01:00",
          zone: "Europe/Berlin"))
  }

  @Test(
    "the limits hold at their ends",
    arguments: [
      #"{"query":"q","limit":1}"#, #"{"query":"q","limit":100}"#,
      #"{"query":"q","snippets_per_item":1}"#, #"{"query":"q","snippets_per_item":10}"#,
      #"{"query":"q","budget_tokens":1}"#, #"{"query":"q","budget_tokens":1000000}"#,
      #"{"query":"q","now":"2026-11-24T09:00:00Z"}"#,
      #"{"query":"q","now":"2026-12-31T23:59:60.123456789-12:30"}"#,
      #"{"query":"q","now":"2026-11-24t09:00:00z"}"#, #"{"query":"q","zone":"UTC"}"#,
      #"{"query":"q","zone":"America/Argentina/Buenos_Aires"}"#,
      #"{"query":"q","zone":"+01:00"}"#, #"{"query":"q","kinds":["mail","mail"]}"#,
    ])
  func withinLimits(json: String) throws { _ = try parse(json) }

  @Test("a query of 1 and of 4,096 octets is asked, one more is refused")
  func queryLength() throws {
    _ = try parse(#"{"query":" "}"#)
    _ = try parse(#"{"query":"\#(String(repeating: "é", count: 2_048))"}"#)
    #expect(throws: Problem.self) {
      try parse(#"{"query":"\#(String(repeating: "é", count: 2_048))a"}"#)
    }
  }

  @Test(
    "what the contract does not allow is a bad request that names the field and a remedy",
    arguments: [
      (#"{"query":""}"#, "query"), ("{}", "query"), (#"{"query":null}"#, "query"),
      (#"{"query":["a"]}"#, "query"), (#"{"query":"q","limit":0}"#, "limit"),
      (#"{"query":"q","limit":101}"#, "limit"), (#"{"query":"q","limit":-1}"#, "limit"),
      (#"{"query":"q","limit":1.5}"#, "limit"), (#"{"query":"q","limit":1e400}"#, "limit"),
      (#"{"query":"q","limit":"10"}"#, "limit"), (#"{"query":"q","limit":null}"#, "limit"),
      (#"{"query":"q","limit":9223372036854775808}"#, "limit"),
      (#"{"query":"q","snippets_per_item":0}"#, "snippets_per_item"),
      (#"{"query":"q","snippets_per_item":11}"#, "snippets_per_item"),
      (#"{"query":"q","budget_tokens":0}"#, "budget_tokens"),
      (#"{"query":"q","budget_tokens":1000001}"#, "budget_tokens"),
      (#"{"query":"q","mode":"fuzzy"}"#, "mode"), (#"{"query":"q","mode":"Hybrid"}"#, "mode"),
      (#"{"query":"q","fusion":"max"}"#, "fusion"), (#"{"query":"q","kinds":[]}"#, "kinds"),
      (#"{"query":"q","kinds":["letter"]}"#, "kinds"), (#"{"query":"q","kinds":"mail"}"#, "kinds"),
      (#"{"query":"q","now":"yesterday"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T24:00:00Z"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00.Z"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00+01:00 "}"#, "now"),
      (#"{"query":"q","now":"2026-02-30T09:00:00Z"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24 09:00:00Z"}"#, "now"),
      (#"{"query":"q","now":"0000-11-24T09:00:00Z"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00+24:00"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00+0100"}"#, "now"),
      (#"{"query":"q","now":"2026-11-24T09:00:00.1234567890Z"}"#, "now"),
      (#"{"query":"q","zone":""}"#, "zone"), (#"{"query":"q","zone":"a b"}"#, "zone"),
      (#"{"query":"q","zone":"Europe/Atlantis"}"#, "zone"),
      (#"{"query":"q","zone":"../zoneinfo/Europe/Berlin"}"#, "zone"),
      (#"{"query":"q","zone":"/usr/share/zoneinfo/Europe/Berlin"}"#, "zone"),
      (#"{"query":"q","zone":"W. Europe Standard Time"}"#, "zone"),
      (#"{"query":"q","zone":"+1:00"}"#, "zone"), (#"{"query":"q","zone":"+01:60"}"#, "zone"),
      (#"{"query":"q","cursor":"x"}"#, "cursor"), (#"{"query":"q","filter":{}}"#, "filter"),
      (#"{"query":"q","group_by":"thread"}"#, "group_by"),
      (#"{"query":"q","explain":true}"#, "explain"), (#"{"query":"q","explain":null}"#, "explain"),
      (#"{"query":"q","Limit":3}"#, "Limit"),
      (#"{"query":"q","snippetsPerItem":3}"#, "snippetsPerItem"),
      ("", nil), ("[]", nil), (#""q""#, nil), (#"{"query":"q""#, nil), ("null", nil),
      (#"{"query":"q"} {}"#, nil),
    ] as [(String, String?)])
  func refused(json: String, field: String?) throws {
    let problem = try #require(throws: Problem.self) { try parse(json) }
    #expect(problem.code == .badRequest)
    #expect(problem.place == field)
    #expect(problem.remedy != nil)
  }

  @Test("octets that are not UTF-8 and nesting without end are refused, not survived by luck")
  func hostileOctets() {
    let invalid = Array(#"{"query":""#.utf8) + [0xFF, 0xC3] + Array(#""}"#.utf8)
    #expect(throws: Problem.self) { try RetrievalRequest(json: invalid) }
    let deep = #"{"query":"#.utf8 + [UInt8](repeating: 0x5B, count: 200_000)
    #expect(throws: Problem.self) { try RetrievalRequest(json: Array(deep)) }
  }

  @Test("a long unknown name is cut, so that an error stays small")
  func longName() throws {
    let name = String(repeating: "x", count: 10_000)
    let problem = try #require(throws: Problem.self) { try parse(#"{"query":"q","\#(name)":1}"#) }
    #expect(problem.place == String(repeating: "x", count: 64))
  }
}
