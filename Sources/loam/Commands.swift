import Grounding

/// The version of this program; the change log says what is in it.
let programVersion = "0.1.0"

extension CommandTable {
  /// All commands of the program, in the order in which help lists them.
  static let loam = CommandTable(commands: [
    .ingest, .embed, .parse, .search, .show, .sourceList, .sourceRemove, .evaluateDataset,
    .evaluateRun, .serve, .verify, .backup, .restore, .erase,
    .keyAdd, .keyList, .keyRevoke, .modelConvert, .tenants, .manual,
    .completion, .version,
  ])
}
