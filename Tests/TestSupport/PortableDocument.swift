/// A small PDF (ISO 32000-1) with a page for each text, in ASCII; a text's lines end with LF.
package func portableDocument(_ pages: [String]) -> [UInt8] {
  var objects = ["<< /Type /Catalog /Pages 2 0 R >>"]
  let kids = pages.indices.map { "\(4 + 2 * $0) 0 R" }.joined(separator: " ")
  objects.append("<< /Type /Pages /Kids [\(kids)] /Count \(pages.count) >>")
  objects.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
  for (index, page) in pages.enumerated() {
    objects.append(
      "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents \(5 + 2 * index) 0 R"
        + " /Resources << /Font << /F1 3 0 R >> >> >>")
    let lines = page.split(separator: "\n").map { "(\($0)) Tj T*" }.joined(separator: " ")
    let content = "BT /F1 12 Tf 72 770 Td 15 TL \(lines) ET"
    objects.append("<< /Length \(content.utf8.count) >>\nstream\n\(content)\nendstream")
  }
  var text = "%PDF-1.4\n"
  var places: [Int] = []
  for (index, object) in objects.enumerated() {
    places.append(text.utf8.count)
    text += "\(index + 1) 0 obj\n\(object)\nendobj\n"
  }
  let start = text.utf8.count
  func padded(_ number: Int) -> String {
    String(repeating: "0", count: 10 - "\(number)".utf8.count) + "\(number)"
  }
  text += "xref\n0 \(objects.count + 1)\n0000000000 65535 f \n"
  text += places.map { "\(padded($0)) 00000 n \n" }.joined()
  text += "trailer\n<< /Size \(objects.count + 1) /Root 1 0 R >>\nstartxref\n\(start)\n%%EOF\n"
  return Array(text.utf8)
}
