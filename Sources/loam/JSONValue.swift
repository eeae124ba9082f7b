/// A JSON value to print; objects print with their keys sorted by octets.
enum JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral
{
  case text(String)
  case number(Int)
  /// Prints with the decimals given.
  case decimal(Double, digits: Int)
  case flag(Bool)
  case list([JSONValue])
  /// A value of `nil` is left out: what is unknown is absent, never null.
  case object([String: JSONValue?])
  /// JSON that is finished, as an encoder wrote it.
  case finished(String)

  init(stringLiteral text: String) { self = .text(text) }
  init(integerLiteral number: Int) { self = .number(number) }
  init(booleanLiteral flag: Bool) { self = .flag(flag) }

  /// The value on one line, without a line end.
  var line: String {
    var text = ""
    write(to: &text)
    return text
  }

  private func write(to output: inout String) {
    switch self {
    case .text(let text): output += quoted(text)
    case .number(let number): output += String(number)
    case .decimal(let number, let digits): output += number.isFinite ? fixed(number, digits) : "0"
    case .flag(let flag): output += flag ? "true" : "false"
    case .finished(let json): output += json
    case .list(let values):
      output += "["
      for (index, value) in values.enumerated() {
        if index > 0 { output += "," }
        value.write(to: &output)
      }
      output += "]"
    case .object(let fields):
      output += "{"
      var isFirst = true
      for key in fields.keys.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
        guard let value = fields[key] ?? nil else { continue }
        if !isFirst { output += "," }
        isFirst = false
        output += quoted(key) + ":"
        value.write(to: &output)
      }
      output += "}"
    }
  }
}

/// A JSON string: quotation mark, reverse solidus and controls escaped, all else as it is.
///
/// - SeeAlso: RFC 8259, section 7.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case "\u{0}"..<" ", "\u{7F}":
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
