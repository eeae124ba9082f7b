extension Array<UInt8> {
  /// Adds the octets of a span in one copy.
  @safe mutating func append(_ octets: Span<UInt8>) {
    // The pointer does not leave the closure, and the span outlives it.
    unsafe octets.withUnsafeBufferPointer { unsafe self.append(contentsOf: $0) }
  }
}
