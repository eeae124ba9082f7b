import Markup
import TestSupport
import Testing

/// Held against html5lib's tokenizer tests.
@Suite("HTML tokenizer: html5lib's tests", .needsCorpora)
struct HTMLTokenizerTests {
  private static let files = [
    "contentModelFlags", "domjs", "entities", "escapeFlag", "namedEntities", "numericEntities",
    "pendingSpecChanges", "test1", "test2", "test3", "test4", "unicodeChars",
    "unicodeCharsProblematic",
  ]

  private static func tests(_ name: String, _ member: String = "tests") throws -> [JSONValue] {
    let path = try Corpora.folder("html/tokenizer") + "/tokenizer/\(name).test"
    let root = try JSONValue(String(decoding: octets(ofFile: path), as: UTF8.self))
    return try #require(root[member]?.array)
  }

  @Test("every test gives the tokens and the errors that it lists")
  func all() throws {
    var count = 0
    var runs = 0
    for file in Self.files {
      for test in try Self.tests(file) {
        count += 1
        for state in test["initialStates"]?.array?.compactMap(\.string) ?? ["Data state"] {
          runs += 1
          let run = try Run(test, state: state)
          #expect(run.tokens == run.expected, "\(file): \(test["description"]?.string ?? "")")
          #expect(run.errors == run.listed, "\(file): \(test["description"]?.string ?? "")")
        }
      }
    }
    // The four of xmlViolation ask for an XML infoset, which no token is.
    #expect(count == 6_810 - 4)
    #expect(runs == 7_036 - 4)
    print("html5lib: \(count) tests, \(runs) runs, tokens and error codes equal")
  }

  @Test("the tests of the XML infoset differ only by what coercion would change")
  func xmlViolations() throws {
    for test in try Self.tests("xmlViolation", "xmlViolationTests") {
      let run = try Run(test, state: "Data state")
      #expect(run.tokens.map(Self.coerced) == run.expected.map(Self.coerced))
    }
  }

  /// The standard's section 13.2.9, as far as these tests go.
  private static func coerced(_ token: Token) -> Token {
    func replaced(_ octets: [UInt8]) -> [UInt8] {
      var text = String(decoding: octets, as: UTF8.self)
      text.replace("\u{FFFF}", with: "\u{FFFD}")
      text.replace("\u{C}", with: " ")
      if token.kind == "Comment" { text.replace("--", with: "- -") }
      return Array(text.utf8)
    }
    var token = token
    token.texts = token.texts.map { $0.map(replaced) }
    return token
  }
}

/// A token as the tests write it; texts as octets, because some have lone surrogates.
private struct Token: Equatable {
  var kind: String
  var texts: [[UInt8]?]
  var attributes: [[UInt8]: [UInt8]] = [:]
  var flag = false
}

/// One test read from one state.
private struct Run {
  var tokens: [Token] = []
  var expected: [Token] = []
  /// Codes in order, sorted.
  var errors: [String] = []
  var listed: [String] = []

  init(_ test: JSONValue, state: String) throws {
    let isEscaped = test["doubleEscaped"] == .boolean(true)
    func octets(_ value: JSONValue?) -> [UInt8]? {
      value?.string.map { isEscaped ? unescaped($0) : Array($0.utf8) }
    }
    let input = try #require(octets(test["input"]))
    expected = try #require(test["output"]?.array).map { token in
      let parts = try #require(token.array)
      var result = Token(kind: parts[0].string ?? "", texts: [])
      switch result.kind {
      case "DOCTYPE":
        result.texts = parts[1...3].map { octets($0) }
        result.flag = parts[4] == .boolean(true)
      case "StartTag":
        result.texts = [octets(parts[1])]
        guard case .object(let members) = parts[2] else { break }
        for (name, value) in members {
          result.attributes[octets(.string(name)) ?? []] = octets(value)
        }
        result.flag = parts.count > 3
      default: result.texts = [octets(parts[1])]
      }
      return result
    }
    listed = (test["errors"]?.array ?? []).compactMap { $0["code"]?.string }.sorted()
    read(input, Self.model(state), octets(test["lastStartTag"]) ?? [])
  }

  private static func model(_ state: String) -> HTMLTokenizer.Model {
    switch state {
    case "PLAINTEXT state": .plaintext
    case "RCDATA state": .rcdata
    case "RAWTEXT state": .rawtext
    case "Script data state": .scriptData
    case "CDATA section state": .cdata
    default: .data
    }
  }

  private mutating func read(_ input: [UInt8], _ model: HTMLTokenizer.Model, _ last: [UInt8]) {
    var tokenizer = HTMLTokenizer(
      model: model, lastStartTag: String(decoding: last, as: UTF8.self))
    tokenizer.keepsComments = true
    while true {
      switch tokenizer.next(input.span) {
      case .characters(let range): add(input[range])
      case .text: add(tokenizer.data[...])
      case .startTag:
        var token = Token(kind: "StartTag", texts: [tokenizer.name])
        for attribute in tokenizer.attributes {
          token.attributes[Array(tokenizer.name(attribute))] = Array(tokenizer.value(attribute))
        }
        token.flag = tokenizer.isSelfClosing
        tokens.append(token)
      case .endTag: tokens.append(Token(kind: "EndTag", texts: [tokenizer.name]))
      case .comment: tokens.append(Token(kind: "Comment", texts: [tokenizer.data]))
      case .doctype:
        let name = tokenizer.name.isEmpty ? nil : tokenizer.name
        tokens.append(
          Token(
            kind: "DOCTYPE",
            texts: [name, tokenizer.publicIdentifier, tokenizer.systemIdentifier],
            flag: !tokenizer.forcesQuirks))
      case .end:
        let counts = tokenizer.errorCounts.merging(HTMLTokenizer.inputErrors(input.span)) {
          $0 + $1
        }
        errors = counts.flatMap { Array(repeating: $0.rawValue, count: $1) }.sorted()
        return
      }
    }
  }

  private mutating func add(_ octets: ArraySlice<UInt8>) {
    if tokens.last?.kind == "Character", let before = tokens[tokens.count - 1].texts[0] {
      tokens[tokens.count - 1].texts[0] = before + octets
    } else {
      tokens.append(Token(kind: "Character", texts: [Array(octets)]))
    }
  }
}

/// `\uHHHH` as UTF-8, two surrogates as one scalar, a lone one in three octets as UTF-8 would be.
private func unescaped(_ text: String) -> [UInt8] {
  var units: [UInt32] = []
  let octets = Array(text.utf8)
  var result: [UInt8] = []
  func flush() {
    var index = 0
    while index < units.count {
      var value = units[index]
      if (0xD800..<0xDC00).contains(value), index + 1 < units.count,
        (0xDC00..<0xE000).contains(units[index + 1])
      {
        value = 0x10000 + (value - 0xD800) << 10 + (units[index + 1] - 0xDC00)
        index += 1
      }
      index += 1
      if value < 0x80 {
        result.append(UInt8(value))
      } else if value < 0x800 {
        result += [0xC0 | UInt8(value >> 6), 0x80 | UInt8(value & 63)]
      } else if value < 0x10000 {
        result += [
          0xE0 | UInt8(value >> 12), 0x80 | UInt8(value >> 6 & 63), 0x80 | UInt8(value & 63),
        ]
      } else {
        result += [
          0xF0 | UInt8(value >> 18), 0x80 | UInt8(value >> 12 & 63),
          0x80 | UInt8(value >> 6 & 63), 0x80 | UInt8(value & 63),
        ]
      }
    }
    units = []
  }
  var index = 0
  while index < octets.count {
    if octets[index] == 0x5C, index + 5 < octets.count, octets[index + 1] == 0x75,
      let value = UInt32(String(decoding: octets[index + 2..<index + 6], as: UTF8.self), radix: 16)
    {
      units.append(value)
      index += 6
    } else {
      flush()
      result.append(octets[index])
      index += 1
    }
  }
  flush()
  return result
}
