// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// Times as the service reads them: RFC 3339, UTC, to the nearest microsecond.
enum Timestamp {
  /// `2026-11-26T09:37:44.935243Z`. Throws `invalidInput` outside of the years 1 to 9999.
  static func text(_ date: Date) throws(HansardClientError) -> String {
    let seconds = date.timeIntervalSince1970
    // 0001-01-01 and 9999-12-31, with a day to spare.
    guard seconds.isFinite, seconds > -62_135_000_000, seconds < 253_402_000_000 else {
      throw .invalidInput("a time outside of the years 1 to 9999")
    }
    let whole = seconds.rounded(.down)
    // A `Double` lies up to a quarter of a microsecond beside the time that was meant.
    let micros = Int(((seconds - whole) * 1_000_000).rounded())
    let day = Int((whole / 86_400).rounded(.down))
    let second = Int(whole) - day * 86_400
    let (year, month, dayOfMonth) = civil(day)
    return "\(padded(year, 4))-\(padded(month))-\(padded(dayOfMonth))T"
      + "\(padded(second / 3600)):\(padded(second / 60 % 60)):\(padded(second % 60))"
      + ".\(padded(min(max(micros, 0), 999_999), 6))Z"
  }

  /// The Gregorian date of a day since 1970-01-01, in eras of 400 years that begin in March.
  private static func civil(_ days: Int) -> (Int, Int, Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let leaps = dayOfEra / 1460 - dayOfEra / 36_524 + dayOfEra / 146_096
    let yearOfEra = (dayOfEra - leaps) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * march + 2) / 5 + 1
    let month = march < 10 ? march + 3 : march - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func padded(_ number: Int, _ width: Int = 2) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
