package import Grounding

/// A pattern for paths below a root.
///
/// `*` and `?` stand for any letters and one letter but not for `/`, `[a-z]` and `[!a-z]` for one
/// letter of a set, `\` takes the next letter as it is, `**` stands for anything, slashes included,
/// and `**/` also for nothing. A pattern without a slash is tried on each part of the path (`*.md`,
/// `drafts`); one with a slash on the path from the root (`mail/board/*`). A pattern that matches a
/// folder matches everything below it; one that ends in a slash matches folders only.
package struct Glob: Hashable, Sendable {
  private enum Element: Hashable, Sendable {
    case letter(Unicode.Scalar)
    case anyLetter
    case letters([ClosedRange<Unicode.Scalar>], isNegated: Bool)
    case stretch
    case anything
    case folders
  }

  /// The most letters that a pattern may have.
  package static let limit = 1_024

  package let pattern: String
  private let elements: [Element]
  private let isAnchored: Bool
  private let needsFolder: Bool

  /// - Throws: `bad_request` when the pattern is empty, longer than ``limit``, or has an open `[`.
  package init(_ pattern: String) throws(Problem) {
    self.pattern = pattern
    var scalars = Array(pattern.unicodeScalars)[...]
    guard (1...Glob.limit).contains(scalars.count) else {
      throw Problem(
        .badRequest, "A pattern is empty or too long.", remedy: "Use 1 to \(Glob.limit) letters.")
    }
    needsFolder = scalars.count > 1 && scalars.last == "/"
    if needsFolder { scalars.removeLast() }
    isAnchored = scalars.contains("/")
    if scalars.first == "/" { scalars.removeFirst() }
    elements = try Glob.elements(of: scalars)
  }

  /// Whether the pattern matches `path` (parts with `/` between) or a folder above it.
  ///
  /// - Parameter isFolder: whether `path` itself is a folder.
  /// - Complexity: O(letters of the path x letters of the pattern), whatever they are.
  package func matches(_ path: String, isFolder: Bool = false) -> Bool {
    // By scalars: as a character, a slash before a combining mark would be no slash.
    let scalars = Array(path.unicodeScalars)
    var start = 0
    while start < scalars.count {
      let end = scalars[start...].firstIndex(of: "/") ?? scalars.count
      if end == scalars.count && needsFolder && !isFolder { return false }
      if end > start, matchesWhole(scalars[(isAnchored ? 0 : start)..<end]) { return true }
      start = end + 1
    }
    return false
  }

  /// Runs the pattern as a machine whose states are the places between its elements.
  private func matchesWhole(_ text: ArraySlice<Unicode.Scalar>) -> Bool {
    var states = [Bool](repeating: false, count: elements.count + 1)
    states[0] = true
    spread(&states, isAtFolderStart: true)
    for scalar in text {
      var next = [Bool](repeating: false, count: elements.count + 1)
      for (index, element) in elements.enumerated() where states[index] {
        switch element {
        case .letter(let letter): if scalar == letter { next[index + 1] = true }
        case .anyLetter: if scalar != "/" { next[index + 1] = true }
        case .letters(let ranges, let isNegated):
          if scalar != "/", ranges.contains(where: { $0.contains(scalar) }) != isNegated {
            next[index + 1] = true
          }
        case .stretch: if scalar != "/" { next[index] = true }
        case .anything, .folders: next[index] = true
        }
      }
      states = next
      spread(&states, isAtFolderStart: scalar == "/")
    }
    return states[elements.count]
  }

  /// Lets the elements that may stand for nothing do so.
  private func spread(_ states: inout [Bool], isAtFolderStart: Bool) {
    for (index, element) in elements.enumerated() where states[index] {
      switch element {
      case .stretch, .anything: states[index + 1] = true
      case .folders: if isAtFolderStart { states[index + 1] = true }
      default: break
      }
    }
  }

  private static func elements(
    of scalars: ArraySlice<Unicode.Scalar>
  ) throws(Problem) -> [Element] {
    var rest = scalars
    var result: [Element] = []
    while let scalar = rest.popFirst() {
      switch scalar {
      case "?": result.append(.anyLetter)
      case "\\": result.append(.letter(rest.popFirst() ?? "\\"))
      case "[": result.append(try letters(&rest))
      case "*" where rest.first == "*":
        while rest.first == "*" { rest.removeFirst() }
        if rest.first == "/" {
          rest.removeFirst()
          result.append(.folders)
        } else {
          result.append(.anything)
        }
      case "*": result.append(.stretch)
      default: result.append(.letter(scalar))
      }
    }
    return result
  }

  private static func letters(
    _ rest: inout ArraySlice<Unicode.Scalar>
  ) throws(Problem) -> Element {
    let isNegated = rest.first == "!" || rest.first == "^"
    if isNegated { rest.removeFirst() }
    var ranges: [ClosedRange<Unicode.Scalar>] = []
    var isFirst = true
    while let scalar = rest.popFirst() {
      // As in POSIX, a bracket right after the opening one is a letter.
      if scalar == "]", !isFirst { return .letters(ranges, isNegated: isNegated) }
      isFirst = false
      if rest.first == "-", let end = rest.dropFirst().first, end != "]" {
        rest.removeFirst(2)
        if scalar <= end { ranges.append(scalar...end) }
      } else {
        ranges.append(scalar...scalar)
      }
    }
    throw Problem(.badRequest, "A pattern has a [ without its ].", remedy: "Write \\[ for a [.")
  }
}
