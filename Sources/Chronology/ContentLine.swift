import Octets

/// One property of iCalendar: an unfolded line `NAME;PARAMETER=value:value`.
///
/// - SeeAlso: RFC 5545, section 3.1; RFC 6868 for `^n`, `^'` and `^^`.
package struct ContentLine: Hashable, Sendable {
  package struct Parameter: Hashable, Sendable {
    /// Upper case; empty for a value that stands alone, as vCalendar 1.0 writes encodings.
    package var name: String
    package var values: [String]
  }

  /// Upper case.
  package var name: String
  package var parameters: [Parameter]
  /// As written: escapes and encodings are its reader's.
  package var value: [UInt8]

  /// Parameters of one line that are read; further ones are passed over.
  private static let parameterLimit = 100

  package init(name: String, parameters: [Parameter] = [], value: [UInt8]) {
    self.name = name
    self.parameters = parameters
    self.value = value
  }

  /// `nil` where the line has no name with a `:` behind it; O(octets).
  package init?(_ line: ArraySlice<UInt8>) {
    let head = line.prefix { Self.isNameOctet($0) }
    guard !head.isEmpty, let mark = line[head.endIndex...].first, mark == 0x3A || mark == 0x3B
    else { return nil }
    var scanner = ParameterScanner(line, at: head.endIndex)
    var parameters: [Parameter] = []
    while let parameter = scanner.next() {
      if parameters.count < Self.parameterLimit { parameters.append(parameter) }
    }
    guard let valueStart = scanner.valueStart else { return nil }
    self.init(
      name: upperCased(head), parameters: parameters, value: Array(line[valueStart...]))
  }

  /// The line as one is written, without folds and line end: what ``init(_:)`` reads back.
  package var octets: [UInt8] {
    var octets = Array(name.utf8)
    for parameter in parameters {
      octets.append(0x3B)
      octets += Array(parameter.name.utf8)
      if !parameter.name.isEmpty { octets.append(0x3D) }
      octets += Array(parameter.values.map { Self.written($0) }.joined(separator: ",").utf8)
    }
    return octets + [0x3A] + value
  }

  /// In quotes where marks ask for them, with RFC 6868's escapes.
  private static func written(_ text: String) -> String {
    var octets: [UInt8] = []
    for octet in text.utf8 {
      switch octet {
      case 0x0A: octets += [0x5E, 0x6E]
      case 0x22: octets += [0x5E, 0x27]
      case 0x5E: octets += [0x5E, 0x5E]
      default: octets.append(octet)
      }
    }
    let needsQuotes = octets.contains { $0 == 0x2C || $0 == 0x3A || $0 == 0x3B }
    let written = String(decoding: octets, as: UTF8.self)
    return needsQuotes ? "\"\(written)\"" : written
  }

  /// The parameter's values, joined by commas where there are several; `nil` where it is absent.
  package func parameter(_ name: String) -> String? {
    parameters.first { $0.name == name }.map { $0.values.joined(separator: ",") }
  }

  /// Whether a parameter or a value that stands alone says `value`, in whatever case.
  package func says(_ name: String, _ value: String) -> Bool {
    parameters.contains {
      ($0.name == name || $0.name.isEmpty)
        && $0.values.contains { upperCased(Array($0.utf8)[...]) == value }
    }
  }

  @inline(__always)
  private static func isNameOctet(_ octet: UInt8) -> Bool {
    switch octet {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }
}

/// The parameters of a line, one after the other.
private struct ParameterScanner {
  private let line: ArraySlice<UInt8>
  private var index: Int
  /// Behind it no quoted value can end.
  private let lastQuote: Int

  init(_ line: ArraySlice<UInt8>, at index: Int) {
    self.line = line
    self.index = index
    lastQuote = line.lastIndex(of: 0x22) ?? line.startIndex
  }

  /// Where the value begins, once the parameters are read.
  var valueStart: Int? {
    index < line.endIndex && line[index] == 0x3A ? index + 1 : nil
  }

  mutating func next() -> ContentLine.Parameter? {
    guard index < line.endIndex, line[index] == 0x3B else { return nil }
    index += 1
    let start = index
    while index < line.endIndex, !isMark(line[index]), line[index] != 0x3D { index += 1 }
    let word = line[start..<index]
    guard index < line.endIndex, line[index] == 0x3D else {
      return ContentLine.Parameter(name: "", values: [decoded(word)])
    }
    var values: [String] = []
    repeat {
      index += 1
      values.append(value())
    } while index < line.endIndex && line[index] == 0x2C
    return ContentLine.Parameter(name: upperCased(trimmed(word)), values: values)
  }

  /// One value, quoted or not; a quote that is not closed stands for itself.
  private mutating func value() -> String {
    if index < lastQuote, line[index] == 0x22,
      let end = line[(index + 1)...].firstIndex(of: 0x22)
    {
      let content = line[(index + 1)..<end]
      index = end + 1
      // What stands between the closing quote and the next mark belongs to nothing.
      while index < line.endIndex, !isMark(line[index]), line[index] != 0x2C { index += 1 }
      return decoded(content)
    }
    let start = index
    while index < line.endIndex, !isMark(line[index]), line[index] != 0x2C { index += 1 }
    return decoded(line[start..<index])
  }

  private func isMark(_ octet: UInt8) -> Bool { octet == 0x3A || octet == 0x3B }

  private func trimmed(_ word: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let rest = word.drop { $0 == 0x20 || $0 == 0x09 }
    guard let last = rest.lastIndex(where: { $0 != 0x20 && $0 != 0x09 }) else { return [] }
    return rest[...last]
  }

  /// Text with RFC 6868's escapes undone; octets that are not UTF-8 are read as windows-1252.
  private func decoded(_ octets: ArraySlice<UInt8>) -> String {
    var plain = Array(octets)
    if plain.contains(0x5E) {
      plain.removeAll(keepingCapacity: true)
      var index = octets.startIndex
      while index < octets.endIndex {
        let next = index + 1 < octets.endIndex ? octets[index + 1] : 0
        let escaped: UInt8? =
          switch (octets[index], next) {
          case (0x5E, 0x6E): 0x0A
          case (0x5E, 0x27): 0x22
          case (0x5E, 0x5E): 0x5E
          default: nil
          }
        plain.append(escaped ?? octets[index])
        index += escaped == nil ? 1 : 2
      }
    }
    return String(validating: plain, as: UTF8.self) ?? Charset.windows1252.decode(plain).text
  }
}

/// ASCII letters in upper case; anything else that is not ASCII becomes U+FFFD.
package func upperCased(_ octets: ArraySlice<UInt8>) -> String {
  String(decoding: octets.map { (0x61...0x7A).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
}
