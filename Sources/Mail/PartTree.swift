package import Grounding
import Octets

/// One part of a message and the parts in it, as ``MessageParser`` sees them before it chooses what is
/// text: for whoever shows or checks how a message is built.
///
/// Ranges are offsets into the octets that were read. An attached message is a leaf: its ``content(in:)``
/// is a message that can be read in turn, as the product does.
package struct PartTree: Sendable {
  /// One header field.
  package struct Field: Hashable, Sendable {
    /// As written.
    package var name: String
    /// On one line, encoded words read, without what may not reach a prompt.
    package var value: String
    /// The whole field, its folds included, without its last line end.
    package var octets: Range<Int>
  }

  package struct Parameter: Hashable, Sendable {
    /// In lower case, without the marks of RFC 2231.
    package var name: String
    /// Decoded.
    package var value: String
  }

  /// As IMAP numbers it, such as `1.2` (RFC 9051, section 6.4.5.1); empty for a message that is a
  /// multipart.
  package var number: String
  package var fields: [Field]
  /// In lower case: as written, or what stands for none.
  package var mediaType: String
  /// Of the Content-Type.
  package var parameters: [Parameter]
  /// The transfer encoding in lower case as written; empty where none is.
  package var transferEncoding: String
  /// `attachment`, `inline` or another in lower case.
  package var disposition: String?
  package var fileName: String?
  /// The header with its line ends and the empty line that ends it.
  package var header: Range<Int>
  /// As it stands: encoded, the line end before a delimiter left out.
  package var body: Range<Int>
  /// Of a multipart: before its first part, and behind the last where an end is marked.
  package var preamble: Range<Int>?
  package var epilogue: Range<Int>?
  /// Of a multipart; empty where it has none or no boundary was found.
  package var children: [PartTree]
  private var encoding: TransferEncoding

  /// The parts of the message `octets`, and what is odd about how it is built.
  ///
  /// O(octets).
  package static func read(
    _ octets: Span<UInt8>, limits: MailLimits = MailLimits()
  ) -> (tree: PartTree, defects: [Defect]) {
    var defects = DefectLog(limit: limits.defects)
    let frame = MessageFrame(octets, limits, &defects)
    let part = frame.parts(octets, limits, &defects)
    return (PartTree(part, octets, limits), defects.defects)
  }

  /// The body with its transfer encoding undone; a multipart's as it stands.
  ///
  /// O(octets).
  package func content(in octets: Span<UInt8>) -> [UInt8] {
    var defects = DefectLog(limit: 1)
    return PartContents.Leaf(
      number: number, mediaType: mediaType, body: body, encoding: encoding
    ).content(octets, &defects)
  }

  private init(_ part: Part, _ octets: Span<UInt8>, _ limits: MailLimits) {
    let header = part.header
    number = part.number
    fields = header.fields.map { Field($0, octets, limits) }
    mediaType = oneLine(part.mediaType).text
    let type = part.type
    parameters = (type?.names ?? []).map { name in
      Parameter(name: oneLine(name).text, value: oneLine(type?.text(name) ?? "").text)
    }
    transferEncoding =
      header.first(.contentTransferEncoding, octets).map {
        let value = HeaderBlock.unfolded(octets, $0, limit: limits.headerFieldOctets)
        return oneLine(ParameterField(value).value).text
      } ?? ""
    disposition = part.disposition.map { oneLine($0.value).text }
    fileName = (part.disposition?.text("filename") ?? type?.text("name")).map { oneLine($0).text }
    self.header = header.start..<header.bodyStart
    body = part.body
    preamble = part.preamble
    epilogue = part.epilogue
    encoding = part.encoding
    children = part.children.map { PartTree($0, octets, limits) }
  }
}

extension PartTree.Field {
  init(_ field: HeaderBlock.Field, _ octets: Span<UInt8>, _ limits: MailLimits) {
    let written = field.name.map { octets[$0] }
    name = String(decoding: written, as: UTF8.self)
    let unfolded = HeaderBlock.unfolded(octets, field, limit: limits.headerFieldOctets)
    value = oneLine(headerText(unfolded).text).text
    self.octets = field.name.lowerBound..<field.value.upperBound
  }
}
