import Grounding

/// Start tags: what they close, what they open, what they write.
extension HTMLReader {
  mutating func readStartTag() {
    let known = HTMLElement.known[tokenizer.nameKey]
    let element = known?.element
    let traits = known?.traits ?? []
    hasSeenTag = true
    skipsLineFeed = false
    leaveForeign(element, traits)
    if foreign > 0, isForeign, element != .svg, element != .math {
      openForeign(element)
      return
    }
    guard openTablePart(element, traits) else { return }
    closeImplied(element, traits)
    if element == .head { return }
    if element == .body || element == .html, !stack.isEmpty {
      mergeRoot(element)
      return
    }
    if !pending.isEmpty, isResuming(element, traits) { resumeFormatting() }
    let outer = fosterParent(element) ?? look
    let entry = entry(element, traits, in: outer)
    if traits.contains(.void) {
      writeVoid(element, entry)
      classes.removeSubrange(entry.classes.lowerBound...)
      return
    }
    breakLine(at: entry)
    guard push(entry) else { return }
    if !markTable.isEmpty, blocks.place.mark == 0 {
      blocks.place.mark = markTable.mark(
        entry.key, type: attribute("type"), classes: classes[entry.classes], id: entry.id)
    }
    if let element { opened(element) }
  }

  /// The look of what stands where only a table's parts may, and so is moved before the table.
  ///
  /// `nil` where it is in its place.
  func fosterParent(_ element: HTMLElement?) -> Look? {
    guard let top = stack.last?.element, let table = tables.last else {
      return nil
    }
    switch top {
    case .table, .tbody, .thead, .tfoot, .tr: break
    default: return nil
    }
    if let element {
      let traits = HTMLElement.traits[element] ?? []
      if traits.contains(.tablePart) { return nil }
      switch element {
      case .style, .script, .template, .form, .input: return nil
      default: break
      }
    }
    return table.entry > 0 ? stack[table.entry - 1].look : Self.page
  }

  /// Whether an element goes inside of the formatting that is to go on.
  private func isResuming(_ element: HTMLElement?, _ traits: HTMLElement.Traits) -> Bool {
    guard !traits.contains(.block), !traits.contains(.skipped) else { return false }
    switch element {
    case .base, .basefont, .bgsound, .link, .meta, .param, .source, .track: return false
    default: return true
    }
  }

  /// A `<body>` behind what has begun one: its attributes are those of the body all the same.
  private mutating func mergeRoot(_ element: HTMLElement?) {
    guard element == .body, stack.count < limits.depth,
      !stack.contains(where: { $0.element == .body })
    else { return }
    let place = stack.first?.element == .html ? 1 : 0
    var entry = entry(element, [], in: place > 0 ? stack[0].look : Self.page)
    entry.outerPlace = HTMLBlocks.Place()
    classes.removeSubrange(entry.classes.lowerBound...)
    entry.classes = 0..<0
    stack.insert(entry, at: place)
    for index in tables.indices { tables[index].entry += 1 }
    workOutLooks(from: place)
  }

  /// Pushes an element, or counts it where the stack is full.
  @discardableResult
  mutating func push(_ entry: Entry) -> Bool {
    if stack.count < limits.depth || entry.traits.contains(.raw) {
      stack.append(entry)
      if !pending.isEmpty, entry.endsFormatting {
        swap(&stack[stack.count - 1].outerFormatting, &pending)
      }
      return true
    }
    isTooDeep = true
    if !entry.traits.contains(.optionalEnd) {
      overflow += 1
      if hiddenOverflow == nil, entry.look.reason != nil || entry.look.isSkipped {
        hiddenOverflow = (overflow, entry.look.isSkipped ? nil : entry.look.reason)
      }
    }
    return false
  }

  /// What follows a start tag for the text behind it.
  private mutating func opened(_ element: HTMLElement) {
    switch element {
    case .title where foreign == 0:
      tokenizer.model = .rcdata
      if titleText == nil {
        titleText = []
        stack[stack.count - 1].isActive = true
      }
    case .style, .xmp, .iframe, .noembed, .noframes:
      tokenizer.model = .rawtext
      if element == .style { openStyle() }
    case .script: tokenizer.model = .scriptData
    case .plaintext: tokenizer.model = .plaintext
    default: break
    }
    switch element {
    case .textarea:
      tokenizer.model = .rcdata
      skipsLineFeed = true
    case .pre, .listing, .xmp, .plaintext:
      skipsLineFeed = true
      setPlace(.code)
    case .blockquote: setPlace(.quote)
    case .h1, .h2, .h3, .h4, .h5, .h6: setPlace(.heading, level: element.headingLevel)
    case .ul, .ol, .menu, .dir, .dl: openList(element)
    case .li: openItem()
    case .table: openTable()
    case .a: openAnchor()
    case .q: read(quote: true)
    case .svg, .math: openRoot(element)
    case .optgroup: if let label = attribute("label") { write(label) }
    case .html:
      if let value = attribute("lang"), value.count <= 64 {
        let name = String(decoding: value, as: UTF8.self)
        if !name.isEmpty { language = CanonicalText.cleaned(name).text }
      }
    default: break
    }
  }

  /// A style element, whose attributes say whether it is for this reader.
  private mutating func openStyle() {
    styleText.removeAll(keepingCapacity: true)
    let type = (attribute("type") ?? []).map(lowercased)
    isStyleOfScreen =
      (type.isEmpty || type.elementsEqual("text/css".utf8))
      && MediaQuery.matches((attribute("media") ?? []).map(lowercased)[...])
  }

  /// A quote outweighs a heading, that code, that a list.
  private mutating func setPlace(_ kind: Segment.Kind, level: UInt8 = 0) {
    func weight(_ kind: Segment.Kind) -> Int {
      switch kind {
      case .quote: 4
      case .heading: 3
      case .code: 2
      case .list: 1
      default: 0
      }
    }
    guard weight(kind) > weight(blocks.place.kind) else { return }
    blocks.place = HTMLBlocks.Place(
      kind: kind, group: blocks.newGroup(), level: level, mark: blocks.place.mark)
  }

  mutating func read(quote isOpening: Bool) {
    let mark: [UInt8] = isOpening ? [0xE2, 0x80, 0x9C] : [0xE2, 0x80, 0x9D]
    guard look.reason == nil, !look.isSkipped, hiddenOverflow == nil else { return }
    blocks.write(mark)
  }

  private mutating func openAnchor() {
    guard let target = attribute("href"), look.reason == nil, !look.isSkipped else { return }
    closeLink()
    guard targets.count < limits.links, target.count <= limits.linkOctets else {
      linksLeftOut += 1
      return
    }
    let text = CanonicalText.cleaned(String(decoding: target, as: UTF8.self)).text
    let trimmed = Array(text.utf8).drop(while: isSpace)
    targets.append(prefixOfScalars(trimmed.filter { !isSpace($0) || $0 == 0x20 }, Int.max))
    openLink = targets.count - 1
    blocks.awaitMark()
    stack[stack.count - 1].isActive = true
  }

  /// Elements without content.
  private mutating func writeVoid(_ element: HTMLElement?, _ entry: Entry) {
    switch element {
    case .br:
      guard entry.look.reason == nil, !entry.look.isSkipped, hiddenOverflow == nil else { return }
      if blocks.place.kind == .code, blocks.isLineOpen {
        blocks.writeExactly(0x0A)
      } else {
        blocks.writeBreak()
      }
    case .hr: blocks.breakLine(isSpaced: true)
    case .wbr, .none: break
    case .img, .image: if isWorded(attribute("alt")) { show(attribute("alt"), entry) }
    case .input: writeField(entry)
    default: break
    }
  }

  /// Shows an attribute in an element's own look.
  private mutating func show(_ text: ArraySlice<UInt8>?, _ entry: Entry) {
    guard let text, !text.isEmpty else { return }
    var entry = entry
    if isTinyImage { entry.look.hides = entry.look.hides ?? .size }
    entry.look.judge()
    setRoot(&entry, at: stack.count)
    stack.append(entry)
    write(text)
    stack.removeLast()
  }

  /// Whether width or height of an image say that nobody sees it.
  private var isTinyImage: Bool {
    guard tokenizer.nameKey != HTMLName("input".utf8).key else { return false }
    for value in [attribute("width"), attribute("height")] {
      if let value, let number = CSSNumber(value), number.unit == .none || number.unit == .pixels,
        number.value <= 2
      {
        return true
      }
    }
    return false
  }

  /// Letters or digits, and not only the name of a file.
  private func isWorded(_ text: ArraySlice<UInt8>?) -> Bool {
    guard let text, text.contains(where: { isLetter($0) || isDigit($0) || $0 >= 0x80 }) else {
      return false
    }
    guard !text.contains(where: isSpace), let dot = text.lastIndex(of: 0x2E) else { return true }
    let ending = text[(dot + 1)...].map(lowercased)
    let endings = ["gif", "jpg", "jpeg", "png", "bmp", "svg", "webp", "tif", "tiff", "ico"]
    return !endings.contains { $0.utf8.elementsEqual(ending) }
  }

  /// What a field shows: a button its label, others their value or else what they ask for.
  private mutating func writeField(_ entry: Entry) {
    let type = attribute("type").map {
      String(decoding: $0.prefix(16).map(lowercased), as: UTF8.self)
    }
    switch type ?? "text" {
    case "hidden":
      if isWorded(attribute("value")) {
        // Data of the form, which no reader sees: neither text nor hidden text.
        return
      }
    case "checkbox", "radio", "password", "file", "range", "color": return
    case "image": show(attribute("alt"), entry)
    default:
      let value = attribute("value") ?? []
      blocks.writeSpace()
      show(value.isEmpty ? attribute("placeholder") : value, entry)
      blocks.writeSpace()
    }
  }
}
