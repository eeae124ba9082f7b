import Glibc
package import Grounding
package import Reading

/// The programs of a table, each run in the sandbox.
package struct SandboxedConverter: FileConverting {
  private let table: [Converter]
  private let sandbox: Sandbox

  package init(table: [Converter] = Converter.table, sandbox: Sandbox = Sandbox()) {
    self.table = table
    self.sandbox = sandbox
  }

  package func canConvert(_ format: ItemFormat) -> Bool {
    Sandbox.isAvailable
      && table.contains { $0.format == format && Self.path(of: $0.program) != nil }
  }

  package func convert(
    _ octets: [UInt8], from format: ItemFormat
  ) throws(Problem) -> ConvertedFile {
    let converter = try converter(for: format)
    return try convert(.octets(octets, name: converter.inputName), by: converter)
  }

  package func convert(
    fileAt path: [UInt8], from format: ItemFormat
  ) throws(Problem) -> ConvertedFile {
    try convert(.file(path), by: try converter(for: format))
  }

  private func convert(
    _ input: SandboxInput, by converter: Converter
  ) throws(Problem) -> ConvertedFile {
    guard let path = Self.path(of: converter.program) else { throw Self.missing(converter) }
    let output: SandboxOutput
    do {
      output = try sandbox.run(
        SandboxedProgram(path: path, arguments: converter.arguments), on: input)
    } catch  where error.code == .needsProgram {
      throw Self.missing(converter)
    }
    switch converter.result {
    case .pages: return .pages(output.printed)
    case .message: return .message(SteadyMessage.steady(output.printed))
    case .files:
      return .files(
        output.files.map {
          ConvertedFile.File(path: String(decoding: $0.path, as: UTF8.self), octets: $0.octets)
        })
    }
  }

  private func converter(for format: ItemFormat) throws(Problem) -> Converter {
    guard let converter = table.first(where: { $0.format == format }) else {
      throw Problem(.needsProgram, "No program is known for files of this form.")
    }
    return converter
  }

  private static func path(of program: String) -> String? {
    let places = program.hasPrefix("/") ? [program] : Converter.folders.map { "\($0)/\(program)" }
    return places.first { unsafe access($0, X_OK) == 0 }
  }

  private static func missing(_ converter: Converter) -> Problem {
    Problem(
      .needsProgram, "Files of this form are read by \(converter.program), which is not installed.",
      remedy: "Install it (Debian: apt install \(converter.debianPackage)), then ingest again.")
  }
}
