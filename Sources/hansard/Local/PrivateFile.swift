// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Files that nobody else may read.
enum PrivateFile {
  /// Writes a file with mode 0600, all at once or not at all: readers see the old or the new one.
  static func write(_ bytes: [UInt8], to path: String) throws(CommandFailure) {
    let draft = "\(path).\(getpid()).new"
    let flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW
    let descriptor = open(draft, flags, mode_t(0o600))
    guard descriptor >= 0 else { throw failure(path) }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = rest.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      guard written >= 0 || errno == EINTR else { throw failure(path) }
      rest = rest.dropFirst(max(written, 0))
    }
    guard fsync(descriptor) == 0, rename(draft, path) == 0 else { throw failure(path) }
  }

  private static func failure(_ path: String) -> CommandFailure {
    CommandFailure("\(path) cannot be written: \(String(cString: strerror(errno)))")
  }
}
