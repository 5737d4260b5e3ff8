// Hansard
// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The present moment as the `Date` field has it: `Sat, 21 Nov 2026 08:30:00 GMT` (RFC 9110,
/// section 5.6.7), formatted once per second.
enum HTTPDate {
  private static let latest = Mutex<(second: Int, text: String)>((-1, ""))

  /// The wall clock's second.
  static func now() -> String {
    let second = time(nil)
    return latest.withLock { latest in
      if latest.second != second { latest = (second, text(of: second)) }
      return latest.text
    }
  }

  /// The text of a moment given in seconds since 1970.
  static func text(of second: Int) -> String {
    var second = time_t(second)
    var parts = tm()
    guard gmtime_r(&second, &parts) != nil else { return "Thu, 01 Jan 1970 00:00:00 GMT" }
    let day = days[Int(parts.tm_wday) % 7]
    let month = months[Int(parts.tm_mon) % 12]
    let clock = [parts.tm_hour, parts.tm_min, parts.tm_sec].map(twoDigits)
    return "\(day), \(twoDigits(parts.tm_mday)) \(month) \(parts.tm_year + 1900) "
      + "\(clock.joined(separator: ":")) GMT"
  }

  private static let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  private static func twoDigits(_ number: Int32) -> String {
    number < 10 ? "0\(number)" : "\(number)"
  }
}
