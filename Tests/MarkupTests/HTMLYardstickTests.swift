import Glibc
import Grounding
import Markup
import Octets
import TestSupport
import Testing

/// Held against the text that pandoc reads, and measured.
@Suite("HTML: other readers and speed", .needsCorpora, .serialized)
struct HTMLYardstickTests {
  private static let measures = Corpora.environment("LOAM_MEASURE") == "1"

  /// How often each run of letters and digits stands in a text, in lower case.
  private func bag(_ text: String) -> [String: Int] {
    var bag: [String: Int] = [:]
    for word in text.lowercased().unicodeScalars.split(whereSeparator: {
      !$0.properties.isAlphabetic && $0.properties.numericType == nil
    }) {
      bag[String(String.UnicodeScalarView(word)), default: 0] += 1
    }
    return bag
  }

  private func decoded(_ octets: [UInt8]) -> String {
    let label = HTMLText.declaredCharset(octets.span)
    if let label, let charset = Charset(label: label) {
      let (text, replaced) = charset.decode(octets)
      if replaced == 0 { return text }
    }
    return String(validating: octets, as: UTF8.self) ?? Charset.windows1252.decode(octets).text
  }

  @Test("the words that pandoc reads are read")
  func pandoc() throws {
    let folder = try Corpora.folder("docs")
    let manifest = try String(decoding: octets(ofFile: "\(folder)/manifest.tsv"), as: UTF8.self)
    var recalls: [Double] = []
    var found = 0
    var total = 0
    for line in manifest.split(separator: "\n") {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count > 6, fields[2] == "html", fields[4] == "ok" else { continue }
      let yardstick = bag(
        String(
          decoding: try octets(ofFile: "\(folder)/\(fields[0])/pandoc/\(fields[1]).txt"),
          as: UTF8.self))
      let page = try decoded(octets(ofFile: "\(folder)/\(fields[1])"))
      let result = read(page)
      let own = bag(result.text)
      let words = yardstick.values.reduce(0, +)
      let missing = yardstick.filter { own[$0.key, default: 0] < $0.value }
      let kept = yardstick.reduce(0) { $0 + min($1.value, own[$1.key, default: 0]) }
      let recall = words == 0 ? 1 : Double(kept) / Double(words)
      recalls.append(recall)
      found += kept
      total += words
      if Self.measures {
        let extra = own.values.reduce(0, +) - kept
        let sample = missing.keys.sorted().prefix(6).joined(separator: " ")
        print(
          "\(fields[1]): recall \((recall * 1000).rounded() / 1000) of \(words), \(extra) more;",
          result.reading.defects.map { "\($0.code) \($0.detail ?? "")" }, sample)
      }
    }
    let mean = recalls.reduce(0, +) / Double(max(1, recalls.count))
    print(
      "pandoc: \(recalls.count) files, mean recall \(mean), of all words",
      Double(found) / Double(total))
    #expect(recalls.count == 27)
    #expect(mean >= 0.99)
    #expect(recalls.allSatisfy { $0 >= 0.95 })
  }

  /// The HTML of messages in no transfer encoding: from `<html` to the end.
  private func mails() throws -> [[UInt8]] {
    let folder = try Corpora.folder("mail/spamassassin") + "/spamassassin"
    var found: [[UInt8]] = []
    guard let pipe = unsafe popen("grep -rliE '^<html' '\(folder)' | LC_ALL=C sort", "r") else {
      return []
    }
    var names: [UInt8] = []
    while case let octet = unsafe fgetc(pipe), octet != EOF {
      names.append(UInt8(truncatingIfNeeded: octet))
    }
    unsafe pclose(pipe)
    for name in names.split(separator: 0x0A) {
      let message = try octets(ofFile: String(decoding: name, as: UTF8.self))
      // Transfer encodings are Mail's to undo.
      if String(decoding: message, as: UTF8.self).contains("=3D") { continue }
      let lower = message.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
      guard let start = lower.split(separator: 0x0A).first(where: { $0.starts(with: "<html".utf8) })
      else { continue }
      // Octets above 127 count as letters of Latin-1.
      found.append(
        Charset.windows1252.decode(Array(message[start.startIndex...])).text.utf8.map { $0 })
    }
    return found
  }

  @Test("the HTML of real messages is read with sound segments")
  func realMail() throws {
    let pages = try mails()
    #expect(pages.count > 100)
    var hidden: [String: Int] = [:]
    for page in pages {
      var canonical = CanonicalText()
      let reading = HTMLText.append(page.span, to: &canonical)
      var item = ParsedItem(kind: .document)
      item.text = canonical.text
      item.segments = canonical.segments
      #expect(item.hasSoundSegments && item.text.isFitForPrompts)
      for defect in reading.defects {
        let reason = defect.detail?.split(separator: ",").first.map(String.init) ?? ""
        hidden["\(defect.code) \(defect.code == "hidden_text" ? reason : "")", default: 0] += 1
      }
    }
    print("real mail: \(pages.count) pages; pages with defects:", hidden.sorted { $0.key < $1.key })
  }

  @Test("speed", .enabled(if: Corpora.environment("LOAM_MEASURE") == "1"))
  func speed() throws {
    let pages = try mails()
    let total = pages.reduce(0) { $0 + $1.count }
    let tokens = rate(total) {
      for page in pages {
        var tokenizer = HTMLTokenizer()
        while tokenizer.next(page.span) != .end {}
      }
    }
    let texts = rate(total) {
      for page in pages {
        var canonical = CanonicalText()
        _ = HTMLText.append(page.span, to: &canonical)
      }
    }
    print("HTML of mail: \(total) octets; tokens \(tokens) MB/s, text \(texts) MB/s of CPU time")
  }

  /// Millions of octets a second of CPU time: the best of five rounds after one to warm up.
  private func rate(_ octets: Int, _ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    for _ in 0..<5 {
      let start = clock()
      body()
      best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
    }
    return (Double(octets) / best / 1e5).rounded() / 10
  }
}
