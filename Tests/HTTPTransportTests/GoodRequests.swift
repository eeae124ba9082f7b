import HTTPTransport

/// Names that begin with `(last)` are of requests behind which a connection ends.
let goodRequests: [ReaderCase] = [
  ReaderCase("the least", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", request("GET", "/")),
  ReaderCase(
    "a query", "GET /a/b?c=d?e HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/a/b", query: "c=d?e")),
  ReaderCase(
    "an empty query", "GET /? HTTP/1.1\r\nHost: h\r\n\r\n", request("GET", "/", query: "")),
  ReaderCase(
    "percent signs stay", "GET /%2e%2E/%00?%7a HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/%2e%2E/%00", query: "%7a")),
  ReaderCase(
    "every letter of a target", "GET /aZ09-._~!$&'()*+,;=:@/? HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/aZ09-._~!$&'()*+,;=:@/", query: "")),
  ReaderCase(
    "two slashes are a path", "GET //other/ HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "//other/")),
  ReaderCase("HEAD", "HEAD / HTTP/1.1\r\nHost: h\r\n\r\n", request("HEAD", "/")),
  ReaderCase("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n", request("OPTIONS", "*")),
  ReaderCase(
    "a method of the caller's own", "!#$%&'*+-.^_`|~aZ9 / HTTP/1.1\r\nHost: h\r\n\r\n",
    request("!#$%&'*+-.^_`|~aZ9", "/")),
  ReaderCase(
    "the absolute form names the host", "GET http://a.example:80/b?c HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/b", query: "c", ["Host", "a.example:80"])),
  ReaderCase(
    "the absolute form without a path", "GET HTTPS://[::1] HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/", ["Host", "[::1]"])),
  ReaderCase(
    "the absolute form with a query alone", "GET http://a?b HTTP/1.1\r\nHost: h\r\n\r\n",
    request("GET", "/", query: "b", ["Host", "a"])),
  ReaderCase(
    "OPTIONS in absolute form without a path", "OPTIONS http://a HTTP/1.1\r\nHost: h\r\n\r\n",
    request("OPTIONS", "*", ["Host", "a"])),
  ReaderCase(
    "an empty line in front", "\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", request("GET", "/")),
  ReaderCase(
    "an empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", request("GET", "/", ["Host", ""])),
  ReaderCase(
    "white space around a value",
    "GET / HTTP/1.1\r\nhOST: \t h \t\r\nX:\t\r\nY:a b\tc\r\n\r\n",
    request("GET", "/", ["hOST", "h", "X", "", "Y", "a b\tc"])),
  ReaderCase(
    "a value in UTF-8", "GET / HTTP/1.1\r\nHost: h\r\nX: \u{E4}\u{20AC}\r\n\r\n",
    request("GET", "/", ["Host", "h", "X", "\u{E4}\u{20AC}"])),
  ReaderCase(
    "a value that is not UTF-8 is ISO 8859-1",
    octets: Array("GET / HTTP/1.1\r\nHost: h\r\nX: ".utf8) + [0xE4, 0x62, 0x0D, 0x0A, 0x0D, 0x0A],
    request("GET", "/", ["Host", "h", "X", "\u{E4}b"])),
  ReaderCase(
    "repeated fields stay in order", "GET / HTTP/1.1\r\nA: 1\r\nHost: h\r\na: 2\r\n\r\n",
    request("GET", "/", ["A", "1", "Host", "h", "a", "2"])),
  ReaderCase(
    "a body by its length", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nab\r\nc",
    request("POST", "/", ["Host", "h", "Content-Length", "5"], body: "ab\r\nc")),
  ReaderCase(
    "a length with zeros in front", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 0003\r\n\r\nabc",
    request("POST", "/", ["Host", "h", "Content-Length", "0003"], body: "abc")),
  ReaderCase(
    "no length, no body", "POST / HTTP/1.1\r\nHost: h\r\n\r\n", request("POST", "/")),
  ReaderCase(
    "a body of a GET is read", "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nGET",
    request("GET", "/", ["Host", "h", "Content-Length", "3"], body: "GET")),
  ReaderCase(
    "chunks", chunked("3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n"),
    request("POST", "/", chunkedFields, body: "abc0123456789")),
  ReaderCase("no chunk but the last", chunked("0\r\n\r\n"), request("POST", "/", chunkedFields)),
  ReaderCase(
    "a last chunk of many zeros", chunked("1\r\na\r\n000\r\n\r\n"),
    request("POST", "/", chunkedFields, body: "a")),
  ReaderCase(
    "chunk extensions are left out",
    chunked("1;a\r\na\r\n1 ; b=\"c;\"\r\nd\r\n0;e\r\n\r\n"),
    request("POST", "/", chunkedFields, body: "ad")),
  ReaderCase(
    "a trailer is left out", chunked("1\r\na\r\n0\r\nX: y\r\nContent-Length: 7\r\n\r\n"),
    request("POST", "/", chunkedFields, body: "a")),
  ReaderCase(
    "the coding in capital letters",
    "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
    request("POST", "/", ["Host", "h", "Transfer-Encoding", "CHUNKED"])),
  ReaderCase(
    "leave to send a body by its length",
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\na",
    .continueExpected,
    request("POST", "/", ["Host", "h", "Expect", "100-Continue", "Content-Length", "1"], body: "a")),
  ReaderCase(
    "leave to send chunks",
    "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    .continueExpected,
    request("POST", "/", ["Host", "h", "Expect", "100-continue", "Transfer-Encoding", "chunked"])),
  ReaderCase(
    "no leave for no body", "GET / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n",
    request("GET", "/", ["Host", "h", "Expect", "100-continue"])),
  ReaderCase(
    "(last) HTTP/1.0 has no expectations",
    "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\na",
    request("POST", "/", ["Expect", "100-continue", "Content-Length", "1"], body: "a", .close)),
  ReaderCase(
    "(last) HTTP/1.0 needs no host and ends", "GET / HTTP/1.0\r\n\r\n",
    request("GET", "/", [], .close)),
  ReaderCase(
    "HTTP/1.0 stays where it is asked", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n",
    request("GET", "/", ["Connection", "Keep-Alive"], .keptAlive)),
  ReaderCase(
    "HTTP/1.1 keep-alive says nothing new",
    "GET / HTTP/1.1\r\nHost: h\r\nConnection: keep-alive\r\n\r\n",
    request("GET", "/", ["Host", "h", "Connection", "keep-alive"])),
  ReaderCase(
    "(last) close among others", "GET / HTTP/1.1\r\nHost: h\r\nConnection: te ,, CLOSE\r\n\r\n",
    request("GET", "/", ["Host", "h", "Connection", "te ,, CLOSE"], .close)),
  ReaderCase(
    "(last) close wins over keep-alive",
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\nConnection: close\r\n\r\n",
    request("GET", "/", ["Connection", "keep-alive", "Connection", "close"], .close)),
  ReaderCase(
    "an upgrade is not taken", "GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c\r\n\r\n",
    request("GET", "/", ["Host", "h", "Upgrade", "h2c"])),
  ReaderCase(
    "two behind one another",
    "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\naGET /2 HTTP/1.1\r\nHost: h\r\n\r\n",
    request("POST", "/1", ["Host", "h", "Content-Length", "1"], body: "a"), request("GET", "/2")),
  ReaderCase("nothing", ""),
  ReaderCase("(last) half a head", "GET / HTTP/1.1\r\nHost: h\r\n"),
  ReaderCase("(last) half a body", "PUT / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na"),
]

let chunkedFields = ["Host", "h", "Transfer-Encoding", "chunked"]

func chunked(_ body: String) -> String {
  "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" + body
}
