import Glibc
import TestSupport
import Testing

/// Holds the code to the table of targets in ARCHITECTURE.md.
@Suite("Architecture")
struct ImportTests {
  let table: [String: Set<String>]
  let imports: [Import]

  init() throws {
    table = try Self.readTable()
    imports = try Self.readImports()
  }

  /// What the toolchain brings; Foundation proper is not among it.
  static let toolchain: Set<String> = [
    "Dispatch", "FoundationEssentials", "Glibc", "Synchronization", "Swift",
  ]

  @Test("every import follows an arrow of ARCHITECTURE.md's table")
  func arrows() throws {
    try #require(!imports.isEmpty)
    for found in imports where !Self.toolchain.contains(found.module) {
      let allowed = try #require(table[found.target], "\(found.target) is not in the table")
      #expect(
        allowed.contains(found.module), "\(found.file) imports \(found.module): no such arrow")
    }
  }

  @Test("every folder of Sources is a row of the table, and every row a folder")
  func rows() throws {
    #expect(Set(table.keys) == Set(try entries(of: "\(Self.root)/Sources")))
  }

  @Test("the arrows have no circle")
  func noCircle() throws {
    var rest = table
    while !rest.isEmpty {
      let free = rest.filter { $0.value.isDisjoint(with: rest.keys) }.keys
      try #require(!free.isEmpty, "a circle among \(rest.keys.sorted())")
      for name in free { rest[name] = nil }
    }
  }

  @Test("only toolchain modules and the package's own targets are imported")
  func noPackages() {
    for found in imports {
      let isKnown = Self.toolchain.contains(found.module) || table[found.module] != nil
      #expect(isKnown, "\(found.file) imports \(found.module)")
    }
  }
}

extension ImportTests {
  struct Import {
    let target: String
    let file: String
    let module: String
  }

  /// The package's folder.
  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/")

  /// The table: its rows have three columns, the first names targets, the last what they may import.
  static func readTable() throws -> [String: Set<String>] {
    let page = String(decoding: try octets(ofFile: "\(root)/ARCHITECTURE.md"), as: UTF8.self)
    var rows: [(targets: [String], imports: [String])] = []
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let columns = line.split(separator: "|").map { words(in: $0) }
      if columns.count == 3 { rows.append((columns[0], columns[2])) }
    }
    let all = Set(rows.flatMap(\.targets))
    var table: [String: Set<String>] = [:]
    for row in rows {
      let named = Set(row.imports)
      let allowed = named.contains("all") ? all : named
      for target in row.targets {
        table[target] = allowed.subtracting([target]).intersection(all)
      }
    }
    return table
  }

  static func words(in cell: Substring) -> [String] {
    cell.split { !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }.map(String.init)
  }

  static func readImports() throws -> [Import] {
    var found: [Import] = []
    for target in try entries(of: "\(root)/Sources") {
      for file in try swiftFiles(below: "\(root)/Sources/\(target)") {
        let code = String(decoding: try octets(ofFile: file), as: UTF8.self)
        for line in code.split(separator: "\n") {
          guard let module = importedModule(in: line) else { continue }
          let name = String(file.dropFirst(root.count + 1))
          found.append(Import(target: target, file: name, module: module))
        }
      }
    }
    return found
  }

  /// The module of an import line, whatever attributes and access levels stand before it.
  static func importedModule(in line: Substring) -> String? {
    let words = line.split(separator: " ").filter { !$0.hasPrefix("@") }
    let levels: Set<Substring> = ["public", "package", "internal", "private", "fileprivate"]
    let rest = words.drop { levels.contains($0) }
    guard rest.first == "import", let name = rest.last else { return nil }
    return name.split(separator: ".").first.map(String.init)
  }

  static func swiftFiles(below folder: String) throws -> [String] {
    try entries(of: folder).flatMap { name -> [String] in
      let path = "\(folder)/\(name)"
      if isFolder(path) { return try swiftFiles(below: path) }
      return name.hasSuffix(".swift") ? [path] : []
    }
  }
}

private func isFolder(_ path: String) -> Bool {
  var status = stat()
  return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

/// The names in a folder, sorted, without hidden ones.
private func entries(of folder: String) throws -> [String] {
  guard let stream = unsafe opendir(folder) else { throw Unreadable(path: folder) }
  defer { unsafe closedir(stream) }
  var names: [String] = []
  while let entry = unsafe readdir(stream) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
        unsafe String(cString: $0)
      }
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names.sorted()
}
