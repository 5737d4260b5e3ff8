// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What an alert costs does not depend on how many attempts there are.
@Suite(.serialized, .database)
struct RecoveryAlertCostTests {
  /// 20,000 attempts of one agent that failed for the same reason, a second apart; most of them claim to come
  /// from the future, or were received long ago.
  private static func attempts(of tenant: TenantID) -> String {
    """
    set session_replication_role = replica;
    insert into hansard.recovery_attempts (
      tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by,
      error_type, strategy, attempt_number, success, rollback_performed, next_action,
      duration_seconds, agent_id, payload, payload_length, content_mac, redaction_policy)
    select '\(tenant)', 's', n, 'entry_' || n,
      now() + case when n % 4 > 0 then interval '1 year' else interval '0' end
        - n * interval '1 second',
      now() - n * interval '1 second', 'x', 'E', 'fix', n, false, false, 'retry', 1, 'bot',
      decode(repeat('00', 41), 'hex'), 1, decode(repeat('00', 32), 'hex'), 0
    from generate_series(1, 20000) as n;
    analyze
    """
  }

  private static let statistics = Query(
    """
    select
      coalesce(sum(seq_scan), 0)::bigint,
      coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0)), 0)::bigint
    from pg_stat_xact_user_tables
    where schemaname = 'hansard'
      and relname in ('recovery_attempts', 'recovery_alerts')
    """)

  /// Scans of whole tables, rows read, and what was counted.
  private func cost(
    of query: Query, _ tenant: TenantID
  ) async throws -> (scans: Int64, rows: Int64, counted: Int64) {
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    let results = try await connection.transact([.setTenant(tenant), query, Self.statistics])
    await connection.close()
    let (counts, row) = (try #require(results[1].first), try #require(results.last?.first))
    return (try row.decode(0), try row.decode(1), try counts.decode(0))
  }

  @Test func countingReadsNoMoreThanItCounts() async throws {
    try await Fixture.run { fixture in
      let tenant = fixture.acme.tenant
      try await TestDatabase.current.psql(Self.attempts(of: tenant))
      for (seconds, expected) in [(600, 599...601), (604_800, 1000...1000)] {
        let start = Timestamp(
          microseconds: Timestamp.now().microseconds - Int64(seconds) * 1_000_000)
        for query in [
          Query.countFailures(["E"], since: start, of: tenant),
          .countAttempts(["bot"], since: start, of: tenant),
        ] {
          let found = try await cost(of: query, tenant)
          #expect(found.scans == 0 && found.rows <= found.counted + 8, "\(found)")
          #expect(expected.lowerBound - 30 <= Int(found.counted), "\(found)")
          #expect(Int(found.counted) <= expected.upperBound, "\(found)")
        }
      }
    }
  }

  /// While an alert is fresh nobody counts anything, or waits for who does.
  @Test(.timeLimit(.minutes(1))) func aStormReadsAndLocksNothing() async throws {
    let terms = RecoveryAlertTerms(
      failures: .init(count: 1, windowSeconds: 600),
      successRate: .init(belowPercent: 100, windowSeconds: 600, minimumAttempts: 1),
      tellsEscalations: true)
    try await AlertGround.run(terms) { ground in
      try await ground.log(.of("E", strategy: "escalate", success: false), in: .named("s-1"))
      #expect(try await ground.alerts().count == 3)
      let blocker = try await TestDatabase.current.connect(role: "hansard_service")
      let subjects: [RecoveryAlert.Subject] = [
        .init(kind: .failures, name: "E"), .init(kind: .successRate, name: "bot"),
        .init(kind: .escalation, name: "s-1"),
      ]
      let tenant = ground.fixture.acme.tenant
      _ = try await blocker.pipeline([
        .begin, .setTenant(tenant), .lockAlerts(subjects, of: tenant),
      ])
      try await ground.log(.of("E", strategy: "escalate", success: false), in: .named("s-1"))
      // The control: once it is old, whoever comes next has to wait.
      try await ground.pass(3601)
      let waiting = Task {
        try await ground.log(.of("E", success: false, agent: nil), in: .named("s-2"))
      }
      try await eventually("somebody waits") {
        try await TestDatabase.current.psql(
          """
          select count(*) from pg_locks
          where locktype = 'advisory' and not granted
            and database = (select oid from pg_database where datname = current_database())
          """) == "1\n"
      }
      _ = try await blocker.pipeline([.commit])
      _ = try await waiting.value
      await blocker.close()
      #expect(try await ground.numbers(.failures) == [1, 2])
    }
  }
}
