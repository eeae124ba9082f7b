import HTTPTransport
import Testing

@Suite("ResponseWriter")
struct ResponseWriterTests {
  /// Sunday, 6 November 1994.
  private static let date = 784_111_777
  private static let dateLine = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

  private func text(
    _ response: HTTPResponse, _ connection: ConnectionOption = .persistent, isHead: Bool = false
  ) -> (text: String, closes: Bool) {
    let (octets, closes) = ResponseWriter.octets(
      response, connection: connection, isHead: isHead, date: Self.date)
    return (String(decoding: octets, as: UTF8.self), closes)
  }

  private func response(
    _ status: Int, _ name: String? = nil, _ value: String = "", body: String = "",
    closes: Bool = false
  ) -> HTTPResponse {
    var fields = HTTPFields()
    if let name { fields.add(name, value) }
    return HTTPResponse(status: status, fields: fields, body: Array(body.utf8), closes: closes)
  }

  @Test("a response has its status, its fields, Date, Content-Length and its body")
  func plain() {
    let (text, closes) = text(response(200, "Content-Type", "text/plain", body: "hello"))
    #expect(
      text == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n" + Self.dateLine
        + "Content-Length: 5\r\n\r\nhello")
    #expect(!closes)
  }

  @Test("Connection says what becomes of it")
  func connection() {
    let head = "HTTP/1.1 200 OK\r\n" + Self.dateLine + "Content-Length: 0\r\n"
    #expect(text(response(200)) == (head + "\r\n", false))
    #expect(text(response(200), .keptAlive) == (head + "Connection: keep-alive\r\n\r\n", false))
    #expect(text(response(200), .close) == (head + "Connection: close\r\n\r\n", true))
    #expect(
      text(response(200, closes: true), .keptAlive) == (head + "Connection: close\r\n\r\n", true))
  }

  @Test("HEAD has the length, not the body")
  func head() {
    #expect(
      text(response(200, body: "hello"), isHead: true).text == "HTTP/1.1 200 OK\r\n"
        + Self.dateLine + "Content-Length: 5\r\n\r\n")
  }

  @Test("204 and 304 have neither length nor body", arguments: [204, 304])
  func withoutBody(_ status: Int) {
    let text = text(response(status, body: "hello")).text
    #expect(text.hasSuffix(Self.dateLine + "\r\n"))
    #expect(!text.contains("Content-Length"))
  }

  @Test(
    "a response that could begin another field or message is an empty 500 instead",
    arguments: [
      ("X", "a\r\nSet-Cookie: b"), ("X", "a\nb"), ("X", "a\rb"), ("X", "a\u{0}b"),
      ("X\r\nY", "a"), ("X Y", "a"), ("X:", "a"), ("", "a"), ("\u{E4}", "a"),
    ])
  func injection(_ name: String, _ value: String) {
    #expect(
      text(response(200, name, value, body: "hello"))
        == (
          "HTTP/1.1 500 Internal Server Error\r\n" + Self.dateLine
            + "Content-Length: 0\r\nConnection: close\r\n\r\n", true
        ))
  }

  @Test(
    "a status that is none of a whole response is 500", arguments: [-1, 0, 100, 199, 600, 1000])
  func badStatus(_ status: Int) {
    #expect(text(response(status)).text.hasPrefix("HTTP/1.1 500 "))
  }

  @Test(
    "what the transport says is not said twice",
    arguments: ["date", "Content-Length", "CONNECTION", "Transfer-Encoding"])
  func ours(_ name: String) {
    #expect(text(response(200, name, "7")).text == text(response(200)).text)
  }

  @Test("a status without a phrase has an empty one")
  func phrase() { #expect(text(response(299)).text.hasPrefix("HTTP/1.1 299 \r\n")) }

  @Test(
    "dates",
    arguments: [
      (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
      (951_868_799, "Tue, 29 Feb 2000 23:59:59 GMT"),
      (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
      (1_735_689_599, "Tue, 31 Dec 2024 23:59:59 GMT"),
      (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
      (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
      (Int.max, "Fri, 31 Dec 9999 23:59:59 GMT"), (-1, "Thu, 01 Jan 1970 00:00:00 GMT"),
    ])
  func dates(_ seconds: Int, _ expected: String) { #expect(HTTPDate.text(seconds) == expected) }
}

@Suite("HTTPFields")
struct HTTPFieldsTests {
  @Test("names compare without case, values with it")
  func names() {
    var fields = HTTPFields()
    fields.add("Content-TYPE", "a")
    fields.add("content-type", "b")
    #expect(fields["content-Type"] == "a")
    #expect(fields["content_type"] == nil)
    #expect(fields["content-typ"] == nil)
    #expect(fields[""] == nil)
  }

  @Test("only letters of ASCII have a case")
  func ascii() {
    var fields = HTTPFields()
    fields.add("a@[", "1")
    #expect(fields["A`{"] == nil)
    #expect(fields["A@["] == "1")
  }
}
