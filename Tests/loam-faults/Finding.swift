/// What the harness found wrong with a store.
struct Finding: Error, CustomStringConvertible {
  var description: String
  /// The line of kept seeds that finds it again.
  var repetition: String?

  init(_ description: String, repetition: String? = nil) {
    self.description = description
    self.repetition = repetition
  }
}
