// The values that the store and the analysis hand over, until their targets have them.

struct RowSet: Sendable {
  var rows: [Int64]
  var item: [Int32]
  var bodyTerms: [Int32]
  var itemKeys: [Int64]
  var titleTerms: [Int32]
}

struct PostingList: Sendable {
  var positions: [Int32]
  var bodyFrequency: [Int32]
  var titleFrequency: [Int32]
}

struct QueryTerm: Sendable {
  var term: String
  var count: Int
}
