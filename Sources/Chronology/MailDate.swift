/// A date as mail headers write it, in the present forms and the old ones.
///
/// Read are RFC 5322's form (day name and seconds optional, comments anywhere, lines folded), RFC
/// 733's `1429-EDT`, RFC 850's `02-Oct-02`, asctime's `Wed Oct  2 09:14:00 2002` with or without a
/// zone, ISO 8601's, and what programs made of these: dotted times, am and pm, the months of eleven
/// languages, numbers alone where they leave no doubt which is the month. Years of two digits are 1950
/// to 2049, years of three count from 1900 (RFC 5322, section 4.3), as do those of five that begin with
/// 191. The day of the week is not checked.
package struct MailDate: Hashable, Sendable {
  package enum Zone: Hashable, Sendable {
    /// Seconds east of Greenwich.
    case offset(Int)
    /// The sender did not say where: `-0000`, a military letter, or nothing at all, nor is there a
    /// known name in a comment. Read as UTC.
    case unspecified
    /// A name that is not on the list. Read as UTC, as RFC 5322, section 4.3, asks.
    case unknown
  }

  package let civil: CivilTime
  package let zone: Zone

  /// Seconds since 1970-01-01T00:00:00Z.
  package var instant: Int64 { civil.instant(offsetSeconds: offset ?? 0) }

  /// Seconds east of Greenwich, as far as they are known.
  package var offset: Int? { if case .offset(let seconds) = zone { seconds } else { nil } }

  /// The date in `octets`, a header's value; `nil` where there is none that a calendar has.
  ///
  /// More than 256 octets are not looked at. O(octets).
  package init?(_ octets: [UInt8]) { self.init(octets.span) }

  /// The date in `octets`, as above.
  package init?(_ octets: Span<UInt8>) {
    if let usual = MailDate(usual: octets) {
      self = usual
      return
    }
    var fields = MailDateFields()
    let (tokens, remarks) = dateTokens(octets.extracting(first: 256))
    for token in tokens {
      guard fields.take(token) else { return nil }
    }
    // `09:14:00 (PDT)`.
    if fields.zone == nil, remarks.count <= 3 { fields.takeZone(of: remarks) }
    guard let civil = fields.civil else { return nil }
    self.civil = civil
    zone = fields.zone ?? .unspecified
  }

  init(civil: CivilTime, zone: Zone) {
    self.civil = civil
    self.zone = zone
  }
}

/// The words of a date and those of its comments: split at white space and commas, in lower case.
private func dateTokens(
  _ written: Span<UInt8>
) -> (tokens: [ArraySlice<UInt8>], remarks: [ArraySlice<UInt8>]) {
  let octets = written.indices.map { index in
    let octet = written[index]
    return (0x41...0x5A).contains(octet) ? octet | 0x20 : octet
  }
  var tokens: [ArraySlice<UInt8>] = []
  var remarks: [ArraySlice<UInt8>] = []
  tokens.reserveCapacity(8)
  var start: Int?
  var depth = 0
  func endWord(_ end: Int) {
    guard let first = start else { return }
    if depth > 0 { remarks.append(octets[first..<end]) } else { tokens.append(octets[first..<end]) }
    start = nil
  }
  var isQuoted = false
  for (index, octet) in octets.enumerated() {
    switch octet {
    case _ where isQuoted: isQuoted = false
    case 0x5C where depth > 0:
      endWord(index)
      isQuoted = true
    case 0x28, 0x29:
      endWord(index)
      depth = max(0, depth + (octet == 0x28 ? 1 : -1))
    case 0x00...0x20, 0x2C, 0x3B: endWord(index)
    default: start = start ?? index
    }
  }
  endWord(octets.count)
  return (tokens, remarks)
}
