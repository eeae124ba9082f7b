/// Gives a made message names that do not change from run to run.
///
/// `msgconvert` draws boundaries and the Content-IDs of parts from the clock and at random, and a
/// message's identity is its octets.
struct SteadyMessage {
  private var result: [UInt8] = []
  private var boundaries: [(drawn: [UInt8], steady: [UInt8])] = []
  private var contentIDs = 0

  /// Boundaries beyond are left as they are: each is looked for at every line that may be one.
  private static let boundaryLimit = 256

  /// `message` with its drawn names numbered in their order; only lines that declare or are
  /// boundaries, and drawn Content-IDs, change.
  ///
  /// - Complexity: O(octets), and a comparison for each boundary at lines that begin with two hyphens.
  static func steady(_ message: [UInt8]) -> [UInt8] {
    var steady = SteadyMessage()
    steady.result.reserveCapacity(message.count)
    var start = 0
    while start < message.count {
      let end = message[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? message.count
      steady.append(message[start..<end])
      start = end
    }
    return steady.result
  }

  private mutating func append(_ line: ArraySlice<UInt8>) {
    if let drawn = Self.declaredBoundary(in: line), boundaries.count < Self.boundaryLimit {
      let name = Array("part-boundary-\(boundaries.count + 1)".utf8)
      boundaries.append((Array(line[drawn]), name))
      append(line, with: name, at: drawn)
    } else if line.starts(with: [0x2D, 0x2D]),
      let known = boundaries.first(where: { Self.isBoundary(line.dropFirst(2), $0.drawn) })
    {
      let start = line.startIndex + 2
      append(line, with: known.steady, at: start..<start + known.drawn.count)
    } else if let drawn = Self.drawnContentID(in: line) {
      contentIDs += 1
      append(line, with: Array("part-\(contentIDs)".utf8), at: drawn)
    } else {
      result += line
    }
  }

  private mutating func append(
    _ line: ArraySlice<UInt8>, with name: [UInt8], at range: Range<Int>
  ) {
    result += line[..<range.lowerBound]
    result += name
    result += line[range.upperBound...]
  }

  /// The value of a parameter `boundary` in a header's line, without its quotation marks.
  private static func declaredBoundary(in line: ArraySlice<UInt8>) -> Range<Int>? {
    let mark = Array("boundary=".utf8)
    guard line.count < 1_000, let place = place(of: mark, in: line) else { return nil }
    let isQuoted = line[(place + mark.count)...].first == 0x22
    let start = place + mark.count + (isQuoted ? 1 : 0)
    let end = line[start...].firstIndex { isQuoted ? $0 == 0x22 : $0 <= 0x20 || $0 == 0x3B }
    return end.flatMap { $0 > start ? start..<$0 : nil }
  }

  /// What stands between the brackets of a Content-ID that is a time, a random word and a process's
  /// number, with the machine's name behind them.
  private static func drawnContentID(in line: ArraySlice<UInt8>) -> Range<Int>? {
    let mark = Array("content-id: <".utf8)
    guard line.count < 1_000, place(of: mark, in: line) == line.startIndex else { return nil }
    let start = line.startIndex + mark.count
    guard let end = line[start...].firstIndex(of: 0x3E),
      let at = line[start..<end].firstIndex(of: 0x40)
    else { return nil }
    let words = line[start..<at].split(separator: 0x2E)
    let areNumbers = [words.first, words.last].allSatisfy { word in
      word?.allSatisfy { (0x30...0x39).contains($0) } == true
    }
    return words.count == 3 && words[0].count >= 10 && areNumbers ? start..<end : nil
  }

  /// Where `mark`, in lower case, first stands.
  private static func place(of mark: [UInt8], in line: ArraySlice<UInt8>) -> Int? {
    guard line.count >= mark.count else { return nil }
    return (line.startIndex...line.endIndex - mark.count).first { place in
      zip(line[place...], mark).allSatisfy { octet, wanted in
        octet == wanted || (0x41...0x5A).contains(octet) && octet | 0x20 == wanted
      }
    }
  }

  /// Whether `rest` is `name`, perhaps with two hyphens, and then the line's end.
  private static func isBoundary(_ rest: ArraySlice<UInt8>, _ name: [UInt8]) -> Bool {
    rest.starts(with: name)
      && rest.dropFirst(name.count).allSatisfy { $0 == 0x2D || $0 == 0x0D || $0 == 0x0A }
  }
}
