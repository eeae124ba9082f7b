import Grounding
import HTTPTransport
import Service
import TestSupport
import Testing

@Suite("The OpenAPI description")
struct OpenAPITests {
  private let contract = Contract.shared

  @Test("every reference in it leads somewhere")
  func references() throws {
    let references = Contract.references(in: contract.root)
    #expect(references.count > 10)
    for reference in references {
      if reference.hasPrefix("#") {
        let target = contract.resolve(.object(["$ref": .string(reference)]))
        #expect(target != nil, "\(reference)")
      } else {
        _ = try octets(ofFile: "\(Contract.folder)/\(reference)")
      }
    }
  }

  @Test("its paths and methods are the router's")
  func routes() {
    #expect(Set(contract.paths.keys) == Set(Route.allCases.map(\.rawValue)))
    for route in Route.allCases {
      guard case .object(let operations) = contract.paths[route.rawValue] else { continue }
      #expect(Set(operations.keys) == Set(route.methods.map { $0.lowercased() }), "\(route)")
    }
  }

  @Test("its statuses are those that codes have, and every code's is there")
  func statuses() {
    var described: Set<Int> = []
    for path in contract.paths.values {
      guard case .object(let operations) = path else { continue }
      for operation in operations.values {
        guard case .object(let responses) = operation["responses"] else { continue }
        described.formUnion(responses.keys.compactMap { Int($0) })
      }
    }
    #expect(described == Set(Problem.Code.statuses.values).union([200]))
    #expect(Set(Problem.Code.statuses.values).count == Problem.Code.statuses.count)
  }

  @Test("its examples are valid by the schemas beside them")
  func examples() throws {
    var count = 0
    func look(_ value: JSONValue) {
      switch value {
      case .object(let members):
        if let example = members["example"], let schema = members["schema"] {
          count += 1
          #expect(contract.violations(of: example, schema: schema) == [], "\(example)")
        }
        members.values.forEach(look)
      case .array(let items): items.forEach(look)
      default: break
      }
    }
    look(contract.root)
    #expect(count >= 10)
  }

  @Test("what the transport refuses is answered as a problem that every operation describes")
  func refusals() throws {
    try withDesk { desk in
      for refusal: HTTPRefusal in [
        .malformed, .targetTooLong, .fieldsTooLarge, .bodyTooLarge, .timedOut, .unknownCoding,
        .unknownVersion, .unknownExpectation, .overloaded,
      ] {
        let response = desk.handler.refuse(refusal)
        #expect(response.status == refusal.status)
        #expect(response.closes)
        for (path, operations) in contract.paths {
          let operation = operations["get"] ?? operations["post"]
          let description = operation?["responses"]?[String(response.status)]
          let found = try contract.violations(of: response, by: try #require(description))
          #expect(found == [], "\(path)")
        }
      }
      #expect(desk.log.lines.map(\.event) == Array(repeating: .refusal, count: 9))
    }
  }
}
