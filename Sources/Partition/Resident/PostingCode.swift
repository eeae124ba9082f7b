import CKernels

extension TermPostings {
  /// How often a term occurs in a passage's body, and in its item's title at the item's first one.
  struct Frequency: Hashable, Sendable {
    var body: UInt32
    var title: UInt32
  }

  /// What one posting says besides its item, in an octet: the high half is 0 to 3 for so many
  /// occurrences in the title at the item's first passage, or 3 and the passages from the item's posting
  /// before this one; the low half has the occurrences in the body.
  ///
  /// What does not go into that is an exception, whose code is ``escape``.
  package enum Code {
    /// Stands for what has no code of its own.
    static let escape = UInt8(LOAM_ESCAPE)

    /// Body + 3 title by code; what stands at ``escape`` means nothing.
    package static let weights: [Double] = (0...255).map { code in
      let posting = value(UInt8(code))
      return Double(Int(posting.body) + RowGroup.titleWeight * Int(posting.title))
    }

    /// `advance` counts passages from the item's posting before, or from the item's first passage.
    @inline(__always)
    static func of(_ posting: loam_exception) -> UInt8 {
      guard posting.body < 16 else { return escape }
      if posting.advance == 0, posting.title < 4 {
        return UInt8(posting.title << 4 | posting.body)
      }
      guard posting.title == 0, 1...12 ~= posting.advance else { return escape }
      // The last of these is the escape itself.
      return UInt8((posting.advance + 3) << 4 | posting.body)
    }

    static func value(_ code: UInt8) -> loam_exception {
      let (high, body) = (UInt32(code >> 4), UInt32(code & 15))
      return high < 4
        ? loam_exception(body: body, title: high, advance: 0)
        : loam_exception(body: body, title: 0, advance: high - 3)
    }
  }
}
