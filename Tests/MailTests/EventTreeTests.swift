import Mail
import TestSupport
import Testing

@Suite("The parts of hard messages, held against mime4j", .needsCorpora)
struct EventTreeTests {
  /// A place where Loam reads a message as mime4j does not, and why.
  struct Deviation: Hashable {
    var file: String
    var what: String
    var because: String
  }

  private static let epilogue = """
    RFC 2046, section 5.1.1: the line end that separates the last delimiter from an epilogue belongs \
    to neither; these messages end with it.
    """
  private static let unfinished = """
    RFC 2045, section 6.8: the three letters at the end hold two octets; that their padding is \
    missing is a defect, no reason to lose them.
    """
  private static let noField = """
    RFC 5322, section 2.2: a line without a colon is no field. The body begins with it, where mime4j \
    drops it and reads on: nothing that the sender wrote is lost.
    """

  static let deviations = [
    Deviation(
      file: "mimetools-testmsgs/attachment-filename-encoding-Latin1", what: "1 epilogue",
      because: epilogue),
    Deviation(
      file: "mimetools-testmsgs/attachment-filename-encoding-UTF8", what: "1 epilogue",
      because: epilogue),
    Deviation(file: "mimetools-testmsgs/empty-preamble", what: "1 epilogue", because: epilogue),
    Deviation(file: "mimetools-testmsgs/ticket-60931", what: "1 epilogue", because: epilogue),
    Deviation(file: "mimetools-testmsgs/twopart", what: "1 epilogue", because: epilogue),
    Deviation(
      file: "mimetools-testmsgs/frag", what: "1.2.1.2.1.2.1.2 body: 60896 octets for 60894",
      because: unfinished),
    Deviation(
      file: "mimetools-testmsgs/multi-frag", what: "1.3.2 body: 401 octets for 399",
      because: unfinished),
    Deviation(
      file: "mimetools-testmsgs/hdr-fakeout", what: "1 body: 89 octets for 0", because: noField),
    Deviation(
      file: "testmsgs/basic-plain-with-bad-header-separator",
      what: "1 body: 177 octets for 33", because: noField),
    Deviation(
      file: "testmsgs/malformedHeader-nocrlfcrlf", what: "1 fields", because: noField),
    Deviation(
      file: "testmsgs/malformedHeader-nocrlfcrlf", what: "1 body: 105 octets for 11",
      because: noField),
    Deviation(
      file: "testmsgs/malformedHeader-noheader", what: "1 body: 92 octets for 0",
      because: noField),
    Deviation(
      file: "testmsgs/malformedHeaderStartsBody-nocrlfcrlf", what: "1 body: 105 octets for 40",
      because: noField),
    Deviation(
      file: "testmsgs/malformedHeaderStartsBody-noheader", what: "1 body: 92 octets for 46",
      because: noField),
  ]

  @Test("fields, nesting and decoded bodies are those expected, but for what is listed")
  func all() throws {
    let folder = try Corpora.folder("mime/mime4j")
    let paths = filePaths(below: folder).filter { $0.hasSuffix(".msg") }
    #expect(paths.count == 80)
    var listed = Set(Self.deviations.map { "\($0.file): \($0.what)" })
    #expect(listed.count == Self.deviations.count)
    var equal = 0
    for path in paths {
      let expected = try EventTree(ofFile: "\(path.dropLast(4))_decoded.xml")
      let differences = EventTree(message: try octets(ofFile: path)).differences(from: expected)
      let name = String(path.dropFirst(folder.utf8.count + 1).dropLast(4))
      for difference in differences {
        if listed.remove("\(name): \(difference)") == nil {
          Issue.record("\(name): \(difference)")
        }
      }
      equal += differences.isEmpty ? 1 : 0
    }
    #expect(listed.isEmpty, "listed and not so: \(listed.sorted())")
    print("mime4j: \(equal) of \(paths.count) messages equal, the others as listed")
  }
}
