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
    #expect(!refused.isEmpty && refused.allSatisfy(HostileGround.isReadOnly))
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
          select t.name, t.retention_days, t.created_at from hansard.tenants as t
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

  /// How many rows the planner expects says nothing about what there is.
  @Test func estimatesTellNoValues() async throws {
    try await HostileGround.with { ground in
      let none = try await tellingColumns(ground)
      #expect(none == [])
      // The planted defects.
      for (table, column, told) in [
        ("canvas_recordings", "user_id", "recordings.user_id"),
        ("canvas_recordings", "recording_id", "recordings.recording_id"),
        ("canvas_audit", "occurred_at", "audit_log.occurred_at"),
        ("recovery_attempts", "error_type", "recovery_attempts.error_type"),
      ] {
        try await TestDatabase.current.psql(
          """
          alter table hansard.\(table) alter column \(column) set statistics 100;
          analyze hansard.\(table)
          """)
        #expect(try await tellingColumns(ground).contains(told), "\(told)")
      }
    }
  }

  /// What a column of a type is compared with: less than all there is, in the middle of it, and more.
  private static let probes = [
    "text": ["a", "canaryb", "canaryz", "zz"],
    "uuid": [
      "00000000-0000-0000-0000-000000000000", "019aa000-0000-0000-0000-000000000000",
      "80000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    ],
    "timestamp with time zone": ["1970-01-01Z", "2026-11-01Z", "now", "2100-01-01Z"],
    "date": ["1970-01-01", "2026-11-01", "today", "2100-01-01"],
    // What no row may have is known without asking any.
    "integer": ["2", "10", "100", "1000000"],
    "bigint": ["2", "10", "100", "1000000"],
    "numeric": ["0.5", "10", "100", "1000000"],
    "double precision": ["0.5", "10", "100", "1000000"],
  ]

  /// What a plan says of costs and rows, step by step; not what the steps are.
  private static func expectations(of plan: Substring) -> [Substring] {
    plan.split(separator: "\n").compactMap { line in
      line.firstRange(of: "(cost=").map { line[$0.lowerBound...] }
    }
  }

  /// The columns whose estimates depend on what they are compared with. Of events' expires_on they do: by it
  /// the table is parted, and how large its parts are is in the catalog.
  private func tellingColumns(_ ground: HostileGround) async throws -> [String] {
    let columns = try await TestDatabase.current.psql(
      """
      select c.relname, a.attname, a.atttypid::regtype
      from pg_class as c join pg_attribute as a on a.attrelid = c.oid
      where c.relnamespace = 'compliance'::regnamespace
        and c.relname in (
          'recordings', 'audit_log', 'events', 'flags', 'agents', 'reviews', 'recovery_sessions',
          'recovery_attempts', 'purges')
        and a.attname not in (
          'action', 'actor_role', 'cause', 'component', 'maturity', 'outcome', 'source', 'state', 'status',
          'subject', 'verdict')
        and (c.relname, a.attname) <> ('events', 'expires_on')
      """)
    let probed = columns.split(separator: "\n").compactMap { line in
      let parts = line.split(separator: "|")
      return Self.probes[String(parts[2])].map { (view: parts[0], column: parts[1], values: $0) }
    }
    let statements = probed.flatMap { view, column, values in
      values.map { "explain select from compliance.\(view) where \(column) < '\($0)'" }
    }
    let said = try await ground.analyst.psql(
      statements.flatMap { ["-c", $0, "-c", #"\echo next"#] })
    var plans = said.output.split(separator: "next\n").map(Self.expectations)[...]
    #expect(plans.count == statements.count && plans.allSatisfy { !$0.isEmpty })
    var telling: [String] = []
    for (view, column, values) in probed {
      if Set(plans.prefix(values.count)).count > 1 { telling.append("\(view).\(column)") }
      plans = plans.dropFirst(values.count)
    }
    return telling
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
