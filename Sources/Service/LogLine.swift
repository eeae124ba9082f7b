package import Grounding

/// A line of the log: one a request, and one for what an operator has to know.
///
/// No queries, no texts, no keys, no paths as they were sent. What is unknown is absent.
package struct LogLine: Hashable, Sendable, Codable {
  package enum Event: String, Hashable, Sendable, Codable, CaseIterable {
    /// A request was answered.
    case request
    /// The transport refused what arrived.
    case refusal
    /// The service runs, is being stopped, has ended.
    case listening, draining, stopped
    /// Something is wrong with a store, the keys or the model.
    case problem
  }

  package var event: Event
  /// RFC 3339 in UTC, with milliseconds.
  package var time: String
  package var method: String?
  /// A template of ``Route``; absent where none fits.
  package var route: String?
  package var status: Int?
  /// Of the response's body.
  package var octets: Int?
  package var milliseconds: Double?
  package var requestID: String?
  /// The id of the key, which is no secret.
  package var key: String?
  package var tenant: String?
  /// The peer's address; behind a proxy the one that the proxy names.
  package var peer: String?
  /// Where it listens.
  package var url: String?
  package var code: String?
  package var detail: String?
  package var place: String?
  package var remedy: String?

  package init(_ event: Event, time: Int64) {
    self.event = event
    self.time = Moment.text(milliseconds: time)
  }

  /// A line that says what is wrong.
  package init(_ problem: Problem, time: Int64) {
    self.init(.problem, time: time)
    code = problem.code.rawValue
    detail = problem.detail
    place = problem.place
    remedy = problem.remedy
  }

  private enum CodingKeys: String, CodingKey {
    case event, time, method, route, status, octets, milliseconds, key, tenant, peer, url, code
    case detail, place, remedy
    case requestID = "request_id"
  }

  /// One JSON object with sorted names, without a line end.
  package var json: String { String(decoding: Service.json(self), as: UTF8.self) }

  /// As a person reads it: the time, what happened, then names with values.
  package var text: String {
    var words = [time, method ?? event.rawValue]
    if event == .request { words.append(route ?? "-") }
    if let status { words.append(String(status)) }
    let fields: [(String, String?)] = [
      ("octets", octets.map { String($0) }), ("ms", milliseconds.map { String($0) }),
      ("request", requestID), ("key", key), ("tenant", tenant), ("peer", peer), ("url", url),
      ("code", code), ("place", place),
    ]
    words += fields.compactMap { name, value in value.map { "\(name)=\(Self.oneWord($0))" } }
    if let detail { words.append(detail) }
    if let remedy { words.append(remedy) }
    return words.joined(separator: " ")
  }

  /// `value` without what could end the line, move the cursor or look like another field.
  private static func oneWord(_ value: String) -> String {
    let scalars = value.unicodeScalars.map { scalar -> Unicode.Scalar in
      scalar.properties.isWhitespace || scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
        ? "_" : scalar
    }
    return String(String.UnicodeScalarView(scalars))
  }
}
