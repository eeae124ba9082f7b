import HTTPTransport

/// A connection: whole, split in two, and octet by octet it says the same.
func fuzzHTTP(_ octets: [UInt8]) {
  let whole = events([octets[...]])
  let half = octets.count / 2
  demand(events([octets[..<half], octets[half...]]) == whole, "halves say what the whole says")
  // The first octet says where else it is cut.
  if let first = octets.first {
    let cut = min(octets.count, Int(first))
    demand(events([octets[..<cut], octets[cut...]]) == whole, "parts say what the whole says")
  }
  if octets.count <= 2_048 {
    let single = octets.indices.map { octets[$0...$0] }
    demand(events(single) == whole, "single octets say what the whole says")
  }
}

private func events(_ parts: [ArraySlice<UInt8>]) -> [RequestReader.Event] {
  let limits = HTTPLimits()
  var reader = RequestReader(limits: limits)
  var events: [RequestReader.Event] = []
  for part in parts {
    reader.feed(Array(part).span)
    while let event = reader.next() {
      events.append(event)
      if case .refused = event { demand(reader.phase == .refused, "a refusal ends reading") }
    }
  }
  return events
}
