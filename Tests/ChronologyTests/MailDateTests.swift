import Chronology
import Testing

@Suite("Dates of mail")
struct MailDateTests {
  @Test(
    "every old and present form is read",
    arguments: [
      ("Fri, 02 Oct 2026 09:14:00 +0200", "2026-10-02T09:14:00", 7_200),
      ("2 Oct 2026 09:14 +0200 (CEST)", "2026-10-02T09:14:00", 7_200),
      ("Fri , 2 \t Oct 2026 9:14:05 -0730", "2026-10-02T09:14:05", -27_000),
      ("Fri, 2 (a (nested) comment) Oct 2026 09:14:00 GMT", "2026-10-02T09:14:00", 0),
      ("Fri, 02 Oct 26 09:14:00 EST", "2026-10-02T09:14:00", -18_000),
      ("Thu, 01 Jan 70 00:00:00 UT", "1970-01-01T00:00:00", 0),
      ("Sat, 31 Dec 49 23:59:60 Z", "2049-12-31T23:59:60", 0),
      ("Sat, 31 Dec 50 00:00:00 PDT", "1950-12-31T00:00:00", -25_200),
      ("Wed, 02 Oct 102 09:14:00 +0100", "2002-10-02T09:14:00", 3_600),
      ("Wednesday, 02-Oct-02 09:14:00 MET DST", "2002-10-02T09:14:00", 7_200),
      ("Wed Oct  2 09:14:00 2002", "2002-10-02T09:14:00", nil),
      ("Wed Oct  2 09:14:00 CEST 2002", "2002-10-02T09:14:00", 7_200),
      ("Wed Oct  2 09:14:00 2002 -0400", "2002-10-02T09:14:00", -14_400),
      ("2002-10-02T09:14:00Z", "2002-10-02T09:14:00", 0),
      ("2002-10-02T09:14:00.25+05:30", "2002-10-02T09:14:00", 19_800),
      ("2002-10-02 09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("2002/10/02 Wed 09:14:00 CDT", "2002-10-02T09:14:00", -18_000),
      ("2 October 2002 9:14 PM", "2002-10-02T21:14:00", nil),
      ("2 Oct 2002 12:14 am GMT", "2002-10-02T00:14:00", 0),
      ("Wed, 2 Oct 2002 09.14.00 +0000", "2002-10-02T09:14:00", 0),
      ("Wed, 2 Oct 2002 09:14:00 GMT+0200", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09:14:00 UTC-3", "2002-10-02T09:14:00", -10_800),
      ("Wed, 2 Oct 2002 09:14:00 -0000", "2002-10-02T09:14:00", nil),
      ("Wed, 2 Oct 2002 09:14:00 Q", "2002-10-02T09:14:00", nil),
      ("29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00", 0),
      // RFC 733 and 822: no colons, military and alphabetic zones.
      ("Thursday, 26 Aug 76 1429-EDT", "1976-08-26T14:29:00", -14_400),
      ("26 Aug 76 142930 pst", "1976-08-26T14:29:30", -28_800),
      ("26 Aug 76 14:29-PDT", "1976-08-26T14:29:00", -25_200),
      ("26 Aug 76 1429Z", "1976-08-26T14:29:00", 0),
      ("26-Aug-76 14:29:30 N", "1976-08-26T14:29:30", nil),
      ("Mon, 02 Dec 02 09:14 YST", "2002-12-02T09:14:00", -32_400),
      ("2 Dec 02 09:14:00 Eastern Standard Time", "2002-12-02T09:14:00", -18_000),
      ("2 Oct 02 09:14:00 Eastern Daylight Time", "2002-10-02T09:14:00", -14_400),
      ("2 Oct 02 09:14:00 Greenwich Mean Time", "2002-10-02T09:14:00", 0),
      ("2 Oct 02 09:14:00 GMT Daylight Time", "2002-10-02T09:14:00", 3_600),
      // RFC 850, ctime, date(1).
      ("Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37", 0),
      ("Wed Oct 02 09:14:00 MET DST 2002", "2002-10-02T09:14:00", 7_200),
      ("Wed Oct  2 09:14 NZDT 2002", "2002-10-02T09:14:00", 46_800),
      ("Wed  2 Oct 09:14:00 BST 2002", "2002-10-02T09:14:00", 3_600),
      ("Wed Oct 02 2002 09:14:00 GMT+0200 (CEST)", "2002-10-02T09:14:00", 7_200),
      ("02/Oct/2002:09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("2-OCT-2002 09:14:00.00", "2002-10-02T09:14:00", nil),
      ("02Oct2002 09:14 GMT", "2002-10-02T09:14:00", 0),
      // ISO 8601.
      ("20021002T091400Z", "2002-10-02T09:14:00", 0),
      ("20021002T0914+0200", "2002-10-02T09:14:00", 7_200),
      ("20021002 09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("2002-10-02T09:14-05:00", "2002-10-02T09:14:00", -18_000),
      ("2002-10-02t09:14:00,5+02", "2002-10-02T09:14:00", 7_200),
      ("2002-10-02 09:14:00.123456789 +0000 UTC", "2002-10-02T09:14:00", 0),
      // Times with dots and letters, and half days.
      ("Wed, 2 Oct 2002 09.14 +0200", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09h14 +0200", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09:14:00. +0200", "2002-10-02T09:14:00", 7_200),
      ("Wednesday, October 2, 2002 at 9:14 p.m. EDT", "2002-10-02T21:14:00", -14_400),
      ("Oct 2, 2002 12:14:00AM PST", "2002-10-02T00:14:00", -28_800),
      // Numbers alone.
      ("02.10.2002 09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("2002.10.02 09:14", "2002-10-02T09:14:00", nil),
      ("10/31/2002 09:14:00 -0500", "2002-10-31T09:14:00", -18_000),
      ("31/10/2002 09:14", "2002-10-31T09:14:00", nil),
      ("5/5/2002 9:14 PM", "2002-05-05T21:14:00", nil),
      // Programs that took the century for a number.
      ("Wed, 2 Oct 19102 09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 100 09:14:00 +0200", "2000-10-02T09:14:00", 7_200),
      // Names in other languages; a Tuesday that looks like March.
      ("Mar, 1 Oct 2002 09:14:00 +0200", "2002-10-01T09:14:00", 7_200),
      ("Mar 1, 2002 09:14:00 +0200", "2002-03-01T09:14:00", 7_200),
      ("Mi, 2 Okt 2002 09:14:00 +0200", "2002-10-02T09:14:00", 7_200),
      ("mié, 02 dic 2002 09:14:00 +0100", "2002-12-02T09:14:00", 3_600),
      ("lun. 2 déc. 2002 09:14:00 +0100", "2002-12-02T09:14:00", 3_600),
      ("Di, 12 März 2002 09:14:00 MEZ", "2002-03-12T09:14:00", 3_600),
      ("sex, 2 de agosto de 2002 às 09:14 -0300", "2002-08-02T09:14:00", -10_800),
      ("mar 5 nov 2002 09:14:00 +0100", "2002-11-05T09:14:00", 3_600),
      // Zones said twice, or in comments alone; comments that are odd.
      ("Wed, 2 Oct 2002 09:14:00 GMT +0200", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09:14:00 GMT -0000", "2002-10-02T09:14:00", 0),
      ("Wed, 2 Oct 2002 09:14:00 XYZT -0700", "2002-10-02T09:14:00", -25_200),
      ("Wed, 2 Oct 2002 09:14:00 +0200 MET DST", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09:14:00 (PDT)", "2002-10-02T09:14:00", -25_200),
      ("Wed, 2 Oct 2002 09:14:00 (Pacific Daylight Time)", "2002-10-02T09:14:00", -25_200),
      ("Wed, 2 Oct 2002 09:14:00 (added by mx)", "2002-10-02T09:14:00", nil),
      ("Wed, 2 Oct 2002 09:14:00 -0000 (PDT)", "2002-10-02T09:14:00", nil),
      ("Wed(a), 2(b \\) c)Oct (d) 2002(e)09:14:00(f)+0200(g)", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct 2002 09:14:00 +0200 (open", "2002-10-02T09:14:00", 7_200),
      (") Wed, 2 Oct 2002 09:14:00 +0200)", "2002-10-02T09:14:00", 7_200),
      ("Wed, 2 Oct\0 2002 \009:14:00\0+0200", "2002-10-02T09:14:00", 7_200),
    ] as [(String, String, Int?)])
  func forms(written: String, civil: String, offset: Int?) throws {
    let date = try #require(MailDate(Array(written.utf8)))
    #expect(date.civil.text == civil)
    #expect(date.offset == offset)
    #expect(date.zone != .unknown)
    #expect(date.instant == date.civil.instant(offsetSeconds: offset ?? 0))
  }

  @Test(
    "a zone that nobody knows is said to be one, and read as UTC",
    arguments: [
      "Wed, 2 Oct 2002 09:14:00 XYZT", "Wed, 2 Oct 2002 09:14:00 +9999",
      "Wed, 2 Oct 2002 09:14:00 +2400", "Wed, 2 Oct 2002 09:14:00 01800",
      "Wed, 2 Oct 2002 09:14:00 Central European Time", "2 Oct 2002 09:14 Central Pacific Time",
      "Wed, 2 Oct 2002 09:14:00 AUS Eastern Standard Time",
    ])
  func unknownZones(written: String) throws {
    let date = try #require(MailDate(Array(written.utf8)))
    #expect(date.zone == .unknown && date.instant == 1_033_550_040)
  }

  @Test(
    "what no calendar has is no date",
    arguments: [
      "", "yesterday", "Wed, 2 Oct 2002", "30 Feb 2002 09:14:00", "29 Feb 2023 00:00:00",
      "2 Oct 2002 24:00:00", "2 Oct 2002 09:60", "0 Oct 2002 09:14", "32 Oct 2002 09:14",
      "2 Oct 2002 9:14:61", "2 Oct 09:14", "2 Okr 2002 09:14", "13 Oct 2002 13:14 PM",
      "02/10/2002 09:14", "99999999999999999999 Oct 2002 1:1", "2 Oct 2002 111:00",
      "2 Oct 2002 2514 EDT", "20021302T091400Z", "20021002T99", "2002100 09:14", "32.10.2002 09:14",
      "13/13/2002 09:14", "31/10/02 09:14", "2 Oct 19202 09:14", "2 Oct (2002) 09:14", "1033550040",
    ])
  func noDates(written: String) { #expect(MailDate(Array(written.utf8)) == nil) }
}

@Suite("Civil time")
struct CivilTimeTests {
  @Test(
    "instants of known days",
    arguments: [
      (1970, 1, 1, 0), (1969, 12, 31, -86_400), (2000, 2, 29, 951_782_400),
      (1900, 3, 1, -2_203_891_200), (2038, 1, 19, 2_147_472_000), (1, 1, 1, -62_135_596_800),
      (9999, 12, 31, 253_402_214_400),
    ] as [(Int, Int, Int, Int64)])
  func instants(year: Int, month: Int, day: Int, instant: Int64) throws {
    let civil = try #require(CivilTime(year: year, month: month, day: day))
    #expect(civil.instant(offsetSeconds: 0) == instant)
    #expect(CivilTime(instant: instant) == civil)
  }

  @Test("every day of eight centuries follows the one before, and comes back")
  func days() throws {
    var expected = CivilTime.day(year: 1600, month: 1, day: 1)
    for year in 1600..<2400 {
      for month in 1...12 {
        for day in 1...CivilTime.days(inMonth: month, year: year) {
          #expect(CivilTime.day(year: year, month: month, day: day) == expected)
          let date = CivilTime.date(ofDay: expected)
          #expect(date == (year, month, day))
          expected += 1
        }
      }
    }
  }

  @Test("beyond the calendar there is nothing")
  func bounds() {
    #expect(CivilTime(instant: 253_402_300_799)?.text == "9999-12-31T23:59:59")
    #expect(CivilTime(instant: 253_402_300_800) == nil)
    #expect(CivilTime(instant: -62_135_596_801) == nil)
    #expect(CivilTime(instant: .max, offsetSeconds: 1) == nil)
    #expect(CivilTime(year: 0, month: 1, day: 1) == nil)
    #expect(CivilTime(year: 10_000, month: 1, day: 1) == nil)
    #expect(CivilTime(year: 2026, month: 13, day: 1) == nil)
    #expect(CivilTime(instant: 0, offsetSeconds: -3_600)?.text == "1969-12-31T23:00:00")
  }

  @Test(
    "offsets are written as RFC 3339 does",
    arguments: [(0, "+00:00"), (19_800, "+05:30"), (-12_600, "-03:30")])
  func offsets(seconds: Int, text: String) { #expect(offsetText(seconds) == text) }
}
