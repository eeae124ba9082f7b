-- The request and the closing line for Tests/load.
wrk.method = "POST"
wrk.path = "/v1/retrieve"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("LOAM_KEY")
wrk.body = '{"query":"what did we decide about the battery","limit":10}'

function done(summary, latency)
  local e = summary.errors
  print(string.format("loam %.0f %.2f %.2f %.2f %d", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3, latency.max / 1e3,
    e.connect + e.read + e.write + e.status + e.timeout))
end
