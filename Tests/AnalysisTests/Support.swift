import Analysis

/// A term as tests write it: `+term` for one in the position before, `term!` for a stop word.
func terms(_ text: String, mode: AnalysisMode? = .text) -> String {
  terms(Array(text.utf8), mode: mode)
}

func terms(_ octets: [UInt8], mode: AnalysisMode? = .text) -> String {
  spans(octets, mode: mode).map(\.written).joined(separator: " ")
}

struct EmittedTerm: Equatable {
  var octets: [UInt8]
  var token: Token

  var written: String {
    (token.isColocated ? "+" : "") + String(decoding: octets, as: UTF8.self)
      + (token.isStopWord ? "!" : "")
  }
}

func spans(_ octets: [UInt8], mode: AnalysisMode? = .text) -> [EmittedTerm] {
  var analyzer = Analyzer()
  var result: [EmittedTerm] = []
  analyzer.analyze(octets.span, mode: mode) { term, token in
    result.append(EmittedTerm(octets: term.indices.map { term[$0] }, token: token))
    return true
  }
  return result
}

/// Splits octets at line feeds, as text.
func lines(_ octets: [UInt8]) -> [String] {
  octets.split(separator: 0x0A, omittingEmptySubsequences: true)
    .map { String(decoding: $0, as: UTF8.self) }
}
