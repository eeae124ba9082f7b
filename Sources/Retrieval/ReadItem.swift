import Grounding
import Octets
import Partition

/// An item as one caller may see it, with its text and passages, ready to be shown.
final class ReadItem {
  let passages: [StoredPassage]
  /// Without the next occurrence of a series.
  let description: ItemDescription
  /// Whether the facts of a series were read.
  let hasSeries: Bool
  /// Without its text.
  private let item: StoredItem
  private let parent: ItemID?
  private let text: [UInt8]
  /// Those of the passages that were shown, by ordinal.
  private var shown: [Int: ShownPassage] = [:]

  init(_ item: StoredItem, parent: ItemID?, passages: [StoredPassage], hasSeries: Bool) {
    text = Array(item.text.utf8)
    description = ItemDescription(item, parent: parent)
    var item = item
    item.content.text = ""
    self.item = item
    self.parent = parent
    self.passages = passages
    self.hasSeries = hasSeries
  }

  /// Octets that it takes once each passage was shown, about.
  var octets: Int {
    1_536 + 2 * text.count + passages.count * 320
      + (item.people.count + item.locations.count) * 128
  }

  /// The item as it is described at the moment `next` is asked for.
  func description(_ next: NextOccurrence) -> ItemDescription {
    let times = next.times(of: item)
    return times.isEmpty ? description : ItemDescription(item, parent: parent, next: times)
  }

  /// The octets of one of the passages.
  ///
  /// - Throws: `damaged` where its span is not one of the text.
  func octets(of passage: StoredPassage) throws(Problem) -> ArraySlice<UInt8> {
    guard passage.span.end <= text.count else { throw Self.damage }
    return text[passage.span.range]
  }

  /// What is shown of one of the passages, made at the first call; `pieceCount` counts its pieces.
  ///
  /// - Throws: `damaged` where its span is not one of the text.
  func shown(
    _ passage: StoredPassage, pieceCount: (String) -> Int
  ) throws(Problem) -> ShownPassage {
    if let known = shown[passage.ordinal] { return known }
    let octets = try octets(of: passage)
    guard let text = String(validating: octets, as: UTF8.self) else { throw Self.damage }
    let made = ShownPassage(
      text: text, sha256: SHA256.hex(SHA256.digest(Array(octets))), pieces: pieceCount(text))
    shown[passage.ordinal] = made
    return made
  }

  private static let damage = Problem(
    .damaged, "A passage's span does not fit its item's text.")
}

/// What every answer says alike of a passage.
struct ShownPassage {
  let text: String
  /// SHA-256 of the text's octets, hexadecimal.
  let sha256: String
  /// Pieces of the text for the model; 0 without one.
  let pieces: Int
}
