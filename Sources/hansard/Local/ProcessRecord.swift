// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The record of the one process that runs a private deployment: `<process id> <start time>`.
///
/// A process id alone may have been given to somebody else meanwhile; together with the start time
/// (field 22 of `/proc/<id>/stat`, see proc(5)) it names one process for good.
struct ProcessRecord {
  private let state: LocalState
  private let lock: Int32

  /// Claims the deployment for this process. A `CommandFailure` says who has it.
  init(claiming state: LocalState) throws(CommandFailure) {
    let path = "\(state.directory)/run.lock"
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, mode_t(0o600))
    guard descriptor >= 0 else {
      throw CommandFailure("\(path): \(String(cString: strerror(errno)))")
    }
    // The kernel lets go of the lock when this process ends, however it ends.
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw CommandFailure("Hansard is running here already: scripts/run --stop stops it")
    }
    self.state = state
    lock = descriptor
    unlink(state.announcementFile)
    guard let started = Self.startTime else {
      throw CommandFailure("/proc/self/stat cannot be read")
    }
    try PrivateFile.write(Array("\(getpid()) \(started)\n".utf8), to: state.processFile)
  }

  /// Withdraws the record.
  func remove() {
    unlink(state.announcementFile)
    unlink(state.processFile)
    close(lock)
  }

  /// When this process started, in clock ticks since boot.
  private static var startTime: String? {
    guard let bytes = FileManager.default.contents(atPath: "/proc/self/stat") else { return nil }
    // The name in parentheses may hold anything, so count from the last one: state is field 3.
    let text = String(decoding: bytes, as: UTF8.self)
    guard let name = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: name)...].split(separator: " ")
    return fields.count > 19 ? String(fields[19]) : nil
  }
}
