import Grounding
import Partition
import Synchronization
import TestSupport
import Testing

@Suite("A service while the model changes")
struct ModelChangeTests {
  @Test("each store is asked with the model whose vectors it has, from one question to the next")
  func switches() throws {
    try withDesk { desk in
      let shelf = try desk.shelf("one")
      let other = try desk.shelf("two")
      for shelf in [shelf, other] {
        try shelf.put("ferry", "The ferry sails at nine.")
        try shelf.put("radar", "The radar is dead.")
        try shelf.put("secret", "The ferry is sold.", grants: [])
      }
      let keys = [try desk.key(tenant: "one"), try desk.key(tenant: "two")]
      /// What the nearest item's cosine is, when the title and the text of it are asked for.
      func cosine(_ key: String) throws -> Double? {
        let response = try desk.ask(
          #"{"query":"ferry The ferry sails at nine.","mode":"vector"}"#, key: key)
        let answer = try response.json
        #expect(answer["coverage"]?["pending"] == .number(0))
        #expect(answer["coverage"]?["passages"] == .number(2))
        return answer["results"]?[0]?["vector"]?["score"]?.number
      }
      for key in keys { #expect(try #require(try cosine(key)) > 0.99) }
      #expect(desk.nextModel.encoded.load(ordering: .relaxed) == 0)
      // The hidden passage is the last that waits: nothing of that shows.
      try shelf.change(to: desk.nextModel, limit: 2)
      for key in keys { #expect(try #require(try cosine(key)) > 0.99) }
      #expect(desk.nextModel.encoded.load(ordering: .relaxed) == 0)
      try shelf.change(to: desk.nextModel, limit: 1)
      let before = desk.model.encoded.load(ordering: .relaxed)
      for _ in 0..<2 {
        for key in keys { #expect(try #require(try cosine(key)) > 0.99) }
      }
      // The same words of the same caller have a vector a model, which is remembered.
      #expect(desk.nextModel.encoded.load(ordering: .relaxed) == 1)
      #expect(desk.model.encoded.load(ordering: .relaxed) == before)
    }
  }

  @Test("passages without a vector of the model that asks are pending, and those alone")
  func pending() throws {
    try withDesk { desk in
      let shelf = try desk.shelf()
      try shelf.put("ferry", "The ferry sails at nine.")
      try shelf.put("secret", "The ferry is sold.", grants: [])
      let third = WordModel("third")
      try shelf.change(to: third, limit: 1)
      let key = try desk.key()
      func coverage() throws -> JSONValue? {
        try desk.ask(#"{"query":"ferry"}"#, key: key).json["coverage"]
      }
      #expect(try coverage()?["pending"] == .number(0))
      try shelf.change(to: third, limit: 1)
      // Neither model of the service is the store's now: words alone find.
      #expect(try coverage()?["pending"] == .number(1))
      #expect(try desk.titles("ferry", key: key) == ["ferry"])
    }
  }
}
