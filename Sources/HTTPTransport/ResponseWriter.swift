/// Writes responses as octets.
///
/// The transport alone says Date, Content-Length, Connection and Transfer-Encoding: such fields of a
/// handler are left out. A response that cannot be written (its status is not 200 to 599, a name is
/// no token, a value holds a control character and so could begin another field) is a mistake of the
/// program: nothing of it is sent but an empty 500, and the connection ends.
///
/// - SeeAlso: RFC 9110, section 6.6; RFC 9112, section 4.
package enum ResponseWriter {
  /// `HTTP/1.1 100 Continue`, without fields.
  package static let leaveToContinue = Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)

  /// The octets of `response`, and whether the connection ends with it.
  ///
  /// - Parameters:
  ///   - isHead: Whether the request was HEAD: the length is said, the body not sent.
  ///   - date: Seconds since 1970.
  package static func octets(
    _ response: HTTPResponse, connection: ConnectionOption, isHead: Bool, date: Int
  ) -> (octets: [UInt8], closes: Bool) {
    guard isWritable(response) else {
      let failure = HTTPResponse(status: 500, closes: true)
      return octets(failure, connection: .close, isHead: isHead, date: date)
    }
    let option = response.closes ? .close : connection
    let hasBody = response.status != 204 && response.status != 304
    var out: [UInt8] = []
    out.reserveCapacity(256 + (hasBody && !isHead ? response.body.count : 0))
    out.append(contentsOf: "HTTP/1.1 \(response.status) \(reason(response.status))\r\n".utf8)
    for (name, value) in response.fields.fields where !isOurs(name) {
      addField(name, value, to: &out)
    }
    addField("Date", HTTPDate.text(date), to: &out)
    if hasBody { addField("Content-Length", "\(response.body.count)", to: &out) }
    switch option {
    case .persistent: break
    case .keptAlive: addField("Connection", "keep-alive", to: &out)
    case .close: addField("Connection", "close", to: &out)
    }
    out.append(contentsOf: "\r\n".utf8)
    if hasBody, !isHead { out.append(contentsOf: response.body) }
    return (out, option == .close)
  }

  private static func addField(_ name: String, _ value: String, to out: inout [UInt8]) {
    out.append(contentsOf: name.utf8)
    out.append(contentsOf: ": ".utf8)
    out.append(contentsOf: value.utf8)
    out.append(contentsOf: "\r\n".utf8)
  }

  private static func isWritable(_ response: HTTPResponse) -> Bool {
    (200...599).contains(response.status)
      && response.fields.fields.allSatisfy { name, value in
        !name.isEmpty && name.utf8.allSatisfy { CharacterClass.of($0).contains(.token) }
          && value.utf8.allSatisfy { CharacterClass.of($0).contains(.value) }
      }
  }

  private static func isOurs(_ name: String) -> Bool {
    ["Date", "Content-Length", "Connection", "Transfer-Encoding"].contains {
      $0.equalsWithoutCase(name)
    }
  }

  /// The phrase of a status; empty for those that have none here.
  static func reason(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 201: "Created"
    case 202: "Accepted"
    case 204: "No Content"
    case 304: "Not Modified"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 403: "Forbidden"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 406: "Not Acceptable"
    case 408: "Request Timeout"
    case 409: "Conflict"
    case 411: "Length Required"
    case 412: "Precondition Failed"
    case 413: "Content Too Large"
    case 414: "URI Too Long"
    case 415: "Unsupported Media Type"
    case 417: "Expectation Failed"
    case 422: "Unprocessable Content"
    case 429: "Too Many Requests"
    case 431: "Request Header Fields Too Large"
    case 500: "Internal Server Error"
    case 501: "Not Implemented"
    case 503: "Service Unavailable"
    case 504: "Gateway Timeout"
    case 505: "HTTP Version Not Supported"
    default: ""
    }
  }
}
