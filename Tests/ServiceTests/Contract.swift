import HTTPTransport
import TestSupport

/// `Schemas/openapi.json`, against which every response of these tests is held.
struct Contract {
  static let shared: Contract = {
    do { return try Contract() } catch { fatalError("Schemas/openapi.json: \(error)") }
  }()

  static let folder =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/") + "/Schemas"

  let root: JSONValue
  private let schemas: [String: JSONSchema]

  init() throws {
    let text = String(decoding: try octets(ofFile: "\(Self.folder)/openapi.json"), as: UTF8.self)
    root = try JSONValue(text)
    var schemas: [String: JSONSchema] = [:]
    for reference in Self.references(in: root) where !reference.hasPrefix("#") {
      let suffix = ".schema.json"
      schemas[reference] = try JSONSchema(named: String(reference.dropLast(suffix.count)))
    }
    self.schemas = schemas
  }

  /// Every `$ref` in a value.
  static func references(in value: JSONValue) -> Set<String> {
    switch value {
    case .object(let members):
      members.reduce(into: Set(members["$ref"]?.string.map { [$0] } ?? [])) {
        $0.formUnion(references(in: $1.value))
      }
    case .array(let items): items.reduce(into: []) { $0.formUnion(references(in: $1)) }
    default: []
    }
  }

  /// What a local `$ref` leads to; the value itself where it is none.
  func resolve(_ value: JSONValue) -> JSONValue? {
    guard let reference = value["$ref"]?.string else { return value }
    guard reference.hasPrefix("#/") else { return value }
    var found: JSONValue? = root
    for part in reference.dropFirst(2).split(separator: "/") { found = found?[String(part)] }
    return found
  }

  /// What is wrong with `value` by a schema that may be a `$ref` to a file.
  func violations(of value: JSONValue, schema: JSONValue) -> [String] {
    if let reference = schema["$ref"]?.string {
      return schemas[reference]?.violations(of: value) ?? ["no schema \(reference)"]
    }
    return JSONSchema(schema).violations(of: value)
  }

  var paths: [String: JSONValue] {
    if case .object(let paths) = root["paths"] { return paths }
    return [:]
  }

  /// The template that a path is an instance of.
  func template(_ path: String) -> String? {
    if path == "/v1/items/{id}" { return nil }
    if paths[path] != nil { return path }
    let rest = path.hasPrefix("/v1/items/") ? path.dropFirst(10) : ""
    return rest.isEmpty || rest.contains("/") ? nil : "/v1/items/{id}"
  }

  /// What is wrong with a response: its status is not described, a field that it must have is missing,
  /// its body is of another type or not valid by its schema.
  func violations(of response: HTTPResponse, to request: HTTPRequest) throws -> [String] {
    let description: JSONValue
    if let template = template(request.path), let item = paths[template] {
      // A response without a body is described for HEAD; the handler leaves that to the transport.
      let method = request.method == "HEAD" ? "get" : request.method.lowercased()
      let operation = item[method] ?? item["get"] ?? item["post"]
      guard let found = operation?["responses"]?[String(response.status)] else {
        return ["\(template): the status \(response.status) is not described"]
      }
      description = found
    } else {
      guard response.status == 404, let found = root["components"]?["responses"]?["NotFound"] else {
        return ["\(response.status) for a resource that does not exist"]
      }
      description = found
    }
    return try violations(of: response, by: description)
  }

  func violations(of response: HTTPResponse, by description: JSONValue) throws -> [String] {
    guard let described = resolve(description) else { return ["a reference that leads nowhere"] }
    var found: [String] = []
    if case .object(let fields) = described["headers"] {
      for (name, field) in fields {
        let value = response.fields[name]
        if value == nil, field["required"] == .boolean(true) { found.append("no \(name)") }
        if let value, let schema = resolve(field)?["schema"] {
          found += violations(of: .string(value), schema: schema).map { "\(name): \($0)" }
        }
      }
    }
    guard case .object(let content) = described["content"] else { return found }
    let type = response.fields["Content-Type"]?.split(separator: ";").first.map(String.init) ?? ""
    guard let schema = content[type]?["schema"] else { return found + ["the type \(type)"] }
    let text = String(decoding: response.body, as: UTF8.self)
    let value: JSONValue = type == "text/plain" ? .string(text) : try JSONValue(text)
    found += violations(of: value, schema: schema)
    if type == "application/problem+json" {
      if value["status"]?.number != Double(response.status) { found.append("another status") }
      if (value["remedy"]?.string ?? "").isEmpty { found.append("no remedy") }
    }
    return found
  }
}
