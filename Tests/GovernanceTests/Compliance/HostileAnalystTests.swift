// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// An analyst who tries everything sees no row and no value of another tenant, and no secret of their own.
@Suite(.serialized, .database)
struct HostileAnalystTests {
  private static let seed: UInt64 = 20_261_126
  private static let count = 2000

  /// An attempt and what was said to it.
  private struct Answered {
    let attempt: HostileQueries.Attempt
    let answer: String
  }

  private func answered(_ ground: HostileGround) async throws -> [Answered] {
    let attempts = try await ground.attempts(Self.count, seed: Self.seed)
    let answers = try await ground.answers(to: attempts)
    return zip(attempts, answers).map { Answered(attempt: $0, answer: $1) }
  }

  private func findings(_ ground: HostileGround) async throws -> [String] {
    findings(in: try await answered(ground), ground)
  }

  private func findings(in answered: [Answered], _ ground: HostileGround) -> [String] {
    answered.compactMap { one in
      let (sql, answer) = (one.attempt.sql, one.answer)
      let found = ground.findings(
        in: answer.replacing(
          "\(ground.stranger)",
          with: sql.contains("\(ground.stranger)") ? "" : "\(ground.stranger)"))
      return found.isEmpty ? nil : "\(found): \(sql)\n\(answer.prefix(400))"
    }
  }

  @Test func nothingOfOthersAndNoSecretIsSeen() async throws {
    try await HostileGround.with { ground in
      let answered = try await answered(ground)
      let found = findings(in: answered, ground)
      #expect(found.isEmpty, "\(found.count): \(found.first ?? "")")
      expectThatAttemptsRan(answered, ground)
    }
  }

  /// What is made to attack with was made, and saw what is the analyst's own.
  private func expectThatAttemptsRan(_ answered: [Answered], _ ground: HostileGround) {
    let own = "\(ground.ownRecording)"
    #expect(answered.contains { $0.answer.contains("saw \(own)") }, "no function was asked")
    for word in ["operator(pg_temp", "create temp view", "create temp table", "security definer"] {
      let seen = answered.contains { $0.attempt.sql.contains(word) && $0.answer.contains(own) }
      #expect(seen, "\(word)")
    }
    let refused = answered.indices.filter {
      answered[$0].answer.contains("in a read-only transaction")
    }
    #expect(!refused.isEmpty && refused.allSatisfy { answered[$0].attempt.isReadOnly })
  }

  /// The planted defect that nothing but a function finds: the view leaves others' rows out, and not the policy,
  /// so that whatever is cheaper than the view's condition is asked about them first. (One that is leakproof would
  /// be asked before any function, all the same.)
  @Test func aHoleForFunctionsAloneIsFound() async throws {
    try await HostileGround.with { ground in
      try await TestDatabase.current.psql(
        """
        alter policy tenants_analyst on hansard.tenants using (true);
        create or replace view compliance.tenant with (security_invoker = true) as
          select t.name, t.retention_days, t.created_at, t.minimum_retention_days
          from hansard.tenants as t
          where t.tenant_id::text = (select hansard.analyst_tenant())::text
        """)
      let found = try await findings(ground)
      #expect(!found.isEmpty)
      let others = found.filter { !$0.contains("pg_temp.tell") }
      #expect(others == [])
    }
  }

  /// Whoever adds a table puts something of the stranger's there too: then it is tried as well.
  @Test func theStrangerHasSomethingInEveryTable() async throws {
    try await HostileGround.with { ground in
      let empty = try await ground.emptyTables()
      #expect(empty == [])
      // The planted defect.
      try await ground.forgetStranger()
      let all = try await ground.emptyTables()
      #expect(all.contains("recovery_attempts") && all.count > 20)
    }
  }

  /// What is there of others changes no answer, be it a row, a count or an error.
  @Test func othersMakeNoDifference() async throws {
    try await HostileGround.with { ground in
      let attempts = try await ground.attempts(Self.count, seed: Self.seed + 1).filter(
        \.isIndependent)
      let before = try await ground.answers(to: attempts)
      try await ground.forgetStranger()
      let after = try await ground.answers(to: attempts)
      #expect(attempts.count > Self.count / 2)
      #expect(before.contains { $0.contains("\(ground.ownRecording)") }, "nothing is seen at all")
      for (attempt, (first, second)) in zip(attempts, zip(before, after)) where first != second {
        Issue.record("\(attempt.sql)\n\(first.prefix(400))\n--\n\(second.prefix(400))")
        break
      }
    }
  }

  /// The planted defects: each turns the harness red.
  @Test(arguments: [
    "alter policy canvas_recordings_analyst on hansard.canvas_recordings using (true)",
    "alter policy canvas_audit_analyst on hansard.canvas_audit using (true)",
    """
    grant execute on function hansard.tenant() to hansard_analyst;
    alter policy canvas_recordings_isolation on hansard.canvas_recordings to public
    """,
    "alter view compliance.recordings reset (security_invoker); alter table hansard.canvas_recordings no force row level security",
    """
    grant usage on schema hansard to hansard_analyst;
    grant select on hansard.recording_events to hansard_analyst
    """,
    "alter table hansard.agent_registry disable row level security",
    """
    alter policy recovery_sessions_analyst on hansard.recovery_sessions using (true);
    alter policy recovery_attempts_analyst on hansard.recovery_attempts using (true)
    """,
    "alter policy recovery_sessions_analyst on hansard.recovery_sessions using (true)",
    """
    grant select (payload) on hansard.recovery_attempts to hansard_analyst;
    create view compliance.recovery_payloads with (security_invoker = true) as
      select a.payload from hansard.recovery_attempts as a;
    grant select on compliance.recovery_payloads to hansard_analyst
    """,
  ])
  func aHoleIsFound(defect: String) async throws {
    try await HostileGround.with { ground in
      try await TestDatabase.current.psql(defect)
      let isQuiet = try await findings(ground).isEmpty
      #expect(!isQuiet)
    }
  }

  /// Whoever may log in can listen: what instances tell each other names nobody.
  @Test func whatInstancesTellEachOtherNamesNoTenant() async throws {
    try await Fixture.run { fixture in
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let connection = try await TestDatabase.current.connect(role: ground.login.rawValue)
        try await connection.listen(to: "hansard_notices")
        let id = try await fixture.recordings.started(by: fixture.globex)
        _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: fixture.globex.ann)
        let heard = try #require(try await connection.nextNotification(within: .seconds(20)))
        #expect(!heard.payload.isEmpty)
        #expect(!heard.payload.contains("\(fixture.globex.tenant)"))
        await connection.close()
      }
    }
  }

  /// A statement of another login is not shown, whoever runs it.
  @Test func whatOthersAskIsNotSeen() async throws {
    try await HostileGround.with { ground in
      let service = try await TestDatabase.current.connect(role: "hansard_service")
      _ = try await service.execute(Query("select 'canaryb'", prepared: false))
      let seen = try await ground.analyst.run(
        "select query from pg_stat_activity where query like 'select ''can%'")
      #expect(seen == "")
      let all = try await TestDatabase.current.psql(
        "select count(*) from pg_stat_activity where query = 'select ''canaryb'''")
      #expect(all == "1\n")
      await service.close()
    }
  }
}
