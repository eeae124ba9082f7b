/// The options, each described once however many commands take it.
extension CommandOption {
  static let help = CommandOption(
    name: "--help", short: "-h", summary: "print what the command does, and examples")
  static let json = CommandOption(name: "--json", summary: "print JSON for programs")
  static let quiet = CommandOption(
    name: "--quiet", summary: "no progress and no remarks; results and errors only")
  static let home = CommandOption(
    name: "--home", value: "DIR", summary: "the folder that holds all tenants", setting: .home)
  /// What all commands take.
  static let common = [json, home, quiet, help]

  static let tenant = CommandOption(
    name: "--tenant", value: "T", summary: "whose data it is (default: default)", setting: .tenant)
  static let allTenants = CommandOption(
    name: "--all-tenants", summary: "every tenant that the home has")
  static let from = CommandOption(
    name: "--from", value: "ADDRESS", summary: "what was sent, organised or written by an address")
  static let naming = CommandOption(
    name: "--naming", value: "ADDRESS", summary: "whatever has the address among its people")
  static let everything = CommandOption(name: "--all", summary: "the whole tenant")
  static let replace = CommandOption(
    name: "--replace", summary: "put it in the place of what is there")
  static let asPrincipal = CommandOption(
    name: "--as", value: "P",
    summary: "show what this principal would see (default: the login name)", setting: .principal)
  static let group = CommandOption(
    name: "--group", value: "G", repeats: true, summary: "a group that the principal belongs to",
    setting: .groups)

  static let source = CommandOption(
    name: "--source", value: "NAME",
    summary: "the source's name (default: the absolute path of each PATH)")
  static let owner = CommandOption(
    name: "--owner", value: "P", summary: "who owns what is read (default: the login name)",
    setting: .principal)
  static let allow = CommandOption(
    name: "--allow", value: "GRANT", repeats: true,
    summary: "who else may see it: user:NAME, group:NAME, everyone; a leading ! denies")
  static let accessFile = CommandOption(
    name: "--acl", value: "FILE",
    summary: "JSON lines {\"glob\", \"grants\"}; the last one that matches a path counts")
  static let exclude = CommandOption(
    name: "--exclude", value: "GLOB", repeats: true, summary: "paths that are passed over")
  static let domain = CommandOption(
    name: "--domain", value: "D", repeats: true,
    summary: "a domain of the tenant's: mail among its addresses alone is internal",
    setting: .domains)
  static let trustServer = CommandOption(
    name: "--trust-server", value: "ID", repeats: true,
    summary: "a mail server whose Authentication-Results are believed", setting: .trustedServers)
  static let noVectors = CommandOption(
    name: "--no-vectors", summary: "leave the vectors to a later `loam embed`")
  static let nextModel = CommandOption(
    name: "--next-model", value: "FILE",
    summary: "a model that is to take the other's place; bundled: the one in the program",
    setting: .nextModel)
  static let keepModel = CommandOption(
    name: "--keep-model", summary: "give up a change of the model that has begun")
  static let prune = CommandOption(
    name: "--prune", summary: "remove what vanished even where more than a fifth would go")

  static let kind = CommandOption(
    name: "--kind", value: "K", repeats: true, summary: "only this kind of item",
    choices: ["mail", "document", "event"])
  static let mode = CommandOption(
    name: "--mode", value: "M", summary: "which legs score (default: hybrid)",
    choices: ["hybrid", "lexical", "vector"])
  static let fusion = CommandOption(
    name: "--fusion", value: "F", summary: "how the legs are joined (default: convex)",
    choices: ["convex", "rrf"])
  static let groupBy = CommandOption(
    name: "--group-by", value: "G", summary: "one result a conversation: its best item",
    choices: ["conversation"])
  static let limit = CommandOption(
    name: "--limit", value: "N", summary: "how many results, 1 to 100 (default: 10)")
  static let snippets = CommandOption(
    name: "--snippets", value: "N", summary: "snippets of each item, 1 to 10 (default: 3)")
  static let budget = CommandOption(
    name: "--budget-tokens", value: "N",
    summary: "how many of the model's tokens the snippets may take")
  static let now = CommandOption(
    name: "--now", value: "T",
    summary: "the moment of asking, as 2026-11-24T09:00:00+01:00 (default: now; none with --json)")
  static let zone = CommandOption(
    name: "--zone", value: "Z", summary: "the asker's time zone, as Europe/Berlin", setting: .zone)

  static let qrels = CommandOption(
    name: "--qrels", value: "NAME", summary: "which judgements (default: test)")
  static let mail = CommandOption(
    name: "--mail", value: "PATH", repeats: true,
    summary: "mail stores that the topics are about, in place of corpus.jsonl")
  static let legs = CommandOption(
    name: "--legs", value: "L,...", summary: "which of lexical,vector,hybrid (default: all)")
  static let excludePairs = CommandOption(
    name: "--exclude-pairs", value: "FILE",
    summary: "drop these lines of topic, tab, item from runs and judgements")
  static let topics = CommandOption(
    name: "--topics", value: "FILE", summary: "measure only the topics whose ids are its lines")
  static let noThreads = CommandOption(
    name: "--no-threads", summary: "rank each message by itself, for comparison")
  static let depth = CommandOption(
    name: "--depth", value: "N", summary: "how deep each ranking goes (default: 1000)")
  static let perTopic = CommandOption(
    name: "--per-topic", summary: "also list nDCG@10 topic by topic")
  static let report = CommandOption(
    name: "--report", value: "FILE", summary: "write an HTML page with tables and plots")
  static let seed = CommandOption(
    name: "--seed", value: "N", summary: "what intervals and p are drawn from (default: 20261124)")
  static let runFolder = CommandOption(
    name: "--run-dir", value: "DIR", summary: "write one TREC run a leg into this folder")
  static let dumpPassages = CommandOption(
    name: "--dump-passages", value: "FILE", summary: "write what the encoder reads as JSON lines")

  static let output = CommandOption(
    name: "--output", short: "-o", value: "FILE", summary: "the file to write")
  static let weights = CommandOption(
    name: "--weights", value: "W", summary: "how weights are kept (default: int8)",
    choices: ["int8", "f32"])

  static let modelName = CommandOption(
    name: "--name", value: "NAME", summary: "how the model is called (default: the folder's name)")
  static let pooling = CommandOption(
    name: "--pooling", value: "P", summary: "how a text's vector is made (default: the folder's)",
    choices: ["mean", "cls"])
  static let queryPrefix = CommandOption(
    name: "--query-prefix", value: "TEXT", summary: "what goes before every query")
  static let passagePrefix = CommandOption(
    name: "--passage-prefix", value: "TEXT", summary: "what goes before every passage")
  static let maximumTokens = CommandOption(
    name: "--tokens", value: "N", summary: "how many tokens are read (default: the folder's)")

  static let keyPrincipal = CommandOption(
    name: "--principal", value: "P", summary: "who asks with the key")
  static let keyGroup = CommandOption(
    name: "--group", value: "G", repeats: true, summary: "a group that the principal belongs to")
  static let operatorKey = CommandOption(
    name: "--operator", summary: "the key may read the metrics too")
  static let expires = CommandOption(
    name: "--expires", value: "DATE", summary: "from when on it is refused, as 2027-06-30 (UTC)")

  static let listen = CommandOption(
    name: "--listen", value: "HOST:PORT",
    summary: "a numeric address and a port, 0 for any (default: 127.0.0.1:8765)")
  static let behindProxy = CommandOption(
    name: "--behind-proxy",
    summary: "a proxy in front brings TLS and X-Forwarded-For; allows any address")
  static let makeVectors = CommandOption(
    name: "--embed", summary: "make pending vectors in the background, of all tenants")
  static let memory = CommandOption(
    name: "--memory", value: "N",
    summary: "mebibytes of stores and indexes kept in memory, over all tenants (default: 1024)")
  static let rate = CommandOption(
    name: "--rate", value: "N",
    summary: "requests a second for each key, twice as many at once (default: 100)")
}
