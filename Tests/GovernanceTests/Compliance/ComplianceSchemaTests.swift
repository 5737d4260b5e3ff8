// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

@testable import Governance

/// What the schema for compliance teams promises, asked of the catalog.
@Suite(.serialized, .database)
struct ComplianceSchemaTests {
  /// What must not be found, each with the rule that it breaks.
  static let rules = [
    "every view and column says what it is": """
    select c.relname || '.' || coalesce(a.attname, '') from pg_class c
    left join lateral (
      select attname, attnum from pg_attribute where attrelid = c.oid and attnum > 0
      union all select null, 0) a on true
    where c.relnamespace = 'compliance'::regnamespace and c.relkind <> 'i'
      and col_description(c.oid, a.attnum) is null and (a.attnum > 0 or obj_description(c.oid) is null)
    """,
    "there are views only, with the rights of whoever asks": """
    select c.relname from pg_class c where c.relnamespace = 'compliance'::regnamespace
      and (c.relkind <> 'v' or not coalesce(c.reloptions, '{}') @> array['security_invoker=true']
        or c.relowner <> 'hansard_owner'::regrole)
    """,
    "nobody but analysts has a right to them, and they may only read": """
    select c.relname from pg_class c, aclexplode(c.relacl) as g
    where c.relnamespace = 'compliance'::regnamespace and g.grantee <> 'hansard_owner'::regrole
      and (g.grantee <> 'hansard_analyst'::regrole or g.privilege_type <> 'SELECT')
    union all
    select 'schema' from pg_namespace n, aclexplode(n.nspacl) as g
    where n.nspname = 'compliance' and g.grantee <> 'hansard_owner'::regrole
      and (g.grantee <> 'hansard_analyst'::regrole or g.privilege_type <> 'USAGE')
    """,
    "every view can be read by analysts": """
    select c.relname from pg_class c where c.relnamespace = 'compliance'::regnamespace
      and not has_table_privilege('hansard_analyst', c.oid, 'select')
    """,
    "no view shows JSON, bytes or the tenant's id": """
    select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'compliance'::regnamespace and a.attnum > 0
      and (a.atttypid in ('json'::regtype, 'jsonb'::regtype, 'bytea'::regtype, 'bytea[]'::regtype) or a.attname = 'tenant_id')
    """,
    "analysts cannot name the tables": """
    select n.nspname from pg_namespace n, aclexplode(n.nspacl) as g
    where n.nspname like 'hansard%' and g.grantee in ('hansard_analyst'::regrole, 0)
    """,
    "analysts read columns of tables, never whole tables": """
    select c.relname from pg_class c, aclexplode(c.relacl) as g
    where c.relnamespace = 'hansard'::regnamespace and g.grantee = 'hansard_analyst'::regrole
    """,
    "analysts reach no secret": """
    select c.relname || '.' || a.attname from pg_class c join pg_attribute a on a.attrelid = c.oid,
      aclexplode(a.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace and g.grantee = 'hansard_analyst'::regrole
      and (g.privilege_type <> 'SELECT' or a.atttypid in ('bytea'::regtype, 'bytea[]'::regtype, 'json'::regtype)
        or a.attname in (
          'summary', 'note', 'feedback', 'lessons_learned', 'governance_notes', 'identified_issues',
          'positive_patterns', 'email', 'url', 'automatic_rules', 'storage_url')
        or c.relname in (
          'analysts', 'api_keys', 'tenant_keys', 'recording_keys', 'recovery_keys', 'idempotency_keys', 'webhooks', 'notices',
          'users', 'redaction_policies', 'redaction_rules', 'daily_usage')
        or c.relispartition)
    """,
    "where analysts read, their policy alone is for them": """
    select p.tablename || '.' || p.policyname from pg_policies p
    where p.schemaname = 'hansard' and (
      'public' = any (p.roles)
      or 'hansard_analyst' = any (p.roles) and (
        p.roles <> '{hansard_analyst}' or p.cmd <> 'SELECT' or p.permissive <> 'PERMISSIVE'
        or p.qual <> '(tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant))'))
    """,
    "where analysts read, they have a policy": """
    select distinct c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid,
      aclexplode(a.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace and g.grantee = 'hansard_analyst'::regrole
      and not exists (
        select from pg_policies p where p.schemaname = 'hansard' and p.tablename = c.relname
          and p.roles = '{hansard_analyst}')
    """,
    "analysts may call nothing but the question who they are": """
    select p.proname from pg_proc p where p.pronamespace in (
        'hansard'::regnamespace, 'hansard_migrations'::regnamespace, 'compliance'::regnamespace)
      and has_function_privilege('hansard_analyst', p.oid, 'execute') and p.proname <> 'analyst_tenant'
    """,
    "of what analysts may ask for no statistics are kept": """
    select c.relname || '.' || a.attname from pg_class c
    join pg_attribute a on a.attrelid = c.oid
    left join pg_inherits i on i.inhrelid = c.oid
    join pg_attribute b on b.attrelid = coalesce(i.inhparent, c.oid) and b.attname = a.attname
    cross join aclexplode(b.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
      and g.grantee = 'hansard_analyst'::regrole and a.attstattarget is distinct from 0
      and a.attname <> 'tenant_id' and a.atttypid <> 'boolean'::regtype
      -- No view shows it: the ids that they show are other tables'.
      and (c.relname, a.attname) <> ('recording_progress', 'recording_id')
      -- By it the table is parted.
      and not (c.relname like 'recording\\_events%' and a.attname = 'expires_on')
      and not exists (
        select from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)
          and k.conname like '%\\_known')
      -- The program's own words.
      and (c.relname, a.attname::text) not in (
        ('canvas_audit', 'action'), ('canvas_audit', 'actor_role'), ('canvas_audit', 'component_type'))
    """,
    "of what indexes compute for them no statistics are kept": """
    select x.indexrelid::regclass || '.' || e.attname from pg_index x
    join pg_attribute e on e.attrelid = x.indexrelid
    where x.indrelid::regclass::text like 'hansard.%' and x.indkey[e.attnum - 1] = 0
      and e.attstattarget is distinct from 0
      and exists (
        select from pg_attribute b, aclexplode(b.attacl) as g
        where b.attrelid = x.indrelid and g.grantee = 'hansard_analyst'::regrole)
    """,
    "logins of analysts are nothing else": """
    select r.rolname from pg_roles r where r.rolname like 'hansard\\_analyst\\_%'
      and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or r.rolconnlimit not between 1 and 100 or exists (
          select from pg_auth_members m where m.member = r.oid
            and m.roleid <> 'hansard_analyst'::regrole))
    """,
  ]

  private func broken(_ sql: String) async throws -> String {
    try await TestDatabase.current.psql("begin; \(sql); rollback")
  }

  @Test func theCatalogBreaksNoRule() async throws {
    try await TestDatabase.current.psql("select hansard.ensure_event_partition('2026-11-21')")
    for (rule, sql) in Self.rules {
      #expect(try await broken(sql) == "", "\(rule)")
    }
  }

  /// The planted defects: each is found by its rule.
  @Test(arguments: [
    ("every view and column says what it is", "create view compliance.x as select 1 as one"),
    ("every view and column says what it is", "comment on column compliance.agents.name is null"),
    (
      "there are views only, with the rights of whoever asks",
      "alter view compliance.agents reset (security_invoker)"
    ),
    (
      "nobody but analysts has a right to them, and they may only read",
      "grant select on compliance.agents to hansard_service"
    ),
    (
      "nobody but analysts has a right to them, and they may only read",
      "grant insert on compliance.agents to hansard_analyst"
    ),
    (
      "every view can be read by analysts",
      "revoke select on compliance.agents from hansard_analyst"
    ),
    (
      "no view shows JSON, bytes or the tenant's id",
      "create view compliance.x as select tenant_id from hansard.users"
    ),
    (
      "no view shows JSON, bytes or the tenant's id",
      "create view compliance.x as select payload from hansard.recording_events"
    ),
    (
      "no view shows JSON, bytes or the tenant's id",
      "create view compliance.x as select audit_metadata from hansard.canvas_audit"
    ),
    ("analysts cannot name the tables", "grant usage on schema hansard to hansard_analyst"),
    (
      "analysts read columns of tables, never whole tables",
      "grant select on hansard.reviews to hansard_analyst"
    ),
    (
      "analysts reach no secret",
      "grant select (payload) on hansard.recording_events to hansard_analyst"
    ),
    (
      "analysts reach no secret", "grant select (note) on hansard.review_entries to hansard_analyst"
    ),
    ("analysts reach no secret", "grant select (name) on hansard.api_keys to hansard_analyst"),
    (
      "analysts reach no secret",
      "grant select (file_digests) on hansard.recovery_attempts to hansard_analyst"
    ),
    (
      "where analysts read, their policy alone is for them",
      "alter policy users_isolation on hansard.users to public"
    ),
    (
      "where analysts read, their policy alone is for them",
      "alter policy reviews_analyst on hansard.reviews using (true)"
    ),
    ("where analysts read, they have a policy", "drop policy reviews_analyst on hansard.reviews"),
    (
      "analysts may call nothing but the question who they are",
      "grant execute on function hansard.tenant() to hansard_analyst"
    ),
    (
      "of what analysts may ask for no statistics are kept",
      "alter table hansard.canvas_recordings alter column user_id set statistics -1"
    ),
    (
      "of what analysts may ask for no statistics are kept",
      "alter table hansard.canvas_audit alter column request_id set statistics 10"
    ),
    (
      "of what analysts may ask for no statistics are kept",
      "alter table only hansard.recording_events_2026w47 alter column event_id set statistics 10"
    ),
    (
      "of what indexes compute for them no statistics are kept",
      "create index x on hansard.reviews (tenant_id, (least(opened_at, due_at)))"
    ),
    (
      "of what analysts may ask for no statistics are kept",
      "alter table hansard.recording_events_2026w47 alter column recorded_by set statistics 10"
    ),
    (
      "logins of analysts are nothing else",
      "create role hansard_analyst_0000000000000000 in role hansard_analyst, hansard_service"
    ),
  ])
  func aBrokenRuleIsFound(rule: String, defect: String) async throws {
    try await TestDatabase.current.psql("select hansard.ensure_event_partition('2026-11-21')")
    let sql = try #require(Self.rules[rule])
    #expect(try await broken("\(defect); \(sql)") != "")
  }

  @Test func anAnalystIsToldTheVersion() async throws {
    try await Fixture.run { fixture in
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let answer1 = try await ground.run("select version from version")
        #expect(answer1 == "1\n")
        let answer2 = try await ground.run("select name from tenant")
        #expect(answer2 == "Acme\n")
        let answer3 = try await ground.run("show default_transaction_read_only")
        #expect(answer3 == "on\n")
      }
    }
  }

  /// Dropped, a login reads nothing; so does one that two tenants claim, and one that nobody does.
  @Test func aLoginReadsWhatItIsMappedToWhileItIs() async throws {
    try await Fixture.run { fixture in
      try await AnalystGround.with(fixture.acme.tenant) { ground in
        let name = "select name from tenant"
        let other = """
          insert into hansard.analysts (tenant_id, analyst_id, login, name, created_by)
          values ('\(fixture.globex.tenant)', gen_random_uuid(), '\(ground.login)', 'x', 'operator')
          """
        try await TestDatabase.current.psql(other)
        let answer4 = try await ground.run(name)
        #expect(answer4 == "")
        let drop =
          "update hansard.analysts set dropped_at = now(), dropped_by = 'x' where tenant_id = "
        try await TestDatabase.current.psql("\(drop) '\(fixture.globex.tenant)'")
        let answer5 = try await ground.run(name)
        #expect(answer5 == "Acme\n")
        _ = try await fixture.hansard.analysts.drop(ground.login, by: fixture.acme.admin)
        let answer6 = try await ground.run(name)
        #expect(answer6 == "")
        try await TestDatabase.current.psql("delete from hansard.analysts")
        let answer7 = try await ground.run(name)
        #expect(answer7 == "")
      }
    }
  }
}
