extension MailDate {
  /// The date in the one form that nearly all mail has; `nil` where anything is written otherwise.
  ///
  /// `Wed, 02 Oct 2002 09:14:00 +0200 (CEST)`: RFC 5322's form in full with a numeric offset; the
  /// day's name and the comment may be missing. The result is what ``init(_:)-(Span<UInt8>)`` reads
  /// word by word. O(octets), without allocation.
  init?(usual octets: Span<UInt8>) {
    var index = 0
    skipBlanks(octets, &index)
    if let name = takeName(octets, &index) {
      guard weekdays.contains(name) else { return nil }
      if index < octets.count, octets[index] == 0x2C { index += 1 }
      skipBlanks(octets, &index)
    }
    guard let day = takeNumber(octets, &index, digits: 1...2), skipBlanks(octets, &index),
      let name = takeName(octets, &index), let month = months.firstIndex(of: name),
      skipBlanks(octets, &index),
      let year = takeNumber(octets, &index, digits: 4...4), skipBlanks(octets, &index),
      let hour = takeNumber(octets, &index, digits: 1...2), take(0x3A, octets, &index),
      let minute = takeNumber(octets, &index, digits: 1...2), take(0x3A, octets, &index),
      let second = takeNumber(octets, &index, digits: 1...2), skipBlanks(octets, &index),
      index < octets.count, octets[index] == 0x2B || octets[index] == 0x2D
    else { return nil }
    let isWest = octets[index] == 0x2D
    index += 1
    guard let offset = takeNumber(octets, &index, digits: 4...4), offset / 100 < 24,
      offset % 100 < 60, isEndOrComment(octets, index),
      let civil = CivilTime(
        year: year, month: month + 1, day: day, hour: hour, minute: minute, second: second)
    else { return nil }
    let seconds = offset / 100 * 3_600 + offset % 100 * 60
    let zone: Zone = isWest ? seconds == 0 ? .unspecified : .offset(-seconds) : .offset(seconds)
    self.init(civil: civil, zone: zone)
  }
}

/// Skips spaces and controls; whether there was one.
@discardableResult
private func skipBlanks(_ octets: Span<UInt8>, _ index: inout Int) -> Bool {
  let start = index
  while index < octets.count, octets[index] <= 0x20 { index += 1 }
  return index > start
}

private func take(_ octet: UInt8, _ octets: Span<UInt8>, _ index: inout Int) -> Bool {
  guard index < octets.count, octets[index] == octet else { return false }
  index += 1
  return true
}

private func takeNumber(
  _ octets: Span<UInt8>, _ index: inout Int, digits: ClosedRange<Int>
) -> Int? {
  let start = index
  var value = 0
  while index < octets.count, octets[index] &- 0x30 < 10, index - start < digits.upperBound {
    value = value * 10 + Int(octets[index] &- 0x30)
    index += 1
  }
  return index - start >= digits.lowerBound ? value : nil
}

/// Three letters and no more, as ``packed(_:)`` has them.
private func takeName(_ octets: Span<UInt8>, _ index: inout Int) -> UInt32? {
  var name: UInt32 = 0
  var end = index
  while end < octets.count, (octets[end] | 0x20) &- 0x61 < 26 {
    guard end - index < 3 else { return nil }
    name = name << 8 | UInt32(octets[end] | 0x20)
    end += 1
  }
  guard end - index == 3 else { return nil }
  index = end
  return name
}

/// Whether nothing follows but blanks and one comment without a backslash or a comment in it.
private func isEndOrComment(_ octets: Span<UInt8>, _ start: Int) -> Bool {
  var index = start
  skipBlanks(octets, &index)
  guard index < octets.count else { return true }
  guard index > start, octets[index] == 0x28 else { return false }
  index += 1
  while index < octets.count, octets[index] != 0x29 {
    if octets[index] == 0x28 || octets[index] == 0x5C { return false }
    index += 1
  }
  index += 1
  skipBlanks(octets, &index)
  return index >= octets.count
}

/// Letters as one number, the last lowest.
private func packed(_ name: String) -> UInt32 {
  name.utf8.reduce(0) { $0 << 8 | UInt32($1) }
}

private let weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map { packed($0) }

private let months = [
  "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
].map { packed($0) }
