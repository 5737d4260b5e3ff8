// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Postgres

/// What becomes of policies and attempts when alerts come and go.
@Suite struct RecoveryAlertsMigrationTests {
  private static let tenant = "0190b0a4-7c3d-7e55-9c11-000000000001"
  private static let version = 19

  private func furnish(_ database: TestDatabase) async throws {
    try await database.psql(
      """
      insert into hansard.tenants (tenant_id, name) values ('\(Self.tenant)', 'T');
      insert into hansard.tenant_policies (
        tenant_id, version, retention_days, review_sample_percent, created_by)
      values ('\(Self.tenant)', 1, 30, 5, 'operator');
      """)
  }

  private static let terms = """
    select alert_failures, alert_failures_seconds, alert_rate_percent, alert_escalations,
      alert_repeat_seconds
    from hansard.tenant_policies order by version
    """

  /// Policies of before say what holds where nothing is settled; so do those that an older binary writes.
  @Test(.emptyDatabase) func policiesOutliveTheirAlerts() async throws {
    let database = TestDatabase.current
    let set = try MigrationSet.load(directory: ProjectFiles.migrations())
    try await database.migrateUp(set, to: Self.version - 1)
    try await furnish(database)
    try await database.migrateUp(set, to: Self.version)
    #expect(try await database.psql(Self.terms) == "5|600||t|3600\n")
    try await database.psql(
      """
      insert into hansard.tenant_policies (
        tenant_id, version, review_sample_percent, created_by, alert_failures,
        alert_failures_seconds, alert_escalations, retention_days)
      values ('\(Self.tenant)', 2, 0, 'operator', null, null, false, 7);
      insert into hansard.recovery_alerts (
        tenant_id, kind, subject, number, alert_id, raised_at, seen_at, policy_version, session_id,
        entry_id, error_type)
      values (
        '\(Self.tenant)', 'escalation', 's', 1, gen_random_uuid(), now(), now(), 2, 's', 'e', 'E')
      """)
    await #expect(throws: MigrationError.self) {
      try await database.migrateDown(set, to: Self.version - 1, allowDataLoss: false)
    }
    try await database.migrateDown(set, to: Self.version - 1)
    let left = "select version, retention_days from hansard.tenant_policies order by version"
    #expect(try await database.psql(left) == "1|30\n2|7\n")
    try await database.migrateUp(set, to: Self.version)
    #expect(try await database.psql(Self.terms) == "5|600||t|3600\n5|600||t|3600\n")
    #expect(try await database.psql("select count(*) from hansard.recovery_alerts") == "0\n")
  }

  @Test(
    .emptyDatabase,
    arguments: [
      "alert_failures = 0", "alert_failures = 1001", "alert_failures = null",
      "alert_failures_seconds = 604801", "alert_rate_percent = 50",
      "alert_rate_percent = 0, alert_rate_seconds = 60, alert_rate_attempts = 10",
      "alert_rate_percent = 50, alert_rate_seconds = 60, alert_rate_attempts = 1001",
      "alert_repeat_seconds = 0",
    ])
  func termsThatAreNoneAreRefused(_ change: String) async throws {
    let database = TestDatabase.current
    try await database.migrateUp(
      try MigrationSet.load(directory: ProjectFiles.migrations()), to: Self.version)
    try await furnish(database)
    // So that the constraints are what has to hold.
    try await database.psql("alter table hansard.tenant_policies disable trigger user")
    await #expect(throws: TestSupportError.self) {
      try await database.psql("update hansard.tenant_policies set \(change)")
    }
    try await database.psql("update hansard.tenant_policies set alert_failures = 7")
  }
}
