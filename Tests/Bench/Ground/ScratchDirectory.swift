// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The directory of one run, removed at its end.
enum ScratchDirectory {
  /// Makes a new directory under `/var/tmp`, which is on a disk also where `/tmp` is memory: there a
  /// flush would cost nothing.
  static func make() throws -> String {
    let random = String(UInt32.random(in: .min ... .max), radix: 36)
    let path = "/var/tmp/hansard-bench-\(getpid())-\(random)"
    // PostgreSQL's account must be able to pass when this runs as root.
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o711])
    return path
  }

  /// Removes the directory and all in it.
  static func remove(_ path: String) {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      Progress.say("\(path) could not be removed: \(error)")
    }
  }
}

/// What a person sees while it runs: on standard error, so that the table has standard output.
enum Progress {
  static func say(_ line: String) {
    FileHandle.standardError.write(Data("\(line)\n".utf8))
  }
}
