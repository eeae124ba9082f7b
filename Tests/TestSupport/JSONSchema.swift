/// Checks a value against the part of JSON Schema 2020-12 that `Schemas/` uses.
///
/// A keyword that is not known here is reported as a violation, so that no rule passes unread.
package struct JSONSchema {
  private let root: JSONValue

  /// Reads the schema `name`, such as `item`, in the package's `Schemas` folder.
  package init(named name: String) throws {
    let folder = #filePath.split(separator: "/", omittingEmptySubsequences: false)
      .dropLast(3).joined(separator: "/")
    let octets = try octets(ofFile: "\(folder)/Schemas/\(name).schema.json")
    root = try JSONValue(String(decoding: octets, as: UTF8.self))
  }

  package init(_ root: JSONValue) { self.root = root }

  /// What is wrong with `value`, each with the path to it; empty when it is valid.
  package func violations(of value: JSONValue) -> [String] { check(value, root, "$") }

  private static let annotations: Set<String> = [
    "$schema", "$id", "$defs", "title", "description", "default", "examples", "format",
  ]

  /// The violations by what `reference` names: `#/...` here, `NAME.schema.json` or
  /// `NAME.schema.json#/...` beside it.
  private func check(_ value: JSONValue, reference: String, _ path: String) -> [String] {
    let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
    let suffix = ".schema.json"
    var document = self
    if let file = parts.first, !file.isEmpty {
      guard file.hasSuffix(suffix),
        let other = try? JSONSchema(named: String(file.dropLast(suffix.count)))
      else { return ["\(path): \(reference) is not there"] }
      document = other
    }
    var target: JSONValue? = document.root
    for step in (parts.count > 1 ? parts[1] : "").split(separator: "/") {
      target = target?[String(step)]
    }
    return target.map { document.check(value, $0, path) } ?? ["\(path): \(reference) is not there"]
  }

  private func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) -> [String] {
    guard case .object(let rules) = schema else {
      return schema == .boolean(true) ? [] : ["\(path): not allowed"]
    }
    var found: [String] = []
    for (keyword, rule) in rules.sorted(by: { $0.key < $1.key })
    where !Self.annotations.contains(keyword) {
      found += check(value, keyword, rule, rules, path)
    }
    return found
  }

  private func check(
    _ value: JSONValue, _ keyword: String, _ rule: JSONValue, _ rules: [String: JSONValue],
    _ path: String
  ) -> [String] {
    func require(_ isValid: Bool) -> [String] { isValid ? [] : ["\(path): \(keyword)"] }
    switch (keyword, value, rule) {
    case ("type", _, .string(let type)):
      return require(Self.isType(value, type))
    case ("$ref", _, .string(let reference)):
      return check(value, reference: reference, path)
    case ("const", _, _):
      return require(value == rule)
    case ("enum", _, .array(let allowed)):
      return require(allowed.contains(value))
    case ("oneOf", _, .array(let schemas)):
      return require(schemas.filter { check(value, $0, path).isEmpty }.count == 1)
    case ("pattern", _, .string(let pattern)):
      guard case .string(let text) = value else { return [] }
      guard let expression = try? Regex(pattern) else { return ["\(path): a bad pattern"] }
      return require(text.firstMatch(of: expression) != nil)
    case ("minLength", _, .number(let bound)):
      return require(value.string.map { Double($0.unicodeScalars.count) >= bound } ?? true)
    case ("maxLength", _, .number(let bound)):
      return require(value.string.map { Double($0.unicodeScalars.count) <= bound } ?? true)
    case ("minimum", _, .number(let bound)):
      return require(value.number.map { $0 >= bound } ?? true)
    case ("maximum", _, .number(let bound)):
      return require(value.number.map { $0 <= bound } ?? true)
    case ("minItems", _, .number(let bound)):
      return require(value.array.map { Double($0.count) >= bound } ?? true)
    case ("maxItems", _, .number(let bound)):
      return require(value.array.map { Double($0.count) <= bound } ?? true)
    case ("items", _, _):
      return (value.array ?? []).enumerated().flatMap { check($1, rule, "\(path)[\($0)]") }
    case ("properties", .object(let members), .object(let schemas)):
      return members.sorted { $0.key < $1.key }.flatMap { name, member in
        schemas[name].map { check(member, $0, "\(path).\(name)") } ?? []
      }
    case ("required", .object(let members), .array(let names)):
      return names.compactMap(\.string).filter { members[$0] == nil }.map { "\(path): no \($0)" }
    case ("additionalProperties", .object(let members), _):
      let named = rules["properties"]
      return members.sorted { $0.key < $1.key }.filter { named?[$0.key] == nil }
        .flatMap { check($1, rule, "\(path).\($0)") }
    case ("propertyNames", .object(let members), _):
      return members.keys.sorted().flatMap { check(.string($0), rule, "\(path).\($0)") }
    case ("properties", _, .object), ("required", _, .array), ("additionalProperties", _, _),
      ("propertyNames", _, _):
      return []
    default:
      return ["\(path): the keyword \(keyword) is not known"]
    }
  }

  private static func isType(_ value: JSONValue, _ type: String) -> Bool {
    switch (type, value) {
    case ("object", .object), ("array", .array), ("string", .string), ("number", .number),
      ("boolean", .boolean), ("null", .null):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }
}
