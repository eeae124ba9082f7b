import Octets

/// A value with parameters, as Content-Type and Content-Disposition have.
///
/// - SeeAlso: RFC 2045, section 5.1; RFC 2231 (continued and encoded parameters).
struct ParameterField {
  /// In lower case, without comments: `text/plain`, `attachment`.
  private(set) var value: String
  private var parameters: [(name: String, value: [UInt8])] = []
  /// Whether there are more parameters than are kept.
  let hasMore: Bool

  /// How many parameters are kept.
  static let limit = 100

  /// Reads an unfolded value.
  ///
  /// O(octets).
  init(_ octets: [UInt8]) {
    var fields = Self.split(octets)[...]
    let first = fields.popFirst() ?? []
    value = lowercasedText(first.filter { $0 > 0x20 })
    hasMore = fields.count > Self.limit
    for field in fields.prefix(Self.limit) {
      guard let equals = field.firstIndex(of: 0x3D) else { continue }
      let name = lowercasedText(field[..<equals].filter { $0 > 0x20 })
      parameters.append((name, Self.unquoted(field[(equals + 1)...])))
    }
  }

  /// The names of the parameters, each once, without the marks of RFC 2231, in order.
  var names: [String] {
    var names: [String] = []
    for parameter in parameters {
      let name = String(parameter.name.prefix { $0 != "*" })
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  /// The octets of a parameter that is a token, as the boundary is: as written, else the text of
  /// RFC 2231's forms.
  func octets(_ name: String) -> [UInt8]? {
    plain(name) ?? (pieces(name).isEmpty ? nil : text(name).map { Array($0.utf8) })
  }

  private func plain(_ name: String) -> [UInt8]? { parameters.first { $0.name == name }?.value }

  /// The text of a parameter, whichever way it is written.
  ///
  /// Where a sender wrote it twice, the form of RFC 2231 counts: it says its charset. Pieces are
  /// joined by their numbers up to the first that is missing. A plain value may hold encoded words,
  /// which RFC 2047, section 5, forbids and many programs write.
  func text(_ name: String) -> String? {
    let pieces = pieces(name)
    guard !pieces.isEmpty else { return plain(name).map { headerText($0).text } }
    var octets: [UInt8] = []
    var charset: String?
    for piece in pieces {
      var value = piece.value[...]
      guard piece.isEncoded else {
        octets += value
        continue
      }
      if charset == nil, value.count(where: { $0 == 0x27 }) >= 2 {
        let label = value.prefix { $0 != 0x27 }
        charset = String(decoding: label, as: UTF8.self)
        value = value[label.endIndex...].dropFirst().drop { $0 != 0x27 }.dropFirst()
      }
      octets += percentDecoded(value)
    }
    guard let charset, let known = Charset(label: charset) else { return headerText(octets).text }
    return known.decode(octets).text
  }

  private typealias Piece = (value: [UInt8], isEncoded: Bool)

  /// `name*`, else `name*0`, `name*1*` and so on, in order.
  private func pieces(_ name: String) -> [Piece] {
    var numbered: [Int: Piece] = [:]
    for parameter in parameters where parameter.name.hasPrefix("\(name)*") {
      var rest = parameter.name.utf8.dropFirst(name.utf8.count + 1)
      if rest.isEmpty { return [(parameter.value, true)] }
      let isEncoded = rest.last == 0x2A
      if isEncoded { rest = rest.dropLast() }
      guard let number = Int(Substring(rest)), numbered[number] == nil else { continue }
      numbered[number] = (parameter.value, isEncoded)
    }
    var pieces: [Piece] = []
    while let piece = numbered[pieces.count] { pieces.append(piece) }
    return pieces
  }

  private func percentDecoded(_ octets: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = octets.startIndex
    while index < octets.endIndex {
      if octets[index] == 0x25, index + 2 < octets.endIndex,
        let high = hexadecimalValue(octets[index + 1]),
        let low = hexadecimalValue(octets[index + 2])
      {
        result.append(high << 4 | low)
        index += 3
      } else {
        result.append(octets[index])
        index += 1
      }
    }
    return result
  }

  /// Splits at semicolons outside of quotation marks; comments are left out.
  static func split(_ octets: [UInt8]) -> [[UInt8]] {
    var fields: [[UInt8]] = [[]]
    var isQuoted = false
    var depth = 0
    var index = 0
    while index < octets.count {
      let octet = octets[index]
      index += 1
      if octet == 0x5C, isQuoted, index < octets.count {
        fields[fields.count - 1] += [octet, octets[index]]
        index += 1
        continue
      }
      if octet == 0x22, depth == 0 { isQuoted.toggle() }
      if !isQuoted, octet == 0x28 { depth += 1 }
      if !isQuoted, octet == 0x29, depth > 0 {
        depth -= 1
        continue
      }
      if depth > 0 { continue }
      if octet == 0x3B, !isQuoted {
        fields.append([])
      } else {
        fields[fields.count - 1].append(octet)
      }
    }
    return fields
  }

  private static func unquoted(_ field: ArraySlice<UInt8>) -> [UInt8] {
    var rest = field
    while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
    while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
    guard rest.first == 0x22 else { return Array(rest) }
    var value: [UInt8] = []
    var index = rest.startIndex + 1
    while index < rest.endIndex, rest[index] != 0x22 {
      if rest[index] == 0x5C, index + 1 < rest.endIndex { index += 1 }
      value.append(rest[index])
      index += 1
    }
    return value
  }
}

func lowercasedText(_ octets: some Sequence<UInt8>) -> String {
  String(
    decoding: octets.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
}
