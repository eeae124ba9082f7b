import Documents
import Grounding

/// The name each form of document goes by, so that any octets are read as each.
private let forms: [(name: String, parse: @Sendable ([UInt8], DocumentHints) -> ParsedItem)] = [
  ("a.txt", { PlainText.parse($0, hints: $1) }), ("a.md", { Markdown.parse($0, hints: $1) }),
  ("a.csv", { DelimitedText.parse($0, hints: $1) }), ("a.json", { JSONLines.parse($0, hints: $1) }),
  ("a.py", { SourceCode.parse($0, hints: $1) }), ("a.html", { HTMLDocument.parse($0, hints: $1) }),
]

private let labels: [String?] = [
  nil, nil, nil, "utf-8", "windows-1252", "utf-16", "shift_jis", "x",
]

/// Detection and one reader; the first octet chooses it, and the label of a charset.
func fuzzDocuments(_ octets: [UInt8]) {
  guard let choice = octets.first.map(Int.init) else { return }
  let body = Array(octets.dropFirst())
  let form = forms[choice % forms.count]
  _ = FileType.detect(head: body.span, name: form.name)
  let label = labels[choice / forms.count % labels.count]
  let item = form.parse(body, DocumentHints(name: form.name, charsetLabel: label))
  demandSound(item)
  if choice % forms.count == 3, let record = try? CorpusRecord.parse(line: body) {
    demandSound(record)
  }
}
