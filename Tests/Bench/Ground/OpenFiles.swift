// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The limit on open files, which the service inherits: 4000 connections need as many on both ends.
enum OpenFiles {
  /// Raises it as far as the system lets everybody; where that is not enough, connecting fails and
  /// says so.
  static func raiseLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
