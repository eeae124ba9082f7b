import Grounding
import TestSupport

/// Words that the analysis keeps apart and leaves whole, stop words among them.
enum Words {
  static let content = [
    "zorb", "quix", "flam", "brul", "krim", "vost", "drap", "gluk", "jinq", "plog", "wumf", "xant",
  ]
  static let stop = ["the", "and", "of"]
}

extension RandomSource {
  mutating func chance(_ share: Double) -> Bool { Double.random(in: 0..<1, using: &self) < share }

  mutating func pick<T>(_ list: [T]) -> T {
    // Lists of this file are never empty.
    list[Int.random(in: 0..<list.count, using: &self)]
  }

  /// Low words are frequent, so that scores collide and frequencies differ.
  mutating func words(_ counts: ClosedRange<Int>) -> [String] {
    (0..<Int.random(in: counts, using: &self)).map { _ in
      chance(0.25)
        ? pick(Words.stop)
        : Words.content[
          min(
            Int.random(in: 0..<Words.content.count, using: &self),
            Int.random(in: 0..<Words.content.count, using: &self))]
    }
  }

  mutating func spec(_ key: String) -> ItemSpec {
    var spec = ItemSpec(key: key, passages: [])
    spec.kind = pick(ItemKind.allCases)
    spec.title = chance(0.8) ? words(0...4) : nil
    spec.passages = (0..<Int.random(in: 1...3, using: &self)).map { _ in words(0...14) }
    spec.people =
      chance(0.5) ? [Person(role: .from, name: pick(Words.content), address: "a@example.org")] : []
    spec.times = chance(0.5) ? [ItemTime(role: .sent, instant: 1_790_925_240, zone: "+02:00")] : []
    return spec
  }
}
