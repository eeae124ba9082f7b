import Glibc
import Grounding
import HTTPTransport
import Octets
import Partition
import Service
import Synchronization
import TestSupport
import Testing

/// A service over a home of its own, without a socket, with a clock that the test sets.
final class Desk {
  let home: LoamHome
  let model = WordModel()
  /// What takes the model's place where a test says so.
  let nextModel = WordModel("next-words")
  let time = TestTime()
  let log = Log()
  private(set) var handler: LoamHandler

  init(_ folder: String, hasModel: Bool = true, _ change: (inout ServiceOptions) -> Void = { _ in })
  {
    home = LoamHome(path: "\(folder)/home")
    var options = ServiceOptions()
    options.version = "1.2.3"
    options.clock = time.clock
    change(&options)
    let log = log
    handler = LoamHandler(
      home: home, model: hasModel ? model : nil, nextModel: hasModel ? nextModel : nil,
      options: options, log: { log.add($0) })
  }

  /// A new key's text.
  func key(
    _ principal: String = "ana", groups: [String] = [], tenant: String = "default",
    scope: KeyScope = .retrieve, expires: Int64? = nil
  ) throws -> String {
    try KeyFile.edit(home: home) { file throws(Problem) in
      var random = SystemRandomNumberGenerator()
      return try file.add(
        KeyFile.Holder(
          tenant: try Tenant(tenant), principal: principal, groups: groups, scope: scope,
          expires: expires), now: time.seconds, using: &random
      ).text
    }
  }

  func shelf(_ tenant: String = "default") throws -> Shelf { try Shelf(home, tenant, model) }

  /// Sends a request; whatever comes back is held against the OpenAPI description.
  @discardableResult
  func send(
    _ method: String, _ target: String, key: String? = nil, fields: [(String, String)] = [],
    body: [UInt8] = [], _ location: SourceLocation = #_sourceLocation
  ) throws -> HTTPResponse {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var request = HTTPRequest(
      method: method, path: String(parts[0]), query: parts.count > 1 ? String(parts[1]) : nil,
      body: body, peer: "192.0.2.7")
    if let key { request.fields.add("Authorization", "Bearer \(key)") }
    for (name, value) in fields { request.fields.add(name, value) }
    let response = handler.respond(to: request)
    let violations = try Contract.shared.violations(of: response, to: request)
    #expect(violations == [], "\(method) \(target)", sourceLocation: location)
    return response
  }

  @discardableResult
  func ask(
    _ body: String, key: String?, fields: [(String, String)] = [],
    _ location: SourceLocation = #_sourceLocation
  ) throws -> HTTPResponse {
    try send(
      "POST", "/v1/retrieve", key: key, fields: [("Content-Type", "application/json")] + fields,
      body: Array(body.utf8), location)
  }

  func titles(_ query: String, key: String, _ location: SourceLocation = #_sourceLocation) throws
    -> [String]
  {
    let response = try ask(#"{"query":"\#(query)"}"#, key: key, location)
    #expect(response.status == 200, sourceLocation: location)
    return try response.json["results"]?.array?.compactMap { $0["item"]?["title"]?.string } ?? []
  }
}

func withDesk<R>(
  hasModel: Bool = true, _ change: (inout ServiceOptions) -> Void = { _ in },
  _ body: (Desk) throws -> R
) throws -> R {
  try withFolder { folder in try body(Desk(folder, hasModel: hasModel, change)) }
}

/// Runs `body` with a new folder in memory where the machine has one: nothing here is about lasting.
private func withFolder<R>(_ body: (String) throws -> R) throws -> R {
  var template = Array("/dev/shm/loam-test.XXXXXX".utf8CString)
  guard unsafe mkdtemp(&template) != nil else { return try withTemporaryFolder(body) }
  let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  defer { _ = unsafe system("rm -rf '\(path)'") }
  return try body(path)
}

extension HTTPResponse {
  var json: JSONValue {
    get throws { try JSONValue(String(decoding: body, as: UTF8.self)) }
  }

  var code: String? { (try? json)?["code"]?.string }

  /// All that may not differ between two answers that say the same.
  var comparable: [String] {
    ["\(status)", "\(closes)"]
      + fields.fields.filter { $0.name != "traceparent" }.map { "\($0.name): \($0.value)" }
      + [String(decoding: body, as: UTF8.self)]
  }
}

/// A clock that stands still unless the test moves it.
final class TestTime: Sendable {
  private let moved = Atomic<Int64>(0)

  /// 2026-11-24T13:00:00Z.
  static let start: Int64 = 1_795_525_200
  var seconds: Int64 { Self.start + moved.load(ordering: .relaxed) / 1_000_000_000 }

  func move(seconds: Double) {
    moved.wrappingAdd(Int64(seconds * 1e9), ordering: .relaxed)
  }

  var clock: ServiceClock {
    ServiceClock(
      wall: { Self.start * 1_000 + self.moved.load(ordering: .relaxed) / 1_000_000 },
      steady: { 5_000_000_000 + self.moved.load(ordering: .relaxed) })
  }
}

/// What was logged.
final class Log: Sendable {
  private let kept = Mutex<[LogLine]>([])

  func add(_ line: LogLine) { kept.withLock { $0.append(line) } }

  var lines: [LogLine] { kept.withLock { $0 } }
}

/// A tenant's store that a test fills through the real writer.
final class Shelf {
  private let writer: PartitionWriter
  private let model: WordModel

  init(_ home: LoamHome, _ tenant: String, _ model: WordModel) throws {
    writer = try PartitionWriter(home: home, tenant: try Tenant(tenant))
    self.model = model
  }

  /// Puts a document, owned by `olga`, with its vector; the result is its id.
  @discardableResult
  func put(_ title: String, _ text: String, grants: [String] = ["everyone"]) throws -> String {
    var item = ParsedItem(kind: .document)
    item.title = title
    item.text = text
    let id = itemID(source: "shelf", key: Array(title.utf8))
    let access = AccessList(
      owner: Principal("olga"), grants: try grants.map { try Grant(parsing: $0) })
    try writer.begin()
    _ = try writer.apply(
      ItemDraft(
        id: id, parent: nil, item: item, contentHash: SHA256.digest(Array(text.utf8)),
        passages: [
          Passage(ordinal: 0, span: TextSpan(start: 0, end: min(400, text.utf8.count)))
        ],
        source: try writer.source(named: "shelf"), file: nil, key: title,
        uri: "file:///shelf/\(title)", access: access))
    try writer.requireModel(model.modelID, dimension: model.dimension)
    let pending = try writer.pendingVectors(limit: 100)
    try writer.storeVectors(
      pending.map { ($0.row, QuantizedVector(model.vector("\($0.title ?? "") \($0.body)"))) },
      model: model.modelID)
    _ = try writer.commit()
    return id.text
  }

  /// Has another model take the place of the one there is: makes up to `limit` of its vectors.
  func change(to next: WordModel, limit: Int) throws {
    try writer.changeModel(to: next.modelID, dimension: next.dimension)
    try writer.storeVectors(
      try writer.pendingVectors(.next, limit: limit).map {
        ($0.row, QuantizedVector(next.vector("\($0.title ?? "") \($0.body)")))
      }, model: next.modelID)
  }

  func remove(_ title: String) throws {
    try writer.begin()
    _ = try writer.removeLocation(source: try writer.source(named: "shelf"), key: title)
    _ = try writer.commit()
  }
}
