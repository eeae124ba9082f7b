import Embedding
import Glibc
import Grounding
import Partition

/// One run of one command: what was given, and where to answer.
struct Invocation {
  let arguments: ParsedArguments
  let settings: Settings
  let console: Console

  var operands: [String] { arguments.operands }

  func has(_ option: CommandOption) -> Bool { arguments.values[option.name] != nil }

  /// The option's value, else its setting's.
  func value(_ option: CommandOption) -> String? {
    arguments.values[option.name]?.last ?? option.setting.flatMap(settings.value)
  }

  /// The values of an option that may be repeated, else its setting's, cut at commas.
  func values(_ option: CommandOption) -> [String] {
    if let given = arguments.values[option.name] { return given }
    return option.setting.flatMap(settings.value)?.split(separator: ",").map(String.init) ?? []
  }

  /// The option's value as a number.
  ///
  /// - Throws: `usage` where it is none or out of `range`.
  func number(_ option: CommandOption, in range: ClosedRange<Int>) throws(Problem) -> Int? {
    guard let text = value(option) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw Problem(
        .usage, "\(option.name) cannot be \(printable(text)).",
        remedy: "Give a number from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }

  func tenant() throws(Problem) -> Tenant {
    guard let name = value(.tenant) else { return .default }
    do {
      return try Tenant(name)
    } catch {
      throw Problem(.usage, error.detail, place: "--tenant", remedy: error.remedy)
    }
  }

  func home() -> LoamHome {
    LoamHome.resolve(flag: value(.home), environment: settings.variable)
  }

  /// The tenant, which a command that only reads or mends must not make.
  ///
  /// - Throws: `not_found`.
  func existingTenant() throws(Problem) -> Tenant {
    let tenant = try tenant()
    guard home().tenants().contains(tenant) else {
      throw Problem(
        .notFound, "The tenant \(tenant.name) has no store.", place: home().path,
        remedy: "Run loam ingest for this tenant first; loam tenants names those there are.")
    }
    return tenant
  }

  /// Who asks: `--as`, else `LOAM_PRINCIPAL`, else the login name; with the groups given.
  func caller() -> Caller {
    Caller(Principal(value(.asPrincipal) ?? loginName(settings)), groups: values(.group))
  }

  /// The model that `LOAM_MODEL` names, else the one inside the program.
  func encoder() throws(Problem) -> Encoder {
    if let path = settings.value(of: .model) { return try Encoder(file: path) }
    return try Encoder.bundled()
  }

  /// The models at hand: ``encoder()`` and, where one is named that is to take its place, that one.
  func encoders() throws(Problem) -> [Encoder] {
    let encoder = try encoder()
    guard let path = value(.nextModel) else { return [encoder] }
    let next = path == "bundled" ? try Encoder.bundled() : try Encoder(file: path)
    return next.modelID == encoder.modelID ? [encoder] : [encoder, next]
  }

  /// The cores that this process may use.
  var threads: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
