import Chronology
import TestSupport
import Testing

@Suite("A zone")
struct ZoneTests {
  /// Days that the zone files of the machine have known for long.
  @Test(
    "has the offset of its file, of its footer and of the time before",
    arguments: [
      ("Europe/Berlin", "19800601T120000", 7200), ("Europe/Berlin", "20260703T090000", 7200),
      ("Europe/Berlin", "20261225T090000", 3600), ("Europe/Berlin", "29990703T090000", 7200),
      ("Europe/Berlin", "18800101T000000", 3208), ("America/New_York", "20260308T015959", -18_000),
      ("America/New_York", "20260308T030000", -14_400), ("Asia/Kolkata", "20260703T090000", 19_800),
      ("Australia/Lord_Howe", "20260703T090000", 37_800),
      ("Australia/Lord_Howe", "20261225T090000", 39_600),
      ("Asia/Kathmandu", "21000101T000000", 20_700),
    ])
  func offsets(name: String, time: String, offset: Int) throws {
    let rules = try #require(ZoneDirectory.system.rules(named: name))
    let civil = try #require(TimeValue(Array(time.utf8))).civil
    let instant = rules.instant(of: civil)
    #expect(rules.offset(at: instant) == offset)
    #expect(rules.civil(at: instant) == civil)
  }

  /// RFC 5545, section 3.3.5: a skipped time has the offset before the gap, a repeated one is the
  /// first.
  @Test(
    "places a skipped time behind the gap and a repeated one at its first occurrence",
    arguments: [
      ("America/New_York", "20070311T023000", "2007-03-11T07:30:00"),
      ("America/New_York", "20071104T013000", "2007-11-04T05:30:00"),
      ("Europe/Berlin", "20260329T023000", "2026-03-29T01:30:00"),
      ("Europe/Berlin", "20261025T023000", "2026-10-25T00:30:00"),
      ("Europe/Berlin", "20400325T023000", "2040-03-25T01:30:00"),
      ("Europe/Berlin", "20401028T023000", "2040-10-28T00:30:00"),
      ("Australia/Lord_Howe", "20260405T014500", "2026-04-04T14:45:00"),
      ("Pacific/Apia", "20111230T120000", "2011-12-30T22:00:00"),
    ])
  func gapsAndFolds(name: String, local: String, utc: String) throws {
    let rules = try #require(ZoneDirectory.system.rules(named: name))
    let civil = try #require(TimeValue(Array(local.utf8))).civil
    #expect(CivilTime(instant: rules.instant(of: civil))?.text == utc)
  }

  @Test("comes back from every instant's local time, but for the second pass of a repeated hour")
  func roundTrip() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let names = [
      "Europe/Berlin", "America/New_York", "Africa/Casablanca", "Pacific/Apia", "Asia/Tehran",
      "Europe/Dublin", "America/Nuuk", "Antarctica/Troll",
    ]
    for name in names {
      let rules = try #require(ZoneDirectory.system.rules(named: name))
      for _ in 0..<2_000 {
        let instant = Int64.random(in: -3_000_000_000...8_000_000_000, using: &random)
        let civil = try #require(rules.civil(at: instant))
        let back = rules.instant(of: civil)
        #expect(rules.civil(at: back) == civil, "\(name) \(instant), seed \(seed)")
        #expect(back == instant || back < instant && instant - back <= 7_200, "\(name) \(instant)")
      }
    }
  }

  @Test(
    "is looked for under safe names only",
    arguments: [
      "", ".", "..", "../zoneinfo/Europe/Berlin", "Europe/../Europe/Berlin", "/etc/passwd",
      "Europe//Berlin", "Europe/Berlin/", "Europe", "posix/Europe/Berlin", "right/Europe/Berlin",
      "localtime", "posixrules", "zone.tab", "tzdata.zi", "Europe/Berlin\0", "-x", "a b",
      "Europe/Berlin ", "a/b/c/d/e", String(repeating: "a", count: 1_000),
    ])
  func names(name: String) {
    #expect(ZoneDirectory.system.rules(named: name) == nil)
  }

  @Test(
    "has other names",
    arguments: [
      ("W. Europe Standard Time", "Europe/Berlin"), ("Tokyo Standard Time", "Asia/Tokyo"),
      ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
      (
        "/softwarestudio.org/Olson_20011030_5/America/Argentina/Buenos_Aires",
        "America/Argentina/Buenos_Aires"
      ),
      ("UTC", "UTC"), ("Coordinated Universal Time", "UTC"), ("GMT+0100", nil),
      ("Customized Time Zone", nil), ("/etc/passwd", nil), ("/a/../Europe/Berlin", "Europe/Berlin"),
    ] as [(String, String?)])
  func otherNames(written: String, name: String?) {
    #expect(ZoneDirectory.system.zone(written)?.name == name)
  }

  @Test("of every Windows name and former name is among the machine's")
  func tables() {
    for (written, name) in ZoneNames.windows.merging(
      ZoneNames.former, uniquingKeysWith: { a, _ in a })
    {
      #expect(
        name == "UTC" || ZoneDirectory.system.rules(named: name) != nil, "\(written): \(name)")
    }
  }

  @Test("is nothing where the machine has no zone files, but UTC")
  func absent() {
    let zones = ZoneDirectory(path: "/nonexistent/zoneinfo")
    #expect(!zones.isPresent)
    #expect(zones.zone("Europe/Berlin") == nil)
    #expect(zones.zone("UTC") == .utc)
  }

  @Test("of a broken file is nothing, and no cut or change of a file does harm")
  func brokenFiles() throws {
    let seed = RandomSource.seedFromEnvironment()
    var random = RandomSource(seed: seed)
    let whole = try octets(ofFile: "/usr/share/zoneinfo/Europe/Berlin")
    try withTemporaryFolder { folder in
      for index in 0..<2_000 {
        var octets = whole
        if index.isMultiple(of: 4) {
          octets.removeLast(Int.random(in: 1..<octets.count, using: &random))
        }
        for _ in 0..<Int.random(in: 0...6, using: &random) where !octets.isEmpty {
          octets[Int.random(in: 0..<octets.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
        try write(octets, to: "\(folder)/Z\(index)")
        guard let rules = ZoneDirectory(path: folder).rules(named: "Z\(index)") else { continue }
        for instant in [Int64.min / 2, -1, 1_800_000_000, 99_999_999_999, Int64.max / 2] {
          let offset = rules.offset(at: instant)
          #expect((-93_599...93_599).contains(offset), "seed \(seed)")
        }
        _ = rules.instant(ofClock: 1_800_000_000)
      }
    }
  }
}
