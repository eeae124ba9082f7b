extension Look {
  /// How an element looks inside of one that looks like `self`.
  ///
  /// - Parameter isInline: Whether it is inline where `display` does not say otherwise.
  func inner(_ cascade: Cascade, isInline: Bool, isTablePart: Bool) -> Look {
    var look = self
    look.display = .other
    if cascade.isEmpty { return look }
    look.takeInherited(cascade, parent: self)
    look.takeBackground(cascade)
    if let display = cascade.keyword(.display) { look.display = display }
    if look.hides == nil {
      look.hides = look.ownHiding(cascade, isInline: isInline, isTablePart: isTablePart)
    }
    look.judge()
    return look
  }

  private mutating func takeInherited(_ cascade: Cascade, parent: Look) {
    switch cascade.keyword(.visibility) {
    case .hidden: isInvisible = true
    case .visible, .initial: isInvisible = false
    default: break
    }
    if let size = cascade.number(.fontSize) {
      fontSize = size.pixels(em: parent.fontSize, whole: parent.fontSize)
    } else if cascade.keyword(.fontSize) == .initial || cascade.keyword(.fontSize) == .off,
      fontSize < Self.tiny
    {
      fontSize = 16
    }
    switch cascade[.color] {
    case .color(let color):
      self.color = color
    case .keyword(.initial): color = .black
    case .keyword(.inherit), .keyword(.off), .keyword(.currentColor): color = parent.color
    default: break
    }
    switch cascade[.textFillColor] {
    case .color(let color): fillColor = color
    case .keyword: fillColor = nil
    default: break
    }
    if let shadow = cascade.keyword(.textShadow) { hasOtherInk = shadow == .other }
    if cascade.keyword(.backgroundClip) == .text { hasOtherInk = true }
    if let indent = cascade.number(.textIndent) {
      isIndentedAway = indent.pixels(em: fontSize, whole: MediaQuery.width) <= Self.farOff
    } else if cascade[.textIndent] == .keyword(.initial) {
      isIndentedAway = false
    }
    switch cascade.keyword(.whiteSpace) {
    case .initial: space = .normal
    case .pre: space = .pre
    case .preLine: space = .preLine
    default: break
    }
  }

  private mutating func takeBackground(_ cascade: Cascade) {
    if case .color(let color) = cascade[.backgroundColor] {
      if color.alpha >= 1 {
        background = color
      } else if let below = background {
        background = color.over(below)
      }
    }
    if cascade.keyword(.backgroundImage) == .image { background = nil }
    // What lies over other elements has one of them behind it.
    if cascade.keyword(.position) == .absolute, cascade[.backgroundColor] == nil {
      background = nil
    }
  }

  /// What of its own hides the element and all that is in it.
  private mutating func ownHiding(
    _ cascade: Cascade, isInline: Bool, isTablePart: Bool
  ) -> HiddenReason? {
    if cascade.keyword(.display) == .gone { return .display }
    if cascade.keyword(.contentVisibility) == .hidden { return .display }
    if let number = cascade.number(.opacity) {
      opacity *= number.value
      if opacity < Self.faint { return .opacity }
    }
    if cascade.keyword(.filter) == .nothing { return .opacity }
    let position = cascade.keyword(.position)
    let isBox = isBox(cascade, isInline: isInline, isTablePart: isTablePart)
    if isBox, cascade.keyword(.overflow) == .hidden, hasNoSize(cascade) { return .size }
    if position == .absolute, cascade.keyword(.clip) == .nothing { return .clip }
    if cascade.keyword(.clipPath) == .nothing { return .clip }
    if isFarOff(cascade, isPlaced: position == .absolute || position == .relative) {
      return .offScreen
    }
    if isBox, cascade.keyword(.transform) == .nothing { return .transform }
    return nil
  }

  /// Whether width, height and overflow apply: not to inline text, and cells grow with theirs.
  private func isBox(_ cascade: Cascade, isInline: Bool, isTablePart: Bool) -> Bool {
    if cascade.keyword(.position) == .absolute || cascade.keyword(.float) == .block { return true }
    switch cascade.keyword(.display) {
    case .block, .inlineBlock: return true
    case .inline, .tablePart: return false
    default: return !isInline && !isTablePart
    }
  }

  /// Up to one pixel wide or high, or lines of no height.
  private func hasNoSize(_ cascade: Cascade) -> Bool {
    func isNothing(_ property: CSSProperty) -> Bool {
      cascade.number(property).map { $0.pixels(em: fontSize, whole: MediaQuery.width) <= 1 }
        ?? false
    }
    if isNothing(.width) || isNothing(.height) || isNothing(.maxWidth) || isNothing(.maxHeight) {
      return true
    }
    return cascade[.height] == nil && cascade.number(.lineHeight)?.value == 0
  }

  /// Whether it is moved off the screen to the left or the top (or, from the far side, off it too).
  private func isFarOff(_ cascade: Cascade, isPlaced: Bool) -> Bool {
    func pixels(_ property: CSSProperty) -> Float {
      cascade.number(property)?.pixels(em: fontSize, whole: MediaQuery.width) ?? 0
    }
    let width = cascade.number(.width)?.pixels(em: fontSize, whole: MediaQuery.width) ?? 0
    let left = pixels(.marginLeft) + (isPlaced ? pixels(.left) : 0)
    let top = pixels(.marginTop) + (isPlaced ? pixels(.top) : 0)
    if left <= Self.farOff, left + width <= 0 { return true }
    if top <= Self.farOff { return true }
    return isPlaced && (pixels(.right) <= Self.farOff || pixels(.bottom) <= Self.farOff)
  }
}
