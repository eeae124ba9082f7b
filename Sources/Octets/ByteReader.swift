/// Reads octets forwards within bounds: whatever would run past the end is `nil` and moves nothing.
package struct ByteReader: Sendable {
  private let octets: [UInt8]
  /// Where the next octet is read, from 0 in the octets that the reader was made with.
  package private(set) var position: Int
  /// Where reading ends.
  package let end: Int

  /// A reader of `range` of `octets`, cut to what there is.
  package init(_ octets: [UInt8], in range: Range<Int>? = nil) {
    self.octets = octets
    let range = (range ?? 0..<octets.count).clamped(to: 0..<octets.count)
    position = range.lowerBound
    end = range.upperBound
  }

  package var remaining: Int { end - position }
  package var isAtEnd: Bool { position == end }

  /// The octet `offset` places ahead, not read yet.
  package func peek(_ offset: Int = 0) -> UInt8? {
    offset >= 0 && offset < remaining ? octets[position + offset] : nil
  }

  /// The next octet.
  package mutating func octet() -> UInt8? {
    guard position < end else { return nil }
    defer { position += 1 }
    return octets[position]
  }

  /// The next `count` octets.
  package mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
    guard count >= 0, count <= remaining else { return nil }
    defer { position += count }
    return octets[position..<position + count]
  }

  /// Passes over `count` octets; `false`, and nothing moved, where there are fewer.
  package mutating func skip(_ count: Int) -> Bool { take(count) != nil }

  /// The next unsigned integer, least significant octet first.
  package mutating func littleEndian<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T? {
    guard let taken = take(T.bitWidth / 8) else { return nil }
    return taken.reversed().reduce(0) { $0 << 8 | T($1) }
  }

  /// The next unsigned integer, most significant octet first.
  package mutating func bigEndian<T: FixedWidthInteger & UnsignedInteger>(_: T.Type) -> T? {
    guard let taken = take(T.bitWidth / 8) else { return nil }
    return taken.reduce(0) { $0 << 8 | T($1) }
  }
}
