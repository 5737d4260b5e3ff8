// Hansard
// SPDX-License-Identifier: Apache-2.0

package import EmbeddedPostgres

/// PostgreSQL's own client programs, run against one database as superuser.
package struct Psql: Sendable {
  package let postgres: EmbeddedPostgres
  package let database: String

  package init(postgres: EmbeddedPostgres, database: String) {
    self.postgres = postgres
    self.database = database
  }

  /// Runs `psql` and returns what it printed; throws with it when a statement failed.
  @discardableResult
  package func run(_ arguments: [String]) async throws -> String {
    try await program(
      "psql",
      ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", conninfo] + arguments)
  }

  /// The schema (and the data, when asked for) as SQL text; equal for equal databases.
  package func dump(schemaOnly: Bool = true) async throws -> String {
    // Without the key each dump carries a random one of its own.
    var arguments = ["--restrict-key=hansard", "-d", conninfo]
    if schemaOnly { arguments.append("--schema-only") }
    return try await program("pg_dump", arguments)
  }

  private var conninfo: String { postgres.conninfo(database: database) }

  /// Millions of rows, where a measurement is asked for, take minutes.
  private static let limit = Duration.seconds(600)

  private func program(_ name: String, _ arguments: [String]) async throws -> String {
    let answer = try await ChildProcess.run(
      [postgres.binaries.path(name)] + arguments, within: Self.limit)
    guard answer.status == .exited(0) else {
      throw TestSupportError("\(name): \(answer.status)\n\(answer.output)")
    }
    return answer.output
  }
}
