/// The array out of an object, which has an empty one until it is put back.
///
/// Each access to what an object holds is checked at run time; in a loop that takes longer than its work.
func taken<Element>(_ array: inout [Element]) -> [Element] {
  var result: [Element] = []
  swap(&result, &array)
  return result
}
