import Glibc
import HTTPTransport
import TestSupport
import Testing

/// Prints how fast requests are read, in the usual shape and in the worst ones.
///
/// Nothing is asserted about time; a shape whose cost is not linear would stand out, as each is read
/// at one and at four times its size.
///
/// Run with `LOAM_MEASURE=1 swift test -c release --filter HTTPTransportTests.SpeedTests`.
@Suite(.enabled(if: Corpora.environment("LOAM_MEASURE") == "1"), .serialized)
struct SpeedTests {
  /// A shape: octets of about a given size, and the pieces that they are fed in.
  struct Shape: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var piece: Int
    var limits = HTTPLimits()
    var octets: @Sendable (_ size: Int) -> [UInt8]
  }

  @Test("reading", arguments: shapes)
  func reading(_ shape: Shape) {
    let rates = [1 << 20, 4 << 20].map { size in
      let octets = shape.octets(size)
      var events = 0
      let start = clock()
      var reader = RequestReader(limits: shape.limits)
      for at in stride(from: 0, to: octets.count, by: shape.piece) {
        reader.feed(octets.span.extracting(at..<min(octets.count, at + shape.piece)))
        while reader.next() != nil { events += 1 }
      }
      let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
      #expect(reader.phase != .refused)
      return "\((Double(octets.count) / seconds / 1e5).rounded() / 10) MB/s, \(events) events"
    }
    print("\(shape.testDescription): \(rates.joined(separator: "; at four times the size "))")
  }

  private static let wide: HTTPLimits = {
    var limits = HTTPLimits()
    limits.bodyOctets = 8 << 20
    limits.fieldCount = 8 << 20
    limits.fieldOctets = 8 << 20
    limits.fieldLineOctets = 8 << 20
    return limits
  }()

  static let shapes = [
    Shape(testDescription: "requests of curl, in pieces of 64 KiB", piece: 65_536) {
      repeated(
        "POST /v1/retrieve HTTP/1.1\r\nHost: 127.0.0.1:8765\r\nUser-Agent: curl/7.88.1\r\n"
          + "Accept: */*\r\nAuthorization: Bearer loam_0123456789abcdef0123456789abcdef\r\n"
          + "Content-Type: application/json\r\nContent-Length: 18\r\n\r\n{\"query\":\"budget\"}", $0
      )
    },
    Shape(testDescription: "the least requests, in one piece", piece: 8 << 20) {
      repeated("G / HTTP/1.0\r\n\r\n", $0)
    },
    Shape(testDescription: "a body, octet by octet", piece: 1, limits: wide) {
      Array("P / HTTP/1.0\r\nContent-Length: \($0)\r\n\r\n".utf8) + repeated("a", $0)
    },
    Shape(testDescription: "chunks of one octet, octet by octet", piece: 1, limits: wide) {
      Array(chunked("").utf8) + repeated("1\r\na\r\n", $0)
    },
    Shape(testDescription: "the least fields, octet by octet", piece: 1, limits: wide) {
      Array("P / HTTP/1.0\r\n".utf8) + repeated("a:\r\n", $0)
    },
    Shape(testDescription: "one field, octet by octet", piece: 1, limits: wide) {
      Array("P / HTTP/1.0\r\na:".utf8) + repeated(" ", $0)
    },
  ]

  private static func repeated(_ text: String, _ size: Int) -> [UInt8] {
    Array(String(repeating: text, count: max(1, size / text.utf8.count)).utf8)
  }
}
