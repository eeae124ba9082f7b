import Glibc
import Testing

/// `text` in the charset that the C library calls `charset`.
func encoded(_ text: String, _ charset: String) throws -> [UInt8] {
  guard let converter = unsafe iconv_open(charset, "UTF-8"), UInt(bitPattern: converter) != UInt.max
  else { throw NoConverter(charset: charset) }
  defer { unsafe iconv_close(converter) }
  var input = text.utf8.map { CChar(bitPattern: $0) }
  var output = [CChar](repeating: 0, count: input.count * 4 + 16)
  let written = unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe output.withUnsafeMutableBufferPointer { output in
      var (source, sourceLeft) = (input.baseAddress, input.count)
      var (target, targetLeft) = (output.baseAddress, output.count)
      let outcome = unsafe iconv(converter, &source, &sourceLeft, &target, &targetLeft)
      // Back to the first state, as ISO-2022-JP ends.
      _ = unsafe iconv(converter, nil, nil, &target, &targetLeft)
      return outcome == 0 ? output.count - targetLeft : nil
    }
  }
  return output[..<(try #require(written, "\(charset) lacks a character"))].map {
    UInt8(bitPattern: $0)
  }
}

struct NoConverter: Error {
  let charset: String
}
