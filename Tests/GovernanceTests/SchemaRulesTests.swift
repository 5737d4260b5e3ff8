// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct SchemaRulesTests {
  private func broken(_ sql: String) async throws -> String {
    try await TestDatabase.current.psql("begin; \(sql); rollback")
  }

  private func makePartition() async throws {
    try await TestDatabase.current.psql("select hansard.ensure_event_partition('2026-11-21')")
  }

  @Test func theCatalogBreaksNoRule() async throws {
    try await makePartition()
    for (rule, sql) in SchemaRules.all {
      #expect(try await broken(sql) == "", "\(rule)")
    }
  }

  /// In one database: each defect is rolled back.
  @Test func brokenRulesAreFound() async throws {
    try await makePartition()
    for (rule, defect) in SchemaRules.defects {
      let sql = try #require(SchemaRules.all[rule])
      #expect(try await broken("\(defect); \(sql)") != "", "\(rule): \(defect)")
    }
    #expect(Set(SchemaRules.defects.map(\.0)) == Set(SchemaRules.all.keys))
  }

  @Test(arguments: [
    "recording_events", "recording_flags", "canvas_audit", "redaction_policies", "redaction_rules",
    "review_entries", "tenant_policies",
  ])
  func whatIsAppendOnlyIsSoForItsOwnerToo(table: String) async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await fixture.recordings.appendOne(.of(), to: id, by: fixture.acme.recorder)
      _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: fixture.acme.ann)
      _ = try await fixture.hansard.redaction.set(
        .of(rules: ["badge"]), replacing: 0, by: fixture.acme.admin)
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: 30, reviewSamplePercent: 0), replacing: 0, by: fixture.acme.admin)
      let partition = try await TestDatabase.current.psql(
        "select inhrelid::regclass from pg_inherits where inhparent = 'hansard.\(table)'::regclass")
      var statements = [
        "update hansard.\(table) set tenant_id = tenant_id", "delete from hansard.\(table)",
        "truncate hansard.\(table)", "truncate hansard.\(table) cascade",
      ]
      for name in partition.split(separator: "\n") where name.contains("_2") {
        statements += ["truncate \(name)", "delete from \(name)", "update \(name) set seq = 1"]
      }
      for role in ["postgres", "hansard_owner"] {
        let connection = try await TestDatabase.current.connect(role: "postgres")
        for statement in statements {
          // The owner sees no row of a partition when it goes there directly: nothing to raise for.
          if role == "hansard_owner", statement.contains("_2"), !statement.hasPrefix("truncate") {
            continue
          }
          // Its rules refer to it, which is refused before any trigger is asked.
          if statement == "truncate hansard.redaction_policies" { continue }
          do throws(PostgresError) {
            _ = try await connection.transact([
              Query("set local role \(role)", prepared: false),
              .setTenant(fixture.acme.tenant), Query(statement, prepared: false),
            ])
            Issue.record("\(role): \(statement)")
          } catch {
            #expect(error.sqlState == .insufficientPrivilege)
            #expect(error.serverMessage?.contains("append-only") == true, "\(role): \(statement)")
          }
        }
        await connection.close()
      }
    }
  }
}
