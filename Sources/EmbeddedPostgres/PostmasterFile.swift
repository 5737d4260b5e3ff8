// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation

/// `postmaster.pid`, the file by which a server claims its data directory.
///
/// Lines: process id, data directory, start time, port, socket directory, listen address, shared
/// memory key, status (PostgreSQL source, `pidfile.h`). The server appends them one by one, so
/// every line but the first may be missing.
struct PostmasterFile: Equatable {
  var processID: Int32
  /// `starting`, `stopping`, `ready` or `standby`; nil when not written yet.
  var status: String?

  static func path(in dataDirectory: String) -> String { "\(dataDirectory)/postmaster.pid" }

  static func read(in dataDirectory: String) -> PostmasterFile? {
    FileManager.default.contents(atPath: path(in: dataDirectory))
      .flatMap { PostmasterFile(String(decoding: $0, as: UTF8.self)) }
  }
}

extension PostmasterFile {
  /// Nil when the first line is not a process id (a stand-alone backend writes a negative one).
  init?(_ text: String) {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    guard let first = lines.first, let number = Int32(first), number != 0, number != .min else {
      return nil
    }
    processID = abs(number)
    status = lines.count > 7 && !lines[7].isEmpty ? lines[7] : nil
  }
}
