/// The connections of a loop by token.
///
/// A token is a place (lower half) and how often the place was used (upper half), so that what comes
/// late for a closed connection does not reach its successor.
struct ConnectionTable {
  private var places: [Connection?] = []
  private var uses: [UInt32] = []
  private var free: [Int] = []

  var isEmpty: Bool { free.count == places.count }

  /// Those that are open, in the order of their places.
  var all: [Connection] { places.compactMap { $0 } }

  subscript(token: UInt64) -> Connection? {
    let place = Int(token & 0xFFFF_FFFF)
    guard place < places.count, uses[place] == UInt32(token >> 32) else { return nil }
    return places[place]
  }

  mutating func insert(_ make: (_ token: UInt64) -> Connection) -> Connection {
    let place = free.popLast() ?? places.count
    if place == places.count {
      places.append(nil)
      uses.append(0)
    }
    let connection = make(UInt64(uses[place]) << 32 | UInt64(place))
    places[place] = connection
    return connection
  }

  /// `false` where it was removed before.
  mutating func remove(_ connection: Connection) -> Bool {
    guard self[connection.token] != nil else { return false }
    let place = Int(connection.token & 0xFFFF_FFFF)
    places[place] = nil
    uses[place] &+= 1
    free.append(place)
    return true
  }
}
