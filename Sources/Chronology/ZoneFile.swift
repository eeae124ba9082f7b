import Octets

/// Reads a compiled zone file.
///
/// Of a file of version 2 and up the second block and the footer count. Refused are files with leap
/// seconds (their instants are not those of POSIX) and whatever breaks the format's own rules.
///
/// - SeeAlso: RFC 9636, section 3.
enum ZoneFile {
  /// Octets of a file; those of the present are below 4 KiB.
  static let octetLimit = 256 << 10
  private static let transitionLimit: UInt32 = 8_192
  /// The furthest that any clock was from Greenwich is below 16 hours; the format allows 26.
  private static let offsets: ClosedRange<Int32> = -93_599...93_599

  private struct Header {
    var version: UInt8
    var times, types, characters, leaps, standards, universals: Int
  }

  static func rules(_ octets: [UInt8]) -> ZoneRules? {
    guard octets.count <= octetLimit else { return nil }
    var reader = ByteReader(octets)
    guard var header = header(&reader) else { return nil }
    var width = 4
    if header.version >= 0x32 {
      let first =
        header.times * 5 + header.types * 6 + header.characters + header.leaps * 8
        + header.standards + header.universals
      guard reader.skip(first), let second = self.header(&reader) else { return nil }
      (header, width) = (second, 8)
    }
    guard header.leaps == 0, header.types > 0 else { return nil }
    return block(&reader, header, width)
  }

  private static func header(_ reader: inout ByteReader) -> Header? {
    guard reader.take(4)?.elementsEqual("TZif".utf8) == true, let version = reader.octet(),
      reader.skip(15)
    else { return nil }
    var counts: [Int] = []
    for _ in 0..<6 {
      guard let count = reader.bigEndian(UInt32.self), count <= transitionLimit else { return nil }
      counts.append(Int(count))
    }
    return Header(
      version: version, times: counts[3], types: counts[4], characters: counts[5],
      leaps: counts[2], standards: counts[1], universals: counts[0])
  }

  private static func block(
    _ reader: inout ByteReader, _ header: Header, _ width: Int
  ) -> ZoneRules? {
    var instants: [Int64] = []
    for _ in 0..<header.times {
      let instant =
        width == 8
        ? reader.bigEndian(UInt64.self).map { Int64(bitPattern: $0) }
        : reader.bigEndian(UInt32.self).map { Int64(Int32(bitPattern: $0)) }
      guard let instant, instants.last.map({ $0 < instant }) ?? true else { return nil }
      instants.append(instant)
    }
    guard let indices = reader.take(header.times) else { return nil }
    var offsets: [Int] = []
    for _ in 0..<header.types {
      guard let offset = reader.bigEndian(UInt32.self).map({ Int32(bitPattern: $0) }),
        Self.offsets.contains(offset), reader.skip(2)
      else { return nil }
      offsets.append(Int(offset))
    }
    guard indices.allSatisfy({ Int($0) < offsets.count }) else { return nil }
    return ZoneRules(
      initial: offsets[0],
      transitions: zip(instants, indices).map {
        ZoneRules.Transition(instant: $0, offset: offsets[Int($1)])
      },
      tail: width == 8 ? footer(&reader, header) : nil)
  }

  private static func footer(_ reader: inout ByteReader, _ header: Header) -> PosixZone? {
    guard reader.skip(header.characters + header.standards + header.universals),
      reader.octet() == 0x0A, let rest = reader.take(reader.remaining),
      let end = rest.firstIndex(of: 0x0A)
    else { return nil }
    return PosixZone(rest[..<end])
  }
}
