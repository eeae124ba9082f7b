import Grounding

/// One thing that a batch does to the store.
enum Change: Equatable {
  /// A copy comes, or is read again; all copies of its letter get its content.
  case put(Letter, key: String, access: AccessList, file: String?)
  case removeLocation(key: String)
  case removeFile(String)
  case moveFile(String, to: String)
  /// Vectors for so many of the passages that wait.
  case embed(Int)
  /// Every file is asked for again.
  case requireReading(Int)
  /// Another model is to take the place of the store's, or that is given up.
  case changeModel(Int)
}

/// A transaction of the workload.
struct Batch {
  var changes: [Change] = []
  /// Whether it is undone instead of committed.
  var isRolledBack = false

  /// Any batch that fits what `model` says stands in the store.
  init(for model: Model, using chance: inout Chance) {
    var model = model
    isRolledBack = chance.oneIn(9)
    for _ in 0...Int.random(in: 0...5, using: &chance) {
      let change = Self.change(for: model, using: &chance)
      changes.append(change)
      model.apply(change)
    }
  }

  private static let lists = [
    AccessList(owner: Principal("ann")),
    AccessList(owner: Principal("bo")),
    AccessList(owner: Principal("ann"), grants: [Grant(.group("crew"))]),
    AccessList(owner: Principal("bo"), grants: [Grant(.everyone)]),
    AccessList(
      owner: Principal("bo"),
      grants: [Grant(.everyone), Grant(.user(Principal("ann")), denies: true)]),
  ]
  private static let names = (0..<9).map { "m\($0)" } + (0..<5).map { "d\($0)" }

  private static func change(for model: Model, using chance: inout Chance) -> Change {
    let keys = model.copies.keys.sorted()
    let files = model.files.sorted()
    switch Int.random(in: 0..<24, using: &chance) {
    case 0..<3:
      if let key = keys.randomElement(using: &chance) { return .removeLocation(key: key) }
    case 3..<5:
      if let file = files.randomElement(using: &chance) { return .removeFile(file) }
    case 5..<7:
      if let file = files.randomElement(using: &chance) {
        return .moveFile(file, to: "moved\(Int.random(in: 0..<1 << 40, using: &chance))")
      }
    case 7..<12: return .embed(Int.random(in: 0..<20, using: &chance))
    case 12:
      if chance.oneIn(4) { return .requireReading(model.reading + 1) }
    case 13:
      if chance.oneIn(4) { return .changeModel(model.vectors + 1) }
    default: break
    }
    return put(for: model, using: &chance)
  }

  private static func put(for model: Model, using chance: inout Chance) -> Change {
    let name = names.randomElement(using: &chance) ?? names[0]
    let letter =
      if let known = model.letter(name), !chance.oneIn(4) { known } else {
        Letter(name, among: names, using: &chance)
      }
    let file = chance.oneIn(3) ? "file\(Int.random(in: 0..<4, using: &chance))" : nil
    let copy = "\(name)#\(Int.random(in: 0..<2, using: &chance))"
    return .put(
      letter, key: file.map { "\($0)/\(copy)" } ?? copy,
      access: lists.randomElement(using: &chance) ?? lists[0], file: file)
  }
}
