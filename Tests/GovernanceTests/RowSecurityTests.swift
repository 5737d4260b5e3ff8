// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RowSecurityTests {
  /// Two tenants with rows in every table.
  private func withRows(_ body: (IsolationSuite) async throws -> Void) async throws {
    try await Fixture.run { fixture in
      for party in [fixture.acme, fixture.globex] {
        try await Self.fillEveryTable(of: party, fixture)
      }
      // One has an answer whose time is over, the other a ticket; each has been recording for too long.
      try await TestDatabase.current.psql(
        """
        update hansard.idempotency_keys set expires_at = now()
        where tenant_id = '\(fixture.acme.tenant)';
        update hansard.websocket_tickets set expires_at = now()
        where tenant_id = '\(fixture.globex.tenant)';
        update hansard.recording_progress set closes_at = now() where is_open
        """)
      let connection = try await TestDatabase.current.connect(role: "postgres")
      try await body(
        IsolationSuite(connection, tenant: fixture.acme.tenant, stranger: fixture.globex.tenant))
      await connection.close()
    }
  }

  /// Rows of a tenant in every table. Whoever adds a table adds some here.
  static func fillEveryTable(of party: Party, _ fixture: Fixture) async throws {
    let url = try #require(WebhookURL("https://hooks.example.com"))
    _ = try await fixture.hansard.webhooks.create(.init(url: url, types: []), by: party.admin)
    let id = try await fixture.recordings.started(by: party)
    try await fixture.recordings.appendOne(.of(), to: id, by: party.recorder)
    _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: party.ann.once())
    _ = try await fixture.hansard.policies.set(
      .init(
        // Longer than what is in force: what has stopped is to be kept longer, too.
        retentionDays: 120, reviewSamplePercent: 0, limits: .init(eventsPerDay: 1000)),
      replacing: 0, by: party.admin)
    _ = try await fixture.hansard.live.makeTicket(by: party.admin)
    _ = try await fixture.hansard.limiter.take(1, of: .events, for: party.tenant)
    _ = try await fixture.hansard.redaction.set(
      .of(rules: ["badge"]), replacing: 0, by: party.admin)
    _ = try await fixture.hansard.agents.put(
      try #require(AgentID("bot")), name: nil, status: .intern,
      owners: [try #require(UserID("rita"))], by: party.admin)
    let name = try #require(DisplayName("Ada"))
    _ = try await fixture.hansard.analysts.create(
      name: name, by: party.admin, making: { _ in }, unmaking: { _ in })
    try await addRecovery(of: party.tenant)
    try await addRetention(of: party, fixture)
  }

  /// A recording that is held, and was moved for that; one that was deleted; and one that has expired before
  /// anybody has approved its deletion.
  private static func addRetention(of party: Party, _ fixture: Fixture) async throws {
    let held = try await fixture.stopped(by: party)
    _ = try await fixture.hansard.holds.place(on: held, because: .reason("x"), by: party.admin)
    try await StoppedRecordings.move(held, to: "9999-12-31", of: party.tenant)
    let deleted = try await fixture.stopped(by: party)
    _ = try await fixture.hansard.deletions.delete(
      deleted, because: .reason("x"), by: party.admin)
    let due = try await fixture.stopped(by: party)
    try await StoppedRecordings.expire(due)
    try await TestDatabase.current.psql(
      """
      insert into hansard.recording_deletions (
        tenant_id, deletion_id, recording_id, reason, requested_by)
      values ('\(party.tenant)', gen_random_uuid(), '\(due)', 'x', 'x');
      insert into hansard.recording_archives (tenant_id, recording_id, storage_url, is_condemned)
      values ('\(party.tenant)', '\(deleted)', 'x', true)
      """)
  }

  /// A recovery session with its key, an attempt with the file that it modified, and an alert.
  private static func addRecovery(of tenant: TenantID) async throws {
    try await TestDatabase.current.psql(
      """
      insert into hansard.recovery_sessions (
        tenant_id, session_id, id, started_at, started_by, attempt_count, last_attempt_number,
        expires_at)
      values ('\(tenant)', 'r', gen_random_uuid(), now(), 'x', 1, 1, now());
      insert into hansard.recovery_keys (
        tenant_id, session_id, tenant_key_id, wrapped, commitment)
      select tenant_id, 'r', tenant_key_id, wrapped, decode(repeat('00', 32), 'hex')
      from hansard.tenant_keys where tenant_id = '\(tenant)';
      insert into hansard.recovery_attempts (
        tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by,
        error_type, strategy, attempt_number, success, rollback_performed, next_action,
        duration_seconds, file_digests, payload, payload_length, content_mac, redaction_policy)
      values (
        '\(tenant)', 'r', 1, 'entry_1', now(), now(), 'x', 'E', 'fix', 1, true, false, 'complete',
        1.5, array[decode(repeat('00', 16), 'hex')],
        decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'), 0);
      insert into hansard.recovery_alerts (
        tenant_id, kind, subject, number, alert_id, raised_at, seen_at, policy_version, session_id,
        entry_id, error_type)
      values (
        '\(tenant)', 'escalation', 'r', 1, gen_random_uuid(), now(), now(), 0, 'r', 'entry_1', 'E')
      """)
  }

  @Test func aTenantSeesAndWritesItsOwnRowsOnly() async throws {
    try await withRows { suite in
      #expect(suite.tables.count >= 18)
      #expect(suite.tables.allSatisfy { $0.own > 0 && $0.strangers > 0 })
      let violations = try await suite.violations()
      #expect(violations == [])
    }
  }

  @Test func everyPolicyIsNeeded() async throws {
    try await withRows { suite in
      let policies = try await self.names(
        suite, "select format('%I on %I.%I', policyname, schemaname, tablename) from pg_policies")
      #expect(policies.count == 67)
      for policy in policies {
        let found = try await suite.violations(after: "drop policy \(policy)")
        #expect(!found.isEmpty, "nobody misses \(policy)")
      }
      #expect(try await suite.violations() == [])
    }
  }

  @Test func aPolicyThatLetsEverythingThroughIsNoticed() async throws {
    // The clock and the log of erasures are of no tenant: their policies are for the owner alone, and say no more.
    try await expectNoticed(
      ["using (true)", "with check (true)"],
      ofPoliciesWhere: "cmd = 'ALL' and roles <> '{hansard_owner}'", count: 33)
  }

  /// The policies through which the owner's functions look at all tenants: each shows what it has to, and
  /// to nobody else.
  @Test func aPolicyForReadingThatSaysOtherwiseIsNoticed() async throws {
    try await expectNoticed(
      ["using (false)", "to public", "to hansard_service"],
      ofPoliciesWhere: "cmd = 'SELECT' and roles <> '{hansard_analyst}'", count: 16)
  }

  /// Each of these changes of each policy that meets `condition` is noticed; there are `count` of them.
  private func expectNoticed(
    _ changes: [String], ofPoliciesWhere condition: String, count: Int
  ) async throws {
    try await withRows { suite in
      let policies = try await self.names(
        suite,
        """
        select format('%I on %I.%I', policyname, schemaname, tablename)
        from pg_policies where \(condition)
        """)
      #expect(policies.count == count)
      for policy in policies {
        for change in changes {
          let found = try await suite.violations(after: "alter policy \(policy) \(change)")
          #expect(!found.isEmpty, "nobody notices \(change) of \(policy)")
        }
      }
    }
  }

  @Test func whatLetsAnAnalystThroughIsNoticed() async throws {
    try await withRows { suite in
      let policies = try await self.names(
        suite,
        """
        select format('%I on %I.%I', policyname, schemaname, tablename)
        from pg_policies where roles = '{hansard_analyst}'
        """)
      #expect(policies.count == 15)
      for policy in policies {
        let found = try await suite.violations(after: "alter policy \(policy) using (true)")
        #expect(!found.isEmpty, "nobody notices \(policy)")
      }
      // The service's own policies believe a setting.
      let believed = try await suite.violations(
        after: """
          grant execute on function hansard.tenant() to hansard_analyst;
          alter policy reviews_isolation on hansard.reviews to public
          """)
      #expect(!believed.isEmpty)
    }
  }

  @Test func aTableWithoutRowSecurityIsNoticed() async throws {
    try await withRows { suite in
      for table in suite.tables where !table.isPartition {
        let found = try await suite.violations(
          after: "alter table hansard.\(table.name) disable row level security")
        #expect(!found.isEmpty, "nobody notices \(table.name)")
      }
      for table in suite.tables where table.isPartition {
        let found = try await suite.violations(
          after: "grant select on hansard.\(table.name) to hansard_service")
        #expect(!found.isEmpty, "nobody notices \(table.name)")
      }
    }
  }

  @Test func theTenantOfOneTransactionIsNotThatOfTheNext() async throws {
    try await Fixture.run { fixture in
      let connection = try await TestDatabase.current.connect(role: "hansard_service")
      let count = Query("select count(*) from hansard.api_keys")
      let results = try await connection.transact([.setTenant(fixture.acme.tenant), count])
      #expect(try #require(results.last?.first).decode(0, as: Int64.self) == 6)
      // The setting is '' now, not null: it must read as no tenant rather than as an error.
      let after = try await connection.execute(count)
      #expect(try #require(after.first).decode(0, as: Int64.self) == 0)
      await connection.close()
    }
  }

  private func names(_ suite: IsolationSuite, _ sql: String) async throws -> [String] {
    try await suite.connection.execute(Query(sql)).map { try $0.decode(0) }
  }
}
