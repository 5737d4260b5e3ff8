// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

/// What is left of agents' owners when their migration is taken back.
@Suite struct AgentOwnersMigrationTests {
  private static let tenant = "0190b0a4-7c3d-7e55-9c11-000000000001"

  private func furnish(_ database: TestDatabase) async throws {
    try await database.psql(
      """
      insert into hansard.tenants (tenant_id, name) values ('\(Self.tenant)', 'T');
      insert into hansard.users (tenant_id, user_id) values ('\(Self.tenant)', 'u');
      insert into hansard.agent_registry (tenant_id, agent_id, name, status)
      values ('\(Self.tenant)', 'a', 'a', 'autonomous');
      """)
  }

  private func own(_ database: TestDatabase, _ columns: String, _ values: String) async throws {
    try await database.psql(
      """
      insert into hansard.agent_owners (tenant_id, agent_id, user_id, added_by\(columns))
      values ('\(Self.tenant)', 'a', 'u', 'operator'\(values))
      """)
  }

  @Test(.emptyDatabase) func agentsAndUsersOutliveTheirTie() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    try await database.migrateUp(set, to: 13)
    try await furnish(database)
    try await own(database, "", "")
    await #expect(throws: MigrationError.self) {
      try await database.migrateDown(set, to: 12, allowDataLoss: false)
    }
    try await database.migrateDown(set, to: 12)
    let left = "select agent_id, status, user_id from hansard.agent_registry, hansard.users"
    #expect(try await database.psql(left) == "a|autonomous|u\n")
    try await database.migrateUp(set, to: 13)
    #expect(try await database.psql(left) == "a|autonomous|u\n")
    #expect(try await database.psql("select count(*) from hansard.agent_owners") == "0\n")
  }

  @Test(
    .emptyDatabase,
    arguments: [
      (", until", ", now() + interval '1 day'"), (", removed_by", ", 'operator'"),
      (", until, removed_by", ", '2020-01-01', 'operator'"),
    ])
  func whatIsNoPeriodIsRefused(_ columns: String, _ values: String) async throws {
    let database = TestDatabase.current
    try await database.migrateUp(
      try MigrationSet.load(directory: ProjectFiles.migrations()), to: 13)
    try await furnish(database)
    await #expect(throws: TestSupportError.self) { try await own(database, columns, values) }
    // One at a time, and another when it is over.
    try await own(database, "", "")
    await #expect(throws: TestSupportError.self) { try await own(database, "", "") }
    try await database.psql("update hansard.agent_owners set until = now(), removed_by = 'x'")
    try await own(database, "", "")
  }
}
