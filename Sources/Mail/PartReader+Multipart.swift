import Octets

extension PartReader {
  /// Finds the parts of a multipart.
  mutating func readMultipart(
    _ octets: Span<UInt8>, _ type: ParameterField, into part: inout Part, depth: Int
  ) {
    guard depth < limits.partDepth else {
      defects.add(.partsTooDeep, "part \(part.place)")
      part.absence = .limit
      return
    }
    guard let boundary = type.octets("boundary"), !boundary.isEmpty else {
      return noParts(&part, because: .missingBoundary)
    }
    let multipart = Multipart(
      octets, part.body, boundary: boundary, lines: lines, limit: max(0, limits.parts - partCount))
    part.preamble = multipart.preamble
    part.epilogue = multipart.epilogue
    if multipart.parts.isEmpty, !multipart.isCut {
      return noParts(&part, because: .boundaryNotFound)
    }
    if multipart.isCut {
      defects.add(.tooManyParts)
    } else if !multipart.hasEnd {
      defects.add(.missingEndBoundary, "part \(part.place)")
    }
    readParts(octets, multipart, into: &part, depth: depth)
  }

  private mutating func noParts(_ part: inout Part, because defect: MailDefect) {
    defects.add(defect, "part \(part.place)")
    part.absence = .noBoundary
  }

  private mutating func readParts(
    _ octets: Span<UInt8>, _ multipart: Multipart, into part: inout Part, depth: Int
  ) {
    let prefix = part.number.isEmpty ? "" : "\(part.number)."
    let defaultType = part.mediaType == "multipart/digest" ? "message/rfc822" : "text/plain"
    for (index, range) in multipart.parts.enumerated() {
      if partCount >= limits.parts {
        defects.add(.tooManyParts)
        return
      }
      let number = "\(prefix)\(index + 1)"
      let header = HeaderBlock(octets, range, lines: lines, limits: limits)
      // A part without a header is sound: it is plain text (RFC 2046, section 5.1).
      for defect in header.defects where defect != .noHeader {
        defects.add(defect, "part \(number)")
      }
      let child = read(
        octets, header: header, body: header.bodyStart..<range.upperBound, number: number,
        depth: depth + 1, defaultType: defaultType)
      part.children.append(child)
    }
  }
}
