/// The offsets of one zone through time.
///
/// - SeeAlso: RFC 9636, section 3.2; RFC 5545, section 3.3.5, for local times that a zone skips or
///   has twice.
package struct ZoneRules: Hashable, Sendable {
  struct Transition: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z.
    var instant: Int64
    /// Seconds east of Greenwich from then on.
    var offset: Int
  }

  /// A stretch of time with one offset.
  private struct Stretch {
    var start: Int64
    var end: Int64
    var offset: Int
  }

  private let initial: Int
  private let transitions: [Transition]
  private let tail: PosixZone?

  package static let utc = ZoneRules(offsetSeconds: 0)

  /// A zone with one offset.
  package init(offsetSeconds: Int) {
    self.init(initial: offsetSeconds, transitions: [], tail: nil)
  }

  /// - Parameters:
  ///   - initial: The offset before the first transition.
  ///   - transitions: Ascending; of two at one instant the last counts.
  ///   - tail: What holds after the last transition.
  init(initial: Int, transitions: [Transition], tail: PosixZone?) {
    var unique: [Transition] = []
    for transition in transitions.sorted(by: { $0.instant < $1.instant }) {
      if unique.last?.instant == transition.instant { unique.removeLast() }
      unique.append(transition)
    }
    self.initial = initial
    self.transitions = unique
    self.tail = tail
  }

  /// Seconds east of Greenwich at `instant`; O(log transitions).
  package func offset(at instant: Int64) -> Int { stretch(at: instant).offset }

  /// The civil time at `instant`; `nil` outside of the years 1 to 9999.
  package func civil(at instant: Int64) -> CivilTime? {
    CivilTime(instant: instant, offsetSeconds: offset(at: instant))
  }

  /// The instant of a local time.
  ///
  /// One that occurs twice is the first; one that a change skips is read with the offset before the
  /// change, so that it comes out later by the size of the gap.
  package func instant(of civil: CivilTime) -> Int64 { instant(ofClock: civil.clock) }

  /// The same for seconds since 1970 on the zone's clock.
  package func instant(ofClock clock: Int64) -> Int64 {
    // No offset is further from Greenwich than this.
    var stretch = stretch(at: clock - 93_600)
    var before = stretch.offset
    while true {
      let instant = clock - Int64(stretch.offset)
      if instant < stretch.end || stretch.end == .max {
        return instant >= stretch.start ? instant : clock - Int64(before)
      }
      before = stretch.offset
      stretch = self.stretch(at: stretch.end)
    }
  }

  private func stretch(at instant: Int64) -> Stretch {
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].instant <= instant { low = middle + 1 } else { high = middle }
    }
    let start = low == 0 ? Int64.min : transitions[low - 1].instant
    if low == transitions.count, let tail {
      let found = tail.stretch(at: instant)
      return Stretch(start: max(start, found.start), end: found.end, offset: found.offset)
    }
    return Stretch(
      start: start, end: low < transitions.count ? transitions[low].instant : .max,
      offset: low == 0 ? initial : transitions[low - 1].offset)
  }
}
