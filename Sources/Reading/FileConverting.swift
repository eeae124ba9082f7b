package import Grounding

/// What a program of the system made of a file.
package enum ConvertedFile: Hashable, Sendable {
  /// UTF-8 with a form feed behind every page.
  case pages([UInt8])
  /// A message as RFC 5322 has it.
  case message([UInt8])
  /// Files in the order of their paths.
  case files([File])

  /// A file with its path below the program's folder.
  package struct File: Hashable, Sendable {
    package var path: String
    package var octets: [UInt8]

    package init(path: String, octets: [UInt8]) {
      self.path = path
      self.octets = octets
    }

    /// The path's last part.
    package var name: String { path.split(separator: "/").last.map(String.init) ?? path }

    /// The folders above it.
    package var folder: String {
      path.split(separator: "/").dropLast().joined(separator: "/")
    }
  }
}

/// Has files of foreign forms read by the programs that people already have.
///
/// A reader is given one from outside, as it starts no process itself; without one it reads as if no
/// program were there.
package protocol FileConverting: Sendable {
  /// Whether there is a program for `format`, and a sandbox to run it in.
  func canConvert(_ format: ItemFormat) -> Bool

  /// What the program for `format` makes of `octets`: the same for the same octets.
  ///
  /// - Throws: `needs_program` where it is missing, with the package that has it; `no_sandbox` where
  ///   it could only run unguarded; `converter_failed`, `converter_limit`.
  func convert(_ octets: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile

  /// What the program makes of a file where it lies; its absolute path as octets.
  func convert(fileAt path: [UInt8], from format: ItemFormat) throws(Problem) -> ConvertedFile
}

/// No program at all.
package struct NoConverter: FileConverting {
  package init() {}

  package func canConvert(_ format: ItemFormat) -> Bool { false }

  package func convert(
    _ octets: [UInt8], from format: ItemFormat
  ) throws(Problem) -> ConvertedFile {
    throw Problem(.needsProgram, "Files of this form are read by a program.")
  }

  package func convert(
    fileAt path: [UInt8], from format: ItemFormat
  ) throws(Problem) -> ConvertedFile {
    try convert([], from: format)
  }
}
