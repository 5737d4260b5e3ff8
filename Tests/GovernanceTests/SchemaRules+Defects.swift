// Hansard
// SPDX-License-Identifier: Apache-2.0

extension SchemaRules {
  /// The planted defects: each is found by its rule.
  static let defects = [
    (
      "row level security is enabled and forced on every table",
      "alter table hansard.users no force row level security"
    ),
    (
      "row level security is enabled and forced on every table",
      "alter table hansard.recording_events_2026w47 disable row level security"
    ),
    ("keys start with the tenant", "create unique index x on hansard.users (user_id)"),
    (
      "foreign keys carry the tenant",
      """
      create table hansard.x (tenant_id uuid, k uuid, t uuid references hansard.tenants,
        primary key (tenant_id, k))
      """
    ),
    (
      "nothing cascades",
      """
      alter table hansard.users add foreign key (tenant_id)
        references hansard.tenants on delete cascade
      """
    ),
    ("the public has no right to anything", "grant select on hansard.users to public"),
    ("the public has no right to anything", "grant usage on schema hansard to public"),
    ("the public has no right to anything", "grant select on compliance.recordings to public"),
    (
      "the public has no right to anything",
      "create function hansard.x() returns int language sql return 1"
    ),
    (
      "functions with rights of their own have a search path",
      "create function hansard.x() returns int language sql security definer return 1"
    ),
    ("everything belongs to the owner", "create table hansard.x ()"),
    ("everything belongs to the owner", "create view compliance.x as select 1"),
    ("roles are plain", "alter role hansard_service bypassrls"),
    ("roles are plain", "alter role hansard_owner login"),
    ("roles are plain", "alter role hansard_analyst login"),
    ("only the migrator may become the owner", "grant hansard_owner to hansard_service"),
    ("the service deletes nothing", "grant delete on hansard.users to hansard_service"),
    ("the service deletes nothing", "grant truncate on hansard.canvas_audit to hansard_service"),
    (
      "no row is given to another tenant",
      "grant update (tenant_id) on hansard.users to hansard_service"
    ),
    (
      "views ask as whoever looks",
      "create view hansard.x as select tenant_id from hansard.users"
    ),
    (
      "views ask as whoever looks",
      """
      create schema x;
      create view x.x with (security_invoker = off) as select tenant_id from hansard.users
      """
    ),
    (
      "nothing is kept in a materialised view",
      "create materialized view hansard.x as select tenant_id from hansard.users"
    ),
    ("there is nothing outside of our schemas", "create schema x"),
    (
      "there is nothing outside of our schemas",
      "create view public.x with (security_invoker) as select tenant_id from hansard.users"
    ),
    (
      "there is nothing outside of our schemas",
      "create function public.x() returns int language sql return 1"
    ),
    ("there is nothing outside of our schemas", "create type public.x as enum ('a')"),
    (
      "recordings go with a certificate only",
      "alter table hansard.review_entries disable trigger review_entries_certificate"
    ),
    (
      "append-only tables are guarded",
      "drop trigger tenant_policies_append_only on hansard.tenant_policies"
    ),
    (
      "what is append-only is never updated",
      "grant update (action) on hansard.canvas_audit to hansard_service"
    ),
    (
      "append-only tables are guarded",
      "alter table hansard.canvas_audit disable trigger canvas_audit_append_only"
    ),
    (
      "recordings go with a certificate only",
      "drop trigger recording_flags_no_truncate on hansard.recording_flags"
    ),
    (
      "recordings go with a certificate only",
      "drop trigger canvas_recordings_certificate on hansard.canvas_recordings"
    ),
    (
      "recordings go with a certificate only",
      "drop trigger purge_certificates_no_delete on hansard.purge_certificates"
    ),
    (
      "what is append-only is never updated",
      "grant update (reason) on hansard.purge_certificates to hansard_service"
    ),
    (
      "append-only tables are guarded",
      "drop trigger redaction_rules_append_only on hansard.redaction_rules"
    ),
    (
      "what is append-only is never updated",
      "grant update (switched_off) on hansard.redaction_policies to hansard_service"
    ),
    (
      "recovery attempts go with a tombstone only",
      "drop trigger recovery_attempts_tombstone on hansard.recovery_attempts"
    ),
    (
      "recovery attempts go with a tombstone only",
      "drop trigger recovery_alerts_no_delete on hansard.recovery_alerts"
    ),
    (
      "recovery attempts go with a tombstone only",
      "alter table hansard.recovery_keys disable trigger recovery_keys_files"
    ),
    (
      "recovery attempts go with a tombstone only",
      "alter table hansard.recovery_sessions disable trigger recovery_sessions_no_delete"
    ),
    (
      "what is append-only is never updated",
      "grant update (success) on hansard.recovery_attempts to hansard_service"
    ),
    (
      "partitions are guarded",
      """
      drop trigger recording_events_2026w47_no_truncate on hansard.recording_events_2026w47
      """
    ),
  ]
}
