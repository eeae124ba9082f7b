import Dispatch
import Glibc
import Synchronization

/// A thread of the lowest priority on which passages are encoded, one batch at a time.
///
/// Nothing but encoding is done on it: whoever has the lowest priority and is put aside while it holds a
/// lock, such as those inside of SQLite, would keep those waiting who have more (seconds were seen on a
/// busy machine).
package final class EncodingThread: Sendable {
  private struct Job {
    var inputs: [String]
    var model: any PassageEncoder
  }

  private let job = Mutex<Job?>(nil)
  private let vectors = Mutex<[[Float]]>([])
  private let asked = DispatchSemaphore(value: 0)
  private let done = DispatchSemaphore(value: 0)

  package init() {}

  /// Works until ``end()``, on a thread that is its own: its priority is lowered for good.
  package func run() {
    // Linux takes the calling thread for the process that 0 means.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
    while true {
      asked.wait()
      guard let job = job.withLock({ $0.take() }) else { return }
      let made = job.model.encode(job.inputs, threads: 1)
      vectors.withLock { $0 = made }
      done.signal()
    }
  }

  /// Ends the thread; nothing may be encoded any more.
  package func end() { asked.signal() }

  /// The same model, whose passages are encoded here; one thread at a time may ask.
  package func encoder(_ model: any PassageEncoder) -> any PassageEncoder {
    QuietEncoder(model: model, thread: self)
  }

  fileprivate func encode(_ inputs: [String], with model: any PassageEncoder) -> [[Float]] {
    job.withLock { $0 = Job(inputs: inputs, model: model) }
    asked.signal()
    done.wait()
    return vectors.withLock { vectors in
      defer { vectors = [] }
      return vectors
    }
  }
}

private struct QuietEncoder: PassageEncoder {
  let model: any PassageEncoder
  let thread: EncodingThread

  var modelID: String { model.modelID }
  var dimension: Int { model.dimension }

  func passageInput(title: String?, headings: [String], body: String) -> String {
    model.passageInput(title: title, headings: headings, body: body)
  }

  func encode(_ inputs: [String], threads: Int) -> [[Float]] {
    thread.encode(inputs, with: model)
  }
}
