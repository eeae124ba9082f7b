import CLinux
import Glibc

/// One of the program's two output streams, and what may be drawn on it.
struct Terminal: Sendable {
  let descriptor: Int32
  /// Columns of the terminal; 0 where the stream is a file or a pipe.
  let columns: Int
  /// Colour only on a terminal, and not where `NO_COLOR` is set or the terminal is `dumb`.
  ///
  /// - SeeAlso: no-color.org.
  let hasColour: Bool

  init(descriptor: Int32, variable: (String) -> String?) {
    self.descriptor = descriptor
    let isTerminal = isatty(descriptor) == 1
    let measured = Int(loam_terminal_columns(descriptor))
    columns =
      isTerminal ? (measured > 0 ? measured : variable("COLUMNS").flatMap { Int($0) } ?? 80) : 0
    hasColour = isTerminal && variable("NO_COLOR") == nil && variable("TERM") != "dumb"
  }

  var isTerminal: Bool { columns > 0 }

  /// The width that text is set to: the terminal's up to 100 columns, 80 elsewhere.
  var textColumns: Int { isTerminal ? min(100, max(40, columns)) : 80 }

  func styled(_ text: String, _ style: Style) -> String {
    hasColour && !text.isEmpty ? "\u{1B}[\(style.code)m\(text)\u{1B}[0m" : text
  }
}

/// How a piece of text is shown, by its meaning.
enum Style: Sendable {
  case title, faint, mark, words, meaning, failure, number

  /// The parameters of "select graphic rendition" (ECMA-48, 8.3.117); colours of the basic sixteen,
  /// which every theme makes readable on its own ground.
  fileprivate var code: String {
    switch self {
    case .title: "1"
    case .faint: "2"
    case .mark: "1;33"
    case .words: "33"
    case .meaning: "36"
    case .failure: "1;31"
    case .number: "1;36"
    }
  }
}
