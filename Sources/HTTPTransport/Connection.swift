/// One connection, as its loop sees it.
final class Connection {
  let socket: Socket
  let token: UInt64
  let peer: String
  var reader: RequestReader
  var output = Output()
  private(set) var answers = Answers()
  var stage = Stage.open
  /// Requests that were read whole.
  var requestCount = 0
  /// Whether the reader has nothing until more octets come.
  var isStarved = true
  var lingeredOctets = 0

  /// What it waits for, and until when.
  var wait = Wait(kind: .nothing, number: 0)
  var deadline = Int64.max
  /// What epoll was told.
  var interest: Epoll.Interest = .readable
  /// The octets that it holds in memory, as its loop has counted them.
  var countedOctets = 0

  /// Whether the client sends no more.
  var hasEnded = false

  enum Stage {
    case open
    /// Nothing more is read; what is to be said is still written.
    case finishing
    /// All is written; the client may have more on its way, which is dropped.
    case lingering
  }

  struct Wait: Equatable {
    enum Kind { case nothing, head, body, idle, write, linger }
    var kind: Kind
    /// Which of the waits of this kind.
    var number: Int
  }

  init(_ socket: Socket, token: UInt64, peer: String, limits: HTTPLimits) {
    self.socket = socket
    self.token = token
    self.peer = peer
    reader = RequestReader(limits: limits)
  }

  var heldOctets: Int { reader.heldOctets + output.count + answers.heldOctets }

  /// Whether it could be closed and nobody would miss an answer.
  var isIdle: Bool {
    stage == .open && reader.phase == .idle && answers.isEmpty && output.isEmpty
  }

  /// A place in the order of answers, filled later.
  func reserveAnswer() -> UInt64 { answers.reserve() }

  /// An answer that is there at once, behind those before.
  func answer(_ octets: [UInt8], closes: Bool) {
    fill(answers.reserve(), octets, closes: closes)
  }

  func fill(_ sequence: UInt64, _ octets: [UInt8], closes: Bool) {
    answers.fill(sequence, octets, closes: closes)
  }

  /// Hands on the answers whose turn it is; none follows behind one that closes.
  func collectAnswers() {
    while let (octets, closes) = answers.takeFirst() {
      output.append(octets)
      if closes {
        answers.clear()
        if stage == .open { stage = .finishing }
        reader.refuse()
      }
    }
  }

  /// Whether all is said that will be.
  var isFinished: Bool { stage == .finishing && answers.isEmpty && output.isEmpty }
}

/// The answers of a connection in the order of its requests.
struct Answers {
  private var waiting: [(sequence: UInt64, octets: [UInt8]?, closes: Bool)] = []
  private var next: UInt64 = 0
  private(set) var heldOctets = 0

  var isEmpty: Bool { waiting.isEmpty }
  var count: Int { waiting.count }

  mutating func reserve() -> UInt64 {
    defer { next += 1 }
    waiting.append((next, nil, false))
    return next
  }

  /// Nothing where the place is gone.
  mutating func fill(_ sequence: UInt64, _ octets: [UInt8], closes: Bool) {
    guard let at = waiting.firstIndex(where: { $0.sequence == sequence }) else { return }
    heldOctets += octets.count
    waiting[at] = (sequence, octets, closes)
  }

  mutating func clear() { (waiting, heldOctets) = ([], 0) }

  /// The first one, once it is there.
  mutating func takeFirst() -> ([UInt8], closes: Bool)? {
    guard let first = waiting.first, let octets = first.octets else { return nil }
    waiting.removeFirst()
    heldOctets -= octets.count
    return (octets, first.closes)
  }
}

/// Octets that wait to be written.
struct Output {
  private var pieces: [[UInt8]] = []
  /// Octets of the first piece that are written.
  private var offset = 0
  private(set) var count = 0
  /// Octets written so far.
  private(set) var written = 0

  var isEmpty: Bool { count == 0 }

  mutating func append(_ octets: [UInt8]) {
    guard !octets.isEmpty else { return }
    count += octets.count
    // Small ones together, so that pipelined answers share a call.
    if let last = pieces.indices.last, pieces[last].count + octets.count <= 16_384 {
      pieces[last] += octets
    } else {
      pieces.append(octets)
    }
  }

  /// Writes what the socket takes; `false` where the connection is of no more use.
  mutating func write(to socket: Socket) -> Bool {
    while let first = pieces.first {
      let transfer = socket.send(first, from: offset)
      guard case .octets(let sent) = transfer else { return transfer == .wouldBlock }
      written += sent
      count -= sent
      offset += sent
      if offset == first.count {
        pieces.removeFirst()
        offset = 0
      }
    }
    return true
  }
}
