// swift-tools-version: 6.2
import PackageDescription

/// Every Swift target is held to the same rules; CONTRIBUTING.md says what each asks of you.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .enableUpcomingFeature("InferIsolatedConformances"),
  .treatAllWarnings(as: .error),
  .treatWarning("DeprecatedDeclaration", as: .warning),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(
  _ subject: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(
    name: "\(subject)Tests", dependencies: dependencies + ["TestSupport"],
    path: "Tests/\(subject)Tests", exclude: exclude, swiftSettings: strict)
}

// The arrows between targets are those of the table in ARCHITECTURE.md; a test holds both together.
let package = Package(
  name: "loam",
  products: [.executable(name: "loam", targets: ["loam"])],
  targets: [
    // C: what Swift cannot import, the kernels, the model's octets.
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .target(name: "CLinux"),
    .target(name: "CKernels"),
    .target(
      name: "CModel", exclude: ["all-MiniLM-L6-v2.loam", "LICENSE", "NOTICE"]),

    // Vocabulary and values.
    library("Grounding"),
    // `generate` is run by hand; what it writes is committed.
    .target(name: "UnicodeTables", exclude: ["generate"], swiftSettings: strict),
    library("Octets", ["CLinux", "CKernels", "Grounding"]),
    library("Chronology", ["Octets"]),
    .target(
      name: "Markup", dependencies: ["UnicodeTables", "Octets", "Grounding"],
      exclude: ["generate"], swiftSettings: strict),
    library("Analysis", ["UnicodeTables", "Grounding"]),

    // Octets to parsed items.
    library("Mail", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Documents", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Calendar", ["Markup", "Chronology", "Octets", "Grounding"]),
    library("Reading", ["Mail", "Documents", "Calendar", "Octets", "Grounding"]),
    library("Conversion", ["Reading", "Octets", "Grounding", "CLinux"]),

    // Both indexes and what reads them.
    library("Embedding", ["UnicodeTables", "Octets", "Grounding", "CKernels", "CModel"]),
    library("Partition", ["Analysis", "Octets", "Grounding", "CSQLite", "CKernels"]),
    library(
      "Retrieval",
      ["Partition", "Embedding", "Analysis", "Chronology", "Octets", "Grounding", "CKernels"]),

    // The consumers.
    library(
      "Ingestion",
      [
        "Conversion", "Reading", "Mail", "Documents", "Embedding", "Partition", "Analysis",
        "Chronology", "Octets", "Grounding", "CLinux",
      ]),
    // Knows nothing of Loam.
    library("HTTPTransport", ["CLinux"]),
    library(
      "Service",
      ["HTTPTransport", "Retrieval", "Partition", "Embedding", "Chronology", "Octets", "Grounding"]),
    library(
      "Evaluation",
      ["Ingestion", "Retrieval", "Partition", "Embedding", "Octets", "Grounding"]),
    .executableTarget(
      name: "loam",
      dependencies: [
        "Service", "HTTPTransport", "Evaluation", "Ingestion", "Conversion", "Reading", "Retrieval",
        "Partition", "Embedding", "Analysis", "Chronology", "Octets", "Grounding", "CLinux",
      ],
      swiftSettings: strict),

    .executableTarget(
      name: "loam-bench",
      dependencies: [
        "Service", "HTTPTransport", "Evaluation", "Ingestion", "Mail", "Retrieval", "Partition",
        "Embedding", "Analysis", "Octets", "Grounding",
      ],
      swiftSettings: strict),

    // Tests: one target a subject, over one support target.
    .target(
      name: "TestSupport", dependencies: ["Octets", "Grounding"], path: "Tests/TestSupport",
      swiftSettings: strict),
    // What goes wrong below SQLite, and the program that lets it: a process of its own, since SQLite
    // has one allocator and one default VFS a process.
    .target(name: "CFaults", dependencies: ["CSQLite"], path: "Tests/CFaults"),
    .executableTarget(
      name: "loam-faults",
      dependencies: [
        "Retrieval", "Partition", "Analysis", "Octets", "Grounding", "CFaults", "CSQLite",
      ],
      path: "Tests/loam-faults", swiftSettings: strict),
    tests("Architecture", []),
    tests("Fault", ["loam-faults"], exclude: ["Seeds.txt"]),
    tests("Grounding", ["Grounding"]),
    tests("Octets", ["Octets", "CKernels", "Grounding"]),
    tests("Chronology", ["Chronology"]),
    tests("UnicodeTables", ["UnicodeTables"]),
    tests("Analysis", ["Analysis", "UnicodeTables", "Grounding"]),
    tests("Markup", ["Markup", "Octets", "Grounding"]),
    tests(
      "Mail", ["Mail", "Markup", "Chronology", "Octets", "Grounding"],
      exclude: ["LabelledBodies.tsv", "LabelledBodiesHeldOut.tsv"]),
    tests("Documents", ["Documents", "Markup", "Octets", "Grounding"]),
    tests("Calendar", ["Calendar", "Markup", "Chronology", "Octets", "Grounding"]),
    tests(
      "Reading", ["Reading", "Mail", "Documents", "Calendar", "Markup", "Octets", "Grounding"]),
    tests("Conversion", ["Conversion", "Reading", "Octets", "Grounding"]),
    tests("Embedding", ["Embedding", "CKernels", "Octets", "Grounding"]),
    tests("Partition", ["Partition", "Analysis", "Octets", "Grounding", "CSQLite"]),
    tests(
      "Retrieval", ["Retrieval", "Partition", "Embedding", "Analysis", "Octets", "Grounding"],
      exclude: ["Golden"]),
    tests(
      "Ingestion",
      [
        "Ingestion", "Conversion", "Reading", "Retrieval", "Partition", "Embedding", "Analysis",
        "Octets", "Grounding",
      ]),
    tests("HTTPTransport", ["HTTPTransport", "CLinux"]),
    tests(
      "Service",
      [
        "Service", "HTTPTransport", "Ingestion", "Retrieval", "Partition", "Embedding", "Analysis",
        "Octets", "Grounding",
      ]),
    tests(
      "Evaluation",
      ["Evaluation", "Ingestion", "Reading", "Retrieval", "Partition", "Embedding", "Grounding"]),
    tests(
      "CommandLine", ["loam", "Partition", "Octets", "Grounding", "CSQLite"], exclude: ["Golden"]),
  ]
)
