// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What somebody can do who has the service's own login: none of this (A027).
@Suite(.serialized, .database)
struct ServiceRoleTests {
  /// Evidence, and what guards it. The owner may do none of it either while the guards stand.
  private static let evidence = [
    "update hansard.recording_events set seq = 1",
    "update hansard.recording_events set payload = ''",
    "delete from hansard.recording_events",
    "truncate hansard.recording_events",
    "update hansard.canvas_audit set outcome = 'allowed'",
    "delete from hansard.canvas_audit",
    "truncate hansard.canvas_audit",
    "update hansard.recording_flags set flag_reason = 'x'",
    "update hansard.review_entries set actor = 'x'",
    "delete from hansard.review_entries",
    "update hansard.tenant_policies set version = 9",
    "truncate hansard.tenant_policies",
    "delete from hansard.legal_holds",
    "update hansard.legal_holds set lifted_at = now()",
    "insert into hansard.legal_holds select * from hansard.legal_holds",
    "update hansard.canvas_recordings set hold_count = 0",
    "delete from hansard.purge_certificates",
    "update hansard.purge_certificates set reason = 'x'",
    "insert into hansard.purge_certificates select * from hansard.purge_certificates",
    "delete from hansard.recording_deletions",
    "update hansard.recording_deletions set reason = 'x'",
  ]

  /// What takes the guards away, or goes around them.
  private static let guards = [
    "alter table hansard.canvas_audit disable trigger all",
    "alter table hansard.recording_events disable trigger recording_events_certificate",
    "drop trigger canvas_audit_append_only on hansard.canvas_audit",
    "set session_replication_role = replica",
    "alter role hansard_service set session_replication_role = replica",
    "alter table hansard.users disable row level security",
    "alter table hansard.users no force row level security",
    "alter policy users_isolation on hansard.users using (true)",
    "drop policy users_isolation on hansard.users",
    "create policy x on hansard.users using (true)",
    "create or replace function hansard.refuse_change() returns trigger language plpgsql"
      + " as 'begin return new; end'",
    "create or replace function hansard.tenant() returns uuid language sql return null::uuid",
    "alter function hansard.tenant() reset all",
    "drop function hansard.require_live_key(uuid)",
    "update pg_catalog.pg_class set relrowsecurity = false",
    "insert into hansard_migrations.applied select * from hansard_migrations.applied limit 0",
  ]

  /// What changes or takes things that are others'.
  private static let things = [
    "delete from hansard.canvas_recordings",
    "delete from hansard.api_keys",
    "truncate hansard.daily_usage",
    "update hansard.users set tenant_id = tenant_id",
    "update hansard.api_keys set role = 'admin'",
    "update hansard.api_keys set secret_hash = pg_catalog.sha256('x')",
    "drop table hansard.users cascade",
    "alter table hansard.users owner to hansard_migrator",
    "alter table hansard.users add column x int",
    "alter table hansard.canvas_audit rename to x",
    "create index x on hansard.users (name)",
    "create trigger x before insert on hansard.users"
      + " for each row execute function hansard.refuse_change()",
    "create rule x as on delete to hansard.users do instead nothing",
    "lock table hansard.users in access exclusive mode",
    "comment on table hansard.users is 'x'",
  ]

  /// What makes more of the role than it is.
  private static let powers = [
    "set role hansard_owner",
    "set role hansard_migrator",
    "set session authorization postgres",
    "grant hansard_owner to hansard_service",
    "alter role hansard_service bypassrls",
    "alter role hansard_owner login",
    "create role x",
    "create schema x",
    "create table hansard.x ()",
    "create table public.x ()",
    "create function hansard.x() returns int language sql security definer return 1",
    "create function public.x() returns int language sql security definer return 1",
    "create view hansard.x as select 1 as x",
    "create publication x for all tables",
    "create extension file_fdw",
    "copy (select 1) to program 'true'",
    "copy (select 1) to '/tmp/hansard-service-role'",
    "copy hansard.users from program 'true'",
    "select pg_catalog.pg_read_file('postgresql.conf')",
    "select pg_catalog.pg_ls_dir('.')",
    "select pg_catalog.lo_import('/etc/hostname')",
    "load 'auto_explain'",
  ]

  /// What would be no test of the role if the owner of everything tried it inside of a transaction.
  private static let alone = [
    "alter system set fsync = off", "alter database postgres connection limit 9",
  ]

  private static let statements = evidence + guards + things + powers

  /// The state with which a statement is refused; nil for one that is done, and undone.
  private func refusal(
    of statement: String, on connection: PostgresConnection, in tenant: TenantID
  ) async throws -> String? {
    // Outside of a transaction there is no tenant, and no right that depends on one.
    let isAlone = Self.alone.contains(statement)
    if !isAlone {
      _ = try await connection.execute(Query("begin", prepared: false))
      _ = try await connection.execute(.setTenant(tenant))
    }
    var refusal: String?
    do throws(PostgresError) {
      _ = try await connection.execute(Query(statement, prepared: false))
    } catch {
      refusal = error.sqlState?.rawValue ?? "\(error)"
    }
    if !isAlone { _ = try await connection.execute(Query("rollback", prepared: false)) }
    return refusal
  }

  /// Roles are the whole server's, and tests beside this one change them too: "tuple concurrently updated", an
  /// internal error (XX000), says that both did at once.
  private func lastingRefusal(
    of statement: String, on connection: PostgresConnection, in tenant: TenantID
  ) async throws -> String? {
    for _ in 0..<20 {
      let refusal = try await refusal(of: statement, on: connection, in: tenant)
      if refusal != "XX000" { return refusal }
    }
    return "XX000"
  }

  @Test func theServicesLoginCanTakeNothingAway() async throws {
    try await Fixture.run { fixture in
      let id = try await fixture.recordings.started(by: fixture.acme)
      try await fixture.recordings.appendOne(.of(), to: id, by: fixture.acme.recorder)
      _ = try await fixture.recordings.flag(id, reason: .reason("x"), by: fixture.acme.ann)
      _ = try await fixture.hansard.policies.set(
        .init(retentionDays: 30, reviewSamplePercent: 0), replacing: 0, by: fixture.acme.admin)
      let before = try await TestDatabase.current.pgDump(schemaOnly: false)
      let login = try await TestDatabase.current.connect(role: "hansard_service")
      for statement in Self.statements + Self.alone {
        let refusal = try await refusal(of: statement, on: login, in: fixture.acme.tenant)
        #expect(refusal == "42501", "\(statement)")
      }
      await login.close()
      #expect(try await TestDatabase.current.pgDump(schemaOnly: false) == before)
    }
  }

  /// They are statements that are right but for who says them, or each refusal would be a slip of the pen.
  @Test func whoOwnsEverythingCouldSayEachOfThem() async throws {
    try await Fixture.run { fixture in
      let owner = try await TestDatabase.current.connect(role: "postgres")
      for statement in Self.guards + Self.things + Self.powers {
        let refusal = try await lastingRefusal(of: statement, on: owner, in: fixture.acme.tenant)
        #expect(refusal == nil, "\(statement)")
      }
      await owner.close()
    }
  }
}
