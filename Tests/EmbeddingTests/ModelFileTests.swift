import Embedding
import Grounding
import Octets
import TestSupport
import Testing

/// Model files that are cut off, changed or made to mislead; layout as ModelLayout says.
@Suite("Hostile model files")
struct ModelFileTests {
  @Test("a file cut off anywhere in its header and tables, or at the end, is refused")
  func truncation() throws {
    try withModel { octets, path in
      for length in Array(0...128) + [200, 500, 1000, octets.count / 2, octets.count - 1] {
        try writeFile(Array(octets[..<length]), to: path)
        expectBadModel("\(length) octets") { () throws(Problem) in _ = try Encoder(file: path) }
      }
      try writeFile(octets + [0], to: path)
      expectBadModel { () throws(Problem) in _ = try Encoder(file: path) }
    }
  }

  @Test("a changed octet anywhere is found by the checksum")
  func checksum() throws {
    try withModel { octets, path in
      var random = RandomSource(seed: RandomSource.seedFromEnvironment())
      let places =
        Array(0..<128) + (0..<100).map { _ in Int.random(in: 128..<octets.count, using: &random) }
      for place in places {
        var changed = octets
        changed[place] ^= 0x41
        try writeFile(changed, to: path)
        expectBadModel("octet \(place)") { () throws(Problem) in _ = try Encoder(file: path) }
      }
    }
  }

  @Test("numbers made up in the header and the tensor table, with a right checksum, stop nobody")
  func madeUpNumbers() throws {
    try withModel { octets, path in
      let table = Int(number(octets, at: 56))
      let size = Int(number(octets, at: 64))
      let fields =
        stride(from: 8, to: 96, by: 8).map { $0 }
        + stride(from: table, to: table + size, by: 8).map { $0 }
      let numbers: [UInt64] = [
        0, 1, 63, 127, 128, 1 << 31, 1 << 32, 1 << 62, .max, .max - 63, UInt64(octets.count),
      ]
      for place in fields {
        for made in numbers where made != number(octets, at: place) {
          var changed = octets
          changed.replaceSubrange(place..<place + 8, with: littleEndian(made))
          try writeFile(sealed(changed), to: path)
          do throws(Problem) {
            let encoder = try Encoder(file: path)
            #expect(encoder.encode(query: "the river").count == encoder.dimension)
          } catch { #expect(error.code == .badModel) }
        }
      }
    }
  }

  @Test("metadata that asks for the impossible, with a right checksum, is refused")
  func metadata() throws {
    try withModel { octets, path in
      let start = Int(number(octets, at: 24))
      let json = String(
        decoding: octets[start..<start + Int(number(octets, at: 32))], as: UTF8.self)
      let changes = [
        ("\"dimension\":12", "\"dimension\":99"), ("\"dimension\":12", "\"dimension\":-2"),
        ("\"layers\":2", "\"layers\":1"), ("\"layers\":2", "\"layers\":9"),
        ("\"heads\":3", "\"heads\":0"), ("\"heads\":3", "\"heads\":5"),
        ("\"maximum_tokens\":16", "\"maximum_tokens\":17"),
        ("\"maximum_tokens\":16", "\"maximum_tokens\":01"),
        ("\"vocabulary\":25", "\"vocabulary\":24"),
        ("\"pooling\":\"mean\"", "\"pooling\":\"most\""),
        ("\"weights\":\"int8\"", "\"weights\":\"int4\""), ("{", "["), ("\"bert\"", "\"gert\""),
      ]
      for (old, new) in changes {
        try #require(json.contains(old), "\(json)")
        let changed = Array(json.replacing(old, with: new).utf8)
        try #require(changed.count == json.utf8.count)
        var file = octets
        file.replaceSubrange(start..<start + changed.count, with: changed)
        try writeFile(sealed(file), to: path)
        expectBadModel("\(new)") { () throws(Problem) in _ = try Encoder(file: path) }
      }
    }
  }

  @Test("random weights of any bit pattern give vectors of finite numbers")
  func randomWeights() throws {
    try withModel { octets, path in
      let data = Int(number(octets, at: 56) + number(octets, at: 64))
      var random = RandomSource(seed: RandomSource.seedFromEnvironment())
      for _ in 0..<50 {
        var changed = octets
        for place in data..<octets.count { changed[place] = .random(in: 0...255, using: &random) }
        try writeFile(sealed(changed), to: path)
        let vector = try Encoder(file: path).encode(query: "the river floods every spring")
        #expect(vector.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test("no file, a folder, an empty file and another kind of file are named as such")
  func notModels() throws {
    try withTemporaryFolder { folder in
      for path in ["\(folder)/absent", folder, "/dev/null"] {
        expectBadModel { () throws(Problem) in _ = try Encoder(file: path) }
      }
      try writeFile([UInt8](repeating: 0x41, count: 5000), to: "\(folder)/text")
      do throws(Problem) {
        _ = try Encoder(file: "\(folder)/text")
        Issue.record("a text was taken for a model")
      } catch {
        #expect(error.place == "\(folder)/text")
        #expect(error.remedy != nil)
      }
    }
  }

  /// Calls `body` with the octets of a small model and a path to write to.
  private func withModel(_ body: ([UInt8], String) throws -> Void) throws {
    try withTemporaryFolder { folder in
      try InventedModel(seed: 4).write(to: folder)
      try ModelConverter.convert(folder: folder, to: "\(folder)/model.loam")
      try body(octets(ofFile: "\(folder)/model.loam"), "\(folder)/changed.loam")
    }
  }

  private func number(_ octets: [UInt8], at place: Int) -> UInt64 {
    octets[place..<place + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The file with the checksum that its octets have.
  private func sealed(_ octets: [UInt8]) -> [UInt8] {
    var octets = octets
    octets.replaceSubrange(96..<128, with: SHA256.digest(Array(octets[..<96] + octets[128...])))
    return octets
  }
}
