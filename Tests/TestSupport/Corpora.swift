import Glibc
package import Testing

/// The material outside of the project that some suites measure against.
///
/// It lies in the folder that `LOAM_SHARED` names (default: `../shared` beside the package). A clone
/// without it skips those suites; `LOAM_REQUIRE_CORPORA=1` makes their absence a failure.
package enum Corpora {
  /// The folder of the material, or `nil` where it is absent.
  package static let shared: String? = {
    let folder = environment("LOAM_SHARED") ?? "../shared"
    return unsafe access("\(folder)/corpora/README.md", R_OK) == 0 ? folder : nil
  }()

  package static let isRequired = environment("LOAM_REQUIRE_CORPORA") == "1"

  /// Opens the corpus `name`, such as `ir/scifact`, and returns its folder.
  ///
  /// - Throws: ``Absent`` where the material is absent or does not unpack.
  package static func folder(_ name: String) throws -> String {
    guard let shared else { throw Absent(name: name) }
    guard let pipe = unsafe popen("'\(shared)/unpack' '\(name)'", "r") else {
      throw Absent(name: name)
    }
    var output: [UInt8] = []
    while case let character = unsafe fgetc(pipe), character != EOF {
      output.append(UInt8(truncatingIfNeeded: character))
    }
    guard unsafe pclose(pipe) == 0 else { throw Absent(name: name) }
    let lines = output.split(separator: 0x0A)
    guard let last = lines.last else { throw Absent(name: name) }
    return String(decoding: last, as: UTF8.self)
  }

  package struct Absent: Error, CustomStringConvertible {
    package let name: String
    package var description: String { "the corpus \(name) is absent; LOAM_SHARED names its folder" }
  }

  /// The value of an environment variable, `nil` where it is unset or empty.
  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    let text = unsafe String(cString: value)
    return text.isEmpty ? nil : text
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips the suite or test where the corpora are absent and not required.
  package static var needsCorpora: Self {
    .enabled(if: Corpora.shared != nil || Corpora.isRequired, "the corpora are absent")
  }
}
