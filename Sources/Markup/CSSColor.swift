/// A colour with its opacity, each from 0 to 1.
struct CSSColor: Equatable, Sendable {
  var red: Float
  var green: Float
  var blue: Float
  var alpha: Float = 1

  static let white = CSSColor(red: 1, green: 1, blue: 1)
  static let black = CSSColor(red: 0, green: 0, blue: 0)
  static let transparent = CSSColor(red: 0, green: 0, blue: 0, alpha: 0)
  /// What a link is shown in where nothing says otherwise.
  static let link = CSSColor(hex: 0x00_00EE)

  /// What is seen where it lies over `background`.
  func over(_ background: CSSColor) -> CSSColor {
    func mixed(_ above: Float, _ below: Float) -> Float { above * alpha + below * (1 - alpha) }
    return CSSColor(
      red: mixed(red, background.red), green: mixed(green, background.green),
      blue: mixed(blue, background.blue))
  }

  /// The largest difference of a channel, 0...1.
  func distance(_ other: CSSColor) -> Float {
    max(abs(red - other.red), abs(green - other.green), abs(blue - other.blue))
  }
}

extension CSSColor {
  init(hex: UInt32) {
    self.init(
      red: Float(hex >> 16 & 255) / 255, green: Float(hex >> 8 & 255) / 255,
      blue: Float(hex & 255) / 255)
  }

  /// A CSS colour in lower case: a name, `#` with 3, 4, 6 or 8 digits, `rgb()`, `hsl()`.
  init?(_ text: ArraySlice<UInt8>) {
    if text.first == 0x23 {
      self.init(digits: text.dropFirst())
    } else if let open = text.firstIndex(of: 0x28), text.last == 0x29 {
      let name = HTMLName(text[..<open]).key
      let parts = Self.parts(text[(open + 1)..<(text.endIndex - 1)])
      if name == Self.rgb || name == Self.rgba {
        self.init(rgb: parts)
      } else if name == Self.hsl || name == Self.hsla {
        self.init(hsl: parts)
      } else {
        return nil
      }
    } else {
      let key = HTMLName(text).key
      if key == Self.transparentName {
        self = .transparent
      } else if let hex = Self.names[key] {
        self.init(hex: hex)
      } else {
        return nil
      }
    }
  }

  /// The colour of an attribute such as `bgcolor`, by the HTML standard's section 2.3.6.
  init?(legacy text: ArraySlice<UInt8>) {
    var text = text.drop(while: isSpace)
    while let last = text.last, isSpace(last) { text = text.dropLast() }
    let lower = text.map(lowercased)
    guard !lower.isEmpty, HTMLName(lower).key != Self.transparentName else { return nil }
    if let hex = Self.names[HTMLName(lower).key] {
      self.init(hex: hex)
      return
    }
    if lower.count == 4, lower[0] == 0x23, let color = CSSColor(digits: lower[1...]) {
      self = color
      return
    }
    var digits = lower.prefix(128).map { Self.digit($0) ?? 0 }
    if lower[0] == 0x23 { digits.removeFirst() }
    while digits.isEmpty || digits.count % 3 != 0 { digits.append(0) }
    let length = digits.count / 3
    var parts = (0..<3).map { Array(digits[($0 * length)..<(($0 + 1) * length)].suffix(8)) }
    while parts[0].count > 2, parts.allSatisfy({ $0[0] == 0 }) {
      parts = parts.map { Array($0.dropFirst()) }
    }
    let values = parts.map { part in
      part.prefix(2).reduce(0) { $0 * 16 + $1 }
    }
    self.init(hex: values[0] << 16 | values[1] << 8 | values[2])
  }

  private init?(digits: ArraySlice<UInt8>) {
    var values: [UInt32] = []
    for octet in digits.prefix(9) {
      guard let value = Self.digit(octet) else { return nil }
      values.append(value)
    }
    switch values.count {
    case 3, 4: values = values.flatMap { [$0, $0] }
    case 6, 8: break
    default: return nil
    }
    let number = values.prefix(6).reduce(0) { $0 << 4 | $1 }
    self.init(hex: number)
    if values.count == 8 { alpha = Float(values[6] << 4 | values[7]) / 255 }
  }

  private init?(rgb parts: [CSSNumber]) {
    guard parts.count == 3 || parts.count == 4 else { return nil }
    func channel(_ part: CSSNumber) -> Float {
      min(1, max(0, part.unit == .percent ? part.value / 100 : part.value / 255))
    }
    self.init(red: channel(parts[0]), green: channel(parts[1]), blue: channel(parts[2]))
    alpha = Self.alpha(parts)
  }

  private init?(hsl parts: [CSSNumber]) {
    guard parts.count == 3 || parts.count == 4 else { return nil }
    let hue = (parts[0].value.truncatingRemainder(dividingBy: 360) + 360)
      .truncatingRemainder(dividingBy: 360)
    let saturation = min(1, max(0, parts[1].value / 100))
    let lightness = min(1, max(0, parts[2].value / 100))
    let spread = saturation * min(lightness, 1 - lightness)
    func channel(_ offset: Float) -> Float {
      let place = (offset + hue / 30).truncatingRemainder(dividingBy: 12)
      return lightness - spread * max(-1, min(place - 3, 9 - place, 1))
    }
    self.init(red: channel(0), green: channel(8), blue: channel(4))
    alpha = Self.alpha(parts)
  }

  private static func alpha(_ parts: [CSSNumber]) -> Float {
    guard parts.count == 4 else { return 1 }
    let value = parts[3].unit == .percent ? parts[3].value / 100 : parts[3].value
    return min(1, max(0, value))
  }

  /// Numbers between commas, spaces or a slash.
  private static func parts(_ text: ArraySlice<UInt8>) -> [CSSNumber] {
    let pieces = text.split { isSpace($0) || $0 == 0x2C || $0 == 0x2F }
    let numbers = pieces.prefix(5).compactMap { CSSNumber($0) }
    return numbers.count == pieces.count ? numbers : []
  }

  private static func digit(_ octet: UInt8) -> UInt32? {
    if isDigit(octet) { return UInt32(octet - 0x30) }
    let lower = octet | 0x20
    return lower &- 0x61 < 6 ? UInt32(lower - 0x61 + 10) : nil
  }

  private static let rgb = HTMLName("rgb".utf8).key
  private static let rgba = HTMLName("rgba".utf8).key
  private static let hsl = HTMLName("hsl".utf8).key
  private static let hsla = HTMLName("hsla".utf8).key
  private static let transparentName = HTMLName("transparent".utf8).key
}

/// A number and its unit.
struct CSSNumber: Equatable, Sendable {
  enum Unit: Equatable, Sendable { case none, percent, em, pixels }

  /// In pixels where the unit is absolute.
  var value: Float
  var unit: Unit

  /// A whole text, such as `-1.5em`, in lower case.
  init?(_ text: ArraySlice<UInt8>) {
    var index = text.startIndex
    var sign: Float = 1
    if index < text.endIndex, text[index] == 0x2D || text[index] == 0x2B {
      if text[index] == 0x2D { sign = -1 }
      index += 1
    }
    var number: Float = 0
    var scale: Float = 0
    var digits = 0
    while index < text.endIndex {
      let octet = text[index]
      if isDigit(octet) {
        digits += 1
        number = number * 10 + Float(octet - 0x30)
        scale *= 10
      } else if octet == 0x2E, scale == 0 {
        scale = 1
      } else {
        break
      }
      index += 1
      if digits > 30 { return nil }
    }
    guard digits > 0 else { return nil }
    value = sign * number / max(1, scale)
    guard let unit = Self.unit(text[index...]) else { return nil }
    self.unit = unit.unit
    value *= unit.factor
  }

  /// What it is in pixels, where `em` is one em and `whole` a hundred percent.
  func pixels(em: Float, whole: Float) -> Float {
    switch unit {
    case .none, .pixels: value
    case .em: value * em
    case .percent: value / 100 * whole
    }
  }

  private static func unit(_ text: ArraySlice<UInt8>) -> (unit: Unit, factor: Float)? {
    switch String(decoding: text.prefix(8), as: UTF8.self) {
    case "": (.none, 1)
    case "%": (.percent, 1)
    case "px": (.pixels, 1)
    case "pt": (.pixels, 4 / 3)
    case "em": (.em, 1)
    case "ex", "ch": (.em, 0.5)
    case "rem": (.pixels, 16)
    case "pc": (.pixels, 16)
    case "in": (.pixels, 96)
    case "cm": (.pixels, 37.8)
    case "mm": (.pixels, 3.78)
    case "vw", "vmax": (.pixels, 12.8)
    case "vh", "vmin": (.pixels, 8)
    default: nil
    }
  }
}
