// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// What a process does to itself before it handles secrets.
enum ProcessHardening {
  /// To be called before anything is opened.
  static func apply() {
    occupyStandardDescriptors()
    forbidCoreDumps()
  }

  /// Started with standard output closed, the next socket would get its number, and log lines would
  /// be written into a database connection.
  private static func occupyStandardDescriptors() {
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
      // The lowest free number is the one that was just found free.
      _ = open("/dev/null", O_RDWR)
    }
  }

  /// Locked key memory must not reach a disk through a core dump either.
  private static func forbidCoreDumps() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    // Lowering one's own limit is always allowed.
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
  }
}
