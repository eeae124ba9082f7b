/// What stands on the driver's command line: words, then options with values.
struct Arguments {
  private(set) var words: [String] = []
  private var options: [String: String] = [:]

  /// - Throws: ``Usage`` for an option without a value.
  init(_ list: [String]) throws {
    var rest = list[...]
    while let word = rest.popFirst() {
      guard word.hasPrefix("--") else {
        words.append(word)
        continue
      }
      guard let value = rest.popFirst() else { throw Usage() }
      options[String(word.dropFirst(2))] = value
    }
  }

  subscript(_ name: String) -> String? { options[name] }

  /// The number that an option has, `standard` where it is absent.
  func number<T: FixedWidthInteger>(_ name: String, or standard: T) throws -> T {
    guard let text = options[name] else { return standard }
    guard let number = T(text) else { throw Usage() }
    return number
  }
}

/// The command line cannot be understood.
struct Usage: Error {
  static let text = """
    usage: loam-faults cuts [--seed S] [--count N] [--lie syncs|overwrites]
           loam-faults sweep KIND [--seed S] [--step N] [--lie writes]
           loam-faults read KIND [--seed S] [--step N]
           loam-faults kills [--seed S] [--count N] [--lie early]
           loam-faults kept FILE
    Each takes --keep FILE, where what fails is added.
    """
}
