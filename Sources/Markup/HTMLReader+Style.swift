import UnicodeTables

/// Working out an element's look: attributes, rules, the style attribute.
extension HTMLReader {
  private static func key(_ name: String) -> UInt64 { HTMLName(name.utf8).key }
  private static let styleName = key("style")
  private static let className = key("class")
  private static let idName = key("id")
  private static let hiddenName = key("hidden")
  private static let colorName = key("color")
  private static let bgcolorName = key("bgcolor")
  private static let backgroundName = key("background")
  private static let textName = key("text")
  private static let linkName = key("link")
  private static let sizeName = key("size")
  private static let openName = key("open")

  /// The value of the current tag's attribute, `nil` where it has none of the name.
  func attribute(_ name: StaticString) -> ArraySlice<UInt8>? {
    guard !tokenizer.attributes.isEmpty else { return nil }
    var packed = HTMLName()
    for index in 0..<name.utf8CodeUnitCount { packed.add(Table.octet(name, index)) }
    let key = packed.key
    for attribute in tokenizer.attributes where attribute.key == key {
      return tokenizer.value(attribute)
    }
    return nil
  }

  /// The entry of the current start tag, standing in `outer`.
  mutating func entry(_ element: HTMLElement?, _ traits: HTMLElement.Traits, in outer: Look)
    -> Entry
  {
    let isInline = !traits.contains(.block)
    var entry = Entry(
      key: tokenizer.nameKey, element: element, traits: traits, look: outer, isInline: isInline,
      outerPlace: blocks.place)
    entry.look.display = .other
    cascade.reset()
    let first = classes.count
    for attribute in tokenizer.attributes {
      switch attribute.key {
      case Self.idName: entry.id = StyleSheet.nameKey(tokenizer.value(attribute), isID: true)
      case Self.className:
        for name in tokenizer.value(attribute).split(whereSeparator: isSpace) {
          classes.append(StyleSheet.nameKey(name, isID: false))
        }
      default: break
      }
    }
    entry.classes = first..<classes.count
    takeDefaults(element, outer)
    var hasHiddenAttribute = false
    for attribute in tokenizer.attributes where attribute.key == Self.hiddenName {
      hasHiddenAttribute = true
    }
    applyRules(entry)
    for attribute in tokenizer.attributes where attribute.key == Self.styleName {
      declarations.read(tokenizer.value(attribute)) { cascade.set($0, rank: Cascade.inline) }
    }
    // The attribute is a hint: any rule for `display` wins over it.
    let isHiddenByAttribute = hasHiddenAttribute && cascade[.display] == nil
    if isHiddenByAttribute || element == .dialog && attribute("open") == nil {
      if cascade[.display] == nil { cascade.set(.display, .keyword(.gone), rank: Cascade.hint) }
    }
    finish(&entry, outer, isHiddenByAttribute: isHiddenByAttribute)
    return entry
  }

  private mutating func finish(_ entry: inout Entry, _ outer: Look, isHiddenByAttribute: Bool) {
    if !cascade.isEmpty {
      entry.own = cascade.declarations
      entry.look = outer.inner(
        cascade, isInline: entry.isInline, isTablePart: entry.isTablePart)
      if isHiddenByAttribute, entry.look.hides == .display, outer.hides == nil {
        entry.look.hides = .hiddenAttribute
        entry.look.judge()
      }
    }
    if entry.traits.contains(.skipped) { entry.look.isSkipped = true }
    setRoot(&entry, at: stack.count)
  }

  func setRoot(_ entry: inout Entry, at index: Int) {
    guard let reason = entry.look.reason else {
      entry.hiddenRoot = -1
      return
    }
    let outer = index > 0 && index <= stack.count ? stack[index - 1] : nil
    if let outer, outer.look.reason == reason, outer.hiddenRoot >= 0 {
      entry.hiddenRoot = outer.hiddenRoot
    } else {
      entry.hiddenRoot = index
    }
  }

  /// What a browser's own style and the attributes of old set.
  private mutating func takeDefaults(_ element: HTMLElement?, _ outer: Look) {
    guard let element else { return }
    func hint(_ property: CSSProperty, _ value: CSSValue) {
      cascade.set(property, value, rank: Cascade.hint)
    }
    func color(_ name: UInt64, _ property: CSSProperty) {
      for attribute in tokenizer.attributes where attribute.key == name {
        if let color = CSSColor(legacy: tokenizer.value(attribute)) {
          hint(property, .color(color))
        }
      }
    }
    switch element {
    case .a: if attribute("href") != nil { hint(.color, .color(linkColor)) }
    case .font:
      color(Self.colorName, .color)
      if attribute("size") != nil, var size = CSSNumber([0x30]) {
        size.value = 10
        size.unit = .pixels
        hint(.fontSize, .number(size))
      }
    case .body:
      color(Self.textName, .color)
      color(Self.bgcolorName, .backgroundColor)
      for attribute in tokenizer.attributes where attribute.key == Self.linkName {
        linkColor = CSSColor(legacy: tokenizer.value(attribute)) ?? linkColor
      }
    case .table, .tbody, .thead, .tfoot, .tr, .td, .th, .marquee:
      color(Self.bgcolorName, .backgroundColor)
      if element == .table, isQuirky { resetForQuirks() }
    case .mark:
      hint(.color, .color(.black))
      hint(.backgroundColor, .color(CSSColor(hex: 0xFFFF00)))
    case .button, .input, .select, .textarea, .option:
      hint(.color, .color(.black))
      hint(.backgroundColor, .color(element == .button ? CSSColor(hex: 0xEFEFEF) : .white))
      hint(.whiteSpace, .keyword(element == .textarea ? .pre : .initial))
    case .pre, .listing, .plaintext, .xmp: hint(.whiteSpace, .keyword(.pre))
    default: return
    }
    for attribute in tokenizer.attributes where attribute.key == Self.backgroundName {
      if !tokenizer.value(attribute).isEmpty { hint(.backgroundImage, .keyword(.image)) }
    }
  }

  /// In quirks mode a table takes no size and no colour from what it stands in but the body's.
  private mutating func resetForQuirks() {
    cascade.set(.fontSize, .keyword(.initial), rank: Cascade.hint)
    cascade.set(.whiteSpace, .keyword(.initial), rank: Cascade.hint)
    let body = stack.last { $0.element == .body }?.look.color ?? .black
    cascade.set(.color, .color(body), rank: Cascade.hint)
  }

  private mutating func applyRules(_ entry: Entry) {
    guard !sheet.isEmpty else { return }
    apply(StyleSheet.universal, entry)
    apply(StyleSheet.typeKey(entry.key), entry)
    for place in entry.classes { apply(classes[place], entry) }
    if entry.id != 0 { apply(entry.id, entry) }
  }

  private mutating func apply(_ key: UInt64, _ entry: Entry) {
    guard let rules = sheet.rules[key] else { return }
    for rule in rules where matches(rule, entry) {
      for ranked in rule.declarations {
        cascade.set(
          ranked.declaration,
          rank: Cascade.rank(specificity: rule.specificity, order: ranked.order))
      }
    }
  }

  private mutating func matches(_ rule: StyleSheet.Rule, _ entry: Entry) -> Bool {
    guard let last = rule.compounds.last, matches(last, entry) else { return false }
    var place = rule.compounds.count - 2
    var index = stack.count - 1
    while place >= 0 {
      guard index >= 0 else { return false }
      guard ancestorSteps > 0 else {
        hasAncestorsLeftOut = true
        return false
      }
      ancestorSteps -= 1
      if matches(rule.compounds[place], stack[index]) {
        place -= 1
      } else if rule.isChild[place] {
        return false
      }
      index -= 1
    }
    return true
  }

  private func matches(_ compound: StyleSheet.Compound, _ entry: Entry) -> Bool {
    if let type = compound.type, type != StyleSheet.typeKey(entry.key) { return false }
    if let id = compound.id, id != entry.id { return false }
    for name in compound.classes {
      guard entry.classes.contains(where: { classes[$0] == name }) else { return false }
    }
    return true
  }
}

extension HTMLReader.Entry {
  var isTablePart: Bool {
    traits.contains(.tablePart) || element == .table
  }
}

extension Cascade {
  /// What is set, to be set again.
  var declarations: [CSSDeclaration] {
    properties.compactMap { property in
      self[property].map { CSSDeclaration(property: property, value: $0, isImportant: false) }
    }
  }

  init(_ declarations: [CSSDeclaration]) {
    self.init()
    for declaration in declarations { set(declaration, rank: Self.hint) }
  }
}
