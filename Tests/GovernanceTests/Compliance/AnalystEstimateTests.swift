// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// What `EXPLAIN` expects tells an analyst nothing of what others have.
@Suite(.serialized, .database)
struct AnalystEstimateTests {
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

  /// Nor do the costs of joining what is there with ranges of the analyst's own.
  @Test func joinsTellNoIDs() async throws {
    try await HostileGround.with { ground in
      for view in ["recordings", "reviews", "flags", "events", "audit_log"] {
        let told = try await Self.joinTells(view, ground)
        #expect(!told, "\(view)")
      }
      // The planted defect: conditions on the counters make their join an inner one.
      try await TestDatabase.current.psql(
        """
        drop view compliance.recordings;
        create view compliance.recordings with (security_invoker = true) as
          select r.recording_id, p.event_count, p.error_count, p.last_event_at
          from hansard.canvas_recordings as r
          left join hansard.recording_progress as p
            on p.tenant_id = r.tenant_id and p.recording_id = r.recording_id;
        grant select on compliance.recordings to hansard_analyst
        """)
      let told = try await Self.joinTells("recordings", ground)
      #expect(told)
    }
  }

  /// Whether the costs of a merge join with two ids depend on which they are.
  private static func joinTells(_ view: String, _ ground: HostileGround) async throws -> Bool {
    let condition =
      view == "recordings" ? "v.event_count >= 0 and v.last_event_at > '1970-01-01Z'" : "true"
    let ranges = [("0", "2"), ("0", "8"), ("4", "5"), ("f", "f")]
    let statements = ranges.flatMap { low, high in
      [
        "drop table if exists x",
        """
        create temp table x as
          select (repeat(n, 8) || '-0000-0000-0000-000000000000')::uuid as id
          from unnest('{\(low),\(high)}'::text[]) as n
        """,
        "analyze x",
        "explain select from compliance.\(view) as v join x on x.id = v.recording_id where \(condition)",
        #"\echo next"#,
      ]
    }
    let settings = [
      "set default_transaction_read_only = off", "set enable_hashjoin = off",
      "set enable_nestloop = off",
    ]
    let said = try await ground.analyst.psql((settings + statements).flatMap { ["-c", $0] })
    let plans = said.output.split(separator: "next\n").map(expectations)
    #expect(plans.count == ranges.count && plans.allSatisfy { !$0.isEmpty }, "\(said.errors)")
    return Set(plans).count > 1
  }
}
