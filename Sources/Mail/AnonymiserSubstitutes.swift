import Octets

/// What words are replaced by: letters drawn from the word and a run's seed.
///
/// A word has one substitute, whatever its case and wherever it stands, so that a quote still says
/// what its original says and an id is still the same id. Letters come from SHA-256 of seed and word;
/// without the seed nothing leads back but how often a word occurs and how long it is. Words of one to
/// three letters are exchanged among each other, and numbers of one to three digits, so that two of
/// them never become one. A substitute of four or more letters is never the word itself, and none is a
/// word that is kept.
struct AnonymiserSubstitutes {
  private let seed: [UInt8]
  private var drawn: [[UInt8]: [UInt8]?] = [:]
  private var shortWords: [ShortWords: [Int]] = [:]

  init(seed: UInt64) { self.seed = (0..<8).map { UInt8(truncatingIfNeeded: seed >> ($0 * 8)) } }

  /// A draw for each of the `count` characters of `word`, which is UTF-8 in lower case; `nil` where
  /// the word is kept.
  ///
  /// For ASCII letters a draw modulo 26 is the letter, for ASCII digits modulo 10 the digit, for all
  /// else the place among those of its kind.
  mutating func draws(for word: [UInt8], count: Int) -> [UInt8]? {
    if let known = drawn[word] { return known }
    let found: [UInt8]? =
      AnonymiserWords.kept.contains(word) ? nil : shortDraws(word) ?? longDraws(word, count)
    drawn[word] = .some(found)
    return found
  }

  private func longDraws(_ word: [UInt8], _ count: Int) -> [UInt8] {
    // Ends: only a word of ASCII is drawn again, and few substitutes are kept words.
    var attempt: UInt8 = 0
    while true {
      let draws = keepingYears(word, stream(word, attempt, count))
      let written = substitute(word, draws)
      if written == nil || count < 4 || attempt == .max { return draws }
      if written != word, let written, !AnonymiserWords.kept.contains(written) { return draws }
      attempt += 1
    }
  }

  /// Draws of which a number of four or more digits that may begin with a year still may: years say
  /// that a line introduces a quote.
  private func keepingYears(_ word: [UInt8], _ draws: [UInt8]) -> [UInt8] {
    guard word.count >= 4, draws.count == word.count, word.allSatisfy(isDigit) else { return draws }
    var draws = draws
    let isYear = word[0] == 0x31 || word[0] == 0x32
    draws[0] = isYear ? 1 + draws[0] % 2 : [0, 3, 4, 5, 6, 7, 8, 9][Int(draws[0] % 8)]
    return draws
  }

  /// The substitute of a word of ASCII.
  private func substitute(_ word: [UInt8], _ draws: [UInt8]) -> [UInt8]? {
    guard draws.count == word.count, isASCII(word.span) else { return nil }
    return word.indices.map { index in
      isDigit(word[index]) ? 0x30 + draws[index] % 10 : 0x61 + draws[index] % 26
    }
  }

  /// SHA-256 of seed, attempt, block and word, block after block.
  private func stream(_ word: [UInt8], _ attempt: UInt8, _ count: Int) -> [UInt8] {
    var draws: [UInt8] = []
    var block: UInt32 = 0
    while draws.count < count {
      let number = (0..<4).map { UInt8(truncatingIfNeeded: block >> ($0 * 8)) }
      draws += SHA256.digest(seed + [attempt] + number + word)
      block += 1
    }
    return Array(draws.prefix(count))
  }

  // MARK: Short words

  /// The draws of a word of one to three ASCII letters or digits.
  private mutating func shortDraws(_ word: [UInt8]) -> [UInt8]? {
    guard word.count <= 3, let first = word.first else { return nil }
    let short = ShortWords(count: word.count, isNumber: isDigit(first))
    guard word.allSatisfy({ short.isNumber ? isDigit($0) : isLower($0) }) else { return nil }
    let order = shortWords[short] ?? exchanged(short)
    shortWords[short] = order
    return short.word(order[short.number(word)]).map { $0 - short.first }
  }

  /// All words of one kind in an order of the seed's; those that are kept stay in place.
  ///
  /// - SeeAlso: Knuth: The Art of Computer Programming, volume 2, algorithm 3.4.2 P (Fisher, Yates).
  private func exchanged(_ short: ShortWords) -> [Int] {
    var order = Array(0..<short.all)
    let movable = order.filter { !AnonymiserWords.kept.contains(short.word($0)) }
    var moved = movable
    let draws = stream([short.first, UInt8(short.count)], 0, 4 * moved.count)
    for index in stride(from: moved.count - 1, to: 0, by: -1) {
      let draw = draws[(index * 4)..<(index * 4 + 4)].reduce(0) { $0 << 8 | Int($1) }
      moved.swapAt(index, draw % (index + 1))
    }
    for (from, to) in zip(movable, moved) { order[from] = to }
    return order
  }
}

/// The words of so many letters, or the numbers of so many digits, in order.
private struct ShortWords: Hashable {
  var count: Int
  var isNumber: Bool

  var first: UInt8 { isNumber ? 0x30 : 0x61 }
  private var base: Int { isNumber ? 10 : 26 }
  var all: Int { (0..<count).reduce(1) { product, _ in product * base } }

  func number(_ word: [UInt8]) -> Int { word.reduce(0) { $0 * base + Int($1 - first) } }

  func word(_ number: Int) -> [UInt8] {
    var rest = number
    return (0..<count).map { _ in
      defer { rest /= base }
      return first + UInt8(rest % base)
    }.reversed()
  }
}

func isDigit(_ octet: UInt8) -> Bool { (0x30...0x39).contains(octet) }
func isUpper(_ octet: UInt8) -> Bool { (0x41...0x5A).contains(octet) }
func isLower(_ octet: UInt8) -> Bool { (0x61...0x7A).contains(octet) }
func isLetterOrDigit(_ octet: UInt8) -> Bool {
  isDigit(octet) || isUpper(octet) || isLower(octet)
}
