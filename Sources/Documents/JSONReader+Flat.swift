import Grounding

/// The values of a JSON text as `path: value`, one behind the other.
///
/// A path is the names on the way to the value, joined by dots; places in arrays are left out, and
/// scalars of one array stand behind one path, with commas between. `null` and empty strings are left
/// out. Line ends in values become blanks.
struct FlatText {
  private(set) var octets: [UInt8] = []
  /// Whether something was left out because the text would have more octets than its limit.
  private(set) var isCut = false
  /// What stands between two values.
  var separator: [UInt8]

  private var path: [UInt8] = []
  private var isInList = false
  private let nameOctets: Int
  private let octetLimit: Int

  init(separator: String, nameOctets: Int, octetLimit: Int) {
    self.separator = Array(separator.utf8)
    self.nameOctets = nameOctets
    self.octetLimit = octetLimit
  }

  mutating func removeAll() {
    octets.removeAll(keepingCapacity: true)
    path.removeAll(keepingCapacity: true)
    isInList = false
  }

  /// Goes below the member `name` and returns what ``leave(_:)`` wants.
  mutating func enter(_ name: String) -> Int {
    let mark = path.count
    isInList = false
    // Names beyond the limit are not repeated before each value.
    if path.count < nameOctets {
      if !path.isEmpty { path.append(0x2E) }
      path += prefix(name, octets: nameOctets - path.count).utf8
    }
    return mark
  }

  mutating func leave(_ mark: Int) {
    path.removeSubrange(mark...)
    isInList = false
  }

  /// Ends what belongs to one list.
  mutating func endList() { isInList = false }

  /// Takes the end of the last line back.
  mutating func endElements() { if octets.last == 0x0A { octets.removeLast() } }

  /// Ends the line.
  mutating func endElement() {
    if !octets.isEmpty, octets.last != 0x0A { octets.append(0x0A) }
    isInList = false
  }

  mutating func add(_ value: String, inList: Bool) {
    guard value.utf8.contains(where: { $0 > 0x20 }) else { return }
    guard octets.count + value.utf8.count + path.count <= octetLimit else {
      isCut = true
      return
    }
    if inList, isInList {
      octets += [0x2C, 0x20]
    } else {
      if !octets.isEmpty, octets.last != 0x0A { octets += separator }
      if !path.isEmpty {
        appendLine(path)
        octets += [0x3A, 0x20]
      }
    }
    isInList = inList
    appendLine(value.utf8)
  }

  /// Appends text on one line.
  private mutating func appendLine(_ text: some Sequence<UInt8>) {
    for octet in text { octets.append(isSpace(octet) ? 0x20 : octet) }
  }
}

extension JSONReader {
  /// Reads the whole text as one value into `flat`; with `rows`, each element of an array at the top
  /// is a line.
  ///
  /// - Throws: `malformed` where it is not exactly one value, `too_deep` beyond the limit. What was
  ///   read until then stays in `flat`.
  mutating func readAll(into flat: inout FlatText, rows: Bool) throws(Problem) {
    skipSpace()
    try readValue(into: &flat, depth: 0, inList: false, rows: rows)
    skipSpace()
    guard index == octets.count else { throw malformed() }
  }

  private mutating func readValue(
    into flat: inout FlatText, depth: Int, inList: Bool, rows: Bool = false
  ) throws(Problem) {
    switch peek() {
    case 0x7B: try readObject(into: &flat, depth: depth)
    case 0x5B: try readArray(into: &flat, depth: depth, rows: rows)
    case 0x22: flat.add(try string(), inList: inList)
    case 0x74:
      try literal("true")
      flat.add("true", inList: inList)
    case 0x66:
      try literal("false")
      flat.add("false", inList: inList)
    case 0x6E: try literal("null")
    default:
      let start = index
      try number()
      flat.add(String(decoding: octets[start..<index], as: UTF8.self), inList: inList)
    }
  }

  private mutating func readObject(into flat: inout FlatText, depth: Int) throws(Problem) {
    try requireDepth(depth)
    try require(0x7B)
    skipSpace()
    if take(0x7D) { return }
    repeat {
      skipSpace()
      let mark = flat.enter(try string())
      skipSpace()
      try require(0x3A)
      skipSpace()
      try readValue(into: &flat, depth: depth + 1, inList: false)
      flat.leave(mark)
      skipSpace()
    } while take(0x2C)
    try require(0x7D)
  }

  private mutating func readArray(
    into flat: inout FlatText, depth: Int, rows: Bool
  ) throws(Problem) {
    try requireDepth(depth)
    try require(0x5B)
    skipSpace()
    if take(0x5D) { return }
    let separator = flat.separator
    if rows { flat.separator = Array("; ".utf8) }
    repeat {
      skipSpace()
      try readValue(into: &flat, depth: depth + 1, inList: !rows)
      if rows { flat.endElement() }
      skipSpace()
    } while take(0x2C)
    if rows { flat.endElements() }
    flat.separator = separator
    flat.endList()
    try require(0x5D)
  }
}
