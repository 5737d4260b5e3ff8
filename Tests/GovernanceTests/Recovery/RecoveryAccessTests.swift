// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecoveryAccessTests {
  /// A session that names ann, and one that names nobody.
  private func withSessions(
    _ body: (Fixture, RecoveryAudit, _ anns: SessionID, _ nobodys: SessionID) async throws -> Void
  ) async throws {
    try await Fixture.run { fixture in
      let recovery = fixture.hansard.recovery
      let (anns, nobodys) = (try SessionID.named("anns"), try SessionID.named("nobodys"))
      _ = try await recovery.log([.of()], in: anns, by: fixture.acme.recorder)
      _ = try await recovery.log([.of(user: nil)], in: nobodys, by: fixture.acme.recorder)
      try await body(fixture, recovery, anns, nobodys)
    }
  }

  @Test func onlyWhomASessionNamesAndOverseersReadIt() async throws {
    try await withSessions { fixture, recovery, anns, nobodys in
      let acme = fixture.acme
      for (caller, may) in [
        (acme.ann, [anns]), (acme.bob, []), (acme.reviewer, []), (acme.recorder, []),
        (acme.auditor, [anns, nobodys]), (acme.admin, [anns, nobodys]),
      ] {
        for id in [anns, nobodys] {
          let isAllowed = may.contains(id)
          func outcome<T: Sendable>(_ read: () async throws -> T) async -> DomainError.Code? {
            do {
              _ = try await read()
              return nil
            } catch {
              return (error as? DomainError)?.code
            }
          }
          let codes = [
            await outcome { try await recovery.find(id, by: caller) },
            await outcome { try await recovery.wholeHistory(of: id, by: caller) },
            await outcome { try await recovery.statistics(of: id, by: caller) },
            await outcome { try await recovery.report(on: id, by: caller) },
            await outcome { try await recovery.export(id, by: caller) },
          ]
          let expected: DomainError.Code? = isAllowed ? nil : .forbidden
          #expect(codes == Array(repeating: expected, count: 5), "\(id) \(caller.principal.role)")
        }
      }
    }
  }

  @Test func listsAndTotalsHoldWhatMayBeSeen() async throws {
    try await withSessions { fixture, recovery, anns, nobodys in
      let acme = fixture.acme
      func listed(_ caller: Caller) async throws -> [SessionID] {
        try await recovery.list(.init(), limit: .standard, cursor: nil, by: caller).elements
          .map(\.id)
      }
      #expect(try await listed(acme.ann) == [anns])
      #expect(try await listed(acme.reviewer) == [])
      #expect(try await listed(acme.auditor) == [nobodys, anns])
      func total(_ caller: Caller) async throws -> Int64 {
        try await recovery.totals(of: .init(), by: nil, for: caller).all.attempts
      }
      #expect(try await total(acme.ann) == 1)
      #expect(try await total(acme.bob) == 0)
      #expect(try await total(acme.admin) == 2)
      #expect(try await total(fixture.globex.admin) == 0)
      let code = try await refusal { try await total(acme.recorder) }
      #expect(code == .forbidden)
    }
  }

  @Test func membersLogTheirOwnAndTakeNoSessionOver() async throws {
    try await withSessions { fixture, recovery, anns, nobodys in
      let acme = fixture.acme
      #expect(try await recovery.log([.of()], in: anns, by: acme.ann).map(\.number) == [2])
      for (id, caller, user) in [
        (anns, acme.bob, "bob"), (nobodys, acme.ann, "ann"), (anns, acme.auditor, "ann"),
        (try .named("new"), acme.bob, "ann"),
      ] {
        let code = try await refusal {
          try await recovery.log([.of(user: user)], in: id, by: caller)
        }
        #expect(code == .forbidden, "\(id)")
      }
      // A recorder may say later whose it is.
      _ = try await recovery.log([.of(user: "bob")], in: nobodys, by: acme.recorder)
      #expect(try await recovery.wholeHistory(of: nobodys, by: acme.bob).count == 2)
      let other = try await domainError {
        try await recovery.log([.of(user: "ann")], in: nobodys, by: acme.recorder)
      }
      #expect(other.violations.map(\.pointer) == ["/0/user_id"])
    }
  }

  @Test func aBoundRecorderLogsForItsAgentOnly() async throws {
    try await withSessions { fixture, recovery, anns, _ in
      let (bound, _) = try await Party.caller(
        .recorder, agent: "bot", by: fixture.acme.operatorCaller, in: fixture.hansard)
      let receipts = try await recovery.log([.of(agent: nil)], in: anns, by: bound)
      #expect(receipts.count == 1)
      let attempts = try await recovery.wholeHistory(of: anns, by: fixture.acme.ann)
      #expect(attempts.map(\.agent?.rawValue) == ["bot", "bot"])
      for drafts in [
        [try RecoveryAttemptDraft.of(agent: "other")],
        [try .of(agent: "bot"), try .of(agent: "other")],
      ] {
        let code = try await refusal { try await recovery.log(drafts, in: anns, by: bound) }
        #expect(code == .forbidden)
      }
    }
  }

  @Test func everyOperationIsAuditedWithItsSession() async throws {
    try await withSessions { fixture, recovery, anns, _ in
      _ = try await recovery.wholeHistory(of: anns, by: fixture.acme.ann)
      _ = try? await recovery.export(anns, by: fixture.acme.bob)
      let lines = try await TestDatabase.current.psql(
        """
        select action, outcome, actor, user_id from hansard.canvas_audit
        where session_id = 'anns' order by occurred_at
        """)
      let recorder = fixture.acme.recorder.principal.actor
      #expect(
        lines == """
          log_recovery_attempt|allowed|\(recorder)|ann
          read_recovery_history|allowed|user:ann|ann
          export_recovery|refused|user:bob|ann

          """)
    }
  }

  @Test func whatHasExpiredIsGone() async throws {
    try await withSessions { fixture, recovery, anns, _ in
      try await TestDatabase.current.psql(
        "update hansard.recovery_sessions set expires_at = now() where session_id = 'anns'")
      let acme = fixture.acme
      let codes = [
        try await refusal { try await recovery.find(anns, by: acme.ann) },
        try await refusal { try await recovery.wholeHistory(of: anns, by: acme.ann) },
        try await refusal { try await recovery.log([.of()], in: anns, by: acme.recorder) },
      ]
      #expect(codes == [.sessionExpired, .sessionExpired, .sessionExpired])
      #expect(try await recovery.totals(of: .init(), by: nil, for: acme.admin).all.attempts == 1)
    }
  }

  @Test func expiryFollowsTheTenantsRetention() async throws {
    try await Fixture.run { fixture in
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: 120, reviewSamplePercent: 0), replacing: 0, by: fixture.acme.admin)
      for (party, days) in [(fixture.acme, 120.0), (fixture.globex, 90.0)] {
        let session = try await fixture.hansard.recovery.start(
          .init(id: nil, agent: nil, user: nil), by: party.recorder)
        #expect(session.expiresAt.seconds(since: session.startedAt) == days * 86_400)
      }
    }
  }
}
