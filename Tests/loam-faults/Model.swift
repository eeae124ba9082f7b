import Grounding

/// What stands in the store, as plain values: the workload applied by hand.
struct Model: Equatable {
  struct Copy: Equatable {
    var letter: Letter
    var access: AccessList
    var file: String?
  }

  /// By the key of the location.
  var copies: [String: Copy] = [:]
  /// Paths.
  var files: Set<String> = []
  var reading = 0
  var vectors = 0

  func letter(_ name: String) -> Letter? {
    copies.values.first { $0.letter.name == name }?.letter
  }

  mutating func apply(_ change: Change) {
    switch change {
    case .put(let letter, let key, let access, let file):
      if let file { files.insert(file) }
      for (known, copy) in copies where copy.letter.name == letter.name {
        copies[known]?.letter = letter
      }
      copies[key] = Copy(letter: letter, access: access, file: file)
    case .removeLocation(let key): copies[key] = nil
    case .removeFile(let path):
      files.remove(path)
      copies = copies.filter { $0.value.file != path }
    case .moveFile(let path, let target):
      files.remove(path)
      files.insert(target)
      for (key, var copy) in copies where copy.file == path {
        copies[key] = nil
        copy.file = target
        copies[Self.key(key, movedTo: target)] = copy
      }
    case .requireReading(let version): reading = version
    case .changeModel(let version): vectors = version
    case .embed: break
    }
  }

  /// The key of a location in a file that has another path now.
  static func key(_ key: String, movedTo path: String) -> String {
    "\(path)/\(key.split(separator: "/").last ?? "")"
  }

  /// Letters that `caller` may see, by name, each with the keys of the copies that are open to it.
  func visible(to caller: Caller) -> [String: (letter: Letter, keys: [String])] {
    var visible: [String: (letter: Letter, keys: [String])] = [:]
    for (key, copy) in copies.sorted(by: { $0.key < $1.key }) where copy.access.allows(caller) {
      visible[copy.letter.name, default: (copy.letter, [])].keys.append(key)
    }
    return visible
  }
}
