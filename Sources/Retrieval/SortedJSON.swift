import FoundationEssentials
package import Grounding

/// `value` as one line of JSON with sorted names, without a line end: the one form in which Loam
/// writes JSON for programs.
///
/// - Throws: `internal` where the value holds what JSON cannot say, such as a number that is none.
package func sortedJSON(_ value: some Encodable) throws(Problem) -> [UInt8] {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  do {
    return Array(try encoder.encode(value))
  } catch {
    throw Problem(.internal, "A value cannot be written as JSON.")
  }
}

/// Any name of an object's field.
private struct FieldName: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension Decoder {
  /// The names of the object's fields, to see those that should not be there.
  ///
  /// - Throws: `DecodingError` where there is no object.
  package func fieldNames() throws -> [String] {
    try container(keyedBy: FieldName.self).allKeys.map(\.stringValue)
  }
}
