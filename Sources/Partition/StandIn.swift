// Stands behind the calls of `Analysis` until that target has them.
enum Analysis { static let version = 0 }
enum AnalysisMode: UInt8 { case text = 0, names = 1, terms = 2 }
struct Token {
  var start: Int
  var end: Int
  var isColocated: Bool
  var isStopWord: Bool
}
struct Analyzer {
  init() {}
  mutating func analyze(
    _ text: Span<UInt8>, mode: AnalysisMode?, emit: (Span<UInt8>, Token) -> Bool
  ) {
    var index = 0
    func isTerm(_ octet: UInt8) -> Bool {
      (0x30...0x39).contains(octet) || (0x41...0x5A).contains(octet)
        || (0x61...0x7A).contains(octet) || octet >= 0x80
    }
    while index < text.count {
      guard isTerm(text[index]) else {
        index += 1
        continue
      }
      let start = index
      var term: [UInt8] = []
      while index < text.count, isTerm(text[index]) {
        term.append(text[index] < 0x5B && text[index] > 0x40 ? text[index] + 32 : text[index])
        index += 1
      }
      let token = Token(start: start, end: index, isColocated: false, isStopWord: term.count < 3)
      if !emit(term.span, token) { return }
    }
  }
  mutating func countTerms(_ text: Span<UInt8>, mode: AnalysisMode) -> Int {
    var count = 0
    analyze(text, mode: mode) { _, token in
      if !token.isStopWord { count += 1 }
      return true
    }
    return count
  }
}
