/// A result: an item, and the others for which it stands.
struct RankedGroup {
  /// The first of the ranking.
  var best: Ranking.Entry
  /// In the order of the ranking.
  var others: [Ranking.Entry] = []

  /// The groups of a ranking, in the order of their best items; one an item where nothing groups.
  static func groups(of entries: [Ranking.Entry], by grouping: GroupBy?) -> [RankedGroup] {
    guard grouping != nil else { return entries.map { RankedGroup(best: $0) } }
    var groups: [RankedGroup] = []
    var places: [Int: Int] = [:]
    for entry in entries {
      if let place = entry.conversation.flatMap({ places[$0] }) {
        groups[place].others.append(entry)
        continue
      }
      if let conversation = entry.conversation { places[conversation] = groups.count }
      groups.append(RankedGroup(best: entry))
    }
    return groups
  }
}
