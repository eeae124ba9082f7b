import TestSupport
import Testing

/// The checker that other suites trust: it has to find what is wrong.
@Suite("JSONSchema")
struct JSONSchemaTests {
  @Test(
    "a wrong value is found",
    arguments: [
      (#"{"type":"integer"}"#, "1.5"), (#"{"type":"object"}"#, "[]"),
      (#"{"type":"array","items":{"type":"string"}}"#, #"["a",1]"#),
      (#"{"properties":{"a":{"minimum":1}}}"#, #"{"a":0}"#),
      (#"{"properties":{"a":true},"additionalProperties":false}"#, #"{"b":0}"#),
      (#"{"required":["a"]}"#, "{}"), (#"{"enum":["a"]}"#, #""b""#),
      (#"{"pattern":"^a$"}"#, #""ab""#), (#"{"oneOf":[{"const":1},{"minimum":1}]}"#, "1"),
      (#"{"maxLength":1}"#, #""ab""#), (#"{"propertyNames":{"enum":["a"]}}"#, #"{"b":1}"#),
      (#"{"minItems":1}"#, "[]"), (#"{"unheardOf":1}"#, "1"),
      (##"{"$ref":"#/$defs/a","$defs":{"a":{"minimum":2}}}"##, "1"),
      (##"{"$ref":"#/$defs/b","$defs":{"a":true}}"##, "1"),
      (#"{"$ref":"access-line.schema.json"}"#, "1"),
      (#"{"$ref":"unheard-of.schema.json"}"#, "{}"),
    ])
  func wrong(schema: String, value: String) throws {
    let schema = JSONSchema(try JSONValue(schema))
    #expect(!schema.violations(of: try JSONValue(value)).isEmpty)
  }

  @Test("a right value passes")
  func right() throws {
    let referring = JSONSchema(
      try JSONValue(#"{"$ref":"access-line.schema.json#/properties/glob"}"#))
    #expect(referring.violations(of: .string("*.md")) == [])
    let schema = try JSONSchema(named: "access-line")
    let line = try JSONValue(#"{"glob":"*.md","grants":["group:crew","!user:zoe","everyone"]}"#)
    #expect(schema.violations(of: line) == [])
    let bad = try JSONValue(#"{"glob":"*.md","grants":["crew"]}"#)
    #expect(!schema.violations(of: bad).isEmpty)
  }
}
