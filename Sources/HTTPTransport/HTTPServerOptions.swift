/// Where a server listens, and what it spends.
///
/// Times are seconds; each but `idle` is of a whole step, so that a drop of octets now and then does
/// not extend it.
package struct HTTPServerOptions: Sendable {
  /// A numeric address of IPv4 or IPv6; `::` takes both kinds.
  package var host = "127.0.0.1"
  /// 0 for any that is free.
  package var port = 0

  /// Threads that read and write; each connection belongs to one of them.
  package var eventLoops = 1
  /// Threads that call the handler.
  package var computeThreads = 2
  /// Threads besides these for bursts of lanes while others ask too (``LaneQueue``), which have a processor
  /// where nobody else wants it; with as many as there are processors, bursts of several lanes have all of these.
  package var yieldingThreads = 2
  /// Requests of one lane that are at work at a time; with fewer than ``computeThreads`` a thread is left
  /// for another lane, with fewer than there are processors one of these.
  package var laneThreads = LaneThreads()
  /// Requests that wait for a compute thread; beyond them one of the longest lane is refused as
  /// overloaded.
  package var queueLength = 1_024
  /// How long a request may wait for a compute thread; then it is refused as overloaded.
  package var queueSeconds = 5.0

  /// Connections open at a time.
  ///
  /// At the limit no more are accepted, and those that have been idle longest are closed; who comes
  /// meanwhile waits in the backlog of the system. The same happens where descriptors run out.
  package var connectionLimit = 2_048
  /// Connections that the system keeps for us until they are accepted.
  package var backlog = 4_096

  package var limits = HTTPLimits()
  /// Octets of responses that wait for one client; above it no further request of it is read.
  package var outputOctets = 1_048_576
  /// Octets of requests that are not whole and of responses that are not sent, of all connections.
  ///
  /// Above it requests are refused as overloaded.
  package var heldOctets = 268_435_456

  /// From the first octet of a request (of a new connection: from its opening) to its last field.
  package var headSeconds = 10.0
  /// For the body.
  package var bodySeconds = 30.0
  /// Between a response and the next request.
  package var idleSeconds = 60.0
  /// For 64 KiB of response, or for what is left of it.
  package var writeSeconds = 30.0

  /// After a last response the server reads on, so that the client is not cut off before it has seen
  /// the response; for this long and this many octets.
  package var lingerSeconds = 5.0
  package var lingerOctets = 4_194_304
  /// From ``HTTPServer/drain()`` until what is not finished is given up.
  package var drainSeconds = 10.0

  package init() {}
}

/// Why a server could not be started.
package enum HTTPServerError: Error, Hashable, Sendable {
  /// `host` is no numeric address, or `port` is not 0 to 65,535.
  case badAddress
  /// The system refused, with this number of an error, to make, bind or listen on the socket.
  case cannotListen(errno: Int32)
  /// The system had no descriptor or thread to give.
  case noResources
}
