import FoundationEssentials
import Glibc
import Grounding
import Ingestion

/// What can be set for good, in the environment or in a file, instead of on every line.
enum Setting: String, CaseIterable, Sendable {
  case home, tenant, principal, groups, zone, model, domains
  case trustedServers = "trusted_servers"
  case nextModel = "next_model"

  /// The name in the environment.
  var variable: String { "LOAM_" + rawValue.uppercased() }

  var summary: String {
    switch self {
    case .home: "the folder that holds all tenants"
    case .tenant: "the tenant"
    case .principal: "who owns and who asks"
    case .groups: "the principal's groups, with commas between"
    case .zone: "the asker's time zone"
    case .domains: "the tenant's domains, with commas between"
    case .trustedServers:
      "mail servers whose Authentication-Results are believed, with commas between"
    case .model: "another model file than the one inside the program"
    case .nextModel: "the model file that is to take the model's place"
    }
  }
}

/// The settings' sources below the options: `LOAM_*`, then the configuration file.
struct Settings: Sendable {
  private let environment: [String: String]
  private let file: [String: String]

  /// Reads the environment and `$XDG_CONFIG_HOME/loam/config.json`, where there is one.
  ///
  /// - Throws: `usage` where the file is not an object of known names with texts as values.
  init() throws(Problem) {
    self = try Settings(environment: currentEnvironment())
  }

  init(environment: [String: String]) throws(Problem) {
    self.environment = environment
    let folder =
      environment["XDG_CONFIG_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
      ?? environment["HOME"].map { $0 + "/.config" }
    file =
      try folder.map { (folder) throws(Problem) in
        try Settings.readFile("\(folder)/loam/config.json")
      } ?? [:]
  }

  func value(of setting: Setting) -> String? {
    environment[setting.variable].flatMap { $0.isEmpty ? nil : $0 } ?? file[setting.rawValue]
  }

  /// The value of an environment variable; `nil` where it is unset or empty.
  func variable(_ name: String) -> String? {
    environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func readFile(_ path: String) throws(Problem) -> [String: String] {
    let octets: [UInt8]
    do {
      octets = try contents(ofFile: path, limit: 1 << 20)
    } catch {
      if error.code == .vanished { return [:] }
      throw Problem(
        .usage, "The configuration file cannot be read.", place: path, remedy: error.remedy)
    }
    guard let values = try? JSONDecoder().decode([String: String].self, from: Data(octets)) else {
      throw Problem(
        .usage, "The configuration file is not a JSON object with texts as values.", place: path,
        remedy: "Write it as {\"tenant\": \"default\"}.")
    }
    let known = Setting.allCases.map(\.rawValue)
    for name in values.keys.sorted() where !known.contains(name) {
      let hint = nearest(to: name, among: known).map { " Did you mean \($0)?" } ?? ""
      throw Problem(
        .usage, "The configuration file sets \(printable(name)), which is unknown.\(hint)",
        place: path, remedy: "Known are \(known.joined(separator: ", ")).")
    }
    return values
  }
}

/// The process's environment; a name without a value has an empty one.
func currentEnvironment() -> [String: String] {
  var result: [String: String] = [:]
  var entry = unsafe environ
  while let text = unsafe entry.pointee {
    let pair = unsafe String(cString: text)
    if let equals = pair.firstIndex(of: "=") {
      result[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
    }
    unsafe entry += 1
  }
  return result
}

/// The name that the machine's user database has for who runs this, else `$USER`, else the number.
func loginName(_ settings: Settings) -> String {
  if let record = unsafe getpwuid(getuid()), let name = unsafe record.pointee.pw_name {
    let text = unsafe String(cString: name)
    if !text.isEmpty { return text }
  }
  return settings.variable("USER") ?? String(getuid())
}
