import Grounding

/// The words of the command line: a command, options with values, flags, and the rest.
struct Arguments {
  let command: String
  private var values: [String: [String]] = [:]
  private(set) var rest: [String] = []
  /// Options that take several words.
  private static let lists: Set<String> = ["mail", "queries"]
  private static let flags: Set<String> = ["step", "whole", "cold", "encode"]

  init(_ words: [String]) {
    command = words.first ?? "help"
    var name: String?
    for word in words.dropFirst() {
      if word.hasPrefix("-"), word.count > 1 {
        name = String(word.drop { $0 == "-" })
        values[name ?? "", default: []] += []
        if let known = name, Self.flags.contains(known) { name = nil }
      } else if let known = name {
        values[known, default: []].append(word)
        if !Self.lists.contains(known) { name = nil }
      } else {
        rest.append(word)
      }
    }
  }

  func has(_ flag: String) -> Bool { values[flag] != nil }
  func all(_ name: String) -> [String] { values[name] ?? [] }
  func optional(_ name: String) -> String? { values[name]?.last }

  /// - Throws: `usage` where it is missing.
  func text(_ name: String) throws(Problem) -> String {
    guard let value = optional(name) else {
      throw Problem(.usage, "--\(name) is missing.", remedy: "See loam-bench help.")
    }
    return value
  }

  /// - Throws: `usage` for what is no number.
  func number(_ name: String, default value: Int) throws(Problem) -> Int {
    guard let text = optional(name) else { return value }
    guard let number = Int(text) else { throw Problem(.usage, "--\(name) takes a number.") }
    return number
  }
}
