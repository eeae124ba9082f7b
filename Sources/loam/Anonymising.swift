import Grounding
import Ingestion
import Mail
import Octets
import Reading
import Retrieval

extension CommandOption {
  static let anonymise = CommandOption(
    name: "--anonymise", summary: "write the message with other words in the same form")
  static let anonymiserSeed = CommandOption(
    name: "--seed", value: "N",
    summary: "with --anonymise: what letters are drawn from (default: random)")

  /// What `--anonymise` does and does not, for `--help` and the manual.
  static let anonymiseDetails = """
    --anonymise writes a message to send in when it is read wrongly: as many octets, the same lines, \
    parts, encodings, tags, dates and programs' names; letters and digits are others, a word the same \
    everywhere. Who reads it still sees how long words are and how often they occur, and the words \
    that introduce quotes and headers, close letters and give notice.
    """
}

extension Invocation {
  /// An anonymiser with the seed that was given, or a random one, which is named on the error stream.
  ///
  /// - Throws: `usage`, also where JSON is asked for: what is written is a message.
  func anonymiser() throws(Problem) -> Anonymiser {
    guard !console.isJSON else {
      throw Problem(
        .usage, "--anonymise writes a message, not JSON.", remedy: "Leave --json out.")
    }
    if let seed = try number(.anonymiserSeed, in: 0...Int.max) {
      return Anonymiser(seed: UInt64(seed))
    }
    let seed = UInt64.random(in: 0...UInt64(Int.max))
    console.remark(
      "Drawn with --seed \(seed). Keep that to yourself: it lets words be tried out.")
    return Anonymiser(seed: seed)
  }
}

/// Finds the octets of a mail item at one of its locations.
///
/// In a mailbox it is the message that has the item's name, wherever it stands there now.
struct MessageSource {
  let item: ItemDescription

  /// The message's octets.
  ///
  /// - Throws: what opening a file throws; `changed` where no location has the message any more.
  /// - Complexity: O(octets of the files), each message of a mailbox read until the right one.
  func octets() throws(Problem) -> [UInt8] {
    var last = Problem(.vanished, "The item has no file.", place: item.id)
    for location in item.locations {
      guard let path = location.uri.flatMap(filePath) else { continue }
      do throws(Problem) {
        if let found = try message(in: path, location.source) { return found }
        last = Problem(
          .changed, "The file does not hold the message any more.", place: path,
          remedy: "Run loam ingest again.")
      } catch {
        last = error
      }
    }
    throw last
  }

  private func message(in path: String, _ source: String) throws(Problem) -> [UInt8]? {
    let limits = IngestLimits()
    let file = try ItemOctets(
      path: path, limit: limits.itemOctets, containerLimit: limits.containerOctets)
    guard case .records(.message) = file.withSpan({ FileReader.detect($0, name: path) }) else {
      guard file.count <= limits.itemOctets else { return nil }
      let octets = file.load()
      return isItem(octets, source) ? octets : nil
    }
    var records = Records(file, format: .message)
    while let record = records.next() {
      guard record.range.count <= limits.itemOctets else { continue }
      let octets = records.octets(of: record)
      if isItem(octets, source) { return octets }
    }
    return nil
  }

  private func isItem(_ octets: [UInt8], _ source: String) -> Bool {
    guard let identity = MessageParser.parse(octets).item.identity else { return false }
    return ItemNaming.mailID(source: source, identity: identity).text == item.id
  }
}

/// The path that a `file:` URI names; `nil` for any other.
///
/// - SeeAlso: RFC 8089, section 2.
private func filePath(_ uri: String) -> String? {
  guard uri.hasPrefix("file://") else { return nil }
  let written = Array(uri.utf8.dropFirst(7).prefix { $0 != 0x23 })
  var octets: [UInt8] = []
  var index = 0
  while index < written.count {
    if written[index] == 0x25, index + 2 < written.count,
      let high = hexadecimalValue(written[index + 1]),
      let low = hexadecimalValue(written[index + 2])
    {
      octets.append(high << 4 | low)
      index += 3
    } else {
      octets.append(written[index])
      index += 1
    }
  }
  return String(validating: octets, as: UTF8.self)
}

extension ShownItem {
  /// The item with its words replaced, for one whose file is gone.
  func anonymised(_ anonymiser: inout Anonymiser) -> ShownItem {
    var item = item
    item.title = item.title.map { anonymiser.text($0) }
    item.externalID = item.externalID.map { anonymiser.text($0) }
    item.conversation = item.conversation.map { anonymiser.text($0) }
    item.people = item.people?.map { person in
      var person = person
      person.name = person.name.map { anonymiser.text($0) }
      person.address = person.address.map { anonymiser.text($0) }
      return person
    }
    item.locations = []
    return ShownItem(item, text: anonymiser.text(text))
  }
}
