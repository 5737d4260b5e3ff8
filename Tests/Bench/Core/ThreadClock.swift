// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The processor time of the calling thread, which what else the machine does disturbs least.
enum ThreadClock {
  static func now() -> Duration {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }
}
