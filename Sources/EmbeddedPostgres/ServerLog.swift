// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The server's log file. We open it, so the server's account needs no right to its directory.
struct ServerLog: Sendable {
  let path: String
  /// A log that grew beyond this is put aside as `<name>.1` at the next start.
  static let rotateAbove: Int64 = 16 * 1024 * 1024

  /// Opens it for appending; returns the descriptor and the size it had, where this start begins.
  func open() throws(EmbeddedPostgresError) -> (descriptor: Int32, start: Int64) {
    var information = stat()
    if stat(path, &information) == 0, information.st_size > Self.rotateAbove {
      guard rename(path, "\(path).1") == 0 else { throw .lastSystemError("rename", path) }
    }
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o640)
    guard descriptor >= 0 else { throw .lastSystemError("open", path) }
    return (descriptor, Int64(lseek(descriptor, 0, SEEK_END)))
  }

  /// The last lines written since `start`, at most 4 KiB.
  func tail(since start: Int64) -> String {
    guard let file = FileHandle(forReadingAtPath: path) else { return "" }
    do {
      let end = try file.seekToEnd()
      let from = max(UInt64(max(start, 0)), end > 4096 ? end - 4096 : 0)
      try file.seek(toOffset: from)
      return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      // The log only explains another failure, which is the one to report.
      return ""
    }
  }
}
