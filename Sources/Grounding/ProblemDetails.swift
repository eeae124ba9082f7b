/// A ``Problem`` in the form of RFC 9457, as the endpoint's `application/problem+json` and the command
/// line's `--json` write it.
///
/// The fields are the problem's own and what the table ``Problem/Code/status`` says of its code;
/// what is unknown is absent.
package struct ProblemDetails: Hashable, Sendable, Codable {
  /// Names the code: a tag URI, which nobody is meant to look up.
  ///
  /// - SeeAlso: RFC 4151; RFC 9457, section 3.1.1.
  package var type: String
  /// The code in words; the same for every problem of that code.
  package var title: String
  /// The HTTP status; absent for codes that no response carries.
  package var status: Int?
  package var detail: String
  package var code: Problem.Code
  package var remedy: String?
  package var place: String?

  package init(_ problem: Problem) {
    type = "tag:loam.example,2026:problem/\(problem.code.rawValue)"
    title = problem.code.title
    status = problem.code.status
    detail = problem.detail
    code = problem.code
    remedy = problem.remedy
    place = problem.place
  }
}

extension Problem.Code {
  /// The codes that responses carry, with their statuses.
  package static let statuses: [Problem.Code: Int] = [
    .badRequest: 400, .unauthorized: 401, .forbidden: 403, .notFound: 404, .methodNotAllowed: 405,
    .requestTimeout: 408, .bodyTooLarge: 413, .uriTooLong: 414, .unsupportedMediaType: 415,
    .expectationFailed: 417, .rateLimited: 429, .headersTooLarge: 431, .internal: 500,
    .notImplemented: 501, .unavailable: 503, .versionNotSupported: 505,
  ]

  /// The status of a response with this code; `nil` for a code that stays within the machine.
  package var status: Int? { Self.statuses[self] }

  /// The code in words: `not_found` is "Not found".
  package var title: String {
    if self == .uriTooLong { return "URI too long" }
    let words = rawValue.split(separator: "_").joined(separator: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }
}
