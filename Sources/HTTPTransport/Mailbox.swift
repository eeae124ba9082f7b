import Synchronization

/// A response on its way to the loop of its connection.
struct Delivery: Sendable {
  var token: UInt64
  var sequence: UInt64
  var octets: [UInt8]
  var closes: Bool
}

/// What other threads tell a loop.
final class Mailbox: Sendable {
  let wakeUp: WakeUp
  private let deliveries = Mutex<[Delivery]>([])

  init() throws(HTTPServerError) { wakeUp = try WakeUp() }

  func post(_ delivery: Delivery) {
    let wasEmpty = deliveries.withLock { waiting in
      waiting.append(delivery)
      return waiting.count == 1
    }
    // Whoever made it not empty has woken the loop, which takes all at once.
    if wasEmpty { wakeUp.signal() }
  }

  func take() -> [Delivery] {
    wakeUp.clear()
    return deliveries.withLock { waiting in
      let taken = waiting
      waiting = []
      return taken
    }
  }
}
