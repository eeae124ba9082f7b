import CSQLite
import Grounding

/// FTS5's auxiliary function `loam_postings`: reads the posting lists of a MATCH's phrases.
///
/// One call for the first row that matches reads every phrase whole, by `xQueryPhrase`; the rows
/// that are not in the row set are dropped before anything is counted. For 73,000 postings this took
/// 6 ms where FTS5's own ranking took 59.
///
/// Safe: as ``FullTextTokenizer``; FTS5's pointers are used within the call that hands them over.
/// - SeeAlso: https://www.sqlite.org/fts5.html, section 7.2 (custom auxiliary functions)
@safe
final class PostingCollector {
  private var rows: [Int64] = []
  private var position = 0
  private var lists: [PostingList] = []
  private var textColumn: Int32 = 2

  /// Gets ready for a MATCH of `count` phrases whose postings are to lie in `rows`: in the columns
  /// `title` and `body`, or in `quoted`.
  func begin(rows: [Int64], count: Int, isQuoted: Bool) {
    self.rows = rows
    textColumn = isQuoted ? 3 : 2
    lists = Array(repeating: PostingList(), count: count)
  }

  /// The lists, in the order of the phrases.
  func finish() -> [PostingList] {
    defer { (rows, lists) = ([], []) }
    return lists
  }

  func register(with api: UnsafeMutablePointer<fts5_api>) -> Int32 {
    guard let create = unsafe api.pointee.xCreateFunction else { return SQLITE_MISUSE }
    return unsafe create(
      api, "loam_postings", Unmanaged.passRetained(self).toOpaque(),
      { api, match, result, _, _ in
        let code = unsafe api.flatMap { unsafe collectPhrases($0, match) } ?? SQLITE_MISUSE
        if code == SQLITE_OK {
          unsafe sqlite3_result_int(result, 1)
        } else {
          unsafe sqlite3_result_error_code(result, code)
        }
      },
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<PostingCollector>.fromOpaque(context).release()
      })
  }

  /// The place of `row` in the row set; rows come in ascending order within a list.
  private func advance(to row: Int64) -> Int? {
    var step = 1
    var low = position
    // Galloping: the next row of the list is mostly near.
    while low + step < rows.count, rows[low + step] <= row {
      low += step
      step += step
    }
    var high = min(low + step, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle] < row { low = middle + 1 } else { high = middle }
    }
    position = low
    return low < rows.count && rows[low] == row ? low : nil
  }

  fileprivate func collect(
    _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?, phrase: Int
  ) -> Int32 {
    guard let rowid = unsafe api.pointee.xRowid, let first = unsafe api.pointee.xPhraseFirst,
      let next = unsafe api.pointee.xPhraseNext
    else { return SQLITE_MISUSE }
    guard let place = advance(to: unsafe rowid(match)) else { return SQLITE_OK }
    var iterator = unsafe Fts5PhraseIter()
    var column: Int32 = 0
    var offset: Int32 = 0
    var body: Int32 = 0
    var title: Int32 = 0
    let code = unsafe first(match, 0, &iterator, &column, &offset)
    guard code == SQLITE_OK else { return code }
    while column >= 0 {
      if column == textColumn { body += 1 } else if column == 0 { title += 1 }
      unsafe next(match, &iterator, &column, &offset)
    }
    if body + title > 0 {
      lists[phrase].append(position: Int32(place), body: body, title: title)
    }
    return SQLITE_OK
  }

  /// Starts the list of the next phrase.
  fileprivate func rewind() { position = 0 }
  fileprivate var phraseCount: Int { lists.count }
  fileprivate(set) var phrase = 0
}

private func collectPhrases(
  _ api: UnsafePointer<Fts5ExtensionApi>, _ match: OpaquePointer?
) -> Int32 {
  guard let userData = unsafe api.pointee.xUserData, let query = unsafe api.pointee.xQueryPhrase,
    let phraseCount = unsafe api.pointee.xPhraseCount, let context = unsafe userData(match)
  else { return SQLITE_MISUSE }
  let collector = unsafe Unmanaged<PostingCollector>.fromOpaque(context).takeUnretainedValue()
  guard Int(unsafe phraseCount(match)) == collector.phraseCount else { return SQLITE_MISUSE }
  for phrase in 0..<collector.phraseCount {
    collector.rewind()
    collector.phrase = phrase
    let code = unsafe query(match, Int32(phrase), context) { api, match, context in
      guard let api = unsafe api, let context = unsafe context else { return SQLITE_MISUSE }
      let collector = unsafe Unmanaged<PostingCollector>.fromOpaque(context).takeUnretainedValue()
      return unsafe collector.collect(api, match, phrase: collector.phrase)
    }
    guard code == SQLITE_OK else { return code }
  }
  return SQLITE_OK
}
