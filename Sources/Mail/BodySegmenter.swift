import Octets

/// Tells whose words each line of a body is: the sender's own, a quote, a signature, a footer, a
/// system's.
///
/// Lines are looked at by their first octet, and only the few that may begin or end something are read.
/// In order: marks of quotes and what introduces them; what stands at the end of the text (footers,
/// legal notices); what stands at the end of each stretch of new text (signatures, "sent from"); what
/// systems put in between and at the top. An empty line goes with the line before.
///
/// - Complexity: O(octets): what is looked at around a line is bounded.
struct BodySegmenter: ~Copyable {
  /// What is known of the message besides its text.
  struct Context {
    /// It names messages that it refers to, or its subject begins with `Re:`.
    var isReply = false
    /// Its subject says that it passes something on.
    var isForward = false
    /// The display name and address of its author, folded.
    var sender = FoldedLine()
  }

  /// Lines of one role, ended before `end`.
  struct Stretch: Equatable {
    var end: Int
    var role: BodyLine.Role
  }

  /// A stretch that is something by what the markup or the flow says of it.
  struct Given {
    var range: Range<Int>
    var role: BodyLine.Role
  }

  let context: Context
  var table: LineTable
  /// The words of the sender's name and address, by ``FoldedLine/key(_:)``, and their first letters, a
  /// bit each.
  var senderNames: [UInt64] = []
  var senderInitials: UInt32 = 0
  /// The line behind the last transcript and its output.
  var transcriptEnd = 0
  /// The phrases of footers in the lines that were looked at lately, and which goes next.
  var recent: [(lines: Range<Int>, phrases: UInt128)] = []
  var recentPlace = 0

  /// The roles of the lines of `range`, in order and without gap.
  static func stretches(
    _ text: Span<UInt8>, _ range: Range<Int>, _ context: Context, given: [Given] = [],
    findsMarks: Bool = true
  ) -> [Stretch] {
    var segmenter = BodySegmenter(
      context: context, table: LineTable(text, range, findsMarks: findsMarks))
    segmenter.take(given)
    segmenter.findOtherMarks(text)
    segmenter.findQuotes(text)
    segmenter.findMachineLines(text)
    segmenter.findFooters(text)
    segmenter.settleBlankLines()
    segmenter.findEndings(text)
    segmenter.findBannersAtTop(text)
    segmenter.settleBlankLines()
    return segmenter.stretches
  }

  private mutating func take(_ given: [Given]) {
    var index = 0
    for given in given {
      while index < table.count, Int(table.lines[index].start) < given.range.lowerBound {
        index += 1
      }
      while index < table.count, Int(table.lines[index].start) < given.range.upperBound {
        if table.lines[index].shape != .blank { table.lines[index].role = given.role }
        index += 1
      }
    }
  }

  mutating func set(_ role: BodyLine.Role, _ lines: Range<Int>) {
    for index in lines { table.lines[index].role = role }
  }

  /// An empty line belongs to what stands before it, at the beginning to what stands behind it; so
  /// does a line where the mark may be a mailbox's.
  private mutating func settleBlankLines() {
    guard var role = table.nextFilled(0).map({ table.lines[$0].role }) else { return }
    var lines = table.lines.mutableSpan
    for index in lines.indices {
      switch lines[index].shape {
      case .blank: lines[index].role = role
      case .undecided where lines[index].role == .new: lines[index].role = role
      default: role = lines[index].role
      }
    }
  }

  private var stretches: [Stretch] {
    let lines = table.lines.span
    guard lines.count > 0 else { return [] }
    var stretches: [Stretch] = []
    var role = lines[0].role
    for index in 1..<lines.count where lines[index].role != role {
      stretches.append(Stretch(end: Int(lines[index].start), role: role))
      role = lines[index].role
    }
    stretches.append(Stretch(end: table.end, role: role))
    return stretches
  }
}
