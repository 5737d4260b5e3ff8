// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What `hansard_retention` may do, and who may act as it.
@Suite(.serialized, .database)
struct RetentionRoleTests {
  /// What must not be found in the catalog.
  private static let rules = [
    "it executes what asks itself what is due": """
    select p.proname from pg_proc p, aclexplode(p.proacl) as g
    where p.pronamespace = 'hansard'::regnamespace and g.grantee = 'hansard_retention'::regrole
      and not (p.prosecdef or p.proname = 'tenant')
    """,
    "it has no right on anything else": """
    select c.relname from pg_class c, aclexplode(c.relacl) as g
    where g.grantee = 'hansard_retention'::regrole
    union all
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid,
      aclexplode(a.attacl) as g
    where g.grantee = 'hansard_retention'::regrole
    """,
    "the service acts as it, and nobody else": """
    select m.member::regrole::text from pg_auth_members m
    where m.roleid = 'hansard_retention'::regrole and m.member <> 'hansard_service'::regrole
    union all
    select 'nobody' where not pg_has_role('hansard_service', 'hansard_retention', 'member')
    """,
    "the service acts as nobody else": """
    select m.roleid::regrole::text from pg_auth_members m
    where m.member in ('hansard_service'::regrole, 'hansard_retention'::regrole)
      and m.roleid <> 'hansard_retention'::regrole
    """,
    "nobody else purges": """
    select p.proname from pg_proc p, aclexplode(p.proacl) as g
    where p.pronamespace = 'hansard'::regnamespace
      and p.proname in ('due_recovery_purges', 'purge_recovery_sessions',
        'recovery_retention', 'sweep_recovery_attempts', 'delete_recovery_attempts')
      and g.grantee not in ('hansard_owner'::regrole, 'hansard_retention'::regrole)
    """,
  ]

  private func broken(_ sql: String) async throws -> String {
    try await TestDatabase.current.psql("begin; \(sql); rollback")
  }

  @Test func theCatalogBreaksNoRule() async throws {
    for (rule, sql) in Self.rules {
      #expect(try await broken(sql) == "", "\(rule)")
    }
  }

  @Test(arguments: [
    (
      "it executes what asks itself what is due",
      "grant execute on function hansard.require_live_key(uuid) to hansard_retention"
    ),
    (
      "it has no right on anything else",
      "grant delete on hansard.recovery_attempts to hansard_retention"
    ),
    (
      "it has no right on anything else",
      "grant select (session_id) on hansard.recovery_sessions to hansard_retention"
    ),
    (
      "the service acts as it, and nobody else", "grant hansard_retention to hansard_analyst"
    ),
    ("the service acts as nobody else", "grant hansard_analyst to hansard_service"),
    (
      "nobody else purges",
      "grant execute on function hansard.purge_recovery_sessions(integer) to hansard_service"
    ),
  ])
  func aBrokenRuleIsFound(rule: String, defect: String) async throws {
    let sql = try #require(Self.rules[rule])
    #expect(try await broken("\(defect); \(sql)") != "")
  }

  /// Everything else is refused, to the service as to the role itself.
  @Test func theServicePurgesAsThatRoleOnly() async throws {
    try await Fixture.run { fixture in
      let tenant = fixture.acme.tenant
      try await PlantedRecoveries.plant(1, "s", attempts: 1, expiringIn: "-1 day", of: tenant)
      let connection = try await TestDatabase.current.connect(role: "hansard_service")
      func refusal(_ queries: [Query]) async -> SQLState? {
        do throws(PostgresError) {
          _ = try await connection.transact([.setTenant(tenant)] + queries)
          return nil
        } catch {
          return error.sqlState
        }
      }
      for query in [
        Query.dueRecoveryPurges(after: nil, upTo: nil, most: 1), .purgeRecoveries(most: 1),
        .sweepRecoveries(most: 1), .recoveryRetention,
      ] { #expect(await refusal([query]) == .insufficientPrivilege, "\(query.sql)") }
      for statement in [
        "select session_id from hansard.recovery_sessions",
        "delete from hansard.recovery_attempts", "delete from hansard.recovery_keys",
        "update hansard.recovery_sessions set cleared_on_expiry = true",
        "select hansard.clear_recovery_sessions(null, 'x', 'x')",
        "insert into hansard.canvas_audit select from hansard.canvas_audit",
        "set role hansard_owner",
      ] {
        let query = Query(statement, prepared: false)
        #expect(await refusal([.actAsRetention, query]) == .insufficientPrivilege, "\(statement)")
      }
      // Without a tenant there is nothing to purge.
      let nobodys = try await connection.transact([.actAsRetention, .purgeRecoveries(most: 9)])
      #expect(try #require(nobodys.last?.first).decode(0, as: Int64.self) == 0)
      #expect(await refusal([.actAsRetention, .purgeRecoveries(most: 9), .actAsService]) == nil)
      await connection.close()
      let purged = try await TestDatabase.current.psql(
        "select count(*) from hansard.recovery_sessions where cleared_on_expiry")
      #expect(purged == "1\n")
    }
  }
}
