package import Reading

/// A program that people have and trust, for files of one form.
package struct Converter: Hashable, Sendable {
  /// What the program leaves.
  package enum Result: Hashable, Sendable {
    /// It prints text, a form feed behind every page.
    case pages
    /// It prints a message (RFC 5322).
    case message
    /// It writes files into its folder.
    case files
  }

  package var format: ItemFormat
  /// Looked for in ``folders``; or an absolute path.
  package var program: String
  package var arguments: [SandboxedProgram.Argument]
  package var result: Result
  /// Debian's package that has it, and what that needs and only recommends.
  package var debianPackage: String
  /// What the program is told the file is called.
  package var inputName: String

  package init(
    format: ItemFormat, program: String, arguments: [SandboxedProgram.Argument], result: Result,
    debianPackage: String, inputName: String = "input"
  ) {
    self.format = format
    self.program = program
    self.arguments = arguments
    self.result = result
    self.debianPackage = debianPackage
    self.inputName = inputName
  }

  /// Where programs are looked for: where an administrator puts them, whatever a user's PATH says.
  package static let folders = ["/usr/local/bin", "/usr/bin", "/bin"]

  /// The programs that are used; one a form.
  package static let table: [Converter] = [
    Converter(
      format: .pdf, program: "pdftotext",
      arguments: [
        .text("-q"), .text("-enc"), .text("UTF-8"), .text("-eol"), .text("unix"), .input,
        .text("-"),
      ],
      result: .pages, debianPackage: "poppler-utils"),
    Converter(
      format: .outlookMessage, program: "msgconvert",
      arguments: [.text("--outfile"), .text("-"), .input], result: .message,
      debianPackage: "libemail-outlook-message-perl libemail-address-perl", inputName: "input.msg"),
    Converter(
      format: .outlookAttachments, program: "tnef",
      arguments: [
        .text("--number-backups"), .text("--unix-paths"), .text("-C"), .folder, .text("-f"), .input,
      ], result: .files, debianPackage: "tnef"),
    // One mailbox a folder; no second process, which the sandbox would refuse.
    Converter(
      format: .outlookStore, program: "readpst",
      arguments: [
        .text("-q"), .text("-r"), .text("-8"), .text("-te"), .text("-j"), .text("0"), .text("-o"),
        .folder, .input,
      ], result: .files, debianPackage: "pst-utils"),
  ]
}
