/// The target of a request line, taken apart.
///
/// - SeeAlso: RFC 9112, section 3.2.
struct RequestTarget {
  var path = "/"
  var query: String?
  /// Host and port of an absolute form; they stand in for the field `Host`.
  var authority: String?

  /// Reads `octets` as origin form, absolute form or `*`.
  ///
  /// The authority form belongs to CONNECT, which no origin server needs, so it is malformed.
  init(_ octets: Span<UInt8>, method: String) throws(HTTPRefusal) {
    guard !octets.isEmpty, method != "CONNECT" else { throw .malformed }
    if octets[0] == 0x2F {
      try readPath(octets)
    } else if octets.count == 1, octets[0] == 0x2A {
      guard method == "OPTIONS" else { throw .malformed }
      path = "*"
    } else {
      try readAbsolute(octets, method: method)
    }
  }

  private mutating func readPath(_ octets: Span<UInt8>) throws(HTTPRefusal) {
    try Self.check(octets)
    guard let mark = octets.first(0x3F) else {
      path = octets.text()
      return
    }
    path = octets.extracting(..<mark).text()
    query = octets.extracting((mark + 1)...).text()
  }

  /// Letters of the grammar, and each percent sign with two hexadecimal digits.
  private static func check(_ octets: Span<UInt8>) throws(HTTPRefusal) {
    var at = 0
    while at < octets.count {
      let octet = octets[at]
      if octet == 0x25 {
        guard at + 2 < octets.count, hexadecimal(octets[at + 1]) != nil,
          hexadecimal(octets[at + 2]) != nil
        else { throw .malformed }
        at += 2
      } else if !CharacterClass.of(octet).contains(.target) {
        throw .malformed
      }
      at += 1
    }
  }

  private mutating func readAbsolute(
    _ octets: Span<UInt8>, method: String
  ) throws(HTTPRefusal) {
    guard let colon = octets.first(0x3A), colon + 2 < octets.count, octets[colon + 1] == 0x2F,
      octets[colon + 2] == 0x2F
    else { throw .malformed }
    let scheme = octets.extracting(..<colon)
    guard scheme.isWord("http") || scheme.isWord("https") else { throw .malformed }
    var end = colon + 3
    while end < octets.count, octets[end] != 0x2F, octets[end] != 0x3F { end += 1 }
    let host = octets.extracting((colon + 3)..<end)
    guard !host.isEmpty, isHost(host) else { throw .malformed }
    authority = host.text()
    if end == octets.count {
      path = method == "OPTIONS" ? "*" : "/"
    } else {
      try readPath(octets.extracting(end...))
      if path.isEmpty { path = "/" }
    }
  }
}

/// Whether `octets` are a host with or without a port; an empty host is one, as a field's value.
func isHost(_ octets: Span<UInt8>) -> Bool {
  guard octets.isOf(.host) else { return false }
  var at = 0
  if at < octets.count, octets[at] == 0x5B {
    guard let bracket = octets.first(0x5D) else { return false }
    at = bracket + 1
  } else {
    while at < octets.count, octets[at] != 0x3A {
      if octets[at] == 0x5B || octets[at] == 0x5D { return false }
      at += 1
    }
  }
  if at == octets.count { return true }
  guard octets[at] == 0x3A else { return false }
  at += 1
  while at < octets.count {
    guard (0x30...0x39).contains(octets[at]) else { return false }
    at += 1
  }
  return true
}
