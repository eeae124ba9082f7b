/// A term of a query and how often the query has it.
package struct QueryTerm: Hashable, Sendable {
  package var term: String
  package var count: Int

  package init(term: String, count: Int) {
    self.term = term
    self.count = count
  }
}

/// The terms of `query`, each once, in the order of their first occurrence.
///
/// Stop words are left out, unless the query has nothing else. Parts and wholes of compounds are
/// both there. A query without words has none.
package func queryTerms(_ query: String) -> [QueryTerm] {
  var analyzer = Analyzer.forShortText()
  var all: [QueryTerm] = []
  var places: [String: Int] = [:]
  var isStopWord: [Bool] = []
  let octets = Array(query.utf8)
  analyzer.analyze(octets.span, mode: .text) { term, token in
    let text = string(term)
    if let place = places[text] {
      all[place].count += 1
      // A word that is no stop word can have a stop word's stem, and then counts.
      isStopWord[place] = isStopWord[place] && token.isStopWord
    } else {
      places[text] = all.count
      all.append(QueryTerm(term: text, count: 1))
      isStopWord.append(token.isStopWord)
    }
    return true
  }
  let content = zip(all, isStopWord).filter { !$0.1 }.map(\.0)
  return content.isEmpty ? all : content
}

private func string(_ octets: Span<UInt8>) -> String {
  var copy: [UInt8] = []
  copy.reserveCapacity(octets.count)
  for index in octets.indices { copy.append(octets[index]) }
  return String(decoding: copy, as: UTF8.self)
}
