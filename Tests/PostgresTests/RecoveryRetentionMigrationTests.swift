// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

/// What is left of purged recovery sessions when the migration that brought their retention is taken back.
@Suite struct RecoveryRetentionMigrationTests {
  private static let tenant = "0190b0a4-7c3d-7e55-9c11-000000000001"

  /// One that is there, one that an admin cleared, one that was purged, and one whose attempts are still to go.
  private func furnish(_ database: TestDatabase) async throws {
    try await database.psql(
      """
      insert into hansard.tenants (tenant_id, name) values ('\(Self.tenant)', 'T');
      insert into hansard.recovery_sessions (
        tenant_id, session_id, id, started_at, started_by, attempt_count, expires_at, cleared_at,
        cleared_by, clear_reason, cleared_attempts, cleared_on_expiry, has_remains)
      select '\(Self.tenant)', s.name, gen_random_uuid(), now(), 'x', s.attempts,
        now() - interval '1 day' * s.days, case when s.cleared_by is not null then now() end,
        s.cleared_by, s.cleared_by, case when s.cleared_by is not null then 1 end, s.expired, s.remains
      from (values
        ('cleared', 0, 1, 'operator', false, false), ('live', 1, -1, null, false, false),
        ('purged', 0, 1, 'system', true, false), ('unswept', 0, 1, 'system', true, true)
      ) as s (name, attempts, days, cleared_by, expired, remains);
      insert into hansard.recovery_attempts (
        tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by,
        error_type, strategy, attempt_number, success, rollback_performed, next_action,
        duration_seconds, payload, payload_length, content_mac, redaction_policy)
      select '\(Self.tenant)', s.name, 1, 'entry_1', now(), now(), 'x', 'E', 'fix', 1, true, false,
        'complete', 1, decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'), 0
      from (values ('live'), ('unswept')) as s (name)
      """)
  }

  @Test(.emptyDatabase) func tombstonesStayAndSayTheSameWhenItIsAppliedAgain() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let version = try #require(set.migrations.first { $0.name == "recovery_retention" }).version
    try await database.migrateUp(set, to: version)
    try await furnish(database)
    // Nothing is lost that somebody could read, so nobody has to allow it.
    try await database.migrateDown(set, to: version - 1, allowDataLoss: false)
    let left = try await database.psql(
      """
      select s.session_id, s.cleared_by, s.cleared_attempts,
        (select count(*) from hansard.recovery_attempts as a where a.session_id = s.session_id)
      from hansard.recovery_sessions as s order by 1
      """)
    #expect(left == "cleared|operator|1|0\nlive|||1\npurged|system|1|0\nunswept|system|1|0\n")
    try await database.migrateUp(set, to: version)
    let again = try await database.psql(
      """
      select session_id, cleared_on_expiry, has_remains
      from hansard.recovery_sessions order by 1
      """)
    #expect(again == "cleared|f|f\nlive|f|f\npurged|t|f\nunswept|t|f\n")
  }

  /// Whoever may not give the service its second role is told what to do, and nothing is applied.
  @Test(.emptyDatabase) func withoutTheRoleItIsRefused() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    let up = try #require(set.migrations.first { $0.name == "recovery_retention" }).up
    let grant = try #require(try SQLScript.statements(of: up.text).first).text
    try await database.migrateUp(set)
    let connection = try await database.connect(role: "hansard_service")
    // As on a server where it has not been given yet; the catalog of the tests' server is everybody's.
    let ungranted = grant.replacing(
      "'hansard_service', 'hansard_retention', 'member'",
      with: "'hansard_analyst', 'hansard_retention', 'member'")
    #expect(ungranted != grant)
    do throws(PostgresError) {
      _ = try await connection.execute(Query(ungranted, prepared: false))
      Issue.record("it was granted")
    } catch {
      #expect(error.sqlState == .insufficientPrivilege)
      #expect(error.serverMessage?.contains("grant hansard_retention to hansard_service") == true)
    }
    await connection.close()
  }
}
