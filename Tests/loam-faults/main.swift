import CFaults
import CSQLite
import Glibc

// The allocator and the VFS have to be there before anything uses SQLite.
guard loam_faults_install() == SQLITE_OK else {
  print("loam-faults: SQLite takes neither allocator nor VFS")
  exit(3)
}

/// The exit code of what `arguments` ask for.
func run(_ arguments: Arguments) throws -> Int32 {
  let scratch = try Scratch()
  var driver = Driver(arguments, scratch: scratch.path)
  return try driver.run()
}

do {
  exit(try run(Arguments(Array(CommandLine.arguments.dropFirst()))))
} catch is Usage {
  print(Usage.text)
  exit(2)
} catch {
  print("loam-faults: \(error)")
  exit(1)
}
