import Octets

/// Which trace a request belongs to: its trace id is the `request_id` of the answer.
///
/// - SeeAlso: W3C Trace Context, sections 3.2 and 4.
struct TraceContext: Sendable {
  /// 32 lower-case hexadecimal digits, not all 0.
  let traceID: String
  /// The request's own part of the trace, by chance.
  let spanID: String
  private let isSampled: Bool

  /// The context that `header` carries on; a new trace where there is none or it is not valid.
  init(_ header: String?) {
    let parsed = header.flatMap(Self.parse)
    traceID = parsed?.traceID ?? Self.randomDigits(32)
    spanID = Self.randomDigits(16)
    isSampled = parsed?.isSampled ?? false
  }

  /// What goes back to the caller.
  var header: String { "00-\(traceID)-\(spanID)-0\(isSampled ? 1 : 0)" }

  /// Version 00 has exactly its four fields; a later version may have more behind a hyphen, `ff` is
  /// none.
  private static func parse(_ header: String) -> (traceID: String, isSampled: Bool)? {
    let octets = Array(header.utf8)
    guard octets.count >= 55, octets[2] == 0x2D, octets[35] == 0x2D, octets[52] == 0x2D,
      [0..<2, 3..<35, 36..<52, 53..<55].allSatisfy({ octets[$0].allSatisfy(isDigit) })
    else { return nil }
    let version = octets[0..<2]
    if version.elementsEqual("ff".utf8) { return nil }
    if octets.count > 55, version.elementsEqual("00".utf8) || octets[55] != 0x2D { return nil }
    guard octets[3..<35].contains(where: { $0 != 0x30 }),
      octets[36..<52].contains(where: { $0 != 0x30 })
    else { return nil }
    let last = Character(Unicode.Scalar(octets[54])).hexDigitValue ?? 0
    return (String(decoding: octets[3..<35], as: UTF8.self), last & 1 == 1)
  }

  private static func isDigit(_ octet: UInt8) -> Bool {
    (0x30...0x39).contains(octet) || (0x61...0x66).contains(octet)
  }

  private static func randomDigits(_ count: Int) -> String {
    var octets: [UInt8] = []
    repeat {
      octets = (0..<count / 2).map { _ in UInt8.random(in: 0...255) }
    } while octets.allSatisfy { $0 == 0 }
    return SHA256.hex(octets)
  }
}
