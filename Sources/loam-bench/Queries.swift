import Analysis
import Evaluation
import Grounding
import Octets

/// Draws queries from the passages by a seed, so that each has an answer.
///
/// `natural`: 4 to 8 words as they follow each other, stop words among them; `content`: 4 to 8 words of one
/// passage that are no stop words, in its order; `words`: two of them.
func makeQueries(_ arguments: Arguments) throws(Problem) {
  guard let path = arguments.rest.first else { throw Problem(.usage, "Which passages?") }
  let passages = try BenchPassage.read(path)
  let seed = UInt64(try arguments.number("seed", default: 1))
  var random = SplitMix64(seed: seed)
  let kind = try arguments.text("kind")
  var lines = ""
  var drawn = 0
  while drawn < (try arguments.number("count", default: 200)) {
    let passage = passages[Int(random.next() % UInt64(passages.count))]
    let count = kind == "words" ? 2 : Int(random.next() % 5) + 4
    let all = passage.text.split { !$0.isLetter }.map { $0.lowercased() }.filter { $0.count > 1 }
    // A word of the language is a term of its own and no stop word.
    let words =
      kind == "natural" ? all : all.filter { $0.count > 2 && !queryTerms("zzz \($0)").isStop }
    guard words.count >= count else { continue }
    if kind == "natural" {
      let start = Int(random.next() % UInt64(words.count - count + 1))
      lines += words[start..<start + count].joined(separator: " ") + "\n"
    } else {
      var chosen: Set<Int> = []
      while chosen.count < count { chosen.insert(Int(random.next() % UInt64(words.count))) }
      lines += chosen.sorted().map { words[$0] }.joined(separator: " ") + "\n"
    }
    drawn += 1
  }
  try Files.write(Array(lines.utf8), to: arguments.text("o"))
  print("\(drawn) \(kind) queries, seed \(seed)")
}

extension [QueryTerm] {
  /// Whether the word behind the first was left out.
  fileprivate var isStop: Bool { count < 2 }
}

/// A file of queries: each line's last column.
enum BenchQueries {
  static func read(_ path: String) throws(Problem) -> [String] {
    String(decoding: try Files.read(path), as: UTF8.self).split(separator: "\n").map {
      String($0.split(separator: "\t").last ?? "")
    }
  }
}
