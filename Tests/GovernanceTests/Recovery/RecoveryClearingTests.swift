// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecoveryClearingTests {
  @Test func clearingLeavesATombstoneAndNothingElse() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      _ = try await recovery.log([.of(), .of()], in: id, by: acme.recorder)
      _ = try await recovery.log([.of()], in: id, by: fixture.globex.recorder)
      let forbidden = try await refusal {
        try await recovery.clear(id, because: .reason("x"), by: acme.ann)
      }
      #expect(forbidden == .forbidden)
      let cleared = try await recovery.clear(id, because: .reason("asked for"), by: acme.admin)
      let tombstone = try #require(cleared.tombstone)
      #expect(tombstone.attempts == 2 && tombstone.reason == "asked for")
      #expect(tombstone.clearedBy == acme.admin.principal.actor)
      #expect(try await recovery.find(id, by: acme.ann).tombstone?.attempts == 2)
      let left = try await TestDatabase.current.psql(
        """
        select (select count(*) from hansard.recovery_attempts),
          (select count(*) from hansard.recovery_keys)
        """)
      #expect(left == "1|1\n")
      let codes = [
        try await refusal { try await recovery.wholeHistory(of: id, by: acme.ann) },
        try await refusal { try await recovery.log([.of()], in: id, by: acme.recorder) },
        try await refusal { try await recovery.clear(id, because: .reason("x"), by: acme.admin) },
        try await refusal {
          try await recovery.start(.init(id: id, agent: nil, user: nil), by: acme.recorder)
        },
      ]
      #expect(codes == [.sessionCleared, .sessionCleared, .sessionCleared, .sessionExists])
      let audited = try await TestDatabase.current.psql(
        """
        select audit_metadata ->> 'attempts', audit_metadata ->> 'reason'
        from hansard.canvas_audit where action = 'clear_recovery_session' and outcome = 'allowed'
        """)
      #expect(audited == "2|asked for\n")
    }
  }

  @Test func clearingAllCountsAndKeepsOtherTenants() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      for name in ["a", "b", "c"] {
        _ = try await recovery.log([.of(), .of()], in: .named(name), by: acme.recorder)
      }
      _ = try await recovery.log([.of()], in: .named("a"), by: fixture.globex.recorder)
      _ = try await recovery.clear(.named("b"), because: .reason("x"), by: acme.admin)
      let cleared = try await recovery.clearAll(because: .reason("y"), by: acme.admin)
      #expect(cleared.sessions == 2 && cleared.attempts == 4)
      var filter = RecoveryFilter()
      let live = try await recovery.list(filter, limit: .standard, cursor: nil, by: acme.admin)
      #expect(live.elements.isEmpty)
      filter.isCleared = true
      let gone = try await recovery.list(filter, limit: .standard, cursor: nil, by: acme.auditor)
      #expect(gone.elements.compactMap(\.tombstone?.reason) == ["y", "x", "y"])
      #expect(
        try await recovery.find(.named("a"), by: fixture.globex.admin).attemptCount == 1)
      let nothing = try await recovery.clearAll(because: .reason("z"), by: acme.admin)
      #expect(nothing.sessions == 0 && nothing.attempts == 0)
      let audited = try await TestDatabase.current.psql(
        """
        select
          audit_metadata ->> 'sessions', audit_metadata ->> 'attempts', audit_metadata ->> 'reason'
        from hansard.canvas_audit
        where action = 'clear_recovery_sessions' and outcome = 'allowed'
        order by audit_metadata ->> 'reason'
        """)
      #expect(audited == "2|4|y\n0|0|z\n")
    }
  }

  /// Of a large session attempts are still there for some time: whoever is reading it gets no more of them.
  @Test func whoIsReadingGetsNoMoreOfWhatWasCleared() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      let id = try SessionID.named("s-1")
      let drafts = try (0..<450).map { _ in try RecoveryAttemptDraft.of() }
      _ = try await recovery.log(drafts, in: id, by: acme.recorder)
      let reading = try await recovery.export(id, by: acme.ann)
      var pages = 0
      let ended = try await refusal {
        try await reading.forEachPage { _ in
          pages += 1
          guard pages == 1 else { return }
          // As clearing leaves a session of which it could not delete all attempts.
          try await TestDatabase.current.psql(
            """
            set session_replication_role = replica;
            update hansard.recovery_sessions
            set cleared_at = now(), cleared_by = 'x', clear_reason = 'x', has_remains = true,
              cleared_attempts = attempt_count, attempt_count = 0
            """)
        }
      }
      #expect(ended == .sessionCleared && pages == 1)
      let left = try await TestDatabase.current.psql(
        "select count(*) from hansard.recovery_attempts")
      #expect(left == "450\n")
    }
  }

  @Test func attemptsGoWithATombstoneOnly() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.recovery.log(
        [.of()], in: .named("s-1"), by: fixture.acme.recorder)
      for statement in [
        "delete from hansard.recovery_attempts", "truncate hansard.recovery_attempts",
        "update hansard.recovery_attempts set success = false",
        "delete from hansard.recovery_sessions", "truncate hansard.recovery_sessions cascade",
      ] {
        let connection = try await TestDatabase.current.connect(role: "postgres")
        do throws(PostgresError) {
          _ = try await connection.execute(Query(statement, prepared: false))
          Issue.record("\(statement)")
        } catch {
          #expect(error.serverMessage?.contains("append-only") == true, "\(statement)")
        }
        await connection.close()
      }
    }
  }

  /// Whoever logs while everything is cleared either has logged before, or is told.
  @Test func loggingWhileAllIsClearedLosesNothingQuietly() async throws {
    try await Fixture.run { fixture in
      let (recovery, acme) = (fixture.hansard.recovery, fixture.acme)
      for round in 0..<5 {
        let id = try SessionID.named("r-\(round)")
        _ = try await recovery.log([.of()], in: id, by: acme.recorder)
        let logged = try await withThrowingTaskGroup(of: Int64.self) { group in
          for _ in 0..<4 {
            group.addTask {
              do {
                return Int64(try await recovery.log([.of()], in: id, by: acme.recorder).count)
              } catch let error as DomainError where error.code == .sessionCleared {
                return 0
              }
            }
          }
          group.addTask {
            _ = try await recovery.clearAll(because: .reason("x"), by: acme.admin)
            return 1
          }
          return try await group.reduce(0, +)
        }
        let tombstone = try await recovery.find(id, by: acme.admin).tombstone
        #expect(tombstone?.attempts == logged)
      }
      let left = try await TestDatabase.current.psql(
        "select count(*) from hansard.recovery_attempts")
      #expect(left == "0\n")
    }
  }
}
