// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres

extension Deployment {
  /// The power goes and comes back: every process of PostgreSQL is killed, the disk under it forgets
  /// what was not synced, and the server recovers from what is left.
  func cutPower(_ disk: ForgetfulDisk) async throws {
    await postgres.kill()
    try disk.forget()
    try await postgres.restart()
  }
}
