// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A point in time, under a name that the edge can use without importing the database's client.
package typealias Moment = Timestamp

extension Timestamp {
  /// The wall clock of this machine, to the microsecond.
  package static func now() -> Timestamp {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Timestamp(
      microseconds: Int64(time.tv_sec) &* 1_000_000 &+ Int64(time.tv_nsec) / 1000)
  }

  /// RFC 3339 in UTC with six decimals and `Z`: `2026-11-21T08:30:00.000000Z`.
  package var rfc3339: String {
    let (day, microsecondOfDay) = microseconds.quotientAndModulus(86_400_000_000)
    let date = CivilDate(daysSince1970: day)
    let second = microsecondOfDay / 1_000_000
    var text: [UInt8] = []
    text.reserveCapacity(27)
    text.append(number: date.year, width: 4, then: "-")
    text.append(number: date.month, width: 2, then: "-")
    text.append(number: date.day, width: 2, then: "T")
    text.append(number: second / 3600, width: 2, then: ":")
    text.append(number: second / 60 % 60, width: 2, then: ":")
    text.append(number: second % 60, width: 2, then: ".")
    text.append(number: microsecondOfDay % 1_000_000, width: 6, then: "Z")
    return String(decoding: text, as: UTF8.self)
  }

  /// Reads an RFC 3339 date-time with any offset, up to nine decimals (what is finer than a
  /// microsecond is cut off), years 1970 to 9999 both as written and in UTC.
  ///
  /// Leap seconds (`:60`), PostgreSQL's words (`now`, `infinity`), and times without an offset are
  /// not dates here: nil.
  package init?(rfc3339 text: String) {
    var parser = DateTimeParser(bytes: Array(text.utf8))
    guard let microseconds = parser.parse() else { return nil }
    self.init(microseconds: microseconds)
  }

  /// From 1970-01-01T00:00:00Z to before 10000-01-01T00:00:00Z: what RFC 3339 can write and this
  /// service takes.
  fileprivate static let secondsOfFourDigitYears: Range<Int64> = 0..<253_402_300_800

  /// Whether this is a moment that may come from outside.
  var isInFourDigitYears: Bool {
    microseconds >= 0 && Self.secondsOfFourDigitYears.contains(microseconds / 1_000_000)
  }

  /// The seconds from `earlier` to this moment; negative when it is later.
  package func seconds(since earlier: Timestamp) -> Double {
    Double(microseconds &- earlier.microseconds) / 1_000_000
  }

  /// The moment `days` later, saturating at the ends of the representable time.
  package func adding(days: Int) -> Timestamp {
    let (span, overflow) = Int64(days).multipliedReportingOverflow(by: 86_400_000_000)
    let (sum, overflowed) = microseconds.addingReportingOverflow(span)
    guard !overflow, !overflowed else { return Timestamp(microseconds: days < 0 ? .min : .max) }
    return Timestamp(microseconds: sum)
  }
}

/// Reads `YYYY-MM-DDThh:mm:ss[.f…](Z|±hh:mm)` byte by byte; never looks past the end.
private struct DateTimeParser {
  let bytes: [UInt8]
  var index = 0

  mutating func parse() -> Int64? {
    guard let year = digits(4), take("-"), let month = digits(2), take("-"), let day = digits(2),
      take("T") || take("t"), let hour = digits(2), take(":"), let minute = digits(2), take(":"),
      let second = digits(2), let fraction = fraction(), let offset = offset(), index == bytes.count
    else { return nil }
    guard (1970...9999).contains(year), hour < 24, minute < 60, second < 60,
      let days = CivilDate(year: year, month: month, day: day).daysSince1970
    else { return nil }
    let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
    guard Timestamp.secondsOfFourDigitYears.contains(seconds) else { return nil }
    return seconds * 1_000_000 + fraction
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard index < bytes.count, bytes[index] == UInt8(truncatingIfNeeded: character.value) else {
      return false
    }
    index += 1
    return true
  }

  private mutating func digit() -> Int64? {
    guard index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else {
      return nil
    }
    defer { index += 1 }
    return Int64(bytes[index] - UInt8(ascii: "0"))
  }

  private mutating func digits(_ count: Int) -> Int64? {
    var value: Int64 = 0
    for _ in 0..<count {
      guard let digit = digit() else { return nil }
      value = value * 10 + digit
    }
    return value
  }

  /// The fraction in microseconds; 0 where there is none, nil where it is malformed.
  private mutating func fraction() -> Int64? {
    guard take(".") else { return 0 }
    var value: Int64 = 0
    var count = 0
    while let digit = digit() {
      count += 1
      if count <= 6 { value = value * 10 + digit }
    }
    guard (1...9).contains(count) else { return nil }
    for _ in 0..<max(0, 6 - count) { value *= 10 }
    return value
  }

  /// The offset from UTC in seconds.
  private mutating func offset() -> Int64? {
    if take("Z") || take("z") { return 0 }
    let isWest = take("-")
    guard isWest || take("+"), let hours = digits(2), take(":"), let minutes = digits(2),
      hours < 24, minutes < 60
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return isWest ? -seconds : seconds
  }
}

extension [UInt8] {
  fileprivate mutating func append(number: Int64, width: Int, then end: Unicode.Scalar) {
    let text = String(number)
    let missing = Swift.max(0, width - text.utf8.count)
    append(contentsOf: repeatElement(UInt8(ascii: "0"), count: missing))
    append(contentsOf: text.utf8)
    append(UInt8(truncatingIfNeeded: end.value))
  }
}

extension Int64 {
  /// Division that rounds down, so that the remainder is never negative.
  fileprivate func quotientAndModulus(_ divisor: Int64) -> (Int64, Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
