// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import Testing

@testable import Governance

struct TimestampTextTests {
  /// Text and microseconds since 1970.
  static let accepted: [(String, Int64)] = [
    ("1970-01-01T00:00:00Z", 0),
    ("1970-01-01T00:00:00.000001Z", 1),
    ("1970-01-01T00:00:00.1Z", 100_000),
    ("1970-01-01T00:00:00.123456789Z", 123_456),
    ("1970-01-01T00:00:00.999999999Z", 999_999),
    ("1970-01-01t00:00:01z", 1_000_000),
    ("1970-01-01T23:59:00+23:59", 0),
    ("1970-01-01T00:00:00-00:00", 0),
    ("1970-01-01T00:00:00-23:59", 86_340_000_000),
    ("2000-02-29T12:00:00Z", 951_825_600_000_000),
    ("2024-02-29T00:00:00+05:45", 1_709_144_100_000_000),
    ("2026-11-21T08:30:00.000000Z", 1_795_249_800_000_000),
    ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999),
  ]

  static let refused = [
    "", "now", "infinity", "-infinity", "epoch", "today", "allballs", "tomorrow",
    "2026-11-21", "2026-11-21T08:30:00", "2026-11-21 08:30:00Z", "2026-11-21T08:30Z",
    "2026-11-21T08:30:60Z", "2016-12-31T23:59:60Z", "2026-11-21T24:00:00Z",
    "2026-11-21T08:60:00Z", "2026-00-21T08:30:00Z", "2026-13-21T08:30:00Z",
    "2026-11-00T08:30:00Z", "2026-11-31T08:30:00Z", "2026-02-29T08:30:00Z",
    "2100-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "1969-12-31T23:59:59Z",
    "10000-01-01T00:00:00Z", "0000-01-01T00:00:00Z", "-2026-11-21T08:30:00Z",
    "2026-11-21T08:30:00.Z", "2026-11-21T08:30:00.1234567890Z", "2026-11-21T08:30:00,5Z",
    "2026-11-21T08:30:00+24:00", "2026-11-21T08:30:00+00:60", "2026-11-21T08:30:00+0000",
    "2026-11-21T08:30:00+00", "2026-11-21T08:30:00 Z", " 2026-11-21T08:30:00Z",
    "2026-11-21T08:30:00Z ", "2026-11-21T08:30:00Z\n", "2026-11-21T08:30:00ZZ",
    "2026-1-21T08:30:00Z", "20261121T083000Z", "2026-11-21T08:30:00\u{0}Z",
    "２０２６-11-21T08:30:00Z", "2026-11-21T08:30:00−05:00", "2026-W47-6T08:30:00Z",
    "1970-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "1795249800", "2026-11-21T08:30:00",
    "infinity\u{0}", "2026-11-21T0x:30:00Z",
  ]

  @Test(arguments: accepted)
  func reads(text: String, microseconds: Int64) {
    #expect(Timestamp(rfc3339: text)?.microseconds == microseconds)
  }

  @Test(arguments: refused)
  func refuses(text: String) {
    #expect(Timestamp(rfc3339: text) == nil)
  }

  @Test func refusesEveryPrefixAndSurvivesEveryByteInEveryPlace() {
    let text = Array("2026-11-21T08:30:00.123456+05:30".utf8)
    for end in 0..<text.count {
      #expect(Timestamp(rfc3339: String(decoding: text[..<end], as: UTF8.self)) == nil)
    }
    for place in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        if let read = Timestamp(rfc3339: String(decoding: changed, as: UTF8.self)) {
          #expect(Timestamp(rfc3339: read.rfc3339) == read)
        }
      }
    }
  }

  @Test func writesSixDecimalsAndReadsThemBack() {
    #expect(Timestamp(microseconds: 0).rfc3339 == "1970-01-01T00:00:00.000000Z")
    #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999999Z")
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<20_000 {
      let moment = Timestamp(
        microseconds: Int64.random(in: 0..<253_402_300_800_000_000, using: &generator))
      #expect(Timestamp(rfc3339: moment.rfc3339) == moment)
      #expect(moment.rfc3339.utf8.count == 27)
    }
  }

  @Test func agreesWithFoundation() throws {
    let style = Date.ISO8601FormatStyle()
    for _ in 0..<3000 {
      let seconds = Int64.random(in: 0..<253_402_300_800)
      let moment = Timestamp(microseconds: seconds * 1_000_000)
      let date = Date(timeIntervalSince1970: Double(seconds))
      let theirs = style.format(date)
      #expect(moment.rfc3339 == theirs.replacing("Z", with: ".000000Z"))
      #expect(Timestamp(rfc3339: theirs) == moment)
      #expect(try style.parse(theirs) == date)
    }
  }

  @Test func noMomentTraps() {
    for edge in [Int64.min, .min + 1, -1, 0, 1, .max - 1, .max] {
      _ = Timestamp(microseconds: edge).rfc3339
      _ = Timestamp(microseconds: edge).seconds(since: Timestamp(microseconds: .max))
      for days in [Int.min, -1, 0, 1, Int.max] {
        _ = Timestamp(microseconds: edge).adding(days: days)
      }
    }
    #expect(Timestamp(microseconds: 0).adding(days: .max) == .infinity)
    #expect(Timestamp(microseconds: 0).adding(days: .min) == .negativeInfinity)
    #expect(Timestamp(microseconds: 5).adding(days: 1).microseconds == 86_400_000_005)
    #expect(
      Timestamp(microseconds: 2_500_000).seconds(since: Timestamp(microseconds: 1_000_000)) == 1.5)
  }
}

struct CivilDateTests {
  @Test func agreesWithACalendarKeptByHandFrom1970To2200() {
    var (year, month, day) = (Int64(1970), Int64(1), Int64(1))
    let lengths: [Int64] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for count in Int64(0)..<84_006 {
      let date = CivilDate(year: year, month: month, day: day)
      #expect(CivilDate(daysSince1970: count) == date)
      #expect(date.daysSince1970 == count)
      day += 1
      let isLeap = year % 400 == 0 || (year % 4 == 0 && year % 100 != 0)
      if day > lengths[Int(month - 1)] + (month == 2 && isLeap ? 1 : 0) {
        (month, day) = (month + 1, 1)
      }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
    #expect(year == 2200)
  }

  @Test func knowsDaysBefore1970() {
    #expect(CivilDate(daysSince1970: -1) == CivilDate(year: 1969, month: 12, day: 31))
    #expect(CivilDate(daysSince1970: -719_468) == CivilDate(year: 0, month: 3, day: 1))
    #expect(CivilDate(daysSince1970: -719_469) == CivilDate(year: 0, month: 2, day: 29))
    for count in stride(from: Int64(-2_000_000), through: 2_000_000, by: 997) {
      #expect(CivilDate(daysSince1970: count).daysSince1970 == count)
    }
  }

  @Test(arguments: [(0, 1), (13, 1), (1, 0), (1, 32), (4, 31), (2, 30), (-1, 5), (6, -1)])
  func hasNoSuchDay(month: Int64, day: Int64) {
    #expect(CivilDate(year: 2024, month: month, day: day).daysSince1970 == nil)
  }
}
