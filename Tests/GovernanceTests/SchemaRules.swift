// Hansard
// SPDX-License-Identifier: Apache-2.0

/// What must not be found in the catalog, and what is planted so that it is.
enum SchemaRules {
  /// What must not be found in the catalog, each with the rule that it breaks.
  static let all = [
    "row level security is enabled and forced on every table": """
    select c.relname from pg_class c
    where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
      and not (c.relrowsecurity and c.relforcerowsecurity)
    """,
    "keys start with the tenant": """
    select c.relname from pg_index i join pg_class c on c.oid = i.indexrelid
    join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
    where c.relnamespace = 'hansard'::regnamespace and i.indisunique
      and a.attname <> 'tenant_id'
    """,
    "foreign keys carry the tenant": """
    select k.conname from pg_constraint k join pg_attribute a
      on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
    where k.connamespace = 'hansard'::regnamespace and k.contype = 'f'
      and a.attname <> 'tenant_id'
    """,
    "nothing cascades": """
    select conname from pg_constraint where connamespace = 'hansard'::regnamespace
      and contype = 'f' and (confdeltype <> 'a' or confupdtype <> 'a')
    """,
    "the public has no right to anything": """
    select c.relname from pg_class c, aclexplode(c.relacl) as g
    where c.relnamespace in ('hansard'::regnamespace, 'compliance'::regnamespace) and g.grantee = 0
    union all
    select p.proname from pg_proc p,
      aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as g
    where p.pronamespace in ('hansard'::regnamespace, 'compliance'::regnamespace) and g.grantee = 0
    union all
    select n.nspname from pg_namespace n, aclexplode(n.nspacl) as g
    where n.nspname in ('hansard', 'hansard_migrations', 'compliance') and g.grantee = 0
    """,
    "functions with rights of their own have a search path": """
    select proname from pg_proc where pronamespace = 'hansard'::regnamespace and prosecdef
      and not coalesce(proconfig, '{}') @> array['search_path=pg_catalog']
    """,
    "everything belongs to the owner": """
    select c.relname from pg_class c
    where c.relnamespace in ('hansard'::regnamespace, 'compliance'::regnamespace)
      and c.relowner <> 'hansard_owner'::regrole
    union all
    select p.proname from pg_proc p
    where p.pronamespace in ('hansard'::regnamespace, 'compliance'::regnamespace)
      and p.proowner <> 'hansard_owner'::regrole
    """,
    "roles are plain": """
    select rolname from pg_roles
    where rolname like 'hansard\\_%' and rolname not like 'hansard\\_analyst\\_%'
      and (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or rolreplication
        or rolinherit or (rolname in ('hansard_owner', 'hansard_analyst')) = rolcanlogin)
    """,
    "only the migrator may become the owner": """
    select m.member::regrole::text from pg_auth_members m
    where m.roleid = 'hansard_owner'::regrole and m.member <> 'hansard_migrator'::regrole
    """,
    "the service deletes nothing": """
    select c.relname from pg_class c, aclexplode(c.relacl) as g
    where c.relnamespace = 'hansard'::regnamespace and c.relkind in ('r', 'p')
      and g.grantee = 'hansard_service'::regrole
      and g.privilege_type not in ('SELECT', 'INSERT')
    """,
    "no row is given to another tenant": """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid,
      aclexplode(a.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace and a.attname = 'tenant_id'
      and g.privilege_type = 'UPDATE'
    """,
    "views ask as whoever looks": """
    select c.relname from pg_class c where c.relkind = 'v' and c.oid >= 16384
      and not exists (
        select from pg_options_to_table(c.reloptions) as o
        where o.option_name = 'security_invoker' and o.option_value::boolean)
    """,
    // Whatever is kept there is nobody's: no policy can be on it.
    "nothing is kept in a materialised view": """
    select c.relname from pg_class c where c.relkind = 'm'
    """,
    "there is nothing outside of our schemas": """
    select n.nspname from pg_namespace n
    where n.nspname not in (
        'hansard', 'hansard_migrations', 'compliance', 'public', 'information_schema')
      and n.nspname not like 'pg\\_%'
    union all
    select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace
    union all
    select p.proname from pg_proc p where p.pronamespace = 'public'::regnamespace
    union all
    select t.typname from pg_type t where t.typnamespace = 'public'::regnamespace
    """,
    "what is append-only is never updated": """
    select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid,
      aclexplode(a.attacl) as g
    where c.oid in ('hansard.recording_events'::regclass, 'hansard.canvas_audit'::regclass,
        'hansard.recording_flags'::regclass, 'hansard.recording_keys'::regclass,
        'hansard.redaction_policies'::regclass, 'hansard.redaction_rules'::regclass,
        'hansard.review_entries'::regclass, 'hansard.tenant_policies'::regclass,
        'hansard.recovery_attempts'::regclass, 'hansard.recovery_keys'::regclass,
        'hansard.recovery_files'::regclass, 'hansard.legal_holds'::regclass,
        'hansard.purge_certificates'::regclass)
      and g.privilege_type = 'UPDATE'
    """,
    "recordings go with a certificate only": """
    select w.name from (values ('recording_events_move', 'require_move'),
      ('recording_events_certificate', 'require_certificate_or_move'),
      ('recording_events_no_truncate', 'refuse_change'),
      ('recording_flags_no_update', 'refuse_change'),
      ('recording_flags_certificate', 'require_certificate'),
      ('recording_flags_no_truncate', 'refuse_change'),
      ('review_entries_no_update', 'refuse_change'),
      ('review_entries_certificate', 'require_review_gone'),
      ('review_entries_no_truncate', 'refuse_change'),
      ('canvas_recordings_certificate', 'require_certificate'),
      ('legal_holds_no_delete', 'refuse_change'), ('legal_holds_no_truncate', 'refuse_change'),
      ('recording_deletions_no_delete', 'refuse_change'),
      ('recording_deletions_no_truncate', 'refuse_change'),
      ('purge_certificates_no_delete', 'refuse_change'),
      ('purge_certificates_no_truncate', 'refuse_change')) as w (name, guard)
    where not exists (
      select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
      where g.tgname = w.name and g.tgenabled = 'O' and p.proname = w.guard
        and p.pronamespace = 'hansard'::regnamespace)
    """,
    "recovery attempts go with a tombstone only": """
    select w.name from (values ('recovery_attempts_no_update', 'refuse_change'),
      ('recovery_attempts_no_truncate', 'refuse_change'),
      ('recovery_attempts_tombstone', 'require_tombstone'),
      ('recovery_files_tombstone', 'require_tombstone'),
      ('recovery_files_no_update', 'refuse_change'), ('recovery_files_no_truncate', 'refuse_change'),
      ('recovery_keys_files', 'forget_recovery_files'),
      ('recovery_attempts_files', 'add_recovery_files'),
      ('recovery_sessions_no_delete', 'refuse_change'),
      ('recovery_sessions_no_truncate', 'refuse_change'),
      ('recovery_alerts_no_delete', 'refuse_change'),
      ('recovery_alerts_no_truncate', 'refuse_change')) as w (name, guard)
    where not exists (
      select from pg_trigger g join pg_proc p on p.oid = g.tgfoid
      where g.tgname = w.name and g.tgenabled = 'O' and p.proname = w.guard
        and p.pronamespace = 'hansard'::regnamespace)
    """,
    "append-only tables are guarded": """
    select t.name::text from (values ('hansard.canvas_audit'::regclass),
      ('hansard.redaction_policies'), ('hansard.redaction_rules'),
      ('hansard.tenant_policies')) as t (name)
    where (
      select count(*) from pg_trigger g
      where g.tgrelid = t.name and g.tgenabled = 'O' and not g.tgisinternal
        and g.tgfoid = 'hansard.refuse_change()'::regprocedure) <> 2
    """,
    "partitions are guarded": """
    select i.inhrelid::regclass::text from pg_inherits i
    where i.inhparent = 'hansard.recording_events'::regclass and (
      select count(distinct g.tgfoid) from pg_trigger g
      where g.tgrelid = i.inhrelid and g.tgenabled = 'O'
        and g.tgfoid in ('hansard.refuse_change()'::regprocedure,
          'hansard.require_move()'::regprocedure,
          'hansard.require_certificate_or_move()'::regprocedure)) <> 3
    """,
  ]
}
