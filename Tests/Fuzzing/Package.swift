// swift-tools-version: 6.2
import PackageDescription

/// The fuzz targets, `make fuzz`: Loam's own targets (`Sources` is a link to the package's) with
/// libFuzzer's instrumentation, and one executable that feeds them.
///
/// A package of its own, so that building Loam needs none of this. All is one package here as well,
/// which is what `package` declarations ask for. lld links it; the default linker does not.
let instrumented: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .unsafeFlags(["-sanitize=fuzzer"]),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  // `generate` is run by hand.
  let hasGenerator = ["UnicodeTables", "Markup"].contains(name)
  return .target(
    name: name, dependencies: dependencies, path: "Sources/\(name)",
    exclude: hasGenerator ? ["generate"] : [], swiftSettings: instrumented)
}

let package = Package(
  name: "loam-fuzzing",
  targets: [
    .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CKernels"),
    .target(name: "CModel", exclude: ["all-MiniLM-L6-v2.loam", "LICENSE", "NOTICE"]),
    library("Grounding"),
    library("UnicodeTables"),
    library("Octets", ["CLinux", "CKernels", "Grounding"]),
    library("Chronology", ["Octets"]),
    library("Markup", ["UnicodeTables", "Octets", "Grounding"]),
    library("Analysis", ["UnicodeTables", "Grounding"]),
    library("Mail", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Documents", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Calendar", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Embedding", ["UnicodeTables", "Octets", "Grounding", "CKernels", "CModel"]),
    library("Partition", ["Analysis", "Octets", "Grounding", "CSQLite", "CKernels"]),
    library(
      "Retrieval",
      ["Partition", "Embedding", "Analysis", "Chronology", "Octets", "Grounding", "CKernels"]),
    library("HTTPTransport", ["CLinux"]),
    .executableTarget(
      name: "fuzz",
      dependencies: [
        "Mail", "Documents", "Calendar", "Markup", "Chronology", "Analysis", "Octets", "Grounding",
        "Retrieval", "HTTPTransport",
      ],
      path: "Fuzz", swiftSettings: instrumented,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]),
  ]
)
