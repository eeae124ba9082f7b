import CLinux
import Glibc

/// Where `octet` first stands in `octets` at or after `start`, before `end`; `end` where it does not.
///
/// Bounds outside of `octets` are cut. O(octets), by the C library's vector code.
package func firstIndex(
  of octet: UInt8, in octets: Span<UInt8>, from start: Int, to end: Int
) -> Int {
  let end = min(end, octets.count)
  guard 0 <= start, start < end else { return end }
  return unsafe octets.withUnsafeBytes { bytes in
    // Safe: start..<end lies inside of the buffer.
    guard let base = bytes.baseAddress,
      let found = unsafe memchr(base + start, CInt(octet), end - start)
    else { return end }
    return unsafe UnsafeRawPointer(found) - base
  }
}

/// Where `text` first stands in `octets` at or after `start`, before `end`; `end` where it does not.
///
/// Bounds outside of `octets` are cut. O(octets times those of the text), by the C library's vector code.
package func firstIndex(
  of text: StaticString, in octets: Span<UInt8>, from start: Int, to end: Int
) -> Int {
  let end = min(end, octets.count)
  guard 0 <= start, start < end else { return end }
  return unsafe octets.withUnsafeBytes { bytes in
    // Safe: start..<end lies inside of the buffer, and the text is as long as it says.
    guard let base = bytes.baseAddress,
      let found = unsafe loam_find(
        base + start, end - start, text.utf8Start, text.utf8CodeUnitCount)
    else { return end }
    return unsafe found - base
  }
}
