import Glibc

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ argc: UnsafeMutablePointer<CInt>,
  _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?>,
  _ callback: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

/// Each target by its name: what it does with octets, and what it demands of the outcome.
private let targets: [String: @Sendable ([UInt8]) -> Void] = [
  "mail": fuzzMail, "documents": fuzzDocuments, "json": fuzzRequest, "http": fuzzHTTP,
  "html": fuzzHTML,
  "calendar": fuzzCalendar,
]

/// The target that the first argument names.
private let target = CommandLine.arguments.dropFirst().first.flatMap { targets[$0] }

private func feed(_ start: UnsafePointer<UInt8>?, _ length: Int) -> CInt {
  target?(Array(UnsafeBufferPointer(start: start, count: length)))
  return 0
}

/// Hands the arguments behind the target's name to libFuzzer, and returns the status to end with.
func runFuzzer() -> CInt {
  guard target != nil else {
    print("usage: fuzz \(targets.keys.sorted().joined(separator: "|")) [libFuzzer's arguments]")
    return 2
  }
  let words = [CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)
  var count = CInt(words.count)
  // Never freed: libFuzzer keeps them to the end.
  let list = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: words.count + 1)
  for (index, word) in words.enumerated() { list[index] = strdup(word) }
  list[words.count] = nil
  var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = list
  return runDriver(&count, &arguments, feed)
}
