/// What values mean, a property at a time; an invalid value means nothing.
enum CSSValues {
  typealias Meaning = (CSSProperty, CSSValue)

  /// - Parameters:
  ///   - shorthand: ``HTMLName/key`` of the name as written.
  ///   - text: In lower case, trimmed, as ``CSSText/simplify(_:into:)`` leaves it.
  static func parse(
    _ property: CSSProperty, shorthand: UInt64, _ text: ArraySlice<UInt8>
  ) -> [Meaning] {
    if let wide = wideKeyword(text) { return wideMeanings(property, shorthand, wide) }
    switch property {
    case .display: return one(property, display(text))
    case .visibility: return one(property, visibilities[string(text)])
    case .opacity: return one(property, opacity(text))
    case .fontSize: return shorthand == fontKey ? font(text) : one(property, fontSize(text))
    case .color, .backgroundColor, .textFillColor: return one(property, color(text))
    case .backgroundImage: return shorthand == backgroundKey ? background(text) : image(text)
    case .width, .height, .maxWidth, .maxHeight, .left, .top, .right, .bottom, .textIndent,
      .marginLeft, .lineHeight:
      return one(property, length(text))
    case .marginTop: return shorthand == marginKey ? margin(text) : one(property, length(text))
    case .overflow: return one(property, overflow(text))
    case .position: return one(property, positions[string(text)])
    case .float: return one(property, floats[string(text)])
    case .whiteSpace: return one(property, spaces[string(text)])
    case .contentVisibility: return one(property, contentVisibilities[string(text)])
    case .textShadow: return one(property, text.elementsEqual("none".utf8) ? .off : .other)
    case .backgroundClip: return one(property, contains(text, "text") ? .text : .other)
    case .clip, .clipPath: return one(property, clip(text))
    case .transform: return one(property, transform(text))
    case .filter: return one(property, filter(text))
    }
  }

  private static let fontKey = HTMLName("font".utf8).key
  private static let backgroundKey = HTMLName("background".utf8).key
  private static let marginKey = HTMLName("margin".utf8).key

  private static func one(_ property: CSSProperty, _ value: CSSValue?) -> [Meaning] {
    value.map { [(property, $0)] } ?? []
  }

  private static func one(_ property: CSSProperty, _ keyword: CSSKeyword?) -> [Meaning] {
    keyword.map { [(property, .keyword($0))] } ?? []
  }

  private static func string(_ text: ArraySlice<UInt8>) -> String {
    String(decoding: text, as: UTF8.self)
  }

  private static let visibilities: [String: CSSKeyword] = [
    "hidden": .hidden, "collapse": .hidden, "visible": .visible,
  ]
  private static let contentVisibilities: [String: CSSKeyword] = [
    "hidden": .hidden, "visible": .visible, "auto": .visible,
  ]
  private static let positions: [String: CSSKeyword] = [
    "absolute": .absolute, "fixed": .absolute, "relative": .relative, "sticky": .relative,
    "static": .initial,
  ]
  private static let floats: [String: CSSKeyword] = [
    "left": .block, "right": .block, "none": .off,
  ]
  private static let spaces: [String: CSSKeyword] = [
    "normal": .initial, "nowrap": .initial, "pre": .pre, "pre-wrap": .pre, "break-spaces": .pre,
    "pre-line": .preLine,
  ]
  private static let overflows: [String: CSSKeyword] = [
    "hidden": .hidden, "clip": .hidden, "auto": .hidden, "scroll": .hidden, "overlay": .hidden,
    "visible": .visible,
  ]

  private static func contains(_ text: ArraySlice<UInt8>, _ word: String) -> Bool {
    text.split { isSpace($0) || $0 == 0x2C }.contains { $0.elementsEqual(word.utf8) }
  }

  private static func wideKeyword(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    guard text.first == 0x69 || text.first == 0x75 || text.first == 0x72, text.count <= 12 else {
      return nil
    }
    return switch string(text) {
    case "inherit": .inherit
    case "initial": .initial
    case "unset", "revert", "revert-layer": .off
    default: nil
    }
  }

  private static func wideMeanings(
    _ property: CSSProperty, _ shorthand: UInt64, _ wide: CSSKeyword
  ) -> [Meaning] {
    var properties = [property]
    if shorthand == backgroundKey { properties.append(.backgroundColor) }
    if shorthand == marginKey { properties.append(.marginLeft) }
    return properties.map { ($0, .keyword(wide)) }
  }

  private static func display(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    switch string(text) {
    case "none": .gone
    case "block", "flex", "grid", "list-item", "flow-root", "table", "-webkit-box",
      "-webkit-flex", "-ms-flexbox", "block flow", "box":
      .block
    case "inline-block", "inline-flex", "inline-grid", "inline-table": .inlineBlock
    case "inline", "contents", "ruby", "run-in": .inline
    case let word where word.hasPrefix("table-"): .tablePart
    default: nil
    }
  }

  private static func opacity(_ text: ArraySlice<UInt8>) -> CSSValue? {
    guard var number = CSSNumber(text) else { return nil }
    if number.unit == .percent {
      number.value /= 100
    } else if number.unit != .none {
      return nil
    }
    number.value = min(1, max(0, number.value))
    return .number(number)
  }

  private static func color(_ text: ArraySlice<UInt8>) -> CSSValue? {
    if text.elementsEqual("currentcolor".utf8) { return .keyword(.currentColor) }
    return CSSColor(text).map { .color($0) }
  }

  /// A length or percentage; keywords such as `auto` set it off.
  private static func length(_ text: ArraySlice<UInt8>) -> CSSValue? {
    if let number = CSSNumber(text) {
      return .number(number)
    }
    return switch string(text) {
    case "auto", "none", "normal", "max-content", "min-content", "fit-content": .keyword(.off)
    default: text.last == 0x29 ? .keyword(.off) : nil
    }
  }

  private static let sizes: [String: Float] = [
    "xx-small": 9, "x-small": 10, "small": 13, "medium": 16, "large": 18, "x-large": 24,
    "xx-large": 32, "xxx-large": 48,
  ]

  private static func fontSize(_ text: ArraySlice<UInt8>) -> CSSValue? {
    if let number = CSSNumber(text) {
      // A number without unit is valid as 0 only; in quirks mode it is pixels.
      return number.value >= 0 ? .number(number) : nil
    }
    let word = string(text)
    if let size = sizes[word], var number = CSSNumber([0x30]) {
      number.value = size
      number.unit = .pixels
      return .number(number)
    }
    if word == "smaller" || word == "larger", var number = CSSNumber([0x30]) {
      number.value = word == "smaller" ? 0.83 : 1.2
      number.unit = .em
      return .number(number)
    }
    return text.last == 0x29 ? .keyword(.off) : nil
  }

  /// The size in `font`: the first part that is one, before any `/`.
  private static func font(_ text: ArraySlice<UInt8>) -> [Meaning] {
    let words = text.split(whereSeparator: isSpace)
    for (index, word) in words.enumerated() {
      let size = word.prefix { $0 != 0x2F }
      // A weight is no size.
      if let number = CSSNumber(size), number.unit == .none, number.value != 0 { continue }
      guard let value = fontSize(size) else { continue }
      // A family has to follow.
      return index + 1 < words.count ? [(.fontSize, value)] : []
    }
    return []
  }

  private static func isImage(_ text: ArraySlice<UInt8>) -> Bool {
    let word = string(text)
    return word.contains("url(") || word.contains("gradient(") || word.contains("image(")
      || word.contains("image-set(")
  }

  private static func image(_ text: ArraySlice<UInt8>) -> [Meaning] {
    if text.elementsEqual("none".utf8) { return [(.backgroundImage, .keyword(.off))] }
    return isImage(text) ? [(.backgroundImage, .keyword(.image))] : []
  }

  /// `background` sets colour and image, whichever it names.
  private static func background(_ text: ArraySlice<UInt8>) -> [Meaning] {
    let found = words(text).lazy.compactMap { CSSColor($0) }.first
    return [
      (.backgroundColor, .color(found ?? .transparent)),
      (.backgroundImage, .keyword(isImage(text) ? .image : .off)),
    ]
  }

  /// Split at white space outside of parentheses.
  private static func words(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
    var depth = 0
    return text.split { octet in
      if octet == 0x28 { depth += 1 }
      if octet == 0x29 { depth -= 1 }
      return depth <= 0 && (isSpace(octet) || octet == 0x2C)
    }
  }

  private static func margin(_ text: ArraySlice<UInt8>) -> [Meaning] {
    let values = words(text).map { length($0) }
    guard let top = values.first ?? nil, values.count <= 4 else { return [] }
    let left = values.count == 4 ? values[3] : values.count > 1 ? values[1] : top
    return [(.marginTop, top), (.marginLeft, left ?? .keyword(.off))]
  }

  private static func overflow(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    let values = words(text).map { overflows[string($0)] }
    guard !values.isEmpty, values.count <= 2, !values.contains(nil) else { return nil }
    return values.contains(.hidden) ? .hidden : .visible
  }

  /// `nothing` where no part of the box is left.
  private static func clip(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    guard let open = text.firstIndex(of: 0x28), text.last == 0x29 else { return .off }
    let parts = text[(open + 1)..<(text.endIndex - 1)].split { isSpace($0) || $0 == 0x2C }
    let numbers = parts.map { CSSNumber($0) }
    func value(_ index: Int) -> Float? {
      index < numbers.count ? numbers[index]?.value : nil
    }
    switch string(text[..<open]) {
    case "rect":
      guard let top = value(0), let right = value(1), let bottom = value(2), let left = value(3)
      else { return .other }
      return bottom - top <= 1 || right - left <= 1 ? .nothing : .other
    case "inset":
      guard let top = numbers.first ?? nil, top.unit == .percent else { return .other }
      let right = value(1) ?? top.value
      let bottom = value(2) ?? top.value
      return top.value + bottom >= 100 || right + (value(3) ?? right) >= 100 ? .nothing : .other
    case "circle", "ellipse": return value(0) == 0 ? .nothing : .other
    case "polygon": return numbers.allSatisfy { $0?.value == 0 } ? .nothing : .other
    default: return .other
    }
  }

  /// `nothing` where a scale is 0, or where it moves the box far off.
  private static func transform(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    if text.elementsEqual("none".utf8) { return .other }
    for function in words(text) {
      guard let open = function.firstIndex(of: 0x28), function.last == 0x29 else { return nil }
      let arguments = function[(open + 1)..<(function.endIndex - 1)]
        .split { isSpace($0) || $0 == 0x2C }.map { CSSNumber($0) }
      switch string(function[..<open]) {
      case "scale", "scalex", "scaley", "scale3d":
        if arguments.prefix(2).contains(where: { $0?.value == 0 }) { return .nothing }
      case "translate", "translatex", "translatey", "translate3d":
        if arguments.contains(where: {
          $0.map { $0.unit != .percent && $0.pixels(em: 16, whole: 0) <= Look.farOff } ?? false
        }) {
          return .nothing
        }
      default: break
      }
    }
    return .other
  }

  private static func filter(_ text: ArraySlice<UInt8>) -> CSSKeyword? {
    for function in words(text) {
      guard let open = function.firstIndex(of: 0x28), function.last == 0x29,
        string(function[..<open]) == "opacity",
        let number = CSSNumber(function[(open + 1)..<(function.endIndex - 1)])
      else { continue }
      let value = number.unit == .percent ? number.value / 100 : number.value
      if value < Look.faint { return .nothing }
    }
    return .other
  }
}
