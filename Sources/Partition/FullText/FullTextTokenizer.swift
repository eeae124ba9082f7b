import Analysis
import CSQLite
import Grounding

/// FTS5's tokenizer `loam`: the analysis behind SQLite's interface.
///
/// The first octet of a value selects the mode (DESIGN section 4). While values are stored, the
/// number of terms of each (without stop words) is noted, so that lengths cost no second analysis.
///
/// Safe: SQLite holds the object by a retained pointer until the connection goes, gives texts with
/// their lengths, and calls from the one thread that owns the connection.
/// - SeeAlso: https://www.sqlite.org/fts5.html, section 7.1 (custom tokenizers)
@safe
final class FullTextTokenizer {
  private var analyzer: Analyzer
  /// Terms of each value that was stored since ``forgetCounts()``, in the order of the columns.
  private(set) var counts: [Int] = []

  /// - Parameter readsTexts: whether values are stored, and not only terms of a query read; the stems that
  ///   are remembered for it take a quarter of a mebibyte.
  init(readsTexts: Bool) { analyzer = readsTexts ? Analyzer() : .forShortText() }

  func forgetCounts() { counts.removeAll(keepingCapacity: true) }

  /// The terms of one value, without stop words, counted as they will be when it is stored.
  func countTerms(_ text: String) -> Int {
    var count = 0
    let octets = Array(text.utf8)
    analyzer.analyze(octets.span, mode: nil) { _, token in
      if !token.isStopWord { count += 1 }
      return true
    }
    return count
  }

  func register(with api: UnsafeMutablePointer<fts5_api>) -> Int32 {
    guard let create = unsafe api.pointee.xCreateTokenizer else { return SQLITE_MISUSE }
    var interface = unsafe fts5_tokenizer(
      xCreate: { context, _, _, result in
        unsafe result?.pointee = unsafe context.map { OpaquePointer($0) }
        return SQLITE_OK
      },
      xDelete: { _ in },
      xTokenize: { tokenizer, context, flags, text, count, emit in
        guard let tokenizer = unsafe tokenizer, let emit = unsafe emit else { return SQLITE_MISUSE }
        let object = unsafe Unmanaged<FullTextTokenizer>
          .fromOpaque(UnsafeRawPointer(tokenizer)).takeUnretainedValue()
        let octets = unsafe UnsafeBufferPointer(
          start: UnsafeRawPointer(text)?.assumingMemoryBound(to: UInt8.self), count: Int(count))
        return unsafe object.tokenize(octets, context, flags, emit)
      })
    return unsafe create(
      api, "loam", Unmanaged.passRetained(self).toOpaque(), &interface,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<FullTextTokenizer>.fromOpaque(context).release()
      })
  }

  private typealias Emit =
    @convention(c) (
      UnsafeMutableRawPointer?, Int32, UnsafePointer<CChar>?, Int32, Int32, Int32
    ) -> Int32

  private func tokenize(
    _ text: UnsafeBufferPointer<UInt8>, _ context: UnsafeMutableRawPointer?, _ flags: Int32,
    _ emit: Emit
  ) -> Int32 {
    var count = 0
    var isFirst = true
    var code = SQLITE_OK
    analyzer.analyze(unsafe text.span, mode: nil) { term, token in
      if !token.isStopWord { count += 1 }
      let placement = token.isColocated && !isFirst ? FTS5_TOKEN_COLOCATED : 0
      isFirst = false
      code = unsafe term.withUnsafeBytes { bytes in
        unsafe emit(
          context, placement, bytes.baseAddress?.assumingMemoryBound(to: CChar.self),
          Int32(bytes.count), Int32(token.start), Int32(token.end))
      }
      return code == SQLITE_OK
    }
    if flags & FTS5_TOKENIZE_DOCUMENT != 0 { counts.append(count) }
    return code
  }
}
