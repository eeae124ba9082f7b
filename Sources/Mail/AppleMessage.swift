import Octets

/// A message as Apple Mail keeps it (`.emlx`, `.partial.emlx`): its length on a line, the message, and
/// a property list that has its flags.
///
/// The form is not published; it was found by looking. Of a message that was cut, the rest is taken. In
/// a partial one the attachments stand in files beside it, and its parts are empty.
struct AppleMessage {
  /// Where the message is.
  var message: Range<Int>
  /// As ``MaildirName/flags(_:)`` names them, in that order.
  var flags: [String] = []

  /// `nil` where `octets` do not begin with a line of a number.
  ///
  /// - Complexity: O(octets behind the message), of the first ``longestList``.
  init?(_ octets: Span<UInt8>) {
    let line = Lines(hasBareReturns: false).line(octets, at: 0, end: min(octets.count, 64))
    guard line.next > line.contentEnd, let length = Self.number(octets, 0..<line.contentEnd) else {
      return nil
    }
    message = line.next..<line.next + min(length, octets.count - line.next)
    if let bits = Self.flagBits(octets, from: message.upperBound) {
      flags = Self.known.filter { bits & 1 << $0.bit != 0 }.map(\.flag)
    }
  }

  /// Whether a file of this name is one.
  static func hasName(_ name: String) -> Bool { name.lowercased().hasSuffix(".emlx") }

  static let longestList = 1 << 20

  private static let known: [(bit: UInt64, flag: String)] = [
    (0, "seen"), (2, "replied"), (4, "flagged"), (6, "draft"), (1, "trashed"), (8, "passed"),
  ]

  /// The number behind `<key>flags</key>`.
  private static func flagBits(_ octets: Span<UInt8>, from start: Int) -> UInt64? {
    let end = min(octets.count, start + longestList)
    var index = start
    while true {
      index = firstIndex(of: 0x3C, in: octets, from: index, to: end)
      guard index < end else { return nil }
      if let value = after("<key>flags</key>", octets, at: index, end: end) {
        index = value
        break
      }
      index += 1
    }
    while index < end, octets[index] <= 0x20 { index += 1 }
    guard let digits = after("<integer>", octets, at: index, end: end) else { return nil }
    let close = firstIndex(of: 0x3C, in: octets, from: digits, to: end)
    return number(octets, digits..<close).map { UInt64($0) }
  }

  private static func after(
    _ word: String, _ octets: Span<UInt8>, at start: Int, end: Int
  ) -> Int? {
    let stop = start + word.utf8.count
    guard stop <= end, matches(octets, start..<stop, word) else { return nil }
    return stop
  }

  /// A number of at most 18 digits, with spaces behind it.
  private static func number(_ octets: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var end = range.upperBound
    while end > range.lowerBound, octets[end - 1] == 0x20 { end -= 1 }
    guard (1...18).contains(end - range.lowerBound) else { return nil }
    var number = 0
    for index in range.lowerBound..<end {
      guard (0x30...0x39).contains(octets[index]) else { return nil }
      number = number * 10 + Int(octets[index] - 0x30)
    }
    return number
  }
}
