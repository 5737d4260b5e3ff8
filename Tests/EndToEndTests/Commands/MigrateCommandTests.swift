// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

/// Who migrates may be all that is named: then it says which database is meant.
@Suite(.serialized, .database)
struct MigrateCommandTests {
  @Test func theMigratorsLoginSaysWhichDatabase() async throws {
    try await TestDatabase.with(migrated: false) { database in
      let postgres = database.server.postgres
      let environment = [
        "HANSARD_MIGRATE_DATABASE_URL": postgres.conninfo(database: database.name)
      ]
      let outcome = try await Executable.run(["migrate", "up"], environment: environment)
      #expect(outcome.status == .exited(0), "\(outcome.output)")
      let schemas = try await database.psql(
        "select count(*) from pg_namespace where nspname = 'hansard'")
      #expect(schemas.contains("1"))
    }
  }

  /// What serves has a login of its own, and is not to begin with a private database instead.
  @Test(arguments: [["serve"], ["tenant", "create", "Acme"]])
  func nobodyServesAsTheMigrator(command: [String]) async throws {
    let environment = ["HANSARD_MIGRATE_DATABASE_URL": "host=127.0.0.1 port=1 user=postgres"]
    let outcome = try await Executable.run(command, environment: environment)
    #expect(outcome.status != .exited(0), "\(outcome.output)")
    #expect(outcome.output.contains("HANSARD_MIGRATE_DATABASE_URL: is who migrates"))
  }
}
