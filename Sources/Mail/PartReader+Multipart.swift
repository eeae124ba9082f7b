import Octets

extension PartReader {
  /// Reads the parts of a multipart.
  ///
  /// Of a multipart/alternative one is chosen (``Alternatives``); a multipart/related is its root, the
  /// rest belongs to it as inline attachments; of every other all parts are read in order.
  mutating func readMultipart(
    _ octets: Span<UInt8>, type: ParameterField, _ header: HeaderBlock, _ body: Range<Int>,
    number: String, depth: Int
  ) -> PartContents {
    let place = number.isEmpty ? "1" : number
    guard depth < limits.partDepth else {
      defects.add(.partsTooDeep, "part \(place)")
      return PartContents()
    }
    if isEncrypted(type.value, type) { defects.add(.encryptedNotRead, "part \(place)") }
    guard let boundary = type.octets("boundary"), !boundary.isEmpty else {
      return readAsText(octets, header, body, place, because: .missingBoundary)
    }
    let multipart = Multipart(
      octets, body, boundary: boundary, lines: lines, limit: max(0, limits.parts - partCount))
    if multipart.parts.isEmpty, !multipart.isCut {
      return readAsText(octets, header, body, place, because: .boundaryNotFound)
    }
    if multipart.isCut {
      defects.add(.tooManyParts)
    } else if !multipart.hasEnd {
      defects.add(.missingEndBoundary, "part \(place)")
    }
    let children = readParts(octets, multipart, type, number: number, depth: depth)
    switch type.value {
    case "multipart/alternative": return chosen(children.map(\.contents), octets)
    case "multipart/related": return root(type, children)
    default: return joined(children.map(\.contents))
    }
  }

  private typealias Child = (contents: PartContents, id: [UInt8]?)

  private mutating func readParts(
    _ octets: Span<UInt8>, _ multipart: Multipart, _ type: ParameterField, number: String,
    depth: Int
  ) -> [Child] {
    let prefix = number.isEmpty ? "" : "\(number)."
    var children: [Child] = []
    for (index, range) in multipart.parts.enumerated() {
      if partCount >= limits.parts {
        defects.add(.tooManyParts)
        break
      }
      let number = "\(prefix)\(index + 1)"
      let header = HeaderBlock(octets, range, lines: lines, limits: limits)
      // A part without a header is sound: it is plain text (RFC 2046, section 5.1).
      for defect in header.defects where defect != .noHeader {
        defects.add(defect, "part \(number)")
      }
      let id = header.first("content-id", octets).map {
        HeaderBlock.unfolded(octets, $0, limit: limits.headerFieldOctets)
      }
      let contents = read(
        octets, header: header, body: header.bodyStart..<range.upperBound, number: number,
        depth: depth + 1,
        defaultType: type.value == "multipart/digest" ? "message/rfc822" : "text/plain")
      children.append((contents, id))
    }
    return children
  }

  private mutating func readAsText(
    _ octets: Span<UInt8>, _ header: HeaderBlock, _ body: Range<Int>, _ place: String,
    because defect: MailDefect
  ) -> PartContents {
    defects.add(defect, "part \(place)")
    return PartContents(texts: [
      PartContents.Leaf(
        number: place, mediaType: "text/plain", body: body,
        encoding: transferEncoding(octets, header, place))
    ])
  }

  private func joined(_ children: [PartContents]) -> PartContents {
    var contents = PartContents()
    for child in children { contents.append(child) }
    return contents
  }

  /// The part that `start` names, else the first; where it has no text, the first that has.
  ///
  /// - SeeAlso: RFC 2387, section 3.2.
  private func root(_ type: ParameterField, _ children: [Child]) -> PartContents {
    let start = type.octets("start").map { bare($0) }
    var root = start.flatMap { start in
      children.firstIndex { child in child.id.map { bare($0) } == start }
    }
    if root.map({ children[$0].contents.texts.isEmpty }) ?? true {
      root = children.firstIndex { !$0.contents.texts.isEmpty }
    }
    var contents = PartContents()
    for (index, child) in children.enumerated() {
      if index == root {
        contents.append(child.contents)
      } else {
        contents.attachments += child.contents.inOrder.map { leaf in
          var leaf = leaf
          leaf.isInline = !leaf.isAttached
          return leaf
        }
      }
    }
    return contents
  }

  /// An id without its angle brackets.
  private func bare(_ id: [UInt8]) -> [UInt8] {
    id.filter { $0 > 0x20 && $0 != 0x3C && $0 != 0x3E }
  }

  private mutating func chosen(
    _ children: [PartContents], _ octets: Span<UInt8>
  ) -> PartContents {
    guard let index = alternatives.best(of: children, octets) else {
      return joined(children)
    }
    // What is attached in any of them is kept; another way of writing the text is not.
    return PartContents(
      texts: children[index].texts,
      attachments: children.flatMap(\.attachments).filter {
        $0.isAttached || !Alternatives.unreadTexts.contains($0.mediaType)
      })
  }
}
