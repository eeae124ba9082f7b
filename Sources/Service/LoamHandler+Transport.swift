package import Grounding
package import HTTPTransport

extension LoamHandler {
  /// What is wrong with the keys file, for whoever starts the service.
  package var keysProblem: Problem? { keys.problem }

  /// Adds what the server counts to the metrics.
  package func watch(_ server: HTTPServer) {
    watch { Self.families(server.statistics) }
  }

  /// Logs that the service has ended.
  package func noteStopped() { log(LogLine(.stopped, time: options.clock.wall())) }

  private static func families(_ now: HTTPStatistics) -> [MetricFamily] {
    [
      MetricFamily("loam_connections", "Connections that are open.", .gauge, now.openConnections),
      MetricFamily(
        "loam_connections_total", "Connections that were accepted.", .counter,
        now.acceptedConnections),
      MetricFamily(
        "loam_stalled_connections_total", "Connections ended as their client did not read.",
        .counter, now.stalledConnections),
      MetricFamily(
        "loam_requests_queued", "Requests that wait for a thread.", .gauge, now.queuedRequests),
      MetricFamily("loam_octets_in_total", "Octets read.", .counter, now.octetsIn),
      MetricFamily("loam_octets_out_total", "Octets written.", .counter, now.octetsOut),
    ]
  }
}
