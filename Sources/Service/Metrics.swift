import Grounding
import Synchronization

/// One family of the Prometheus text format.
///
/// - SeeAlso: Prometheus, Exposition formats, text format 0.0.4.
package struct MetricFamily: Hashable, Sendable {
  package enum Kind: String, Sendable { case counter, gauge, histogram }

  package struct Sample: Hashable, Sendable {
    /// What follows the family's name: `_bucket`, `_sum`, `_count` or nothing.
    package var suffix = ""
    package var labels: [String: String] = [:]
    package var value: Double
  }

  package var name: String
  package var help: String
  package var kind: Kind
  package var samples: [Sample]

  package init(_ name: String, _ help: String, _ kind: Kind, _ samples: [Sample]) {
    self.name = name
    self.help = help
    self.kind = kind
    self.samples = samples
  }

  /// A family of one number.
  package init(_ name: String, _ help: String, _ kind: Kind, _ value: Int) {
    self.init(name, help, kind, Double(value))
  }

  /// The same of a number with decimals.
  package init(_ name: String, _ help: String, _ kind: Kind, _ value: Double) {
    self.init(name, help, kind, [Sample(value: value)])
  }

  var text: String {
    var lines = ["# HELP \(name) \(help)", "# TYPE \(name) \(kind.rawValue)"]
    for sample in samples {
      let labels = sample.labels.sorted { $0.key < $1.key }
        .map { "\($0.key)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
      lines.append(
        "\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(Self.text(sample.value))")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func escaped(_ value: String) -> String {
    var result = ""
    for character in value {
      switch character {
      case "\\": result += "\\\\"
      case "\"": result += "\\\""
      case "\n": result += "\\n"
      default: result.append(character)
      }
    }
    return result
  }

  static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : String(value)
  }
}

/// What the service counts of itself; no tenant's words, no people.
final class Metrics: Sendable {
  /// Upper bounds of the latency histogram, in seconds.
  static let bounds: [Double] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
  ]

  private struct Outcome: Hashable {
    var route: String
    var status: Int
  }

  private struct Histogram {
    var counts = [Int](repeating: 0, count: Metrics.bounds.count + 1)
    var sum = 0.0

    mutating func add(_ seconds: Double) {
      counts[Metrics.bounds.firstIndex { seconds <= $0 } ?? Metrics.bounds.count] += 1
      sum += seconds
    }
  }

  private struct State {
    var requests: [Outcome: Int] = [:]
    var latency: [String: Histogram] = [:]
    var refusals: [String: Int] = [:]
    var inFlight = 0
    var rateLimited = 0
  }

  private let state = Mutex(State())

  func begin() { state.withLock { $0.inFlight += 1 } }

  func end(route: String, status: Int, seconds: Double) {
    state.withLock { state in
      state.inFlight -= 1
      state.requests[Outcome(route: route, status: status), default: 0] += 1
      state.latency[route, default: Histogram()].add(seconds)
      if status == 429 { state.rateLimited += 1 }
    }
  }

  /// Counts what the transport answered itself.
  func refuse(_ code: Problem.Code) {
    state.withLock { $0.refusals[code.rawValue, default: 0] += 1 }
  }

  var families: [MetricFamily] {
    let state = state.withLock { $0 }
    return [
      MetricFamily(
        "loam_requests_total", "Requests answered, by route and status.", .counter,
        state.requests.sorted { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }
          .map {
            MetricFamily.Sample(
              labels: ["route": $0.key.route, "status": String($0.key.status)],
              value: Double($0.value))
          }),
      MetricFamily(
        "loam_request_seconds", "Time to answer, without waiting for a thread.", .histogram,
        state.latency.sorted { $0.key < $1.key }.flatMap { Self.samples($0.key, $0.value) }),
      MetricFamily(
        "loam_refusals_total", "Requests that were refused before they were read whole.", .counter,
        state.refusals.sorted { $0.key < $1.key }.map {
          MetricFamily.Sample(labels: ["code": $0.key], value: Double($0.value))
        }),
      MetricFamily(
        "loam_requests_in_flight", "Requests being answered.", .gauge, state.inFlight),
      MetricFamily(
        "loam_rate_limited_total", "Requests beyond their key's rate.", .counter, state.rateLimited),
    ]
  }

  private static func samples(_ route: String, _ histogram: Histogram) -> [MetricFamily.Sample] {
    var samples: [MetricFamily.Sample] = []
    var total = 0
    for (index, count) in histogram.counts.enumerated() {
      total += count
      let bound = index < bounds.count ? MetricFamily.text(bounds[index]) : "+Inf"
      samples.append(
        MetricFamily.Sample(
          suffix: "_bucket", labels: ["route": route, "le": bound], value: Double(total)))
    }
    samples.append(
      MetricFamily.Sample(suffix: "_sum", labels: ["route": route], value: histogram.sum))
    samples.append(
      MetricFamily.Sample(suffix: "_count", labels: ["route": route], value: Double(total)))
    return samples
  }
}
