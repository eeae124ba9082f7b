/// Rows and the estimates of their products with a query, in the order in which they were found.
package struct SketchedRows {
  /// As the scan numbers them.
  package private(set) var rows: [UInt32] = []
  package private(set) var estimates: [Float] = []
  package private(set) var count = 0

  package init() {}

  /// Makes room for `more` and takes as many as `body` writes.
  mutating func append(
    upTo more: Int, _ body: (UnsafeMutablePointer<UInt32>?, UnsafeMutablePointer<Float>?) -> Int
  ) {
    if rows.count < count + more {
      let room = max(2 * rows.count, count + more) - rows.count
      rows.append(contentsOf: repeatElement(0, count: room))
      estimates.append(contentsOf: repeatElement(0, count: room))
    }
    count += unsafe rows.withUnsafeMutableBufferPointer { rows in
      unsafe estimates.withUnsafeMutableBufferPointer { estimates in
        unsafe body(
          rows.baseAddress.map { unsafe $0 + count },
          estimates.baseAddress.map { unsafe $0 + count })
      }
    }
  }

  /// Leaves, of those from `start` on, the rows that `isKept` says.
  package mutating func keep(from start: Int, _ isKept: (UInt32) -> Bool) {
    var kept = start
    for index in start..<count where isKept(rows[index]) {
      (rows[kept], estimates[kept]) = (rows[index], estimates[index])
      kept += 1
    }
    count = kept
  }

  /// Leaves those whose estimate is `least` or more.
  package mutating func cut(below least: Float) {
    var kept = 0
    for index in 0..<count where estimates[index] >= least {
      (rows[kept], estimates[kept]) = (rows[index], estimates[index])
      kept += 1
    }
    count = kept
  }
}
