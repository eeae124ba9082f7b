import Grounding

/// What was looked for in a store's files after an erasure, and what was found.
///
/// Every ``ErasureTraces/window`` octets in a row of the erased items' texts, titles, names, addresses,
/// ids, places and vectors that no remaining row holds, and no word of the index; of more than two
/// million such stretches a sample that no longer stretch of text can slip through. Strings from six
/// octets on are looked for as a whole. Stretches of fewer than four different octets say nothing and
/// are left out, as are shorter strings.
package struct ErasureProof: Hashable, Sendable {
  /// Stretches that were looked for.
  package var searched = 0
  /// Stretches that remaining items hold as well, and which therefore prove nothing.
  package var shared = 0
  /// Octets of the files that were read.
  package var octets = 0
  /// Places at which something was found: none where the erasure is complete.
  package var found = 0

  package init() {}

  package var isComplete: Bool { found == 0 }
}

/// Stretches of octets of what is erased, to be looked for.
struct ErasureTraces {
  static let window = 12
  private static let shortest = 6
  private static let limit = 2_000_000

  private var strings: Set<[UInt8]> = []
  /// By the length of the stretch: their hashes.
  private var hashes: [Int: Set<UInt64>] = [:]

  /// Hashes that were met.
  struct Found {
    var hashes: [Int: Set<UInt64>] = [:]
    var count = 0
  }

  /// Adds one value; shorter ones than six octets are left out.
  mutating func add(_ octets: [UInt8]) {
    if octets.count >= Self.shortest { strings.insert(octets) }
  }

  /// Cuts the strings into stretches.
  mutating func prepare() {
    let total = strings.reduce(0) { $0 + $1.count }
    let step = max(1, total / Self.limit)
    for string in strings {
      guard string.count >= Self.window else {
        if Self.isTelling(string[...]) {
          hashes[string.count, default: []].insert(Self.hash(string[...]))
        }
        continue
      }
      for start in stride(from: 0, through: string.count - Self.window, by: step) {
        let stretch = string[start..<start + Self.window]
        if Self.isTelling(stretch) { hashes[Self.window, default: []].insert(Self.hash(stretch)) }
      }
    }
    strings = []
  }

  private static func isTelling(_ stretch: ArraySlice<UInt8>) -> Bool {
    var seen: [UInt8] = []
    for octet in stretch where !seen.contains(octet) {
      seen.append(octet)
      if seen.count == 4 { return true }
    }
    return false
  }

  private static let factor: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// A polynomial over the octets, which moves on by one octet in two multiplications.
  private static func hash(_ stretch: ArraySlice<UInt8>) -> UInt64 {
    stretch.reduce(0) { $0 &* factor &+ UInt64($1) &+ 1 }
  }

  /// Notes which of the stretches stand in `octets`.
  func look(in octets: [UInt8], _ found: inout Found) {
    for (length, wanted) in hashes where octets.count >= length {
      // The power of the factor that an octet has when it leaves.
      let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* Self.factor }
      var hash: UInt64 = 0
      for index in octets.indices {
        hash = hash &* Self.factor &+ UInt64(octets[index]) &+ 1
        if index >= length { hash &-= leaving &* (UInt64(octets[index - length]) &+ 1) }
        if index >= length - 1, wanted.contains(hash) {
          found.hashes[length, default: []].insert(hash)
          found.count += 1
        }
      }
    }
  }

  /// Reads the database at `path` with its log and looks for what is not among `remaining`.
  func search(in path: String, excluding remaining: Found) throws(Problem) -> ErasureProof {
    var proof = ErasureProof()
    var traces = self
    for (length, wanted) in hashes {
      let rest = wanted.subtracting(remaining.hashes[length] ?? [])
      proof.shared += wanted.count - rest.count
      proof.searched += rest.count
      traces.hashes[length] = rest
    }
    for suffix in ["", "-wal", "-shm"] where FileSystem.exists(path + suffix) {
      var found = Found()
      // The end of each piece comes again with the next one.
      var tail: [UInt8] = []
      try FileSystem.read(path + suffix) { (piece) throws(Problem) in
        proof.octets += piece.count
        let octets = tail + piece
        traces.look(in: octets, &found)
        tail = Array(octets.suffix(Self.window - 1))
      }
      proof.found += found.count
    }
    return proof
  }
}
