import Glibc
import TestSupport
import Testing

/// The session that README.md shows, run as it is written.
@Suite("README's session with the endpoint")
struct ReadmeTests {
  private static let root =
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
    .joined(separator: "/")

  /// A command, and the lines that it printed when the session was recorded.
  private struct Step {
    var command: String
    var output: [String] = []
  }

  private func recorded() throws -> [Step] {
    let readme = String(decoding: try octets(ofFile: "\(Self.root)/README.md"), as: UTF8.self)
    var steps: [Step] = []
    let lines = readme.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("    $ ") })
    for line in lines[start...].prefix(while: { $0.hasPrefix("    ") }) {
      if line.hasPrefix("    $ ") {
        steps.append(Step(command: String(line.dropFirst(6))))
      } else {
        steps[steps.count - 1].output.append(String(line.dropFirst(4)))
      }
    }
    return steps
  }

  @Test("every command prints what README says, but for what differs from run to run")
  func session() throws {
    let steps = try recorded()
    #expect(steps.count >= 6)
    try withTemporaryFolder { folder in
      #expect(unsafe symlink(Program.path, "\(folder)/loam") == 0)
      #expect(unsafe symlink("\(Self.root)/Fixtures", "\(folder)/Fixtures") == 0)
      var script = """
        cd '\(folder)'
        export PATH="\(folder):$PATH" HOME='\(folder)' LOAM_HOME='\(folder)/home'
        trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT

        """
      for (index, step) in steps.enumerated() {
        // In the same shell, so that variables and jobs stay.
        script += "{ \(step.command)\n} >'out\(index)' 2>'err\(index)'\n"
      }
      try write(script, to: "\(folder)/session.sh")
      let pipe = unsafe popen("timeout 120 /bin/bash '\(folder)/session.sh' 2>&1", "r")
      _ = unsafe pclose(pipe)
      for (index, step) in steps.enumerated() {
        let output = String(decoding: try octets(ofFile: "\(folder)/out\(index)"), as: UTF8.self)
        let errors = String(decoding: try octets(ofFile: "\(folder)/err\(index)"), as: UTF8.self)
        let printed = output.split(separator: "\n").map(String.init)
        let fits =
          printed.count == step.output.count
          && zip(step.output, printed).allSatisfy { matches($0, $1) }
        #expect(fits, "\(step.command)\n\(output)\n\(errors)")
      }
    }
  }

  /// Whether `text` is `pattern`, in which … stands for anything.
  private func matches(_ pattern: String, _ text: String) -> Bool {
    var rest = text[...]
    let parts = pattern.split(separator: "…", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if index == 0 {
        guard rest.hasPrefix(part) else { return false }
        rest = rest.dropFirst(part.count)
      } else if index == parts.count - 1 {
        return rest.hasSuffix(part)
      } else {
        guard let found = rest.firstRange(of: part) else { return false }
        rest = rest[found.upperBound...]
      }
    }
    return rest.isEmpty
  }
}
