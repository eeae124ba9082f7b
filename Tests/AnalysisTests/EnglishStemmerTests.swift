import Analysis
import TestSupport
import Testing

@Suite(.needsCorpora) struct EnglishStemmerTests {
  @Test("every word of Snowball's vocabulary has its stem, which begins as the word does")
  func vocabulary() throws {
    let folder = try Corpora.folder("text/snowball") + "/english"
    let words = lines(try octets(ofFile: folder + "/voc.txt"))
    let stems = lines(try octets(ofFile: folder + "/output.txt"))
    #expect(words.count == 42_649 && stems.count == words.count)
    var wrong: [String] = []
    for (word, stem) in zip(words, stems) {
      let result = EnglishStemmer.stem(of: word)
      if result != stem { wrong.append("\(word): \(result), not \(stem)") }
      // By this marks are found without stemming every word. The vocabulary has some that begin with an
      // apostrophe, which no word of the analysis does.
      if word.first != "'", result.first != word.first {
        wrong.append("\(word): \(result) begins otherwise")
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count) wrong: \(wrong.prefix(20))")
  }
}
