import HTTPTransport

/// Each limit, exactly reached and exceeded by one.
let limitCases: [ReaderCase] =
  requestLineCases + fieldCases + bodyCases + chunkCases

/// Small ones, so that every split is tried in no time.
private let small: HTTPLimits = {
  var limits = HTTPLimits()
  limits.requestLineOctets = 40
  limits.methodOctets = 5
  limits.fieldCount = 3
  limits.fieldLineOctets = 60
  limits.fieldOctets = 80
  limits.bodyOctets = 6
  limits.chunkLineOctets = 8
  limits.chunkExtensionOctets = 10
  limits.trailerOctets = 12
  return limits
}()

private func example(
  _ name: String, _ input: String, _ events: RequestReader.Event...
) -> ReaderCase {
  var example = ReaderCase(name, octets: Array(input.utf8), limits: small)
  example.events = events
  return example
}

private func letters(_ count: Int) -> String { String(repeating: "a", count: count) }

private let requestLineCases = [
  example(
    "a request line of the limit", "GET /\(letters(26)) HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/\(letters(26))")),
  example(
    "a request line above the limit", "GET /\(letters(27)) HTTP/1.1\r\nHost: h\r\n\r\n",
    .refused(.targetTooLong)),
  example("a request line without end", "GET /\(letters(100))", .refused(.targetTooLong)),
  example(
    "a method of the limit", "ABCDE / HTTP/1.1\r\nHost: h\r\n\r\n", request("ABCDE", "/")),
  example(
    "a method above the limit", "ABCDEF / HTTP/1.1\r\nHost: h\r\n\r\n", .refused(.malformed)),
]

private let fieldCases = [
  example(
    "as many fields as the limit", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\n\r\n",
    request("GET", "/", ["Host", "h", "A", "b", "C", "d"])),
  example(
    "a field too many", "GET / HTTP/1.1\r\nHost: h\r\nA: b\r\nC: d\r\nE: f\r\n\r\n",
    .refused(.fieldsTooLarge)),
  example(
    "a field line of the limit", "GET / HTTP/1.1\r\nHost: h\r\nA: \(letters(57))\r\n\r\n",
    request("GET", "/", ["Host", "h", "A", letters(57)])),
  example(
    "a field line above the limit", "GET / HTTP/1.1\r\nHost: h\r\nA: \(letters(58))\r\n\r\n",
    .refused(.fieldsTooLarge)),
  example(
    "fields of the limit together",
    "GET / HTTP/1.1\r\nHost: h\r\nA: \(letters(33))\r\nB: \(letters(34))\r\n\r\n",
    request("GET", "/", ["Host", "h", "A", letters(33), "B", letters(34)])),
  example(
    "fields above the limit together",
    "GET / HTTP/1.1\r\nHost: h\r\nA: \(letters(33))\r\nB: \(letters(35))\r\n\r\n",
    .refused(.fieldsTooLarge)),
]

private let bodyCases = [
  example(
    "a body of the limit", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\n123456",
    request("PUT", "/", ["Host", "h", "Content-Length", "6"], body: "123456")),
  example(
    "a body above the limit", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\n\r\n1234567",
    .refused(.bodyTooLarge)),
]

private let chunkCases = [
  example(
    "chunks of the limit", shortChunked("3\r\n123\r\n3\r\n456\r\n0\r\n\r\n"),
    request("PUT", "/", chunkedFields, body: "123456")),
  example(
    "chunks above the limit", shortChunked("3\r\n123\r\n4\r\n4567\r\n0\r\n\r\n"),
    .refused(.bodyTooLarge)),
  example(
    "a chunk line of the limit", shortChunked("00000001\r\na\r\n0\r\n\r\n"),
    request("PUT", "/", chunkedFields, body: "a")),
  example(
    "a chunk line above the limit", shortChunked("000000001\r\na\r\n0\r\n\r\n"),
    .refused(.malformed)),
  example(
    "extensions of the limit", shortChunked("1;1234\r\na\r\n1;123\r\na\r\n0;\r\n\r\n"),
    request("PUT", "/", chunkedFields, body: "aa")),
  example(
    "extensions above the limit", shortChunked("1;1234\r\na\r\n1;1234\r\na\r\n0;\r\n\r\n"),
    .refused(.malformed)),
  example(
    "a trailer of the limit", shortChunked("0\r\nA: b\r\nC: 12345\r\n\r\n"),
    request("PUT", "/", chunkedFields)),
  example(
    "a trailer above the limit", shortChunked("0\r\nA: b\r\nC: 123456\r\n\r\n"),
    .refused(.fieldsTooLarge)),
  example(
    "a trailer field too many", shortChunked("0\r\nA:\r\nB:\r\nC:\r\nD:\r\n\r\n"),
    .refused(.fieldsTooLarge)),
]

private func shortChunked(_ body: String) -> String {
  "PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body
}
