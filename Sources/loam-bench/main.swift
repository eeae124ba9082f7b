import Glibc
import Grounding

let usage = """
  usage: loam-bench passages --mail MBOX... [--limit N] -o FILE
         loam-bench queries PASSAGES --kind natural|content|words [--count N] [--seed N] -o FILE
         loam-bench recombine PASSAGES [--count N] [--seed N] -o FILE
         loam-bench lexical --passages FILE --queries FILE [--k N] [--home DIR] [--warmup N] [--repeats N]
                            [--step] [--whole]
         loam-bench encode [--passages FILE] [--queries FILE...] [--threads N] -o FILE
         loam-bench encoder [--passages FILE] [--count N] [--tokens N] [--query-count N] [--query-tokens N]
                            [--threads N] [--seed N] [--warmup N] [--repeats N] [--step]
         loam-bench noise VECTORS [--count N] [--noise SHARE] [--dim N] [--seed N] -o FILE
         loam-bench vector --vectors FILE --queries FILE [--dim N] [--k N] [--limit N] [--selectivity SHARE]
                           [--seed N] [--warmup N] [--repeats N] [--step]
         loam-bench questions --home DIR --tenant T --user U --queries FILE [--mode hybrid|lexical|vector]
                              [--encode] [--whole] [--warmup N] [--repeats N] [--step]
         loam-bench twins --passages FILE --home DIR [--visible N] [--hidden N] [--queries N] [--seed N]
                          [--encode]
         loam-bench resident --home DIR --passages FILE [--vectors FILE] [--tenant T] [--user U]

  passages  cuts whole bodies of mail, quotes included, into passages: JSON lines
  queries   draws queries from passages by a seed: a line each
  recombine makes more passages, of the sentences of some, by a seed
  lexical   times the lexical leg over the passages; prints JSON as the peers do
  encode    makes vectors of passages and queries: 32-bit floats
  encoder   times the encoder over passages, or over pieces drawn by a seed
  noise     makes more vectors, of some with noise, by a seed
  vector    times the vector leg over vectors of 32-bit floats
  questions times whole questions to a store
  twins     asks two stores that differ in hidden items only; compares answers and times
  resident  says what an index takes of memory with every list and vector in it

  """

do throws(Problem) {
  let arguments = Arguments(Array(CommandLine.arguments.dropFirst()))
  switch arguments.command {
  case "passages": try makePassages(arguments)
  case "queries": try makeQueries(arguments)
  case "recombine": try recombinePassages(arguments)
  case "lexical": try timeLexical(arguments)
  case "encode": try encodeVectors(arguments)
  case "encoder": try timeEncoder(arguments)
  case "noise": try addNoise(arguments)
  case "vector": try timeVectors(arguments)
  case "questions": try timeQuestions(arguments)
  case "twins": try askTwins(arguments)
  case "resident": try measureResident(arguments)
  default:
    print(usage, terminator: "")
    exit(arguments.command == "help" ? 0 : 2)
  }
} catch {
  print("loam-bench: \(error.code.rawValue): \(error.detail) \(error.place ?? "")")
  exit(3)
}
