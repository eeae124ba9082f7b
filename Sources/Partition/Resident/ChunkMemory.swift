import Glibc

/// A chunk's piece of memory, in one large page where it fills one.
///
/// Questions read rows wherever they lie. With pages of 4 KiB the processor has to look up where nearly each
/// row's page is; a large one has thousands of rows.
@safe
struct ChunkMemory {
  /// Octets of a large page of the processors that have them.
  static let largePage = 1 << 21
  private static let alignment = 64

  @unsafe let start: UnsafeMutableRawPointer
  /// Octets that it takes.
  let octets: Int
  private let isLargePage: Bool

  /// At least `count` octets, whatever is in them, until ``free()``.
  init(_ count: Int) {
    // What is not used of a page is no memory of anybody's: little may be left over.
    let fills = count <= Self.largePage && count > Self.largePage - Self.largePage / 32
    if fills, let page = unsafe Self.mapLargePage() {
      unsafe (start, octets, isLargePage) = (page, Self.largePage, true)
    } else {
      unsafe start = .allocate(byteCount: count, alignment: Self.alignment)
      (octets, isLargePage) = (count, false)
    }
  }

  /// Gives it back; it must not be used any more.
  func free() {
    if isLargePage { unsafe munmap(start, Self.largePage) } else { unsafe start.deallocate() }
  }

  /// Pages that begin where a large one can, `nil` where there are none left.
  ///
  /// The system makes them one if it has one.
  private static func mapLargePage() -> UnsafeMutableRawPointer? {
    let twice = 2 * largePage
    guard
      let mapped = unsafe mmap(
        nil, twice, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      unsafe mapped != MAP_FAILED
    else { return nil }
    let before = (largePage - Int(bitPattern: mapped) % largePage) % largePage
    let page = unsafe mapped + before
    if before > 0 { unsafe munmap(mapped, before) }
    unsafe munmap(page + largePage, twice - before - largePage)
    unsafe madvise(page, largePage, MADV_HUGEPAGE)
    return unsafe page
  }
}
