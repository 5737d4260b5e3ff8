// Hansard
// SPDX-License-Identifier: Apache-2.0

extension Migrator {
  /// The same steps with the rows counted that taking them back loses, as far as whoever migrates may read
  /// them.
  func counted(
    _ steps: [MigrationPlan.Step]
  ) async throws(MigrationError) -> [MigrationPlan.Step] {
    var steps = steps
    for step in steps.indices {
      for loss in steps[step].losses.indices {
        guard let table = steps[step].losses[loss].table else { continue }
        steps[step].losses[loss].rows = try await asking { () async throws(PostgresError) in
          try await countRows(of: table)
        }
      }
    }
    return steps
  }

  /// Nil where the server does not say: a table of an unfinished step, or of which only some rows would be
  /// seen.
  private func countRows(of table: String) async throws(PostgresError) -> Int64? {
    do throws(PostgresError) {
      try await connection.script("set row_security = off")
      let answer = try await connection.execute(Self.countRows(of: table))
      try await connection.script("reset row_security")
      return try answer.first?.decode(0)
    } catch {
      guard error.code == .server, !error.isConnectionFailure else { throw error }
      try await connection.script("reset row_security")
      return nil
    }
  }
}
