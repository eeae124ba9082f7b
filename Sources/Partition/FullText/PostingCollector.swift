import CSQLite
import Grounding

/// FTS5's auxiliary functions: they read the posting lists of a MATCH's phrases.
///
/// `loam_postings`, called for the first row that matches, reads every phrase whole, by `xQueryPhrase`,
/// where ``Connection/doclist(of:in:isQuoted:_:)`` does not know the index's form; `loam_occurrence`,
/// called for each row, reads the MATCH's only phrase there, which serves a few rows. Rows outside of the
/// ranges asked for are dropped before anything is counted. For 73,000 postings `loam_postings` took 6 ms
/// where FTS5's own ranking took 59.
///
/// Safe: as ``FullTextTokenizer``; FTS5's pointers are used within the call that hands them over.
/// - SeeAlso: https://www.sqlite.org/fts5.html, section 7.2 (custom auxiliary functions)
@safe
final class PostingCollector {
  private var ranges = RowRanges([])
  private var place = 0
  private var lists: [RawPostings] = []
  private var textColumn: Int32 = 2

  /// Gets ready for `count` phrases whose postings are to lie in `ranges`, which ascend: in the columns
  /// `title` and `body`, or in `quoted`.
  func begin(ranges: RowRanges, count: Int, isQuoted: Bool) {
    self.ranges = ranges
    textColumn = isQuoted ? 3 : 2
    lists = Array(repeating: RawPostings(), count: count)
    startPhrase(0)
  }

  /// The lists, in the order of the phrases.
  func finish() -> [RawPostings] {
    defer { (ranges, lists) = (RowRanges([]), []) }
    return lists
  }

  func register(with api: UnsafeMutablePointer<fts5_api>) -> Int32 {
    let code = unsafe register(
      "loam_postings", with: api
    ) { api, match, result, _, _ in
      let code = unsafe api.flatMap { unsafe collectPhrases($0, match) } ?? SQLITE_MISUSE
      unsafe answer(code, result)
    }
    guard code == SQLITE_OK else { return code }
    return unsafe register("loam_occurrence", with: api) { api, match, result, _, _ in
      let code = unsafe api.flatMap { unsafe collectOccurrence($0, match) } ?? SQLITE_MISUSE
      unsafe answer(code, result)
    }
  }

  private func register(
    _ name: String, with api: UnsafeMutablePointer<fts5_api>,
    _ function: @escaping fts5_extension_function
  ) -> Int32 {
    guard let create = unsafe api.pointee.xCreateFunction else { return SQLITE_MISUSE }
    return unsafe create(api, name, Unmanaged.passRetained(self).toOpaque(), function) { context in
      guard let context = unsafe context else { return }
      unsafe Unmanaged<PostingCollector>.fromOpaque(context).release()
    }
  }

  fileprivate func collect(
    _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?
  ) -> Int32 {
    guard let rowid = unsafe api.pointee.xRowid, let first = unsafe api.pointee.xPhraseFirst,
      let next = unsafe api.pointee.xPhraseNext
    else { return SQLITE_MISUSE }
    let row = unsafe rowid(match)
    guard ranges.range(endingBehind: row, from: &place).contains(row) else { return SQLITE_OK }
    var iterator = unsafe Fts5PhraseIter()
    var column: Int32 = 0
    var offset: Int32 = 0
    var frequency = TermPostings.Frequency(body: 0, title: 0)
    let code = unsafe first(match, 0, &iterator, &column, &offset)
    guard code == SQLITE_OK else { return code }
    while column >= 0 {
      if column == textColumn { frequency.body += 1 } else if column == 0 { frequency.title += 1 }
      unsafe next(match, &iterator, &column, &offset)
    }
    // An occurrence among the people alone counts nowhere, not in document frequency either.
    if frequency.body + frequency.title > 0 {
      lists[phrase].append(row, frequency)
    }
    return SQLITE_OK
  }

  /// Starts the list of a phrase.
  func startPhrase(_ number: Int) { (phrase, place) = (number, 0) }
  /// Starts over with the first range, within a phrase's list.
  func rewind() { place = 0 }
  fileprivate var phraseCount: Int { lists.count }
  private var phrase = 0
}

private func answer(_ code: Int32, _ result: OpaquePointer?) {
  if code == SQLITE_OK {
    unsafe sqlite3_result_int(result, 1)
  } else {
    unsafe sqlite3_result_error_code(result, code)
  }
}

private func collector(
  _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?
) -> PostingCollector? {
  guard let userData = unsafe api.pointee.xUserData, let context = unsafe userData(match) else {
    return nil
  }
  return unsafe Unmanaged<PostingCollector>.fromOpaque(context).takeUnretainedValue()
}

private func collectOccurrence(
  _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?
) -> Int32 {
  unsafe collector(api, match)?.collect(api, match) ?? SQLITE_MISUSE
}

private func collectPhrases(
  _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?
) -> Int32 {
  guard let collector = unsafe collector(api, match),
    let query = unsafe api.pointee.xQueryPhrase, let phraseCount = unsafe api.pointee.xPhraseCount,
    Int(unsafe phraseCount(match)) == collector.phraseCount
  else { return SQLITE_MISUSE }
  let context = unsafe Unmanaged.passUnretained(collector).toOpaque()
  for phrase in 0..<collector.phraseCount {
    collector.startPhrase(phrase)
    let code = unsafe query(match, Int32(phrase), context) { api, match, context in
      guard let api = unsafe api, let context = unsafe context else { return SQLITE_MISUSE }
      return unsafe Unmanaged<PostingCollector>.fromOpaque(context).takeUnretainedValue()
        .collect(api, match)
    }
    guard code == SQLITE_OK else { return code }
  }
  return SQLITE_OK
}
