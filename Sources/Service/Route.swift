/// The resources of the service; the raw value is the template that logs, metrics and the OpenAPI
/// description know it by.
package enum Route: String, CaseIterable, Sendable {
  case retrieve = "/v1/retrieve"
  case item = "/v1/items/{id}"
  case live = "/health/live"
  case ready = "/health/ready"
  case version = "/version"
  case metrics = "/metrics"

  /// The methods that it answers, as `Allow` lists them.
  package var methods: [String] { self == .retrieve ? ["POST"] : ["GET", "HEAD"] }

  /// Who may ask.
  enum Door { case open, key, operatorKey }

  var door: Door {
    switch self {
    case .retrieve, .item: .key
    case .metrics: .operatorKey
    case .live, .ready, .version: .open
    }
  }

  /// The route of a target's path, and the text in the place of `{id}`; `nil` where there is none.
  ///
  /// Percent-encoded unreserved characters are what they stand for (RFC 3986, section 6.2.2.2); all
  /// else compares octet by octet, so a text that has a slash or another reserved character in it is
  /// no id.
  static func find(_ path: String) -> (route: Route, id: String)? {
    let path = withoutNeedlessEscapes(path)
    if let route = Route(rawValue: path), route != .item { return (route, "") }
    let prefix = "/v1/items/"
    guard path.hasPrefix(prefix) else { return nil }
    let id = path.dropFirst(prefix.count)
    return id.isEmpty || id.utf8.contains(0x2F) ? nil : (.item, String(id))
  }

  private static func withoutNeedlessEscapes(_ path: String) -> String {
    guard path.utf8.contains(0x25) else { return path }
    let octets = Array(path.utf8)
    var result: [UInt8] = []
    var index = 0
    while index < octets.count {
      if octets[index] == 0x25, index + 2 < octets.count,
        let value = UInt8(
          String(decoding: octets[index + 1...index + 2], as: UTF8.self), radix: 16),
        isUnreserved(value)
      {
        result.append(value)
        index += 3
      } else {
        result.append(octets[index])
        index += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func isUnreserved(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
    default: false
    }
  }
}
