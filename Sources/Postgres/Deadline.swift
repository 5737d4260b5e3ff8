// Hansard
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// A moment of the monotonic clock, in nanoseconds; far cheaper to compare than an `Instant`.
struct Deadline: Sendable, Comparable {
  let nanoseconds: UInt64

  static let never = Deadline(nanoseconds: .max)

  static var now: Deadline {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let seconds = UInt64(clamping: time.tv_sec), rest = UInt64(clamping: time.tv_nsec)
    return Deadline(nanoseconds: seconds &* 1_000_000_000 &+ rest)
  }

  /// Now plus `duration`; a negative duration is over already, a huge one never is.
  static func after(_ duration: Duration) -> Deadline {
    let (seconds, attoseconds) = duration.components
    if seconds < 0 || attoseconds < 0 { return now }
    let (whole, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    let (length, carry) = whole.addingReportingOverflow(UInt64(attoseconds) / 1_000_000_000)
    let (sum, beyond) = now.nanoseconds.addingReportingOverflow(length)
    return overflow || carry || beyond ? .never : Deadline(nanoseconds: sum)
  }

  /// For `epoll_wait`: rounded up, so that it never returns before the moment; -1 is for ever.
  func milliseconds(from now: Deadline) -> Int32 {
    if self == .never { return -1 }
    guard self > now else { return 0 }
    return Int32(clamping: (nanoseconds - now.nanoseconds) / 1_000_000 + 1)
  }

  static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }
}
