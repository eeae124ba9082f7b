import Glibc
import Mail
import Octets
import TestSupport
import Testing

@Suite("The parts of hard messages, held against Python's email", .needsCorpora, .needsPython)
struct PythonPartsTests {
  /// A part that Loam reads as Python does not, and why.
  struct Deviation: Hashable {
    var file: String
    var what: String
    var because: String
  }

  private static let emptyPart = """
    RFC 2046, section 5.1.1: each delimiter begins a part, whose header and body may be empty; \
    Python takes delimiters that follow each other as one.
    """

  static let deviations = [
    Deviation(
      file: "msg_15.txt", what: "1.1",
      because: """
        RFC 2046, section 5.1.1: the line end before a delimiter belongs to it; within a multipart \
        without parts Python keeps it.
        """),
    Deviation(
      file: "msg_15.txt", what: "1.2",
      because: "RFC 2045, section 6.7 (3): white space at the end of an encoded line is deleted."),
    Deviation(file: "msg_37.txt", what: "1.2", because: emptyPart),
    Deviation(file: "msg_37.txt", what: "1.4", because: emptyPart),
    Deviation(file: "msg_37.txt", what: "1.5", because: emptyPart),
    Deviation(file: "msg_37.txt", what: "1.6", because: emptyPart),
    Deviation(file: "msg_37.txt", what: "1.7", because: emptyPart),
  ]

  @Test("types, nesting, fields and decoded contents are Python's, but for what is listed")
  func all() throws {
    let folder = try Corpora.folder("mime/cpython-email")
    let paths = filePaths(below: folder).filter { $0.hasSuffix(".txt") }
    #expect(paths.count == 48)
    let output = try output(of: "python3 Tests/email_parts.py '\(folder)'/*.txt")
    let theirs = Set(output.split(separator: 0x0A).map { String(decoding: $0, as: UTF8.self) })
    var ours: Set<String> = []
    for path in paths {
      let name = String(path.dropFirst(folder.utf8.count + 1))
      ours.formUnion(Self.lines(try octets(ofFile: path), place: "1").map { "\(name)\t\($0)" })
    }
    let differing = Set(
      ours.symmetricDifference(theirs).map {
        $0.split(separator: "\t").prefix(2).joined(separator: " ")
      })
    let listed = Set(Self.deviations.map { "\($0.file) \($0.what)" })
    #expect(listed.count == Self.deviations.count)
    for part in differing.subtracting(listed).sorted() {
      let lines = ours.union(theirs).filter { $0.hasPrefix(part.replacing(" ", with: "\t") + "\t") }
      let both = lines.sorted().map { "\(ours.contains($0) ? "ours" : "theirs") \($0)" }
      Issue.record("\(part): \(both.joined(separator: "; "))")
    }
    #expect(listed.subtracting(differing).isEmpty)
    print("cpython-email: \(ours.intersection(theirs).count) of \(theirs.count) parts equal")
  }

  /// One line a part, as `Tests/email_parts.py` writes it.
  private static func lines(_ octets: [UInt8], place: String) -> [String] {
    lines(PartTree.read(octets.span).tree, octets, place)
  }

  private static func lines(_ part: PartTree, _ octets: [UInt8], _ place: String) -> [String] {
    let head = "\(place)\t\(part.mediaType)\t\(part.fields.count)"
    if !part.children.isEmpty {
      return ["\(head)\t-"]
        + part.children.enumerated().flatMap { lines($1, octets, "\(place).\($0 + 1)") }
    }
    // Of a multipart without parts Python keeps what stands before its end.
    let preamble = part.preamble.map { Array(octets[$0]) }
    let content = preamble ?? part.content(in: octets.span)
    // Python enters every kind of message; a delivery report's blocks of fields are one each to it.
    if part.mediaType == "message/delivery-status" {
      return ["\(head)\t-"] + reportLines(content, place)
    }
    if part.mediaType.hasPrefix("message/") {
      return ["\(head)\t-"] + lines(content, place: "\(place).1")
    }
    return ["\(head)\t\(SHA256.hex(SHA256.digest(withLineFeeds(content))))"]
  }

  private static func reportLines(_ content: [UInt8], _ place: String) -> [String] {
    var lines: [String] = []
    var rest = content
    while !rest.isEmpty {
      let block = PartTree.read(rest.span).tree
      let empty = SHA256.hex(SHA256.digest([]))
      lines.append("\(place).\(lines.count + 1)\ttext/plain\t\(block.fields.count)\t\(empty)")
      rest = Array(rest[block.body])
    }
    return lines
  }

  private static func withLineFeeds(_ octets: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    for (index, octet) in octets.enumerated() {
      if octet != 0x0D {
        result.append(octet)
      } else if index + 1 == octets.count || octets[index + 1] != 0x0A {
        result.append(0x0A)
      }
    }
    return result
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips a suite where there is no Python to compare with, unless the corpora are required.
  static var needsPython: Self {
    .enabled(
      if: Corpora.isRequired || (try? output(of: "python3 -c 'import email' && echo ok")) != nil,
      "python3 is absent")
  }
}

/// What `command` writes.
///
/// - Throws: ``CommandFailed`` where it ends with another status than 0.
func output(of command: String) throws -> [UInt8] {
  guard let pipe = unsafe popen(command, "r") else { throw CommandFailed(command: command) }
  var output: [UInt8] = []
  while case let character = unsafe fgetc(pipe), character != EOF {
    output.append(UInt8(truncatingIfNeeded: character))
  }
  guard unsafe pclose(pipe) == 0 else { throw CommandFailed(command: command) }
  return output
}

struct CommandFailed: Error { let command: String }
