/// How much of a request is read before it is refused.
///
/// Lines are counted without their CR LF.
package struct HTTPLimits: Hashable, Sendable {
  /// Beyond it the refusal is ``HTTPRefusal/targetTooLong``.
  package var requestLineOctets = 8_192
  /// Beyond it the request is malformed.
  package var methodOctets = 32
  /// Beyond each of the three the refusal is ``HTTPRefusal/fieldsTooLarge``.
  package var fieldCount = 100
  package var fieldLineOctets = 8_192
  package var fieldOctets = 32_768
  /// Of the body as the handler gets it; beyond it the refusal is ``HTTPRefusal/bodyTooLarge``.
  package var bodyOctets = 1_048_576
  /// The line that begins a chunk, with its extensions; beyond it the request is malformed.
  package var chunkLineOctets = 256
  /// The extensions of all chunks of a body; beyond it the request is malformed.
  package var chunkExtensionOctets = 4_096
  /// The lines of the trailer; beyond them the refusal is ``HTTPRefusal/fieldsTooLarge``.
  package var trailerOctets = 4_096
  /// Requests of a connection that are answered at a time; further ones wait unread.
  package var pipelinedRequests = 16

  package init() {}
}
