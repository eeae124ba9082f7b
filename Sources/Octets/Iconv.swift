import Glibc

/// The text of `octets` by the C library's converter from `name`, a name of `CharsetLabels`.
///
/// Each octet that the converter refuses becomes one U+FFFD, and so does an unfinished end. This is
/// the only file that calls iconv; its pointers stay inside the two buffers they are taken from, whose
/// counts iconv is given and keeps to.
func decodeByIconv(_ octets: [UInt8], from name: String) -> (text: String, replaced: Int) {
  // iconv_open answers (iconv_t) -1 where the machine lacks the converter.
  guard let converter = unsafe iconv_open("UTF-8", name), UInt(bitPattern: converter) != UInt.max
  else { return Charset.ascii.decode(octets) }
  defer { unsafe iconv_close(converter) }
  var input = octets.map { CChar(bitPattern: $0) }
  var chunk = [CChar](repeating: 0, count: 1 << 14)
  var result: [UInt8] = []
  result.reserveCapacity(octets.count + octets.count / 2)
  var replaced = 0
  var position = 0
  while true {
    let step = unsafe convertChunk(converter, &input, from: position, into: &chunk)
    result.append(contentsOf: chunk[..<step.written].lazy.map { UInt8(bitPattern: $0) })
    position += step.read
    if step.error == 0 {
      // Some converters hold a letter back until they know that no mark follows it.
      result.append(contentsOf: unsafe rest(converter, &chunk).map { UInt8(bitPattern: $0) })
      break
    }
    if step.error == E2BIG { continue }
    // EILSEQ, or EINVAL where the end is missing: pass over one octet.
    result.append(contentsOf: [0xEF, 0xBF, 0xBD])
    replaced += 1
    position = step.error == EILSEQ ? position + 1 : input.count
    if position >= input.count { break }
  }
  return (String(decoding: result, as: UTF8.self), replaced)
}

/// One call of iconv: the octets read and written, and its error or 0.
private func convertChunk(
  _ converter: iconv_t, _ input: inout [CChar], from position: Int, into chunk: inout [CChar]
) -> (read: Int, written: Int, error: CInt) {
  unsafe input.withUnsafeMutableBufferPointer { input in
    unsafe chunk.withUnsafeMutableBufferPointer { chunk in
      var source = unsafe input.baseAddress?.advanced(by: position)
      var sourceLeft = input.count - position
      var target = chunk.baseAddress
      var targetLeft = chunk.count
      let outcome = unsafe iconv(converter, &source, &sourceLeft, &target, &targetLeft)
      // size_t -1 says that errno holds the reason.
      let error = outcome == -1 ? errno : 0
      return (input.count - position - sourceLeft, chunk.count - targetLeft, error)
    }
  }
}

/// What iconv has read and not written yet; a character or two.
private func rest(_ converter: iconv_t, _ chunk: inout [CChar]) -> ArraySlice<CChar> {
  let written = unsafe chunk.withUnsafeMutableBufferPointer { chunk in
    var target = chunk.baseAddress
    var targetLeft = chunk.count
    _ = unsafe iconv(converter, nil, nil, &target, &targetLeft)
    return chunk.count - targetLeft
  }
  return chunk[..<written]
}
