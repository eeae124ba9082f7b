import Glibc

/// The frame of a plot: maps values to places in an SVG drawing and draws the axes.
///
/// Colours and fonts are the page's classes, so that a drawing follows a light or a dark page.
struct Plot {
  /// One axis: how values become a share of its length, and where its marks stand.
  struct Axis {
    var label: String
    var marks: [(value: Double, text: String)]
    var share: (Double) -> Double

    static func linear(
      _ label: String, from low: Double, to high: Double, step: Double, digits: Int
    ) -> Axis {
      let count = max(1, Int(((high - low) / step).rounded()))
      return Axis(
        label: label,
        marks: (0...count).map {
          let value = low + Double($0) * (high - low) / Double(count)
          return (value, fixed(value, digits))
        }, share: { high > low ? ($0 - low) / (high - low) : 0 })
    }

    /// From 1 to `high`, marked at the powers of ten.
    static func logarithmic(_ label: String, to high: Double) -> Axis {
      let decades = Int(log10(high).rounded())
      return Axis(
        label: label,
        marks: (0...max(1, decades)).map {
          let value = (0..<$0).reduce(1.0) { product, _ in product * 10 }
          return (value, String(Int(value)))
        }, share: { log10(max(1, $0)) / log10(high) })
    }
  }

  static let width = 720.0
  let height: Double
  let x: Axis
  let y: Axis
  let left = 56.0
  /// Room for labels to the right of the lines.
  var right = 24.0
  private let top = 12.0
  private let bottom = 44.0
  private(set) var body = ""

  init(height: Double, x: Axis, y: Axis, right: Double = 24) {
    self.height = height
    self.x = x
    self.y = y
    self.right = right
  }

  var innerWidth: Double { Self.width - left - right }

  func placeX(_ value: Double) -> Double { left + x.share(value) * innerWidth }
  func placeY(_ value: Double) -> Double {
    height - bottom - y.share(value) * (height - top - bottom)
  }

  mutating func line(_ points: [(Double, Double)], series: Int) {
    let path = points.map { "\(number(placeX($0.0))),\(number(placeY($0.1)))" }
    body += "<polyline class=\"line s\(series)\" points=\"\(path.joined(separator: " "))\"/>\n"
  }

  mutating func dot(_ point: (Double, Double), series: Int, title: String) {
    body +=
      "<circle class=\"dot s\(series)\" cx=\"\(number(placeX(point.0)))\""
      + " cy=\"\(number(placeY(point.1)))\" r=\"4\"><title>\(escaped(title))</title></circle>\n"
  }

  /// A bar from 0 to `value`, `index` of `count` across the whole width.
  mutating func bar(_ value: Double, index: Int, count: Int, title: String) {
    let step = innerWidth / Double(max(1, count))
    let (zero, end) = (placeY(0), placeY(value))
    let sign = value < 0 ? "worse" : "better"
    body +=
      "<rect class=\"\(sign)\" x=\"\(number(left + Double(index) * step))\""
      + " y=\"\(number(min(zero, end)))\" width=\"\(number(max(0.5, step * 0.85)))\""
      + " height=\"\(number(max(0.5, abs(zero - end))))\"><title>\(escaped(title))</title></rect>\n"
  }

  mutating func text(_ text: String, at point: (x: Double, y: Double), series: Int? = nil) {
    let style = series.map { "label s\($0)" } ?? "label"
    body +=
      "<text class=\"\(style)\" x=\"\(number(point.x))\" y=\"\(number(point.y))\">"
      + "\(escaped(text))</text>\n"
  }

  /// The whole drawing.
  ///
  /// - Parameter title: what it shows, for those who do not see it.
  func svg(title: String) -> String {
    var frame =
      "<svg viewBox=\"0 0 \(number(Self.width)) \(number(height))\" role=\"img\""
      + " aria-label=\"\(escaped(title))\">\n"
    for mark in y.marks {
      let place = number(placeY(mark.value))
      frame +=
        "<line class=\"grid\" x1=\"\(number(left))\" x2=\"\(number(Self.width - right))\""
        + " y1=\"\(place)\" y2=\"\(place)\"/>\n"
        + "<text class=\"mark end\" x=\"\(number(left - 6))\" y=\"\(place)\" dy=\".32em\">"
        + "\(escaped(mark.text))</text>\n"
    }
    for mark in x.marks {
      frame +=
        "<text class=\"mark middle\" x=\"\(number(placeX(mark.value)))\""
        + " y=\"\(number(height - bottom + 16))\">\(escaped(mark.text))</text>\n"
    }
    frame +=
      "<text class=\"mark middle\" x=\"\(number(left + innerWidth / 2))\""
      + " y=\"\(number(height - 8))\">\(escaped(x.label))</text>\n"
    return frame + body + "</svg>\n"
  }

  private func number(_ value: Double) -> String { fixed(value, 1) }
}

/// `text` as HTML and SVG take it, in content and in quoted attributes; controls become U+FFFD.
func escaped(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "\t", "\n": result += " "
    case "\u{0}"..<" ", "\u{7F}"..<"\u{A0}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
