import Grounding
import HTTPTransport
import Retrieval
import Synchronization

/// What `/health/live` and `/health/ready` say.
struct HealthReport: Codable {
  var status: String
}

/// What `/version` says.
struct VersionReport: Codable {
  var version: String
  var model: String?
}

extension LoamHandler {
  var versionReport: VersionReport {
    VersionReport(version: options.version, model: model?.modelID)
  }

  /// Whether the keys and the model can be used; the log says more of what is wrong.
  func ready() throws(Refusal) -> HTTPResponse {
    if isDraining.load(ordering: .relaxed) {
      throw Refusal(.unavailable, "The service is being stopped.", remedy: "Ask another one.")
    }
    if let problem = keys.problem {
      throw Refusal(
        .unavailable, "The keys file cannot be used (\(problem.code.rawValue)).",
        remedy: "Mend keys.json in LOAM_HOME, or make it with loam key add; the log says more.")
    }
    if model == nil {
      throw Refusal(
        .unavailable, "There is no model.",
        remedy: "Start the service with a model that LOAM_MODEL names, or without LOAM_MODEL.")
    }
    return Self.response(json(HealthReport(status: "ready")))
  }

  func metricsResponse() -> HTTPResponse {
    let vectors = cache.counts
    let stores = pool.counts
    let octets = pool.octets
    var build = ["version": options.version]
    build["model"] = model?.modelID
    build["next_model"] = nextModel?.modelID
    let families =
      metrics.families + watchedFamilies + [
        MetricFamily(
          "loam_vector_cache_hits_total", "Queries whose vector was remembered.", .counter,
          vectors.hits),
        MetricFamily(
          "loam_vector_cache_misses_total", "Queries whose vector was computed.", .counter,
          vectors.misses),
        MetricFamily("loam_open_stores", "Stores that are open.", .gauge, stores.stores),
        MetricFamily(
          "loam_open_tenants", "Tenants that have an open store.", .gauge, stores.tenants),
        MetricFamily(
          "loam_open_store_octets", "Memory of the open stores that rest, about.", .gauge,
          octets.stores),
        MetricFamily(
          "loam_index_octets", "Memory of rows, posting lists and vectors, about.", .gauge,
          octets.indexes),
        MetricFamily("loam_keys", "Keys in the keys file.", .gauge, keys.count),
        MetricFamily(
          "loam_keys_file_usable", "1 where the keys file is as it should be.", .gauge,
          keys.problem == nil ? 1 : 0),
        MetricFamily(
          "loam_build_info", "The version and the models; always 1.", .gauge,
          [MetricFamily.Sample(labels: build, value: 1)]),
      ]
    return Self.response(
      Array(families.map(\.text).joined().utf8),
      type: "text/plain; version=0.0.4; charset=utf-8")
  }
}
