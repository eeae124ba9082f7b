import Grounding

/// Lists, tables, and what is not HTML.
extension HTMLReader {
  /// What an element does to lines as it opens and, once more, as it closes.
  mutating func breakLine(at entry: Entry) {
    switch entry.look.display {
    case _ where entry.look.isGone: break
    case .inline where entry.traits.contains(.block) && !entry.isTablePart: break
    case .inlineBlock where entry.traits.contains(.block): blocks.writeSpace()
    case .block where !entry.traits.contains(.block): blocks.breakLine()
    default:
      if entry.traits.contains(.block) {
        let isNested = entry.isList && !lists.isEmpty
        blocks.breakLine(isSpaced: entry.traits.contains(.spaced) && !isNested)
      }
    }
  }

  mutating func openList(_ element: HTMLElement) {
    let isOuter = lists.isEmpty
    var state = ListState(isOrdered: element == .ol, next: 1)
    if element == .ol {
      if let start = integer(attribute("start")) { state.next = start }
      if attribute("reversed") != nil {
        // The number of items is not known yet.
        if attribute("start") == nil { state.isOrdered = false } else { state.step = -1 }
      }
      if let type = attribute("type"), type.count == 1, let style = type.first,
        [0x61, 0x41, 0x69, 0x49].contains(style)
      {
        state.style = style
      }
    }
    lists.append(state)
    stack[stack.count - 1].hasList = true
    if isOuter, blocks.place.kind == .paragraph {
      blocks.place = HTMLBlocks.Place(
        kind: .list, group: blocks.newGroup(), mark: blocks.place.mark)
    }
  }

  private func integer(_ text: ArraySlice<UInt8>?) -> Int? {
    guard let text, text.count <= 9 else { return nil }
    return Int(String(decoding: text.filter { !isSpace($0) }, as: UTF8.self))
  }

  mutating func openItem() {
    let depth = max(0, lists.count - 1)
    var marker = [UInt8](repeating: 0x20, count: min(depth, 16) * 2)
    if var list = lists.last, list.isOrdered {
      if let value = integer(attribute("value")) { list.next = value }
      marker += HTMLNumber.text(list.next, list.style) + [0x2E, 0x20]
      list.next = list.next &+ list.step
      lists[lists.count - 1] = list
    } else {
      marker += [0x2D, 0x20]
    }
    if look.reason == nil, !look.isSkipped { blocks.mark(marker) }
  }

  /// Where a table's parts may stand: closes what is open up to there; `false` for a part without
  /// a table, which is passed over.
  mutating func openTablePart(_ element: HTMLElement?, _ traits: HTMLElement.Traits) -> Bool {
    guard traits.contains(.tablePart) else {
      if element == .table, let top = stack.last?.element,
        [.table, .tbody, .thead, .tfoot, .tr].contains(top), let table = tables.last
      {
        close(to: table.entry)
      }
      return true
    }
    guard let table = tables.last, overflow == 0 else { return false }
    var index = stack.count - 1
    while index > table.entry {
      let open = stack[index].element
      switch element {
      case .td, .th: if open == .tr { return closeBehind(index) }
      case .tr: if open == .tbody || open == .thead || open == .tfoot { return closeBehind(index) }
      default: break
      }
      index -= 1
    }
    _ = closeBehind(table.entry)
    return element != .col && element != .colgroup
  }

  private mutating func closeBehind(_ index: Int) -> Bool {
    let top = stack[index].element
    if stack.count > index + 1 { close(to: index + 1) }
    if top == .table || top == .tr { beginCell() }
    return true
  }

  /// The next cell of the row; a row where only the table is open begins with it.
  private mutating func beginCell() {
    guard !tables.isEmpty else { return }
    blocks.breakLine()
    let place = tables.count - 1
    let element = HTMLElement.known[tokenizer.nameKey]?.element
    switch element {
    case .td, .th:
      tables[place].cell += 1
      if element == .th { tables[place].hasHeader = true }
      blocks.cell = tables[place].cell
    case .tr, .tbody, .thead, .tfoot, .caption: closeRow()
    default: break
    }
  }

  mutating func openTable() {
    let border = integer(attribute("border")) ?? 0
    let role = attribute("role").map { String(decoding: $0.prefix(16), as: UTF8.self) }
    let lines = blocks.lines.count
    tables.append(
      TableState(
        entry: stack.count - 1, group: blocks.newGroup(), firstLine: lines, rowLine: lines,
        keepsEmpty: border > 0, isLayout: role == "presentation" || role == "none",
        outerCell: blocks.cell))
    blocks.cell = 0
  }

  mutating func closeRow() {
    guard let table = tables.last else { return }
    blocks.breakLine()
    if table.isRowSimple, isRow(table) {
      blocks.join(
        from: table.rowLine, keepsEmpty: table.keepsEmpty || table.hasHeader, group: table.group)
    }
    let place = tables.count - 1
    tables[place].rowLine = blocks.lines.count
    tables[place].cell = -1
    tables[place].isRowSimple = true
    blocks.cell = 0
  }

  /// Cells of a row hold no more than this, unless the table has headers.
  private static let cellLines = 3
  private static let cellOctets = 1_000

  /// Whether the lines since the row began are at least two cells of a few lines each.
  private func isRow(_ table: TableState) -> Bool {
    let lines = blocks.lines[table.rowLine...]
    guard let first = lines.first, let last = lines.last,
      first.cell != last.cell || table.hasHeader
    else { return false }
    var inCell = 0
    var start = first.start
    var before = first.cell
    for line in lines {
      guard line.place == blocks.place else { return false }
      if line.cell != before {
        before = line.cell
        inCell = 0
        start = line.start
      }
      inCell += 1
      if inCell > Self.cellLines * (table.hasHeader ? 4 : 1) { return false }
      if line.end - start > Self.cellOctets * (table.hasHeader ? 4 : 1) { return false }
    }
    return true
  }

  mutating func closeTable() {
    closeRow()
    guard let table = tables.popLast() else { return }
    blocks.cell = table.outerCell
    guard !tables.isEmpty else { return }
    let count = blocks.lines.count - table.firstLine
    if count == 1, blocks.lines[table.firstLine].place.kind != .table {
      blocks.adopt(table.firstLine, cell: table.outerCell)
    } else if count > 0 {
      tables[tables.count - 1].isRowSimple = false
    }
  }
}

/// svg and math.
extension HTMLReader {
  /// Whether what stands here is no HTML.
  var isForeign: Bool {
    var index = stack.count - 1
    while index >= 0 {
      switch stack[index].element {
      case .svg, .math: return true
      case .foreignObject, .annotationXML, .desc: return false
      default: index -= 1
      }
    }
    return false
  }

  mutating func openRoot(_ element: HTMLElement) {
    if tokenizer.isSelfClosing {
      stack.removeLast()
      return
    }
    foreign += 1
    if element == .svg { stack[stack.count - 1].look.isSkipped = true }
  }

  /// An element of svg or math: only `text`, math itself and HTML inside of svg are read.
  mutating func openForeign(_ element: HTMLElement?) {
    guard !tokenizer.isSelfClosing else { return }
    var entry = entry(element, element == .foreignObject ? .scope : [], in: look)
    let isOfSVG = stack.last { $0.element == .svg || $0.element == .math }?.element == .svg
    switch element {
    case .text, .foreignObject: if isOfSVG { entry.look.isSkipped = isHiddenRoot }
    case .annotation, .annotationXML, .title, .desc, .metadata, .script, .style:
      entry.look.isSkipped = true
    default: break
    }
    switch element {
    case .foreignObject, .annotationXML, .desc, .text: entry.element = element
    default: entry.element = nil
    }
    if element == .text { blocks.writeSpace() }
    push(entry)
  }

  /// Whether svg itself stands in something skipped.
  private var isHiddenRoot: Bool {
    guard let root = stack.lastIndex(where: { $0.element == .svg }), root > 0 else { return false }
    return stack[root - 1].look.isSkipped
  }

  /// HTML that stands in svg or math closes it.
  mutating func leaveForeign(_ element: HTMLElement?, _ traits: HTMLElement.Traits) {
    guard foreign > 0, isForeign, let element else { return }
    let leaves =
      traits.contains(.block) || element != .a && element != .font && traits.contains(.formatting)
      || [.img, .span, .sub, .sup, .meta, .br, .embed, .head].contains(element)
    guard leaves, let root = stack.lastIndex(where: { $0.element == .svg || $0.element == .math })
    else { return }
    close(to: root)
  }
}

extension HTMLReader.Entry {
  var isOpenLink: Bool { isActive && element == .a }

  /// Whether formatting that is opened in it ends with it.
  var endsFormatting: Bool {
    switch element {
    case .td, .th, .caption, .object, .applet, .marquee, .template, .svg, .math: true
    default: false
    }
  }

  var isList: Bool {
    switch element {
    case .ul, .ol, .menu, .dir, .dl: true
    default: false
    }
  }
}

/// How list items are numbered.
enum HTMLNumber {
  static func text(_ number: Int, _ style: UInt8) -> [UInt8] {
    guard number > 0, number < 4_000 else { return Array(String(number).utf8) }
    switch style {
    case 0x61: return letters(number)
    case 0x41: return letters(number).map { $0 & ~0x20 }
    case 0x69: return roman(number)
    case 0x49: return roman(number).map { $0 & ~0x20 }
    default: return Array(String(number).utf8)
    }
  }

  private static func letters(_ number: Int) -> [UInt8] {
    var rest = number
    var result: [UInt8] = []
    while rest > 0 {
      rest -= 1
      result.insert(0x61 + UInt8(rest % 26), at: 0)
      rest /= 26
    }
    return result
  }

  private static func roman(_ number: Int) -> [UInt8] {
    let steps: [(Int, String)] = [
      (1_000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"),
      (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ]
    var rest = number
    var result: [UInt8] = []
    for (value, letters) in steps {
      while rest >= value {
        result += letters.utf8
        rest -= value
      }
    }
    return result
  }
}
