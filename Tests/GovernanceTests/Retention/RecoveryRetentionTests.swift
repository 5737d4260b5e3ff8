// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What becomes of recovery sessions at the end of their retention.
@Suite(.serialized, .database)
struct RecoveryRetentionTests {
  private func psql(_ sql: String) async throws -> String {
    try await TestDatabase.current.psql(sql)
  }

  @Test func whatHasExpiredGoesAndNothingElse() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      _ = try await recovery.log([.of(), .of()], in: .named("old"), by: acme.recorder)
      _ = try await recovery.log([.of()], in: .named("new"), by: acme.recorder)
      _ = try await recovery.log([.of()], in: .named("old"), by: fixture.globex.recorder)
      try await PlantedRecoveries.expire("old", of: acme.tenant)
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil)
      #expect(run.tally == .init(recoverySessions: 1, recoveryAttempts: 2))
      let rows = try await psql(
        """
        select s.session_id, s.cleared_on_expiry, s.cleared_by, s.clear_reason, s.cleared_attempts,
          s.attempt_count, s.has_remains,
          (select count(*) from hansard.recovery_keys as k
            where (k.tenant_id, k.session_id) = (s.tenant_id, s.session_id)),
          (select count(*) from hansard.recovery_attempts as a
            where (a.tenant_id, a.session_id) = (s.tenant_id, s.session_id))
        from hansard.recovery_sessions as s order by s.id
        """)
      #expect(
        rows == """
          old|t|system|The end of its retention.|2|0|f|0|0
          new|f||||1|f|1|1
          old|f||||1|f|1|1

          """)
      let audited = try await psql(
        """
        select tenant_id = '\(acme.tenant)', actor, actor_role, component_type, action, outcome,
          audit_metadata
        from hansard.canvas_audit where action like 'purge%'
        """)
      #expect(
        audited == "t|system|admin|recovery_audit|purge_recovery_sessions|allowed|"
          + #"{"cause": "expired", "attempts": "2", "sessions": "1"}"# + "\n")
      // Nothing is due any more, and nothing more is said.
      #expect(await fixture.hansard.retention.run().tally == .init())
      #expect(try await PlantedRecoveries.findings() == [])
    }
  }

  /// One step on each side of the moment.
  @Test func theDatabasesClockDecides() async throws {
    try await Fixture.run { fixture in
      let tenant = fixture.acme.tenant
      try await PlantedRecoveries.plant(
        1, "before", attempts: 0, expiringIn: "-1 microsecond", of: tenant)
      try await PlantedRecoveries.plant(1, "at", attempts: 0, expiringIn: "0 seconds", of: tenant)
      try await PlantedRecoveries.plant(1, "after", attempts: 0, expiringIn: "1 hour", of: tenant)
      let run = await fixture.hansard.retention.run()
      #expect(run.tally.recoverySessions == 2)
      let purged = try await psql(
        "select session_id from hansard.recovery_sessions where cleared_on_expiry order by 1")
      #expect(purged == "at-1\nbefore-1\n")
    }
  }

  /// Whether the worker has been there makes no difference to anybody.
  @Test func expiredAnswersTheSameBeforeAndAfterThePurge() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      _ = try await recovery.log([.of(entry: "entry_1")], in: id, by: acme.recorder)
      try await PlantedRecoveries.expire("s-1", of: acme.tenant)
      for isPurged in [false, true] {
        if isPurged { #expect(await fixture.hansard.retention.run().tally.recoverySessions == 1) }
        for caller in [acme.ann, acme.admin] {
          let codes = [
            try await refusal { try await recovery.find(id, by: caller) },
            try await refusal { try await recovery.wholeHistory(of: id, by: caller) },
            try await refusal { try await recovery.statistics(of: id, by: caller) },
            try await refusal { try await recovery.report(on: id, by: caller) },
            try await refusal { try await recovery.export(id, by: caller) },
            try await refusal { try await recovery.log([.of()], in: id, by: caller) },
            try await refusal {
              try await recovery.log([.of(entry: "entry_1")], in: id, by: caller)
            },
          ]
          #expect(codes == Array(repeating: .sessionExpired, count: 7))
          let totals = try await recovery.totals(of: .init(), by: .strategy, for: caller)
          #expect(totals.all.attempts == 0 && totals.groups.isEmpty)
          let live = try await recovery.list(.init(), limit: .standard, cursor: nil, by: caller)
          #expect(live.elements.isEmpty)
          var filter = RecoveryFilter()
          filter.isCleared = true
          let gone = try await recovery.list(filter, limit: .standard, cursor: nil, by: caller)
          #expect(gone.elements.map(\.tombstone?.cause) == (isPurged ? [.expired] : []))
        }
        // Its name is not given again.
        let taken = try await refusal {
          try await recovery.start(.init(id: id, agent: nil, user: nil), by: acme.recorder)
        }
        #expect(taken == .sessionExists)
      }
      let cleared = try await refusal {
        try await recovery.clear(id, because: .reason("x"), by: acme.admin)
      }
      #expect(cleared == .sessionExpired)
      let lines = try await psql(
        """
        select outcome from hansard.canvas_audit where action = 'clear_recovery_session'
        """)
      #expect(lines == "refused\n")
    }
  }

  /// An admin who clears what has expired is believed to have cleared it.
  @Test func whatIsClearedIsNotPurged() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      _ = try await recovery.log([.of()], in: id, by: acme.recorder)
      try await PlantedRecoveries.expire("s-1", of: acme.tenant)
      let cleared = try await recovery.clear(id, because: .reason("x"), by: acme.admin)
      #expect(cleared.tombstone?.cause == .cleared)
      #expect(await fixture.hansard.retention.run().tally == .init())
      #expect(try await recovery.find(id, by: acme.ann).tombstone?.reason == "x")
    }
  }

  /// The key goes at once, the attempts in steps, and nobody sees a part of them.
  @Test func aLargeSessionGoesInSteps() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let most = RecoveryRetention.mostAttempts
      let count = 2 * most + 10
      try await PlantedRecoveries.plant(
        1, "large", attempts: count, expiringIn: "-1 second", of: acme.tenant)
      try await PlantedRecoveries.plant(
        3, "small", attempts: 1, expiringIn: "-1 hour", of: acme.tenant)
      let worker = RecoveryRetention(gate: fixture.hansard.retention.gate)
      for step in 1...3 {
        let piece = try await worker.purge(acme.tenant)
        #expect(piece.tally.recoverySessions == (step == 1 ? 4 : 0))
        #expect(piece.mayHaveMore == (step < 3))
        let left = try await psql(
          """
          select (select count(*) from hansard.recovery_keys),
            (select count(*) from hansard.recovery_attempts),
            (select count(*) from hansard.recovery_sessions where has_remains),
            (select cleared_attempts from hansard.recovery_sessions where session_id = 'large-1')
          """)
        let attempts = max(0, count + 3 - step * most)
        #expect(left == "0|\(attempts)|\(step < 3 ? 1 : 0)|\(count)\n")
        #expect(try await PlantedRecoveries.findings(isOver: step == 3) == [])
        let totals = try await recovery.totals(of: .init(), by: nil, for: acme.admin)
        #expect(totals.all.attempts == 0)
        let status = try await fixture.hansard.retention.status()
        #expect(status.unsweptRecoveries == (step < 3 ? 1 : 0))
        #expect(status.dueRecoveries == 0 && status.purgedRecoveries == 4)
      }
      #expect(try await worker.due(after: nil, upTo: nil, most: 10) == [])
    }
  }

  /// Whoever clears does not wait until millions of attempts are deleted: what is in them is gone at once.
  @Test func muchThatIsClearedGoesInStepsToo() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let atOnce = 10_000
      try await PlantedRecoveries.plant(
        1, "large", attempts: atOnce + 10, expiringIn: "1 day", of: acme.tenant)
      try await PlantedRecoveries.plant(
        3, "small", attempts: 1, expiringIn: "1 day", of: acme.tenant)
      let cleared = try await recovery.clearAll(because: .reason("x"), by: acme.admin)
      #expect(cleared.sessions == 4 && cleared.attempts == Int64(atOnce) + 13)
      let left = try await psql(
        """
        select (select count(*) from hansard.recovery_keys),
          (select count(*) from hansard.recovery_attempts),
          (select count(*) from hansard.recovery_sessions where cleared_on_expiry)
        """)
      #expect(left == "0|13|0\n")
      #expect(try await PlantedRecoveries.findings(isOver: false) == [])
      let totals = try await recovery.totals(of: .init(), by: .strategy, for: acme.admin)
      #expect(totals.all.attempts == 0 && totals.groups.isEmpty)
      let again = try await recovery.clearAll(because: .reason("x"), by: acme.admin)
      #expect(again.sessions == 0)
      #expect(try await fixture.hansard.retention.status().unsweptRecoveries > 0)
      let run = await fixture.hansard.retention.run()
      #expect(run.tally.recoverySessions == 0 && run.failure == nil)
      #expect(try await PlantedRecoveries.findings() == [])
      #expect(try await recovery.find(.named("large-1"), by: acme.admin).tombstone?.reason == "x")
    }
  }

  /// The policy at the start decides; what is changed later is for later sessions.
  @Test func retentionIsFixedAtTheStart() async throws {
    try await Fixture.run(with: .retention(days: 7)) { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      func start(_ name: String, by caller: Caller) async throws {
        let draft = RecoverySessionDraft(id: try .named(name), agent: nil, user: nil)
        _ = try await recovery.start(draft, by: caller)
      }
      try await start("a", by: acme.recorder)
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: 30, reviewSamplePercent: 0), replacing: 0, by: acme.admin)
      try await start("b", by: acme.recorder)
      _ = try await recovery.log([.of()], in: .named("c"), by: acme.recorder)
      try await start("d", by: fixture.globex.recorder)
      let days = try await psql(
        """
        select session_id, extract(day from expires_at - started_at)
        from hansard.recovery_sessions order by 1
        """)
      #expect(days == "a|7\nb|30\nc|30\nd|7\n")
    }
  }
}
