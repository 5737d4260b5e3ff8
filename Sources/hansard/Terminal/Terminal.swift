// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres

/// Text for the person at the terminal.
enum Terminal {
  /// Writes a line to standard error: progress and remarks, so that standard output is the result
  /// alone.
  static func tell(_ line: String) { write(line, to: STDERR_FILENO) }

  /// Writes a line to standard output at once, also when that is a file.
  static func say(_ line: String) { write(line, to: STDOUT_FILENO) }

  private static func write(_ line: String, to descriptor: Int32) {
    var bytes = Array((line + "\n").utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
      if written < 0 {
        // Nobody is reading any more; there is no one left to tell.
        guard errno == EINTR else { return }
        continue
      }
      bytes = bytes.dropFirst(written)
    }
  }
}

/// A command did not do what it was asked for; the text is all that the person needs.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }

  /// What the server says, or why nobody could ask it.
  init(saying error: PostgresError) { self.init(error.serverMessage ?? error.description) }
}
