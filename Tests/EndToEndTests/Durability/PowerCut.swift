// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres

/// Behind a power cut PostgreSQL did not recover: the disk had kept too little of its files.
///
/// Whatever fails before the cut is another error, so that nothing else passes for a loss.
struct UnrecoveredError: Error, CustomStringConvertible {
  /// What it said of it: `exitedEarly` or `notReady`, with the end of its log.
  let reason: EmbeddedPostgresError

  var description: String { "after the power cut: \(reason)" }
}

extension Deployment {
  /// The power goes and comes back: every process of PostgreSQL is killed, the disk under it forgets
  /// what was not synced, and the server recovers from what is left.
  ///
  /// Throws an `UnrecoveredError` where it does not.
  func cutPower(_ disk: ForgetfulDisk) async throws {
    await postgres.kill()
    try disk.forget()
    do {
      try await postgres.restart()
    } catch {
      switch error {
      case .exitedEarly, .notReady: throw UnrecoveredError(reason: error)
      default: throw error
      }
    }
  }
}
