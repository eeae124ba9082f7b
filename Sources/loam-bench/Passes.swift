import Glibc
import Grounding

/// A value of the one flat object that a pass or a summary is.
enum BenchValue {
  case text(String)
  case number(Double)

  var json: String {
    switch self {
    case .text(let text): "\"\(text)\""
    case .number(let number):
      number == number.rounded() && abs(number) < 1e15
        ? String(Int(number)) : String((number * 10_000).rounded() / 10_000)
    }
  }
}

typealias BenchFields = [(name: String, value: BenchValue)]

/// Runs passes as the peers' scripts do: `--warmup` untimed ones, then `--repeats`, or with `--step` one a
/// `run` line of standard input, so that several programs can take turns.
func runPasses(
  _ arguments: Arguments, head: BenchFields, _ pass: () throws(Problem) -> BenchFields
) throws(Problem) {
  for _ in 0..<(try arguments.number("warmup", default: 1)) { _ = try pass() }
  if arguments.has("step") {
    writeFields([("event", .text("ready"))] + head)
    while let line = readLine(), line != "quit" {
      if line == "run" { writeFields([("event", .text("pass"))] + (try pass())) }
    }
    writeFields([("event", .text("summary")), ("peak_rss_mb", .number(peakResident()))])
    return
  }
  for _ in 0..<(try arguments.number("repeats", default: 3)) { writeFields(head + (try pass())) }
}

func writeFields(_ fields: BenchFields) {
  print("{" + fields.map { "\"\($0.name)\": \($0.value.json)" }.joined(separator: ", ") + "}")
  fflush(nil)
}

private func peakResident() -> Double {
  var usage = rusage()
  unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
  return Double(usage.ru_maxrss) / 1024
}

/// Wall and thread time.
enum Clock {
  struct Time {
    var wall: Int64
    var cpu: Int64
  }

  static func wall() -> Int64 { read(CLOCK_MONOTONIC) }

  private static func read(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  static func time(_ body: () throws(Problem) -> Void) throws(Problem) -> Time {
    let (wall, cpu) = (read(CLOCK_MONOTONIC), read(CLOCK_THREAD_CPUTIME_ID))
    try body()
    return Time(wall: read(CLOCK_MONOTONIC) - wall, cpu: read(CLOCK_THREAD_CPUTIME_ID) - cpu)
  }

  /// Nearest-rank percentiles in milliseconds, as the peers print them.
  static func summary(_ times: [Time]) -> BenchFields {
    func percentile(_ values: [Int64], _ share: Int) -> BenchValue {
      let sorted = values.sorted()
      let rank = max(0, (sorted.count * share + 99) / 100 - 1)
      return .number(sorted.isEmpty ? 0 : Double(sorted[min(rank, sorted.count - 1)]) / 1e6)
    }
    let (wall, cpu) = (times.map(\.wall), times.map(\.cpu))
    return [
      ("p50_ms", percentile(wall, 50)), ("p99_ms", percentile(wall, 99)),
      ("cpu_p50_ms", percentile(cpu, 50)), ("cpu_p99_ms", percentile(cpu, 99)),
      ("mean_ms", .number(Double(wall.reduce(0, +)) / Double(max(1, wall.count)) / 1e6)),
      ("cpu_s", .number(Double(cpu.reduce(0, +)) / 1e9)),
    ]
  }
}
