import Grounding
import HTTPTransport
import Partition
import Retrieval
import Service
import TestSupport
import Testing

@Suite("Bad requests")
struct BadRequestTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var method = "POST"
    var target = "/v1/retrieve"
    var type: String? = "application/json"
    var fields: [(String, String)] = []
    var hasKey = true
    var body = #"{"query":"q"}"#
    var code: String
    var place: String?
    var testDescription: String { name }
  }

  static let deep = String(repeating: "[", count: 30_000)

  static let cases: [Case] = [
    Case(name: "no such path", target: "/v1/nothing", code: "not_found"),
    Case(name: "a path below another", target: "/v1/retrieve/", code: "not_found"),
    Case(name: "a path in capitals", target: "/V1/retrieve", code: "not_found"),
    Case(name: "a doubled slash", target: "//v1/retrieve", code: "not_found"),
    Case(name: "dots in a path", target: "/health/../v1/retrieve", code: "not_found"),
    Case(name: "the whole server", method: "OPTIONS", target: "*", code: "not_found"),
    Case(name: "GET of a question", method: "GET", code: "method_not_allowed"),
    Case(name: "OPTIONS", method: "OPTIONS", code: "method_not_allowed"),
    Case(name: "a method nobody knows", method: "BREW", code: "method_not_allowed"),
    Case(name: "a method in small letters", method: "post", code: "method_not_allowed"),
    Case(name: "POST of an item", target: "/v1/items/a", code: "method_not_allowed"),
    Case(name: "POST of the metrics", target: "/metrics", code: "method_not_allowed"),
    Case(name: "no key", hasKey: false, code: "unauthorized"),
    Case(name: "no type", type: nil, code: "unsupported_media_type"),
    Case(name: "a form", type: "application/x-www-form-urlencoded", code: "unsupported_media_type"),
    Case(name: "problem JSON", type: "application/problem+json", code: "unsupported_media_type"),
    Case(
      name: "another charset", type: "application/json; charset=utf-16",
      code: "unsupported_media_type"),
    Case(
      name: "two types", fields: [("Content-Type", "application/json")],
      code: "unsupported_media_type"),
    Case(
      name: "a compressed body", fields: [("Content-Encoding", "gzip")],
      code: "unsupported_media_type"),
    Case(name: "a parameter", target: "/v1/retrieve?limit=3", code: "bad_request"),
    Case(
      name: "a huge body", body: #"{"query":"\#(String(repeating: "a", count: 65_536))"}"#,
      code: "body_too_large"),
    Case(name: "an empty body", body: "", code: "bad_request"),
    Case(name: "no JSON", body: "query=q", code: "bad_request"),
    Case(name: "a list", body: "[]", code: "bad_request"),
    Case(name: "half an object", body: #"{"query":"q""#, code: "bad_request"),
    Case(name: "something behind it", body: #"{"query":"q"}x"#, code: "bad_request"),
    Case(name: "a comma too many", body: #"{"query":"q",}"#, code: "bad_request"),
    Case(name: "a comment", body: #"{"query":"q"/**/}"#, code: "bad_request"),
    Case(name: "single quotes", body: "{'query':'q'}", code: "bad_request"),
    Case(name: "a byte order mark", body: "\u{FEFF}" + #"{"query":"q"}"#, code: "bad_request"),
    Case(name: "a line end in a text", body: "{\"query\":\"a\nb\"}", code: "bad_request"),
    Case(name: "half a pair", body: #"{"query":"\ud800"}"#, code: "bad_request"),
    Case(name: "a leading zero", body: #"{"query":"q","limit":01}"#, code: "bad_request"),
    Case(name: "infinity", body: #"{"query":"q","limit":Infinity}"#, code: "bad_request"),
    Case(
      name: "a number of 60,000 digits",
      body: #"{"query":"q","limit":\#(String(repeating: "9", count: 60_000))}"#, code: "bad_request"
    ),
    Case(name: "deep lists", body: deep, code: "bad_request"),
    Case(name: "deep lists in a field", body: #"{"query":"# + deep, code: "bad_request"),
    Case(
      name: "deep objects", body: String(repeating: #"{"a":"#, count: 10_000), code: "bad_request"),
    Case(
      name: "a field twice", body: #"{"query":"q","query":"r"}"#, code: "bad_request",
      place: "query"),
    Case(
      name: "a field twice, once escaped", body: #"{"query":"q","qu\u0065ry":"r"}"#,
      code: "bad_request", place: "query"),
    Case(name: "no query", body: "{}", code: "bad_request", place: "query"),
    Case(name: "an empty query", body: #"{"query":""}"#, code: "bad_request", place: "query"),
    Case(
      name: "a query of 4,097 octets",
      body: #"{"query":"\#(String(repeating: "a", count: 4_097))"}"#,
      code: "bad_request", place: "query"),
    Case(name: "null", body: #"{"query":"q","now":null}"#, code: "bad_request", place: "now"),
    Case(name: "no kind", body: #"{"query":"q","kinds":[]}"#, code: "bad_request", place: "kinds"),
    Case(
      name: "too many", body: #"{"query":"q","limit":101}"#, code: "bad_request", place: "limit"),
    Case(
      name: "a fraction", body: #"{"query":"q","limit":1.5}"#, code: "bad_request", place: "limit"),
    Case(
      name: "too large", body: #"{"query":"q","limit":1e400}"#, code: "bad_request", place: "limit"),
    Case(
      name: "a reserved field", body: #"{"query":"q","filter":{}}"#, code: "bad_request",
      place: "filter"),
    Case(
      name: "an unknown field", body: #"{"query":"q","Query":1}"#, code: "bad_request",
      place: "Query"),
  ]

  @Test(
    "each is a problem with a code, a remedy and its place, and no word of the request",
    arguments: cases)
  func refused(_ item: Case) throws {
    try withDesk { desk in
      let key = try desk.key()
      var fields = item.fields
      if let type = item.type { fields.append(("Content-Type", type)) }
      let response = try desk.send(
        item.method, item.target, key: item.hasKey ? key : nil, fields: fields,
        body: Array(item.body.utf8))
      #expect(response.code == item.code)
      #expect(response.status == Problem.Code(item.code).status)
      let problem = try response.json
      #expect(problem["place"]?.string == item.place)
      #expect(problem["title"]?.string == Problem.Code(item.code).title)
      #expect(response.body.count < 1_000)
      #expect(response.fields["Cache-Control"] == "no-store")
    }
  }

  @Test("405 names the methods there are, in the header and in the remedy")
  func allow() throws {
    try withDesk { desk in
      for (method, target, methods) in [
        ("GET", "/v1/retrieve", "POST"), ("DELETE", "/version", "GET, HEAD"),
        ("DELETE", "/v1/items/x", "GET, HEAD"),
      ] {
        let response = try desk.send(method, target)
        #expect(response.fields["Allow"] == methods)
      }
    }
  }

  @Test("octets that are not UTF-8 are refused wherever they stand")
  func notUTF8() throws {
    try withDesk { desk in
      let key = try desk.key()
      for bad: [UInt8] in [
        [0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC0, 0x80],
      ] {
        let body = Array(#"{"query":"a"#.utf8) + bad + Array(#""}"#.utf8)
        let response = try desk.send(
          "POST", "/v1/retrieve", key: key, fields: [("Content-Type", "application/json")],
          body: body)
        #expect(response.code == "bad_request")
      }
    }
  }

  @Test(
    "JSON types are taken in every spelling that means UTF-8",
    arguments: [
      "application/json", "Application/JSON", "application/json; charset=utf-8",
      "application/json;charset=\"UTF-8\"", "application/json ; x=y",
    ])
  func types(type: String) throws {
    try withDesk { desk in
      let response = try desk.send(
        "POST", "/v1/retrieve", key: try desk.key(), fields: [("Content-Type", type)],
        body: Array(#"{"query":"q"}"#.utf8))
      #expect(response.status == 200)
    }
  }

  @Test("what JSON allows is read: white space, escapes, pairs, sixteen levels, numbers' forms")
  func allowed() throws {
    for text in [
      " \t\r\n{ \"query\" : \"q\" , \"limit\" : 1e1 } \n", #"{"query":"\u00e9\n\"\\\/\b\f\r\t"}"#,
      #"{"query":"\ud83d\ude00"}"#, #"{"qu\u0065ry":"q"}"#, #"{"query":"\u0000"}"#,
      #"{"query":"q","limit":10.0}"#,
    ] {
      #expect(throws: Never.self, "\(text)") { try RetrievalRequest(json: Array(text.utf8)) }
    }
    func nested(_ depth: Int) -> String {
      #"{"x":"# + String(repeating: "[", count: depth - 1)
        + String(repeating: "]", count: depth - 1)
        + "}"
    }
    let problem16 = try #require(throws: Problem.self) {
      try RetrievalRequest(json: Array(nested(16).utf8))
    }
    #expect(problem16.place == "x")
    let problem17 = try #require(throws: Problem.self) {
      try RetrievalRequest(json: Array(nested(17).utf8))
    }
    #expect(problem17.detail == "The request is nested too deeply.")
  }

  @Test("no octets whatever bring anything but an answer or a bad request")
  func randomOctets() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    try withDesk({ $0.ratePerSecond = 1_000_000 }) { desk in
      let key = try desk.key()
      let pieces = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d800", "query", "\"query\"", "limit", "1",
        "-", "e", ".", "true", "null", " ", "\u{0}", "é", "\u{FEFF}",
      ]
      for _ in 0..<2_000 {
        var body: [UInt8] = []
        for _ in 0..<Int.random(in: 0...20, using: &random) {
          body += Array((pieces.randomElement(using: &random) ?? "").utf8)
          if Int.random(in: 0..<20, using: &random) == 0 {
            body.append(UInt8.random(in: 0...255, using: &random))
          }
        }
        let response = try desk.send(
          "POST", "/v1/retrieve", key: key, fields: [("Content-Type", "application/json")],
          body: body)
        #expect(response.status == 400 || response.status == 200, "seed \(seed): \(body)")
      }
    }
  }
}
