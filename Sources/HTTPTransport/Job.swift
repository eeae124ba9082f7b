/// A request for a compute thread, and where its response goes.
struct Job: Sendable {
  var request: HTTPRequest
  var option: ConnectionOption
  /// Whether no other request of its connection is known; then a draining server can say that the
  /// connection ends.
  var isAlone: Bool
  /// The loop, the connection there and the place in its order.
  var mailbox: Mailbox
  var token: UInt64
  var sequence: UInt64
}
