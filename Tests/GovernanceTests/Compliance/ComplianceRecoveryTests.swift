// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What analysts see of the recovery audit trail, beside what the service says of it.
@Suite(.serialized, .database)
struct ComplianceRecoveryTests {
  /// An analyst's rows by the session's id.
  private func rows(_ sql: String, as ground: AnalystGround) async throws -> [String: [String]] {
    let text = try await ground.run("set timezone = 'UTC'; \(sql)")
    return Dictionary(
      uniqueKeysWithValues: text.split(separator: "\n").map { line in
        let parts = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
        return (parts[0], Array(parts.dropFirst()))
      })
  }

  private static let statistics = """
    select session_id, total_attempts, successful_attempts, failed_attempts, success_rate,
      total_duration_seconds, average_duration_seconds, files_modified_count, rollback_count,
      (extract(epoch from first_attempt_timestamp) * 1000000)::bigint,
      (extract(epoch from last_attempt_timestamp) * 1000000)::bigint
    from compliance.recovery_statistics
    """

  /// The same of what the service answers.
  private static func expected(_ found: RecoveryStatistics) -> [String] {
    [
      "\(found.attempts)", "\(found.successes)", "\(found.failures)", found.successRate,
      found.totalSeconds, found.averageSeconds, "\(found.fileCount)", "\(found.rollbacks)",
      found.firstAt.map { "\($0.microseconds)" } ?? "",
      found.lastAt.map { "\($0.microseconds)" } ?? "",
    ]
  }

  /// The decimal numbers among them as the service writes them.
  private static func trimmed(_ row: [String]) -> [String] {
    row.enumerated().map { (3...5).contains($0) ? DecimalText.trimmed($1) : $1 }
  }

  /// Sessions made up at random for Acme, and the same for Globex.
  private func makeSessions(_ count: Int, _ fixture: Fixture) async throws -> [RandomRecovery] {
    var generator = SystemRandomNumberGenerator()
    let sessions = try (0..<count).map { try RandomRecovery(number: $0, &generator) }
    for party in [fixture.acme, fixture.globex] {
      for session in sessions {
        _ = try await fixture.hansard.recovery.start(
          .init(id: session.id, agent: AgentID("bot"), user: UserID("ann")), by: party.recorder)
        // In several requests, so that files come again in later ones.
        for draft in try session.drafts {
          _ = try await fixture.hansard.recovery.log([draft], in: session.id, by: party.recorder)
        }
      }
    }
    return sessions
  }

  @Test func statisticsAreThoseOfTheServiceToTheLastDigit() async throws {
    try await Fixture.run { fixture in
      let sessions = try await makeSessions(60, fixture)
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let found = try await rows(Self.statistics, as: ground)
        #expect(found.count == sessions.count)
        for session in sessions {
          let answer = try await fixture.hansard.recovery.statistics(
            of: session.id, by: fixture.acme.admin)
          let row = try #require(found["\(session.id)"])
          #expect(Self.trimmed(row) == Self.expected(answer.statistics), "\(session)")
        }
        // The planted defect: a formula that is a little off.
        try await TestDatabase.current.psql(
          """
          do $$
          begin
            execute 'create or replace view compliance.recovery_statistics with (security_invoker = true) as '
              || replace(pg_get_viewdef('compliance.recovery_statistics'), '20000', '20001');
          end
          $$
          """)
        let others = try await rows(Self.statistics, as: ground)
        #expect(others.contains { found[$0.key] != $0.value })
      }
    }
  }

  /// Each of these comes out otherwise where a rounded quotient is rounded again, or half goes to even.
  @Test(arguments: [
    (["0.0005"], "0.001", "0.001"), (["0.0025"], "0.003", "0.003"),
    (["1", "0.001"], "1.001", "0.501"),
    (["1000000000", "0.0005"], "1000000000.001", "500000000.0"),
    (["0.00149999999999999999999999999999999999", "0"], "0.001", "0.001"),
  ])
  func roundsAsTheServiceDoes(durations: [String], total: String, average: String) async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.recovery.log(
        try durations.map { try .of(duration: $0) }, in: .named("s-1"), by: fixture.acme.recorder)
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let found = try await rows(Self.statistics, as: ground)
        let row = Self.trimmed(try #require(found["s-1"]))
        #expect(row[4] == total && row[5] == average)
      }
    }
  }

  /// A purge takes everything away but what it says of itself.
  @Test func whatIsClearedIsAPurge() async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      for name in ["s-1", "s-2"] {
        _ = try await recovery.log(
          [.of("A", files: ["x", "y"]), .of("A", files: ["x"])], in: .named(name),
          by: fixture.acme.recorder)
      }
      _ = try await recovery.clear(
        .named("s-1"), because: .reason("asked for by ann"), by: fixture.acme.admin)
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let purges = try await ground.run(
          """
          select subject, subject_id, cause, reason, destroyed_count, purged_by like 'key:%'
          from compliance.purges
          """)
        #expect(purges == "recovery_session|s-1|cleared|asked for by ann|2|t\n")
        let sessions = try await ground.run(
          "select session_id, attempt_count, purged_at is not null from recovery_sessions order by 1"
        )
        #expect(sessions == "s-1|0|t\ns-2|2|f\n")
        let attempts = try await ground.run("select distinct session_id from recovery_attempts")
        #expect(attempts == "s-2\n")
        let kept = try await ground.run("select session_id, retention_days from recovery_retention")
        #expect(kept == "s-2|90\n")
      }
      // Nothing is left that would tell which files it modified.
      let files = try await TestDatabase.current.psql(
        "select session_id, count(*) from hansard.recovery_files group by 1")
      #expect(files == "s-2|2\n")
    }
  }

  /// What was purged because its time was over says so, while its attempts are still being deleted.
  @Test func whatHasExpiredIsAPurgeToo() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.recovery.log(
        [.of("A", files: ["x"])], in: .named("s-1"), by: fixture.acme.recorder)
      try await TestDatabase.current.psql(
        """
        update hansard.recovery_sessions set expires_at = now();
        set hansard.tenant_id = '\(fixture.acme.tenant)';
        select hansard.purge_recovery_sessions(10)
        """)
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let purges = try await ground.run(
          "select subject_id, cause, purged_by, destroyed_count from compliance.purges")
        #expect(purges == "s-1|expired|system|1\n")
        let attempts = try await ground.run("select count(*) from compliance.recovery_attempts")
        #expect(attempts == "0\n")
      }
      let left = try await TestDatabase.current.psql(
        """
        select (select count(*) from hansard.recovery_attempts),
          (select count(*) from hansard.recovery_files)
        """)
      #expect(left == "1|0\n")
    }
  }

  /// What the service does not show any more, nobody is shown.
  @Test func whatHasExpiredIsNotShown() async throws {
    try await Fixture.run { fixture in
      for name in ["s-1", "s-2"] {
        _ = try await fixture.hansard.recovery.log(
          [.of("A")], in: .named(name), by: fixture.acme.recorder)
      }
      try await TestDatabase.current.psql(
        "update hansard.recovery_sessions set expires_at = now() where session_id = 's-1'")
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        for view in ["recovery_attempts", "recovery_statistics"] {
          let seen = try await ground.run("select distinct session_id from \(view)")
          #expect(seen == "s-2\n")
        }
        for view in ["recovery_sessions", "recovery_retention"] {
          let seen = try await ground.run("select session_id, is_expired from \(view) order by 1")
          #expect(seen == "s-1|t\ns-2|f\n")
        }
      }
    }
  }
}
