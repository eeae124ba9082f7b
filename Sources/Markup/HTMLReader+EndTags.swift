/// Closing elements: by end tags, and by what start tags imply.
extension HTMLReader {
  mutating func readEndTag() {
    let known = HTMLElement.known[tokenizer.nameKey]
    let element = known?.element
    let traits = known?.traits ?? []
    skipsLineFeed = false
    if overflow > 0, !(traits.contains(.raw) && stack.last?.key == tokenizer.nameKey) {
      if traits.contains(.block) { blocks.breakLine() }
      guard !traits.contains(.optionalEnd), !traits.contains(.void) else { return }
      if let hidden = hiddenOverflow, hidden.depth == overflow { hiddenOverflow = nil }
      overflow -= 1
      return
    }
    switch element {
    case .br: blocks.writeBreak()
    case .body, .html, .head: break
    case .p where find(tokenizer.nameKey) == nil: blocks.breakLine(isSpaced: true)
    case let heading? where heading.headingLevel > 0:
      if let place = findHeading() { close(to: place) }
    case _ where traits.contains(.formatting): closeFormatting(tokenizer.nameKey)
    case .table, .tr, .td, .th, .tbody, .thead, .tfoot, .caption:
      if let place = findTablePart(tokenizer.nameKey) { close(to: place) }
    default: if let place = find(tokenizer.nameKey) { close(to: place) }
    }
  }

  /// The innermost open element of the name, in scope.
  func find(_ key: UInt64) -> Int? {
    var index = stack.count - 1
    while index >= 0 {
      if stack[index].key == key { return index }
      if stack[index].traits.contains(.scope) { return nil }
      index -= 1
    }
    return nil
  }

  private func findHeading() -> Int? {
    var index = stack.count - 1
    while index >= 0 {
      if let level = stack[index].element?.headingLevel, level > 0 { return index }
      if stack[index].traits.contains(.scope) { return nil }
      index -= 1
    }
    return nil
  }

  /// A part of the innermost table.
  private func findTablePart(_ key: UInt64) -> Int? {
    guard let table = tables.last else { return nil }
    var index = stack.count - 1
    while index >= table.entry {
      if stack[index].key == key { return index }
      index -= 1
    }
    return nil
  }

  /// What a start tag closes.
  mutating func closeImplied(_ element: HTMLElement?, _ traits: HTMLElement.Traits) {
    guard let element else { return }
    switch element {
    case .li: closeItem([.li])
    case .dd, .dt: closeItem([.dd, .dt])
    case .option: if stack.last?.element == .option { close(to: stack.count - 1) }
    case .optgroup:
      while let last = stack.last?.element, last == .option || last == .optgroup {
        close(to: stack.count - 1)
      }
    case .a, .nobr: if find(tokenizer.nameKey) != nil { closeFormatting(tokenizer.nameKey) }
    case .button: if let place = find(tokenizer.nameKey) { close(to: place) }
    default: break
    }
    if traits.contains(.closesParagraph), !(element == .table && isQuirky) { closeParagraph() }
    if element.headingLevel > 0, let top = stack.last?.element, top.headingLevel > 0 {
      close(to: stack.count - 1)
    }
  }

  private mutating func closeParagraph() {
    var index = stack.count - 1
    while index >= 0 {
      if stack[index].element == .p { return close(to: index) }
      if stack[index].traits.contains(.scope) || stack[index].element == .button { return }
      index -= 1
    }
  }

  private mutating func closeItem(_ elements: [HTMLElement]) {
    var index = stack.count - 1
    while index >= 0 {
      if let element = stack[index].element, elements.contains(element) { return close(to: index) }
      let traits = stack[index].traits
      if traits.contains(.listScope) || traits.contains(.scope) { return }
      index -= 1
    }
  }

  /// Closes the entries from `place` on.
  ///
  /// Formatting among them that something hides or shows by goes on with the next text, as the
  /// standard's list of active formatting elements has it.
  mutating func close(to place: Int, keepsFormatting: Bool? = nil) {
    let keepsFormatting =
      keepsFormatting ?? (place < stack.count && !stack[place].traits.contains(.formatting))
    var kept: [Entry] = []
    while stack.count > place, var entry = stack.popLast() {
      if keepsFormatting, stack.count > place, entry.traits.contains(.formatting),
        !entry.own.isEmpty, kept.count < Self.keptFormatting
      {
        kept.append(entry)
        // The link goes on as well.
        entry.isActive = false
      }
      end(entry)
      if entry.endsFormatting {
        if pending.contains(where: \.isOpenLink) || kept.contains(where: \.isOpenLink) {
          closeLink()
        }
        pending = entry.outerFormatting
        kept.removeAll()
      }
    }
    for entry in kept.reversed() {
      if pending.count < Self.keptFormatting {
        pending.append(entry)
      } else if entry.isOpenLink {
        closeLink()
      }
    }
  }

  /// So much formatting goes on behind the block that it was opened in.
  private static let keptFormatting = 8

  /// What an element does to lines as it closes.
  private mutating func end(_ entry: Entry) {
    switch entry.element {
    case .table: closeTable()
    case .tr: closeRow()
    case .style: takeStyle()
    case .svg, .math: foreign -= 1
    case .text: blocks.writeSpace()
    case .q: read(quote: false)
    default: break
    }
    if entry.isOpenLink { closeLink() }
    if entry.hasList { lists.removeLast() }
    breakLine(at: entry)
    if entry.element == .li { blocks.dropMarker() }
    blocks.place = entry.outerPlace
    classes.removeSubrange(min(entry.classes.lowerBound, classes.count)...)
  }

  /// An end tag of formatting, which need not be the innermost element.
  private mutating func closeFormatting(_ key: UInt64) {
    guard let place = find(key) else {
      guard let index = pending.lastIndex(where: { $0.key == key }) else { return }
      if pending.remove(at: index).isOpenLink { closeLink() }
      return
    }
    if stack[place...].dropFirst().allSatisfy({ $0.traits.contains(.formatting) }) {
      close(to: place, keepsFormatting: true)
      return
    }
    // Blocks that were opened in it go on without it.
    if stack[place].isOpenLink { closeLink() }
    stack.remove(at: place)
    workOutLooks(from: place)
  }

  /// Works out again how the open elements from `place` on look.
  mutating func workOutLooks(from place: Int) {
    for index in place..<stack.count {
      let outer = index > 0 ? stack[index - 1].look : Self.page
      let entry = stack[index]
      var look = outer.inner(
        Cascade(entry.own), isInline: entry.isInline, isTablePart: entry.isTablePart)
      look.isSkipped = entry.look.isSkipped
      if entry.look.hides == .hiddenAttribute, look.hides == .display {
        look.hides = .hiddenAttribute
        look.judge()
      }
      stack[index].look = look
      stack[index].hiddenRoot = rootOf(index)
    }
  }

  private func rootOf(_ index: Int) -> Int {
    guard let reason = stack[index].look.reason else { return -1 }
    if index > 0, stack[index - 1].look.reason == reason, stack[index - 1].hiddenRoot >= 0 {
      return stack[index - 1].hiddenRoot
    }
    return index
  }

  /// Opens the formatting again that a block's end closed.
  mutating func resumeFormatting() {
    let entries = pending
    pending.removeAll()
    for var entry in entries {
      guard stack.count < limits.depth else {
        if entry.isOpenLink { closeLink() }
        continue
      }
      entry.look = look.inner(Cascade(entry.own), isInline: true, isTablePart: false)
      entry.look.isSkipped = look.isSkipped
      entry.outerPlace = blocks.place
      entry.classes = classes.count..<classes.count
      setRoot(&entry, at: stack.count)
      stack.append(entry)
    }
  }

  private mutating func takeStyle() {
    guard !isSheetWhole, foreign == 0 else { return }
    guard isStyleOfScreen, stack.last?.look.isSkipped != true else { return }
    let before = (sheet.count, sheet.leftOut)
    StyleSheetReader(styleText[...]).read(into: &sheet)
    styleText.removeAll(keepingCapacity: true)
    if sheet.count != before.0 || sheet.hasMerged, hasBody { hasLateStyle = true }
    sheet.hasMerged = false
  }

  /// Whether anything was written or hidden yet.
  private var hasBody: Bool { !blocks.lines.isEmpty || blocks.isLineOpen || !hidden.isEmpty }
}
