import Octets

/// One part of a message as ``PartReader`` finds it, before anything is decoded or chosen.
struct Part {
  /// As IMAP numbers it; empty for a message that is a multipart.
  var number: String
  /// Whether it is the message itself.
  var isRoot: Bool
  var header: HeaderBlock
  /// `nil` where the part names no type, or none that has the form of one.
  var type: ParameterField?
  /// In lower case; what RFC 2045, section 5.2, and RFC 2046, section 5.1.5, say where none is named.
  var mediaType: String
  var disposition: ParameterField?
  var encoding: TransferEncoding = .identity
  var body: Range<Int>
  /// Of a multipart: what stands before its first part and behind its last.
  var preamble: Range<Int>?
  var epilogue: Range<Int>?
  var children: [Part] = []
  /// Why a multipart has no children, where that is so.
  var absence: Absence?

  enum Absence {
    /// No boundary is named or none occurs: the body is plain text to its reader.
    case noBoundary
    /// The part lies too deep.
    case limit
  }

  var isMultipart: Bool { mediaType.hasPrefix("multipart/") && type != nil }

  /// How defects name it.
  var place: String { number.isEmpty ? "1" : number }
}
