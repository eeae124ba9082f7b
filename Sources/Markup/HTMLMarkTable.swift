package import Grounding

/// What a caller wants to be told of: elements by name, `type`, class or id, each with a mark of the
/// caller's, above 0.
///
/// An element has the mark of its `type`, else its class, its id, its name. Of marked elements inside
/// of each other the outermost counts.
package struct HTMLMarkTable: Sendable {
  private var elements: [UInt64: UInt8] = [:]
  private var types: [[UInt8]: UInt8] = [:]
  private var names: [UInt64: UInt8] = [:]

  /// Each name with its mark: elements and types in lower case, classes and ids as written.
  ///
  /// A class may be bound to an element: `blockquote.gmail_quote`.
  package init(
    elements: [String: UInt8] = [:], types: [String: UInt8] = [:], classes: [String: UInt8] = [:],
    ids: [String: UInt8] = [:]
  ) {
    for (name, mark) in elements { self.elements[HTMLName(name.utf8).key] = mark }
    for (name, mark) in types { self.types[Array(name.utf8)] = mark }
    for (name, mark) in classes {
      let parts = name.split(separator: ".", maxSplits: 1)
      let key = StyleSheet.nameKey((parts.last ?? "").utf8, isID: false)
      names[parts.count > 1 ? Self.key(key, in: HTMLName(parts[0].utf8).key) : key] = mark
    }
    for (name, mark) in ids { names[StyleSheet.nameKey(name.utf8, isID: true)] = mark }
  }

  var isEmpty: Bool { elements.isEmpty && types.isEmpty && names.isEmpty }

  private static func key(_ name: UInt64, in element: UInt64) -> UInt64 {
    name ^ element &* 0x9E37_79B9_7F4A_7C15
  }

  /// The mark of an element; 0 where it has none.
  func mark(
    _ element: UInt64, type: ArraySlice<UInt8>?, classes: ArraySlice<UInt64>, id: UInt64
  ) -> UInt8 {
    if !types.isEmpty, let type, type.count <= 16, let mark = types[type.map(lowercased)] {
      return mark
    }
    for name in classes {
      if let mark = names[name] ?? names[Self.key(name, in: element)] { return mark }
    }
    if id != 0, let mark = names[id] { return mark }
    return elements[element] ?? 0
  }
}

/// Text in a marked element.
package struct HTMLMarked: Hashable, Sendable {
  package var mark: UInt8
  package var span: TextSpan

  package init(mark: UInt8, span: TextSpan) {
    self.mark = mark
    self.span = span
  }
}
