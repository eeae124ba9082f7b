/// Reads the digits of a generated table, here and in Markup; `generate` says how tables are written.
///
/// The only unsafe code of this target. It is safe because a `StaticString` literal lives as long as
/// the program, and because each index is checked against its count.
package enum Table {
  /// The digit at `index`, 0...63.
  @inline(__always)
  package static func digit(_ table: StaticString, _ index: Int) -> Int {
    Int(octet(table, index)) &- 0x30
  }

  /// The number of two digits at place `index` of a table of such numbers.
  @inline(__always)
  package static func pair(_ table: StaticString, _ index: Int) -> Int {
    digit(table, index &* 2) &<< 6 | digit(table, index &* 2 &+ 1)
  }

  /// The octet of UTF-8 at `index`.
  @inline(__always)
  package static func octet(_ table: StaticString, _ index: Int) -> UInt8 {
    precondition(index >= 0 && index < table.utf8CodeUnitCount, "a table ends before this index")
    return unsafe table.utf8Start[index]
  }
}

/// A map from scalars to numbers in three steps.
struct Trie {
  let top: StaticString
  let middle: StaticString
  let leaf: StaticString

  /// The value of `scalar`; 0 for a number that is no scalar.
  @inline(__always)
  subscript(scalar: UInt32) -> Int {
    guard scalar < 0x110000 else { return 0 }
    let scalar = Int(scalar)
    let middleBlock = Table.digit(top, scalar &>> 12)
    let leafBlock = Table.pair(middle, middleBlock &<< 6 | (scalar &>> 6 & 63))
    return Table.pair(leaf, leafBlock &<< 6 | (scalar & 63))
  }
}
