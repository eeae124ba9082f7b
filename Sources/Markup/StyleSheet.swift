/// The rules of a text's style elements, as far as they decide whether text is seen.
///
/// Selectors of types, classes and ids, alone and together, are followed, in lists and with
/// descendant and child combinators. A selector with anything else, such as a pseudo-class or an
/// attribute, matches nothing. `@media` is followed where a wide screen matches it.
struct StyleSheet: Sendable {
  /// `type.class#id`, what one element has to be.
  struct Compound: Sendable {
    var type: UInt64?
    var id: UInt64?
    var classes: [UInt64] = []

    /// Ids, classes and types, each up to 255.
    var specificity: UInt64 {
      (id == nil ? 0 : 1 << 16) | UInt64(min(255, classes.count)) << 8 | (type == nil ? 0 : 1)
    }

    /// Under which its rule is looked up.
    var key: UInt64 { id ?? classes.first ?? type ?? StyleSheet.universal }
  }

  struct Rule: Sendable {
    /// Outermost first; the last is the element itself.
    var compounds: [Compound]
    /// Whether the compound of the same place has to be the next one's parent.
    var isChild: [Bool]
    var specificity: UInt64
    var declarations: [Ranked]
  }

  /// A declaration and where it stands among all rules.
  struct Ranked: Sendable {
    var declaration: CSSDeclaration
    var order: UInt64
  }

  static let universal: UInt64 = 0

  /// Rules by the key of their last compound.
  ///
  /// Rules of one simple selector are one rule, so that an element meets few however many are written.
  private(set) var rules: [UInt64: [Rule]] = [:]
  private(set) var count = 0
  /// Rules beyond the limits.
  private(set) var leftOut = 0
  /// Whether a rule was made part of one that there was.
  var hasMerged = false
  private var order: UInt64 = 0
  private var reader = CSSDeclarations()
  private let limit: Int
  /// Rules under one key besides the one of the simple selector.
  static let rulesOfKey = 64

  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { count == 0 }

  static func typeKey(_ name: UInt64) -> UInt64 { name &* 0x9E37_79B9_7F4A_7C15 | 1 }

  /// FNV-1a; classes and ids keep their case.
  static func nameKey(_ name: some Sequence<UInt8>, isID: Bool) -> UInt64 {
    var hash: UInt64 = isID ? 0xCBF2_9CE4_8422_2325 : 0xAF63_DC4C_8601_EC8C
    for octet in name { hash = (hash ^ UInt64(octet)) &* 0x100_0000_01B3 }
    return hash | 1
  }

  /// Takes a rule's selectors and its block.
  mutating func add(selectors: ArraySlice<UInt8>, block: ArraySlice<UInt8>) {
    var declarations: [Ranked] = []
    reader.read(block) { declaration in
      declarations.append(Ranked(declaration: declaration, order: 0))
    }
    guard !declarations.isEmpty else { return }
    order += 1
    for index in declarations.indices { declarations[index].order = order }
    guard let list = SelectorReader.list(selectors) else { return }
    for (compounds, isChild) in list {
      guard count < limit else {
        leftOut += 1
        continue
      }
      add(compounds, isChild, declarations)
    }
  }

  private mutating func add(
    _ compounds: [Compound], _ isChild: [Bool], _ declarations: [Ranked]
  ) {
    guard let last = compounds.last else { return }
    let parts = (last.type == nil ? 0 : 1) + (last.id == nil ? 0 : 1) + last.classes.count
    let isSimple = compounds.count == 1 && parts <= 1
    var found = rules[last.key] ?? []
    if isSimple, let place = found.firstIndex(where: { $0.compounds.count == 1 && $0.isSimple }) {
      hasMerged = true
      for declaration in declarations { found[place].merge(declaration) }
    } else if found.count > Self.rulesOfKey {
      leftOut += 1
      return
    } else {
      count += 1
      var rule = Rule(
        compounds: compounds, isChild: isChild,
        specificity: compounds.reduce(0) { $0 + $1.specificity }, declarations: [])
      for declaration in declarations { rule.merge(declaration) }
      found.append(rule)
    }
    rules[last.key] = found
  }
}

extension StyleSheet.Rule {
  /// Whether one element's one type, class or id is all that it asks for.
  var isSimple: Bool {
    guard compounds.count == 1, let only = compounds.last else { return false }
    return (only.type == nil ? 0 : 1) + (only.id == nil ? 0 : 1) + only.classes.count <= 1
  }

  /// The later of two declarations of one property and importance stays.
  mutating func merge(_ ranked: StyleSheet.Ranked) {
    let declaration = ranked.declaration
    if let place = declarations.firstIndex(where: {
      $0.declaration.property == declaration.property
        && $0.declaration.isImportant == declaration.isImportant
    }) {
      declarations[place] = ranked
    } else {
      declarations.append(ranked)
    }
  }
}

/// Reads lists of selectors.
enum SelectorReader {
  typealias Complex = (compounds: [StyleSheet.Compound], isChild: [Bool])

  /// The selectors that can be followed; `nil` where the list is no list of selectors at all, which
  /// makes the rule void.
  static func list(_ text: ArraySlice<UInt8>) -> [Complex]? {
    var found: [Complex] = []
    for part in text.split(separator: 0x2C, omittingEmptySubsequences: false) {
      if part.allSatisfy(isSpace) { return nil }
      if let complex = complex(part) { found.append(complex) }
    }
    return found
  }

  private static func complex(_ text: ArraySlice<UInt8>) -> Complex? {
    var compounds: [StyleSheet.Compound] = []
    var isChild: [Bool] = []
    var index = text.startIndex
    var isNextChild = false
    while true {
      while index < text.endIndex, isSpace(text[index]) { index += 1 }
      guard index < text.endIndex else { break }
      if text[index] == 0x3E {
        guard !compounds.isEmpty, !isNextChild else { return nil }
        isNextChild = true
        index += 1
        continue
      }
      guard let compound = compound(text, &index), compounds.count < 16 else { return nil }
      if !compounds.isEmpty { isChild.append(isNextChild) }
      compounds.append(compound)
      isNextChild = false
    }
    isChild.append(false)
    return compounds.isEmpty || isNextChild ? nil : (compounds, isChild)
  }

  private static func compound(
    _ text: ArraySlice<UInt8>, _ index: inout Int
  ) -> StyleSheet.Compound? {
    var compound = StyleSheet.Compound()
    let start = index
    while index < text.endIndex, !isSpace(text[index]), text[index] != 0x3E {
      switch text[index] {
      case 0x2A where index == start: index += 1
      case 0x23, 0x2E:
        let isID = text[index] == 0x23
        index += 1
        let name = name(text, &index)
        guard !name.isEmpty else { return nil }
        let key = StyleSheet.nameKey(name, isID: isID)
        if !isID {
          compound.classes.append(key)
        } else if compound.id == nil || compound.id == key {
          compound.id = key
        } else {
          return nil
        }
      default:
        guard index == start else { return nil }
        let name = name(text, &index)
        guard !name.isEmpty else { return nil }
        compound.type = StyleSheet.typeKey(HTMLName(name.map(lowercased)).key)
      }
    }
    return compound
  }

  /// An identifier, its escapes undone.
  private static func name(_ text: ArraySlice<UInt8>, _ index: inout Int) -> [UInt8] {
    var name: [UInt8] = []
    while index < text.endIndex {
      if text[index] == 0x5C {
        let (value, end) = CSSText.escape(text, index + 1)
        let isScalar = value < 0x11_0000 && !(0xD800..<0xE000).contains(value)
        appendUTF8(isScalar ? value : 0xFFFD, to: &name)
        index = end
      } else if CSSText.isNamePart(text[index]) {
        name.append(text[index])
        index += 1
      } else {
        break
      }
    }
    return name
  }
}
