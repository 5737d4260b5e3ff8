// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// The retention worker meets somebody who is at the same session, or a tenant that it cannot purge.
@Suite(.serialized, .database)
struct RetentionMeetingTests {
  /// Five sessions have expired, and somebody holds the first of them: the others are purged all the same.
  private static func heldHead(_ fixture: Fixture) async throws -> [String] {
    let tenant = fixture.acme.tenant
    try await PlantedRecoveries.plant(1, "held", attempts: 1, expiringIn: "-1 day", of: tenant)
    try await PlantedRecoveries.plant(4, "free", attempts: 1, expiringIn: "-1 hour", of: tenant)
    let holder = try await TestDatabase.current.connect(role: "postgres")
    _ = try await holder.execute(.begin)
    _ = try await holder.execute(
      Query(
        "select from hansard.recovery_sessions where session_id = 'held-1' for no key update",
        prepared: false))
    let run = await fixture.hansard.retention.run()
    _ = try await holder.execute(.commit)
    await holder.close()
    var findings: [String] = []
    if let failure = run.failure { findings.append("failed: \(failure)") }
    if run.tally.recoverySessions != 4 { findings.append("purged: \(run.tally)") }
    let rest = await fixture.hansard.retention.run()
    if rest.tally.recoverySessions != 1 { findings.append("purged later: \(rest.tally)") }
    return findings + (try await PlantedRecoveries.findings())
  }

  @Test func aSessionThatIsHeldKeepsNobodyWaiting() async throws {
    try await Fixture.run { fixture in
      let findings = try await Self.heldHead(fixture)
      #expect(findings == [])
    }
  }

  /// The planted defect: whoever purges waits for whoever holds.
  @Test func waitingForAHeldSessionIsNoticed() async throws {
    try await Fixture.run { fixture in
      try await Mutant.make(
        "purge_recovery_sessions", [(of: "for update skip locked", to: "for update")])
      let findings = try await Self.heldHead(fixture)
      #expect(findings.contains { $0.hasPrefix("failed") }, "\(findings)")
    }
  }

  /// Where a purge cannot be told of, nothing is purged; and other tenants do not wait for that one.
  @Test func aTenantThatFailsKeepsNobodyWaiting() async throws {
    try await Fixture.run { fixture in
      let (acme, globex) = (fixture.acme.tenant, fixture.globex.tenant)
      for tenant in [acme, globex] {
        try await PlantedRecoveries.plant(3, "s", attempts: 2, expiringIn: "-1 day", of: tenant)
      }
      try await TestDatabase.current.psql(
        """
        alter table hansard.canvas_audit add constraint denied
          check (tenant_id <> '\(acme)' or action <> 'purge_recovery_sessions') not valid
        """)
      let run = await fixture.hansard.retention.run()
      #expect((run.failure as? DomainError)?.code == .auditUnavailable)
      #expect(run.tally == .init(recoverySessions: 3, recoveryAttempts: 6))
      let due = try await fixture.hansard.retention.status()
      #expect(due.dueRecoveries == 3 && due.oldestDue != nil)
      #expect(try await PlantedRecoveries.findings(isOver: false) == [])
      try await TestDatabase.current.psql(
        "alter table hansard.canvas_audit drop constraint denied")
      #expect(await fixture.hansard.retention.run().tally.recoverySessions == 3)
      #expect(try await PlantedRecoveries.findings() == [])
    }
  }

  /// A service without its master key writes nothing, and does not purge either.
  @Test func aSealedServicePurgesNothing() async throws {
    try await Fixture.run { fixture in
      try await PlantedRecoveries.plant(
        1, "s", attempts: 1, expiringIn: "-1 day", of: fixture.acme.tenant)
      try await Fixture.withSecond { stranger in
        let run = await stranger.retention.run()
        #expect((run.failure as? DomainError)?.code == .sealed)
      }
      #expect(try await fixture.hansard.retention.status().dueRecoveries == 1)
    }
  }

  /// Between looking and adding the session expires.
  @Test func nothingIsAddedFromTheMomentOn() async throws {
    try await Fixture.run { fixture in
      let acme = fixture.acme
      let id = try SessionID.named("s-1")
      _ = try await fixture.hansard.recovery.log([.of()], in: id, by: acme.recorder)
      let database = Fixture.database()
      let row = try #require(
        try await database.read(.recovery(id, of: acme.tenant), of: acme.tenant).first)
      let stored = try StoredRecovery(row)
      let advance = Query.advanceRecovery(stored, to: 2, 2, nil, nil, of: acme.tenant)
      try await PlantedRecoveries.expire("s-1", of: acme.tenant)
      #expect(try await database.read(advance, of: acme.tenant).isEmpty)
      try await TestDatabase.current.psql(
        "update hansard.recovery_sessions set expires_at = clock_timestamp() + interval '1 day'")
      #expect(try await database.read(advance, of: acme.tenant).count == 1)
      await database.pool.close()
    }
  }

  /// A purge between the look at the session and the look at its attempts: no half of it is shown.
  @Test(arguments: ["history", "statistics"])
  func whoeverReadsWhileItIsPurgedIsTold(_ what: String) async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      _ = try await recovery.log([.of(), .of()], in: id, by: acme.recorder)
      let purger = try await TestDatabase.current.connect(role: "postgres")
      _ = try await purger.execute(.begin)
      _ = try await purger.execute(
        Query("lock table hansard.recovery_attempts in access exclusive mode", prepared: false))
      async let code = refusal {
        if what == "history" {
          _ = try await recovery.wholeHistory(of: id, by: acme.ann)
        } else {
          _ = try await recovery.statistics(of: id, by: acme.ann)
        }
      }
      try await eventually("a reader that waits") {
        try await TestDatabase.current.psql(
          """
          select count(*) from pg_stat_activity
          where datname = current_database() and wait_event_type = 'Lock'
          """) != "0\n"
      }
      for statement in [
        Query.setTenant(acme.tenant),
        Query("update hansard.recovery_sessions set expires_at = clock_timestamp()"),
        Query("select hansard.purge_recovery_sessions(10)"),
        Query("select hansard.sweep_recovery_attempts(10)"), .commit,
      ] { _ = try await purger.execute(statement) }
      await purger.close()
      #expect(try await code == .sessionExpired)
      let lines = try await TestDatabase.current.psql(
        "select outcome from hansard.canvas_audit where action = 'read_recovery_\(what)'")
      #expect(lines == "refused\n")
    }
  }
}
