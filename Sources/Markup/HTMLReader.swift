import Grounding

/// Walks through a page's tokens with a stack of open elements, and writes what is seen.
///
/// No tree is built. The stack knows the end tags that are implied where they matter to the text or
/// to what hides it: of paragraphs, list items, cells, rows, options, headings, and of formatting
/// that is closed in another order than it was opened.
struct HTMLReader {
  /// An open element.
  struct Entry {
    var key: UInt64
    var element: HTMLElement?
    var traits: HTMLElement.Traits
    var look: Look
    /// What was set for it, to work its look out again.
    var own: [CSSDeclaration] = []
    var isInline: Bool
    /// Where lines stand once it is closed.
    var outerPlace: HTMLBlocks.Place
    var id: UInt64 = 0
    var classes = 0..<0
    /// The entry from which on the text is hidden, for one reason.
    var hiddenRoot = -1
    var isCounted = false
    /// Whether the open link, or the page's title, is this one.
    var isActive = false
    var hasList = false
    /// Formatting that goes on behind it, but not in it.
    var outerFormatting: [Entry] = []
  }

  let limits: HTMLLimits
  let markTable: HTMLMarkTable
  var tokenizer: HTMLTokenizer
  var blocks = HTMLBlocks()
  var stack: [Entry] = []
  /// Formatting whose block was closed: it goes on with the next text.
  var pending: [Entry] = []
  var lists: [ListState] = []
  var tables: [TableState] = []
  var classes: [UInt64] = []
  /// Elements beyond the depth that is followed.
  var overflow = 0
  /// The overflowing element that hides what is in it; without a reason, it is no text.
  var hiddenOverflow: (depth: Int, reason: HiddenReason?)?
  var isTooDeep = false
  var isQuirky = true
  var hasSeenTag = false
  /// svg and math that are open.
  var foreign = 0

  var sheet: StyleSheet
  /// Whether the sheet was whole from the beginning.
  let isSheetWhole: Bool
  var hasLateStyle = false
  var cascade = Cascade()
  var declarations = CSSDeclarations()
  /// Steps that may still be spent on ancestors of elements that a selector names.
  var ancestorSteps = 20_000_000
  var hasAncestorsLeftOut = false

  var styleText: [UInt8] = []
  /// Whether the open style element is CSS for a screen.
  var isStyleOfScreen = true
  var titleText: [UInt8]?
  var language: String?
  var targets: [String] = []
  var marks: [LinkMark] = []
  var openLink: Int?
  var linksLeftOut = 0
  var linkColor = CSSColor.link
  var hidden: [HiddenReason: (elements: Int, characters: Int)] = [:]
  var comments = (count: 0, characters: 0)
  /// The line feed at the beginning of `pre` is none.
  var skipsLineFeed = false

  init(
    limits: HTMLLimits, markTable: HTMLMarkTable = HTMLMarkTable(), sheet: StyleSheet? = nil
  ) {
    self.limits = limits
    self.markTable = markTable
    self.sheet = sheet ?? StyleSheet(limit: limits.styleRules)
    isSheetWhole = sheet != nil
    tokenizer = HTMLTokenizer(limits: limits)
  }

  /// Reads everything; O(octets).
  mutating func read(_ input: Span<UInt8>) {
    while true {
      tokenizer.allowsCDATA = foreign > 0 && isForeign
      let start = tokenizer.position
      switch tokenizer.next(input) {
      case .characters(let range): read(text: input, range)
      case .text:
        // Lent out, so that nothing is copied.
        var data: [UInt8] = []
        swap(&data, &tokenizer.data)
        read(text: data.span, 0..<data.count)
        swap(&data, &tokenizer.data)
      case .startTag: readStartTag()
      case .endTag: readEndTag()
      case .comment: count(comment: input, start..<tokenizer.position)
      case .doctype: if !hasSeenTag { isQuirky = tokenizer.forcesQuirks }
      case .end:
        close(to: 0)
        closeLink()
        blocks.finish()
        return
      }
    }
  }

  /// How what stands here looks.
  var look: Look { stack.last?.look ?? Self.page }

  static let page = Look()

  var pageTitle: String? {
    guard let titleText else { return nil }
    var canonical = CanonicalText()
    let span = canonical.append(utf8: titleText.span)
    let line = canonical.line(span, octets: limits.headingOctets)
    return line.isEmpty ? nil : line
  }

  var defects: [Defect] {
    var defects: [Defect] = []
    func add(_ code: HTMLDefect, _ count: Int) {
      if count > 0 { defects.append(Defect(code.rawValue, String(count))) }
    }
    func some(_ count: Int, _ noun: String) -> String {
      "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    for reason in HiddenReason.allCases {
      guard let (elements, characters) = hidden[reason] else { continue }
      let counts = "\(some(elements, "element")), \(some(characters, "character"))"
      defects.append(Defect(HTMLDefect.hiddenText.rawValue, "\(reason.rawValue), \(counts)"))
    }
    if comments.count > 0 {
      let counts =
        "\(some(comments.count, "comment")), \(some(comments.characters, "character"))"
      defects.append(Defect(HTMLDefect.comments.rawValue, counts))
    }
    add(.invisiblePadding, blocks.padding)
    if isTooDeep { defects.append(Defect(HTMLDefect.htmlTooDeep.rawValue)) }
    add(.tooManyAttributes, tokenizer.attributesLeftOut)
    add(.tooManyStyleRules, sheet.leftOut + (hasAncestorsLeftOut ? 1 : 0))
    add(.tooManyLinks, linksLeftOut)
    return defects
  }
}

/// An open list.
struct ListState {
  var isOrdered: Bool
  var next: Int
  var step = 1
  /// `1`, `a`, `A`, `i` or `I`.
  var style: UInt8 = 0x31
}

/// An open table.
struct TableState {
  /// Its entry in the stack of open elements.
  var entry: Int
  var group: Int
  /// The first line of the table, and of the row that is open.
  var firstLine: Int
  var rowLine: Int
  /// The cell that is open, or the number of cells so far.
  var cell = -1
  var hasHeader = false
  var keepsEmpty: Bool
  var isLayout: Bool
  /// Whether the row holds nothing that is no part of a line.
  var isRowSimple = true
  var outerCell: Int
}
