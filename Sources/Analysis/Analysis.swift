/// How text becomes terms.
///
/// The same code reads what is indexed and what is asked.
///
/// Words are those of UAX 29 (Unicode 17), with these tailorings:
///
/// | written | terms | why |
/// |---|---|---|
/// | `don't`, `budget's`, `l’homme` | `don` `t`, `budget` `s`, `l` `homm` | an apostrophe after a Latin letter ends a word, so that the possessive is the word; the stop words know the rests |
/// | `п'ять` | `пять` | after other letters it is part of the word, and says nothing |
/// | `a:b` | `a` `b` | a colon ends a word: headers, labels and paths are written without a space behind it |
/// | `1,000,000`; `3,14` | `1000000`; `3` `14` | commas between groups of three digits are dropped, others end a number |
/// | `state-of-the-art`, `snake_case`, `camelCase`, `AT&T` | `state` + `stateoftheart`, `of`, … | a compound is found by its parts, in their positions, and whole, written as one word, in the position of its first part |
/// | `2026-11-24` | `2026` + `2026-11-24`, `11`, `24` | between digits the hyphen stays in the whole |
/// | `loam.search.rank`, `mail.example.org`, `notes2.txt` | `mail` + `mail.example.org`, `exampl`, `org` | likewise, with the dots; a dot between a digit and a letter joins, too |
/// | `ann.lee@example.org` | `ann` + `ann.lee@example.org` + `ann.lee`, `lee`, `exampl` + `example.org`, `org` | likewise |
/// | `U.S.A.`, `e.g.` | `usa`, `eg` | letters with dots are one word without them, unless that is a stop word |
/// | `東京都`, `서울`, `ภาษา` | pairs of neighbours; one alone where there is only one | no spaces between words (Thai, Lao, Khmer, Burmese too), or several in one (Hangul) |
/// | other symbols, emoji, punctuation | none | |
///
/// Each word is folded (case, accents, width, ligatures; see `UnicodeTables.searchFolding`), then
/// stemmed if it is of `a` to `z` only. A term has at most 64 octets; what is longer is cut.
package enum Analysis {
  /// Raised whenever a text can give other terms than before; an index of another version is rebuilt.
  package static let version = 1

  /// The most octets of a term; a longer one is cut at a scalar's boundary.
  package static let longestTerm = 64
}

/// What kind of value is analysed: DESIGN's modes of an FTS5 value, by its first octet.
package enum AnalysisMode: UInt8, Hashable, Sendable {
  /// Words are stemmed, stop words flagged. No first octet.
  case text = 0
  /// Names: no stems and no stop words, since `Will` and `May` are people. First octet 0x01.
  case names = 1
  /// Finished terms, set apart by spaces: given back as they are. First octet 0x02.
  case terms = 2
}

/// Where a term stands in its text.
package struct Token: Hashable, Sendable {
  /// Octet offsets into the text that was analysed, a mode's octet counted.
  package var start: Int
  package var end: Int
  /// Whether it has the position of the token before it: the whole of a compound.
  package var isColocated: Bool
  /// Whether it is one of the words that queries and lengths leave out; never in names or terms.
  package var isStopWord: Bool

  package init(start: Int, end: Int, isColocated: Bool = false, isStopWord: Bool = false) {
    self.start = start
    self.end = end
    self.isColocated = isColocated
    self.isStopWord = isStopWord
  }
}
