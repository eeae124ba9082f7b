import Analysis
import Grounding

/// Stops the process, which libFuzzer takes for a crash, where `condition` does not hold.
func demand(_ condition: Bool, _ claim: StaticString, line: UInt = #line) {
  if !condition { fatalError("\(claim), line \(line)") }
}

/// What holds for whatever a parser reads.
func demandSound(_ item: ParsedItem) {
  demand(item.hasSoundSegments, "segments are in order, inside of the text, between scalars")
  demand(item.text.isFitForPrompts, "nothing is in the text that must not reach a prompt")
  for text in [item.title, item.externalID] + item.people.flatMap({ [$0.name, $0.address] }) {
    demand(text?.isFitForPrompts ?? true, "nor in a title or a name")
  }
  demandSound(PassageSplitter().split(item.text, segments: item.segments), of: item.text)
  for child in item.children { demandSound(child) }
}

/// What holds for the passages of any text: first those of an item's own words, then what it quotes, each
/// in order, and no octet in two.
private func demandSound(_ passages: [Passage], of text: String) {
  let octets = Array(text.utf8)
  for (before, passage) in zip(passages, passages.dropFirst()) {
    let isTurn = before.role == .new && passage.role == .quoted
    demand(isTurn || before.role == passage.role, "what is quoted comes last")
    demand(isTurn || passage.span.start >= before.span.end, "passages are in order")
  }
  var end = 0
  for passage in passages.sorted(by: { $0.span.start < $1.span.start }) {
    demand(passage.span.start >= end, "passages do not overlap")
    demand(passage.span.end <= octets.count, "passages lie in the text")
    let part = octets[passage.span.range]
    demand(String(validating: part, as: UTF8.self) != nil, "passages are whole scalars")
    end = passage.span.end
  }
}
