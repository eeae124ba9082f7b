/// What was used lately, as much as goes into so many octets.
///
/// In two generations: what was used since the last change of them, and what was used in the one before, so that
/// no use has to be noted.
struct RecentValues<Key: Hashable, Value> {
  private let limit: Int
  private let largest: Int
  private var recent: [Key: (value: Value, octets: Int)] = [:]
  private var former: [Key: (value: Value, octets: Int)] = [:]
  private var recentOctets = 0
  private var formerOctets = 0

  /// Keeps `limit` octets at most, and no value of more than `largest`, which is at most half of them.
  init(limit: Int, largest: Int) { (self.limit, self.largest) = (limit, largest) }

  /// Octets held, about.
  var octets: Int { recentOctets + formerOctets }

  /// What is kept of `key`.
  mutating func value(of key: Key) -> Value? {
    if let known = recent[key] { return known.value }
    guard let known = former[key] else { return nil }
    keep(known.value, octets: known.octets, of: key)
    return known.value
  }

  /// Keeps `value`, which takes `octets`, in place of what was kept of `key`.
  mutating func keep(_ value: Value, octets: Int, of key: Key) {
    if let old = former.removeValue(forKey: key) { formerOctets -= old.octets }
    if let old = recent.removeValue(forKey: key) { recentOctets -= old.octets }
    guard octets <= largest else { return }
    if recentOctets + octets > limit / 2 {
      (former, formerOctets) = (recent, recentOctets)
      (recent, recentOctets) = ([:], 0)
    }
    recent[key] = (value, octets)
    recentOctets += octets
  }
}
