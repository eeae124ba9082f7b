import CModel
import Glibc
import Grounding

/// The octets of a file in place: mapped, or part of the executable.
///
/// Unsafe code is kept here: a range is checked once when it is asked for, and the octets live as
/// long as this object. A mapped file must not be shortened while it is used: replace a model by
/// renaming another over it.
///
/// `@unchecked Sendable`: the octets are never written.
@safe final class ModelOctets: @unchecked Sendable {
  private let base: UnsafeRawPointer
  private let isMapped: Bool
  let count: Int

  /// The model that the executable carries.
  static let bundled = unsafe ModelOctets(
    base: UnsafeRawPointer(loam_model_octets), count: loam_model_size, isMapped: false)

  private init(base: UnsafeRawPointer, count: Int, isMapped: Bool) {
    unsafe self.base = unsafe base
    self.count = count
    self.isMapped = isMapped
  }

  /// Maps the file at `path`, read only.
  ///
  /// - Throws: `bad_model` where it cannot be read or is empty.
  convenience init(file path: String) throws(Problem) {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw Problem(.badModel, "the file cannot be opened (errno \(errno))", place: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_size > 0
    else { throw Problem(.badModel, "this is no regular file with octets in it", place: path) }
    let count = Int(status.st_size)
    let mapped = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw Problem(.badModel, "the file cannot be mapped (errno \(errno))", place: path)
    }
    unsafe self.init(base: UnsafeRawPointer(mapped), count: count, isMapped: true)
  }

  deinit {
    if isMapped { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
  }

  /// Whether `size` octets lie at `offset`; no number can make this overflow.
  func holds(offset: Int, size: Int) -> Bool {
    offset >= 0 && size >= 0 && offset <= count && size <= count - offset
  }

  /// Calls `body` with the octets of a range that the caller has checked with ``holds(offset:size:)``.
  func withSpan<R>(offset: Int, size: Int, _ body: (Span<UInt8>) -> R) -> R {
    precondition(holds(offset: offset, size: size))
    let start = unsafe (base + offset).assumingMemoryBound(to: UInt8.self)
    return unsafe body(UnsafeBufferPointer(start: start, count: size).span)
  }

  /// A copy of a range that the caller has checked.
  func copy(offset: Int, size: Int) -> [UInt8] {
    precondition(holds(offset: offset, size: size))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: base + offset, count: size))
  }

  /// The little-endian number at an offset that the caller has checked.
  func integer<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type, at offset: Int) -> T {
    precondition(holds(offset: offset, size: MemoryLayout<T>.size))
    return unsafe T(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: type))
  }

  /// The place of `count` values in a range that is checked here.
  ///
  /// Valid while this object lives.
  @unsafe func pointer<T: BitwiseCopyable>(to type: T.Type, offset: Int, count: Int)
    -> UnsafePointer<T>
  {
    precondition(holds(offset: offset, size: count * MemoryLayout<T>.stride))
    return unsafe (base + offset).assumingMemoryBound(to: type)
  }
}
