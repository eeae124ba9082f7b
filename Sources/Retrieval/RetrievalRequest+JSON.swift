import FoundationEssentials
package import Grounding

extension RetrievalRequest: Codable {
  private enum CodingKeys: String, CodingKey, CaseIterable {
    case query, kinds, limit, mode, fusion, now, zone
    case snippetsPerItem = "snippets_per_item"
    case budgetTokens = "budget_tokens"
    case groupBy = "group_by"
  }

  /// Reads the fields; limits are ``validate()``'s.
  ///
  /// - Throws: `bad_request` for a field that is unknown, reserved, missing or of another type;
  ///   `DecodingError` where there is no object.
  package init(from decoder: any Decoder) throws {
    let known = Set(CodingKeys.allCases.map(\.rawValue))
    if let odd = try decoder.fieldNames().filter({ !known.contains($0) }).min() {
      let isReserved = Self.reservedFields.contains(odd)
      throw Problem(
        .badRequest,
        isReserved ? "A field is reserved for a later version." : "A field is not known.",
        place: String(odd.prefix(64)),
        remedy: "Leave it out; known are \(known.sorted().joined(separator: ", ")).")
    }
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    // The decoder's own error would lack the name where a number is too large, and
    // `decodeIfPresent` would take null for absent; the contract knows no null.
    func read<T: Decodable>(_ key: CodingKeys, _ type: T.Type) throws -> T {
      do { return try fields.decode(type, forKey: key) } catch { throw Self.misfit(key.rawValue) }
    }
    func value<T: Decodable>(_ key: CodingKeys, _ fallback: T) throws -> T {
      try fields.contains(key) ? read(key, T.self) : fallback
    }
    func optional<T: Decodable>(_ key: CodingKeys, _ type: T.Type) throws -> T? {
      try fields.contains(key) ? read(key, type) : nil
    }
    self.init(query: try read(.query, String.self))
    kinds = Set(try value(.kinds, Array(kinds)))
    limit = try value(.limit, limit)
    snippetsPerItem = try value(.snippetsPerItem, snippetsPerItem)
    mode = try value(.mode, mode)
    fusion = try value(.fusion, fusion)
    groupBy = try optional(.groupBy, GroupBy.self)
    budgetTokens = try optional(.budgetTokens, Int.self)
    now = try optional(.now, String.self)
    zone = try optional(.zone, String.self)
  }

  /// Writes every field that has a value, defaults included; kinds in their order of declaration.
  package func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: CodingKeys.self)
    try fields.encode(query, forKey: .query)
    try fields.encode(ItemKind.allCases.filter(kinds.contains), forKey: .kinds)
    try fields.encode(limit, forKey: .limit)
    try fields.encode(snippetsPerItem, forKey: .snippetsPerItem)
    try fields.encode(mode, forKey: .mode)
    try fields.encode(fusion, forKey: .fusion)
    try fields.encodeIfPresent(groupBy, forKey: .groupBy)
    try fields.encodeIfPresent(budgetTokens, forKey: .budgetTokens)
    try fields.encodeIfPresent(now, forKey: .now)
    try fields.encodeIfPresent(zone, forKey: .zone)
  }

  /// Reads and validates a request's octets.
  ///
  /// - Throws: `bad_request`, with the field's name as its place where one is to blame. The text of
  ///   the request is never repeated, apart from the name of a field that is not known.
  package init(json: [UInt8]) throws(Problem) {
    try StrictJSON.check(json)
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(json))
    } catch let problem as Problem {
      throw problem
    } catch {
      throw Problem(
        .badRequest, "The request is not a JSON object.",
        remedy: "Send one object in UTF-8 with at least the field query.")
    }
    try validate()
  }

  private static func misfit(_ field: String) -> Problem {
    Problem(
      .badRequest, "A field is missing or has a value that it cannot have.", place: field,
      remedy: "Compare it with the contract; an unset field is left out, never null.")
  }
}
