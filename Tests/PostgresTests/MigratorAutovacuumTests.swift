// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import TestSupport
import Testing

@testable import Postgres

/// An autovacuum holds a lock that migrations need for as long as it takes, and gives way when it is asked to.
@Suite struct MigratorAutovacuumTests {
  private static let settings = SharedServer.quick.merging([
    "autovacuum": "on", "autovacuum_naptime": "1s", "max_connections": "20",
  ]) { $1 }

  private static let set = migrationSet(
    (up: "alter table busy add column title text", down: "alter table busy drop column title"))

  /// A table whose autovacuum would take minutes: at most ten pages a second.
  private static let busy = """
    create table busy (n bigint) with (
      autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0,
      autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1);
    insert into busy select generate_series(1, 200000);
    delete from busy where n % 2 = 0;
    """

  @Test(.timeLimit(.minutes(5)))
  func anAutovacuumInTheWayIsEnded() async throws {
    let directory = try TemporaryDirectory.make("autovacuum")
    defer { TemporaryDirectory.remove(directory) }
    let postgres = try await EmbeddedPostgres.start(
      .init(dataDirectory: "\(directory)/data", settings: Self.settings))
    let result = await Task { try await Self.migrateBesideAutovacuum(postgres) }.result
    await postgres.stop(.immediate, within: .seconds(10))
    try result.get()
  }

  private static func migrateBesideAutovacuum(_ postgres: EmbeddedPostgres) async throws {
    let connection = try await PostgresConnection.connect(
      PostgresConfiguration(conninfo: postgres.conninfo(), exchangeDeadline: .seconds(30)))
    try await connection.script(busy)
    try await eventually("an autovacuum of the table") {
      try await connection.value(Query(autovacuums), as: Int64.self) == 1
    }
    var options = Migrator.Options()
    options.attempts = 2
    // The planted defect: with the server's own deadlock_timeout it is waited for in vain.
    options.deadlockTimeout = nil
    await #expect {
      try await Migrator(connection: connection, set: set, options: options).up()
    } throws: { error in
      guard case .blocked? = error as? MigrationError else { return false }
      return true
    }
    #expect(try await connection.value(Query(autovacuums), as: Int64.self) == 1)
    options.deadlockTimeout = Migrator.Options().deadlockTimeout
    #expect(
      try await Migrator(connection: connection, set: set, options: options).up().count == 1)
    await connection.close()
  }

  private static let autovacuums = """
    select count(*)
    from pg_stat_progress_vacuum as v
    join pg_stat_activity as a using (pid)
    where v.relid = 'busy'::regclass
      and a.backend_type = 'autovacuum worker'
    """
}
