/// Why a text is not seen; the words in which defects say it.
enum HiddenReason: String, CaseIterable, Sendable {
  case hiddenAttribute = "hidden_attribute"
  case display = "display_none"
  case visibility
  case opacity
  case fontSize = "font_size"
  /// No width or height, and what runs over is cut.
  case size = "zero_size"
  case clip
  case offScreen = "off_screen"
  case transform
  /// In the colour of what is behind it, or in none.
  case color
}

/// How an element's own text looks, as far as that decides whether it is seen.
struct Look: Sendable {
  enum Space: Equatable, Sendable { case normal, pre, preLine }

  /// What hides the element with everything inside of it.
  var hides: HiddenReason?
  var isInvisible = false
  /// In pixels.
  var fontSize: Float = 16
  var opacity: Float = 1
  var color = CSSColor.black
  var fillColor: CSSColor?
  /// What lies behind it; `nil` where that is an image or another element.
  var background: CSSColor? = .white
  /// Whether a shadow or a background clipped to the text shows it whatever its colour.
  var hasOtherInk = false
  var isIndentedAway = false
  var space = Space.normal
  /// Of the element alone.
  var display: CSSKeyword = .other
  /// Nothing in it is text of the page: not text, and not hidden.
  var isSkipped = false
  /// Why its text is not seen; worked out once.
  var reason: HiddenReason?

  /// Text further off than this is off the screen.
  static let farOff: Float = -900
  /// Less opacity than this is none.
  static let faint: Float = 0.05
  /// Smaller text than this cannot be read, in pixels.
  static let tiny: Float = 2
  /// Colours whose channels differ by no more than this are one to the eye: 12 of 255.
  static let alike: Float = 12.5 / 255

  /// Whether it takes no place on the page.
  var isGone: Bool { isSkipped || hides == .display || hides == .hiddenAttribute }

  /// Sets ``reason`` from the rest.
  mutating func judge() {
    reason =
      if let hides {
        hides
      } else if isInvisible {
        .visibility
      } else if fontSize < Self.tiny {
        .fontSize
      } else if isIndentedAway {
        .offScreen
      } else if hasInvisibleColor {
        .color
      } else {
        nil
      }
  }

  private var hasInvisibleColor: Bool {
    guard !hasOtherInk else { return false }
    let ink = fillColor ?? color
    if ink.alpha < Self.faint { return true }
    guard let background else { return false }
    return ink.over(background).distance(background) <= Self.alike
  }
}

/// What is set for one element, the strongest declaration of each property.
///
/// One value serves for all elements, one after the other.
struct Cascade: Sendable {
  private var values: [CSSValue?]
  private var ranks: [UInt64]
  /// What is set, so that the rest need not be looked at.
  private(set) var properties: [CSSProperty] = []
  var isEmpty: Bool { properties.isEmpty }

  init() {
    values = Array(repeating: nil, count: CSSProperty.allCases.count)
    ranks = Array(repeating: 0, count: CSSProperty.allCases.count)
  }

  /// What an attribute such as `bgcolor` sets: weaker than every rule.
  static let hint: UInt64 = 1
  /// What a style attribute sets.
  static let inline: UInt64 = 1 << 61
  private static let important: UInt64 = 1 << 62

  /// A rule's rank: specificity, then order.
  static func rank(specificity: UInt64, order: UInt64) -> UInt64 {
    2 + (min(specificity, 0xFF_FFFF) << 32 | order)
  }

  mutating func reset() {
    for property in properties {
      values[property.rawValue] = nil
      ranks[property.rawValue] = 0
    }
    properties.removeAll(keepingCapacity: true)
  }

  mutating func set(_ property: CSSProperty, _ value: CSSValue, rank: UInt64) {
    let place = property.rawValue
    guard rank >= ranks[place] else { return }
    if ranks[place] == 0 { properties.append(property) }
    ranks[place] = rank
    values[place] = value
  }

  mutating func set(_ declaration: CSSDeclaration, rank: UInt64) {
    let rank = declaration.isImportant ? rank | Self.important : rank
    set(declaration.property, declaration.value, rank: rank)
  }

  subscript(property: CSSProperty) -> CSSValue? { values[property.rawValue] }

  func keyword(_ property: CSSProperty) -> CSSKeyword? {
    if case .keyword(let keyword) = self[property] { return keyword }
    return nil
  }

  func number(_ property: CSSProperty) -> CSSNumber? {
    if case .number(let number) = self[property] { return number }
    return nil
  }
}
