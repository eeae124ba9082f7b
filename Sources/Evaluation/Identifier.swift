/// The name of a topic or an item in an evaluation's files: any octets without white space.
///
/// Two identifiers are equal when their octets are, and order by octets, as in trec_eval (`strcmp`).
/// A `String` would do neither: it takes canonically equivalent texts for one.
package struct Identifier: Hashable, Sendable, Comparable, CustomStringConvertible,
  ExpressibleByStringLiteral
{
  package let octets: [UInt8]

  package init(octets: some Sequence<UInt8>) { self.octets = Array(octets) }
  package init(_ text: String) { octets = Array(text.utf8) }
  package init(stringLiteral value: String) { self.init(value) }

  package var description: String { String(decoding: octets, as: UTF8.self) }

  /// Whether it can stand as one field of a line: not empty, no white space, no other control.
  var isField: Bool { !octets.isEmpty && octets.allSatisfy { $0 > 0x20 && $0 != 0x7F } }

  package static func < (a: Identifier, b: Identifier) -> Bool {
    a.octets.lexicographicallyPrecedes(b.octets)
  }
}
