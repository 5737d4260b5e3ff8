-- SQL for compliance teams: schema compliance, version 1, read by logins that are mapped to one tenant.
--
-- An analyst's login is a member of hansard_analyst and may log in to the database itself. What it sees is
-- decided by session_user, which it cannot change, never by a setting, which it can.

-- Roles are cluster-wide, so another database's migration may be doing the same. hansard_migrator may not
-- alter roles: then the role keeps its right to log in, and being mapped to no tenant sees nothing.
do $role$
begin
  if (select r.rolcanlogin from pg_catalog.pg_roles as r where r.rolname = 'hansard_analyst') then
    alter role hansard_analyst nologin;
  end if;
exception
  when insufficient_privilege then null;
  when internal_error then null; -- "tuple concurrently updated": the other one did it
end
$role$;

create schema compliance authorization hansard_owner;

set local role hansard_owner;

comment on schema compliance is
  'What happened, for compliance teams: stable views, version 1. Read-only, one tenant per login; no payloads.';
grant usage on schema compliance to hansard_analyst;

-- Who is asking -----------------------------------------------------------------------------------

-- Logins have random names: everybody can read them in the catalog.
create table hansard.analysts (
  tenant_id uuid not null,
  analyst_id uuid not null,
  login text not null,
  name text not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  dropped_at timestamptz,
  dropped_by text,
  constraint analysts_pkey primary key (tenant_id, analyst_id),
  constraint analysts_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint analysts_login_form check (login ~ '^hansard_analyst_[0-9a-f]{16}$'),
  constraint analysts_name_length check (length(name) between 1 and 255),
  constraint analysts_dropping_complete check ((dropped_at is null) = (dropped_by is null))
);
comment on table hansard.analysts is
  'Which tenant a login of the database reads in schema compliance; one that is dropped reads nothing.';
comment on column hansard.analysts.login is 'session_user of the analyst.';
-- Serves: every statement of an analyst, which asks for the tenant of its login.
create index analysts_login on hansard.analysts (login) where dropped_at is null;

alter table hansard.analysts enable row level security;
alter table hansard.analysts force row level security;
create policy analysts_isolation on hansard.analysts
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
-- hansard_owner cannot log in: this opens the table to analyst_tenant alone.
create policy analysts_lookup on hansard.analysts for select to hansard_owner using (true);
grant select, insert on hansard.analysts to hansard_service;
grant update (dropped_at, dropped_by) on hansard.analysts to hansard_service;

-- PL/pgSQL, since it keeps the plan.
create function hansard.analyst_tenant() returns uuid
  language plpgsql
  stable
  parallel safe
  security definer
  cost 100
  set search_path = pg_catalog
as $$
begin
  return (
    -- A login that two tenants claimed would read neither.
    select case when count(*) = 1 then (array_agg(a.tenant_id))[1] end
    from hansard.analysts as a
    where a.login = session_user
      and a.dropped_at is null);
end
$$;
comment on function hansard.analyst_tenant() is
  'The tenant that session_user is mapped to; null for everybody who is no analyst. Never asks a setting.';
revoke all on function hansard.analyst_tenant() from public;
grant execute on function hansard.analyst_tenant() to hansard_analyst;

-- Whose rows --------------------------------------------------------------------------------------

-- The policies that compare with hansard.tenant(), a setting, are for those only who are to be believed:
-- policies are ORed, and an analyst can set anything.
do $service$
declare
  isolation record;
begin
  for isolation in
    select p.tablename, p.policyname
    from pg_catalog.pg_policies as p
    where p.schemaname = 'hansard'
      and p.roles = '{public}'
    order by p.tablename, p.policyname
  loop
    execute format(
      'alter policy %I on hansard.%I to hansard_owner, hansard_service, hansard_retention',
      isolation.policyname, isolation.tablename);
  end loop;
end
$service$;

-- As a subquery it is asked once for each statement, and not for each row that is looked up in a join.
do $analyst$
declare
  readable text;
begin
  foreach readable in array array[
    'agent_registry', 'canvas_audit', 'canvas_recordings', 'recording_events', 'recording_flags',
    'recording_progress', 'recovery_attempts', 'recovery_files', 'recovery_sessions', 'review_entries',
    'reviews', 'tenant_policies', 'tenants'] loop
    execute format(
      'create policy %I on hansard.%I for select to hansard_analyst
         using (tenant_id = (select hansard.analyst_tenant()))',
      readable || '_analyst', readable);
  end loop;
end
$analyst$;

-- By column, for the views, which read with the rights of whoever asks; there is no usage of schema hansard,
-- so the tables cannot be named. Not granted: payloads, keys and their wrappings, hashes, MACs, sealed texts,
-- kept answers, webhooks, users' names and addresses; summaries, notes and feedback of reviews; the digests of
-- files' names.
grant select (tenant_id, name, retention_days, created_at) on hansard.tenants to hansard_analyst;
grant select (
  tenant_id, agent_id, name, status, registered, autonomous_since, created_at, updated_at)
  on hansard.agent_registry to hansard_analyst;
grant select (
  tenant_id, recording_id, agent_id, user_id, canvas_id, session_id, reason, status, tags, started_at,
  stopped_at, duration_seconds, recording_metadata, flagged_for_review, flag_reason, flagged_by, flagged_at,
  expires_at, expires_on, updated_at)
  on hansard.canvas_recordings to hansard_analyst;
grant select (
  tenant_id, recording_id, event_count, error_count, completion_count, last_event_at)
  on hansard.recording_progress to hansard_analyst;
grant select (
  tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by, payload_length,
  expires_on, redaction_policy, redacted_families, redacted_counts)
  on hansard.recording_events to hansard_analyst;
grant select (tenant_id, flag_id, recording_id, flag_reason, flagged_by, flagged_at)
  on hansard.recording_flags to hansard_analyst;
grant select (
  tenant_id, review_id, recording_id, source, state, opened_at, due_at, claimed_by, claimed_until,
  review_status, decided_by, decided_at, decided_event_count, decided_recording_at)
  on hansard.reviews to hansard_analyst;
grant select (
  tenant_id, entry_id, review_id, kind, actor, occurred_at, review_status, overall_rating,
  performance_rating, safety_rating)
  on hansard.review_entries to hansard_analyst;
grant select (
  tenant_id, audit_id, occurred_at, request_id, actor, actor_role, key_id, component_type, action, outcome,
  refusal, recording_id, agent_id, user_id, canvas_id, session_id, audit_metadata)
  on hansard.canvas_audit to hansard_analyst;
grant select (
  tenant_id, version, retention_days, review_sample_percent, created_at, created_by, new_autonomy_reviews,
  four_eyes, events_per_day, recordings_per_day)
  on hansard.tenant_policies to hansard_analyst;
grant select (
  tenant_id, session_id, agent_id, user_id, started_at, started_by, attempt_count, expires_at, cleared_at,
  cleared_by, clear_reason, cleared_attempts)
  on hansard.recovery_sessions to hansard_analyst;
grant select (
  tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by, error_type, strategy,
  attempt_number, success, rollback_performed, next_action, duration_seconds, agent_id, user_id, canvas_id,
  recording_id, event_id, event_seq, payload_length, redaction_policy, redacted_counts)
  on hansard.recovery_attempts to hansard_analyst;
grant select (tenant_id, session_id) on hansard.recovery_files to hansard_analyst;

-- What the planner knows --------------------------------------------------------------------------

-- EXPLAIN tells estimates, which come from statistics over the rows of all tenants; with comparisons that are
-- leakproof, of texts, UUIDs, numbers and times, values of other tenants could be spelled out of them. So none
-- are kept of the columns that an analyst may ask for. All queries go by indexes that begin with the tenant.
do $statistics$
declare
  told record;
begin
  for told in
    select a.attrelid::regclass as relation, a.attname
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    cross join lateral aclexplode(a.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace
      and c.relkind in ('r', 'p')
      and g.grantee = 'hansard_analyst'::regrole
      and not a.attisdropped
      -- The views show no tenant_id.
      and a.attname <> 'tenant_id'
      and a.atttypid <> 'boolean'::regtype
      -- Appends ask for the counters of many recordings at once. No view shows this one, and none lets a
      -- condition of an analyst's reach it: see compliance.recordings.
      and (c.relname, a.attname) <> ('recording_progress', 'recording_id')
      -- How many events lie in a week is in the catalog. Without that of their days every index of a partition
      -- looks as narrow as the one by their ids, by which appends ask whether an event is known.
      and (c.relname, a.attname) <> ('recording_events', 'expires_on')
      and (c.relname, a.attname::text) not in (
        -- Of a few words that everybody knows.
        values
          ('agent_registry', 'status'), ('canvas_audit', 'action'), ('canvas_audit', 'actor_role'),
          ('canvas_audit', 'component_type'), ('canvas_audit', 'outcome'), ('canvas_recordings', 'status'),
          ('review_entries', 'kind'), ('review_entries', 'review_status'), ('reviews', 'review_status'),
          ('reviews', 'source'), ('reviews', 'state'))
    order by a.attrelid, a.attnum
  loop
    -- And of a table's partitions.
    execute format('alter table %s alter column %I set statistics 0', told.relation, told.attname);
  end loop;
end
$statistics$;

-- Appends lock the counters of recordings in the order of their index, which a bitmap of it does not have.
alter function hansard.append_events set enable_bitmapscan = off;
alter function hansard.append_events_one_by_one set enable_bitmapscan = off;

-- As before, and without statistics of what the table has none of.
create or replace function hansard.ensure_event_partition(wanted date) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  first_day constant date := date_trunc('week', wanted::timestamp)::date;
  partition_name constant text :=
    'recording_events_' || to_char(first_day::timestamp, 'IYYY"w"IW');
begin
  if to_regclass('hansard.' || partition_name) is not null then
    return false;
  end if;
  -- One maker at a time; attaching takes a lock that lets appends go on.
  perform pg_advisory_xact_lock(hashtextextended('hansard.ensure_event_partition', 0));
  -- Asked of the table: to_regclass would repeat its first answer from the session's cache, which an
  -- advisory lock does not refresh.
  if exists (
    select
    from pg_class as c
    where c.relnamespace = to_regnamespace('hansard')
      and c.relname = partition_name) then
    return false;
  end if;
  execute format(
    'create table hansard.%I (like hansard.recording_events including all)', partition_name);
  -- LIKE leaves this out.
  execute (
    select
      format('alter table hansard.%I ', partition_name)
      || string_agg(format('alter column %I set statistics 0', a.attname), ', ' order by a.attnum)
    from pg_attribute as a
    where a.attrelid = 'hansard.recording_events'::regclass
      and a.attstattarget = 0
      and a.attnum > 0
      and not a.attisdropped);
  execute format(
    'create index %I on hansard.%I (tenant_id, recording_id)
       where event_type = ''permission_denied''',
    partition_name || '_denials', partition_name);
  execute format('alter table hansard.%I enable row level security', partition_name);
  execute format('alter table hansard.%I force row level security', partition_name);
  execute format(
    'create trigger %I before truncate on hansard.%I
       for each statement execute function hansard.refuse_change()',
    partition_name || '_no_truncate', partition_name);
  execute format(
    'alter table hansard.recording_events attach partition hansard.%I
       for values from (%L) to (%L)',
    partition_name, first_day, first_day + 7);
  return true;
end
$$;

-- Views -------------------------------------------------------------------------------------------

create view compliance.version with (security_invoker = true) as
  select 1 as version;

create view compliance.tenant with (security_invoker = true) as
  select t.name, t.retention_days, t.created_at
  from hansard.tenants as t;

create view compliance.agents with (security_invoker = true) as
  select
    a.agent_id,
    a.name,
    a.status as maturity,
    a.registered as is_registered,
    case when a.status = 'autonomous' then a.autonomous_since end as autonomous_since,
    a.created_at,
    a.updated_at
  from hansard.agent_registry as a;

create view compliance.agent_maturity with (security_invoker = true) as
  with
    changes as (
      select
        u.tenant_id,
        u.agent_id,
        u.audit_metadata ->> 'status_before' as before,
        u.audit_metadata ->> 'status_after' as after,
        u.occurred_at,
        u.actor,
        u.actor_role
      from hansard.canvas_audit as u
      where u.action = 'manage_agents'
        and u.outcome = 'allowed'
        and u.audit_metadata ->> 'status_before' is distinct from u.audit_metadata ->> 'status_after'
    ),
    -- What an agent was before the first change, where it was there before: named by a recording.
    beginnings as (
      select
        a.tenant_id,
        a.agent_id,
        case when f.tenant_id is null then a.status else f.before end as after,
        a.created_at
      from hansard.agent_registry as a
      left join (
        select distinct on (c.tenant_id, c.agent_id) c.tenant_id, c.agent_id, c.before
        from changes as c
        order by c.tenant_id, c.agent_id, c.occurred_at
      ) as f
        on f.tenant_id = a.tenant_id
        and f.agent_id = a.agent_id
      where f.tenant_id is null or f.before is not null
    ),
    steps as (
      select c.tenant_id, c.agent_id, c.before, c.after, c.occurred_at, c.actor, c.actor_role
      from changes as c
      union all
      select b.tenant_id, b.agent_id, null, b.after, b.created_at, null, null
      from beginnings as b
    )
  select
    s.agent_id,
    s.before as previous_maturity,
    s.after as maturity,
    s.occurred_at as valid_from,
    lead(s.occurred_at) over (
      partition by s.tenant_id, s.agent_id
      order by s.occurred_at) as valid_until,
    s.actor as changed_by,
    s.actor_role as changed_by_role
  from steps as s;

-- The counters come by an outer join that no condition on them makes an inner one: then PostgreSQL would take
-- their recording_id, which has statistics, for the one that is shown, and tell by its costs what ids there are.
create view compliance.recordings with (security_invoker = true) as
  select
    r.recording_id,
    r.agent_id,
    r.recording_metadata ->> 'agent_maturity' as agent_maturity,
    r.user_id,
    r.canvas_id,
    r.session_id,
    r.reason,
    r.tags,
    r.status,
    r.started_at,
    r.stopped_at,
    r.duration_seconds,
    coalesce(p.event_count, 0) as event_count,
    coalesce(p.error_count, 0) as error_count,
    coalesce(p.completion_count, 0) as completion_count,
    case when p.recording_id is not null then p.last_event_at end as last_event_at,
    r.flagged_for_review as is_flagged,
    r.flag_reason,
    r.flagged_by,
    r.flagged_at,
    r.expires_at,
    r.expires_on,
    r.updated_at
  from hansard.canvas_recordings as r
  left join hansard.recording_progress as p
    on p.tenant_id = r.tenant_id
    and p.recording_id = r.recording_id;

create view compliance.events with (security_invoker = true) as
  select
    e.recording_id,
    e.seq,
    e.event_id,
    e.event_type,
    e.occurred_at,
    e.recorded_at,
    e.recorded_by,
    e.payload_length as payload_bytes,
    coalesce((select sum(c.number) from unnest(e.redacted_counts) as c (number)), 0) as redaction_count,
    e.redaction_policy as redaction_policy_version,
    e.expires_on
  from hansard.recording_events as e;

create view compliance.event_redactions with (security_invoker = true) as
  select
    e.recording_id,
    e.seq,
    e.event_type,
    e.occurred_at,
    f.family,
    f.number as redaction_count,
    e.expires_on
  from hansard.recording_events as e
  cross join lateral unnest(e.redacted_families, e.redacted_counts) as f (family, number)
  where e.redacted_families is not null;

create view compliance.flags with (security_invoker = true) as
  select
    f.flag_id,
    f.recording_id,
    r.agent_id,
    r.user_id,
    f.flagged_at,
    f.flagged_by,
    f.flag_reason
  from hansard.recording_flags as f
  join hansard.canvas_recordings as r
    on r.tenant_id = f.tenant_id
    and r.recording_id = f.recording_id;

create view compliance.reviews with (security_invoker = true) as
  select
    v.review_id,
    v.recording_id,
    r.agent_id,
    r.user_id,
    v.source,
    case when v.state = 'claimed' and v.claimed_until <= now() then 'open' else v.state end as state,
    v.state = 'decided' and (
      v.decided_recording_at <> r.updated_at or v.decided_event_count <> p.event_count) as is_stale,
    v.opened_at,
    o.reopened_at,
    v.due_at,
    coalesce(v.decided_at, now()) > v.due_at as is_late,
    v.claimed_by,
    v.claimed_until,
    v.review_status as verdict,
    v.decided_by,
    v.decided_at,
    extract(epoch from v.decided_at - coalesce(o.reopened_at, v.opened_at))::double precision / 3600
      as turnaround_hours
  from hansard.reviews as v
  join hansard.canvas_recordings as r
    on r.tenant_id = v.tenant_id
    and r.recording_id = v.recording_id
  left join hansard.recording_progress as p
    on p.tenant_id = v.tenant_id
    and p.recording_id = v.recording_id
  cross join lateral (
    select max(s.occurred_at) as reopened_at
    from hansard.review_entries as s
    where s.tenant_id = v.tenant_id
      and s.review_id = v.review_id
      and s.kind = 'reopened'
  ) as o;

create view compliance.review_steps with (security_invoker = true) as
  select
    s.entry_id as step_id,
    s.review_id,
    v.recording_id,
    s.kind as step,
    s.actor,
    s.occurred_at,
    s.review_status as verdict,
    s.overall_rating,
    s.performance_rating,
    s.safety_rating
  from hansard.review_entries as s
  join hansard.reviews as v
    on v.tenant_id = s.tenant_id
    and v.review_id = s.review_id;

create view compliance.audit_log with (security_invoker = true) as
  select
    u.audit_id,
    u.occurred_at,
    u.request_id,
    u.actor,
    u.actor_role,
    u.key_id,
    u.component_type as component,
    u.action,
    u.outcome,
    u.refusal as refusal_reason,
    u.audit_metadata ->> 'emergency_bypass' is not null as is_emergency_bypass,
    u.recording_id,
    u.agent_id,
    u.user_id,
    u.canvas_id,
    u.session_id
  from hansard.canvas_audit as u;

create view compliance.access_log with (security_invoker = true) as
  select
    u.audit_id,
    u.occurred_at,
    u.request_id,
    u.actor,
    u.actor_role,
    u.key_id,
    u.action,
    u.outcome,
    u.refusal as refusal_reason,
    u.recording_id,
    u.agent_id,
    u.user_id,
    case when u.component_type = 'recovery_audit' then u.session_id end as recovery_session_id
  from hansard.canvas_audit as u
  where u.action in (
    'read_recording', 'read_events', 'replay_recording', 'export_recording', 'follow_recording',
    'read_recovery_history', 'read_recovery_statistics', 'report_recovery', 'export_recovery');

create view compliance.retention with (security_invoker = true) as
  select
    r.recording_id,
    r.agent_id,
    r.user_id,
    r.status,
    r.started_at,
    r.stopped_at,
    extract(epoch from r.expires_at - coalesce(r.stopped_at, r.started_at))::double precision / 86400
      as retention_days,
    r.expires_at,
    r.expires_at <= now() as is_expired,
    r.expires_on
  from hansard.canvas_recordings as r;

create view compliance.retention_policies with (security_invoker = true) as
  select
    y.version,
    y.retention_days,
    y.review_sample_percent,
    y.new_autonomy_reviews,
    y.four_eyes as requires_four_eyes,
    y.events_per_day,
    y.recordings_per_day,
    y.created_by as set_by,
    y.created_at as valid_from,
    lead(y.created_at) over (partition by y.tenant_id order by y.version) as valid_until
  from hansard.tenant_policies as y;

create view compliance.daily_activity with (security_invoker = true) as
  select
    (r.started_at at time zone 'UTC')::date as day,
    r.agent_id,
    count(*) as recordings,
    count(*) filter (where r.status = 'completed') as completed,
    count(*) filter (where r.status = 'failed') as failed,
    count(*) filter (where r.status = 'recording') as still_open,
    count(*) filter (where r.flagged_for_review) as flagged,
    count(distinct r.user_id) as users,
    coalesce(sum(p.event_count), 0) as events,
    coalesce(sum(p.error_count), 0) as errors,
    coalesce(sum(r.duration_seconds), 0) as duration_seconds
  from hansard.canvas_recordings as r
  left join hansard.recording_progress as p
    on p.tenant_id = r.tenant_id
    and p.recording_id = r.recording_id
  group by (r.started_at at time zone 'UTC')::date, r.agent_id;

-- A session that was cleared stays as its tombstone: what was destroyed is in purges.
create view compliance.recovery_sessions with (security_invoker = true) as
  select
    s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.started_by,
    s.attempt_count,
    s.expires_at,
    s.expires_at <= now() as is_expired,
    s.cleared_at as purged_at
  from hansard.recovery_sessions as s;

-- What has expired is not shown, as the service does not show it either.
create view compliance.recovery_attempts with (security_invoker = true) as
  select
    a.session_id,
    a.position,
    a.entry_id,
    a.occurred_at,
    a.recorded_at,
    a.recorded_by,
    a.agent_id,
    a.user_id,
    a.canvas_id,
    a.error_type,
    a.strategy,
    a.attempt_number,
    a.success,
    a.rollback_performed,
    a.next_action,
    a.duration_seconds,
    a.recording_id,
    a.event_id,
    a.event_seq,
    a.payload_length as payload_bytes,
    coalesce((select sum(c.number) from unnest(a.redacted_counts) as c (number)), 0) as redaction_count,
    a.redaction_policy as redaction_policy_version
  from hansard.recovery_attempts as a
  join hansard.recovery_sessions as s
    on s.tenant_id = a.tenant_id
    and s.session_id = a.session_id
  where s.cleared_at is null
    and s.expires_at > now();

-- The names and formulas of the service's statistics: rounded half up from the exact value, since div cuts off
-- the fraction of an exact quotient, where a division would have rounded it before.
create view compliance.recovery_statistics with (security_invoker = true) as
  select
    s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at as session_start,
    count(a.position) as total_attempts,
    count(*) filter (where a.success) as successful_attempts,
    count(*) filter (where not a.success) as failed_attempts,
    div(
      20000::numeric * count(*) filter (where a.success) + count(a.position),
      2::numeric * greatest(count(a.position), 1)) * 0.01 as success_rate,
    round(coalesce(sum(a.duration_seconds), 0), 3) as total_duration_seconds,
    div(
      2000 * coalesce(sum(a.duration_seconds), 0) + count(a.position),
      2::numeric * greatest(count(a.position), 1)) * 0.001 as average_duration_seconds,
    (
      select count(*)
      from hansard.recovery_files as f
      where f.tenant_id = s.tenant_id
        and f.session_id = s.session_id
    ) as files_modified_count,
    count(*) filter (where a.rollback_performed) as rollback_count,
    min(a.occurred_at) as first_attempt_timestamp,
    max(a.occurred_at) as last_attempt_timestamp
  from hansard.recovery_sessions as s
  left join hansard.recovery_attempts as a
    on a.tenant_id = s.tenant_id
    and a.session_id = s.session_id
  where s.cleared_at is null
    and s.expires_at > now()
  group by s.tenant_id, s.session_id;

create view compliance.recovery_retention with (security_invoker = true) as
  select
    s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    extract(epoch from s.expires_at - s.started_at)::double precision / 86400 as retention_days,
    s.expires_at,
    s.expires_at <= now() as is_expired
  from hansard.recovery_sessions as s
  where s.cleared_at is null;

-- Its columns fit whatever is destroyed: other subjects and causes follow as further rows.
create view compliance.purges with (security_invoker = true) as
  select
    'recovery_session'::text as subject,
    s.session_id as subject_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.cleared_at as purged_at,
    s.cleared_by as purged_by,
    'cleared'::text as cause,
    s.clear_reason as reason,
    s.cleared_attempts as destroyed_count
  from hansard.recovery_sessions as s
  where s.cleared_at is not null;

-- Holds have their place here when there are any.

-- What they mean ----------------------------------------------------------------------------------

comment on view compliance.version is
  'The version of this schema: columns are added within a version, never renamed or removed.';
comment on column compliance.version.version is 'Counts from 1.';

comment on view compliance.tenant is 'The tenant that this login reads: one row.';
comment on column compliance.tenant.name is 'Its name.';
comment on column compliance.tenant.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default.';
comment on column compliance.tenant.created_at is 'When it was made.';

comment on view compliance.agents is 'The register of agents as it is now.';
comment on column compliance.agents.agent_id is 'The agent''s id.';
comment on column compliance.agents.name is 'Its name for people.';
comment on column compliance.agents.maturity is
  'student, intern, supervised, autonomous, paused or deprecated.';
comment on column compliance.agents.is_registered is
  'False for one that a recording named before an admin did.';
comment on column compliance.agents.autonomous_since is
  'When it became autonomous; null for one that is not, or was before this was kept.';
comment on column compliance.agents.created_at is 'When it was first seen or registered.';
comment on column compliance.agents.updated_at is 'When it was last changed.';

comment on view compliance.agent_maturity is
  'What each agent''s maturity was, from when until when, and who changed it: from the audit log.';
comment on column compliance.agent_maturity.agent_id is 'The agent''s id.';
comment on column compliance.agent_maturity.previous_maturity is 'What it was before; null at its beginning.';
comment on column compliance.agent_maturity.maturity is 'What it was in this period.';
comment on column compliance.agent_maturity.valid_from is 'When the period began.';
comment on column compliance.agent_maturity.valid_until is 'When it ended; null: it lasts.';
comment on column compliance.agent_maturity.changed_by is
  'Who made the change: user:…, key:… or operator; null where a recording named the agent first.';
comment on column compliance.agent_maturity.changed_by_role is 'The role in which they did.';

comment on view compliance.recordings is 'Recordings: who did what for whom, when, and how it ended.';
comment on column compliance.recordings.recording_id is 'The recording''s id.';
comment on column compliance.recordings.agent_id is 'The agent that acted.';
comment on column compliance.recordings.agent_maturity is 'The agent''s maturity at the start.';
comment on column compliance.recordings.user_id is 'The user on whose behalf it acted.';
comment on column compliance.recordings.canvas_id is 'The canvas, where one was named.';
comment on column compliance.recordings.session_id is 'The session, where one was named.';
comment on column compliance.recordings.reason is 'Why it was recorded; redacted.';
comment on column compliance.recordings.tags is 'Tags; redacted.';
comment on column compliance.recordings.status is 'recording, completed or failed.';
comment on column compliance.recordings.started_at is 'When it began.';
comment on column compliance.recordings.stopped_at is 'When it ended; null while it is open.';
comment on column compliance.recordings.duration_seconds is
  'From start to stop, in seconds; null while it is open.';
comment on column compliance.recordings.event_count is 'Events so far.';
comment on column compliance.recordings.error_count is 'Events of type error.';
comment on column compliance.recordings.completion_count is 'Events of type operation_complete.';
comment on column compliance.recordings.last_event_at is 'When an event was last appended; null: never.';
comment on column compliance.recordings.is_flagged is 'Whether it is flagged for review.';
comment on column compliance.recordings.flag_reason is 'Why it was flagged last; redacted.';
comment on column compliance.recordings.flagged_by is 'Who flagged it last.';
comment on column compliance.recordings.flagged_at is 'When that was.';
comment on column compliance.recordings.expires_at is
  'When its content is not shown any more; provisional while it is open.';
comment on column compliance.recordings.expires_on is
  'Names the week that its events are kept by: joined on too, one part of them is read instead of all.';
comment on column compliance.recordings.updated_at is 'When it was last changed.';

comment on view compliance.events is 'Events: type, time, size and redactions; what was said is not in here.';
comment on column compliance.events.recording_id is 'The recording''s id.';
comment on column compliance.events.seq is 'Position in the recording, from 1.';
comment on column compliance.events.event_id is 'The event''s id.';
comment on column compliance.events.event_type is 'Its type, as the client named it; redacted.';
comment on column compliance.events.occurred_at is 'When it happened, as the client says.';
comment on column compliance.events.recorded_at is 'When it was stored.';
comment on column compliance.events.recorded_by is 'Who recorded it: key:…, user:… or operator.';
comment on column compliance.events.payload_bytes is 'Bytes of its data after redaction.';
comment on column compliance.events.redaction_count is
  'How many secrets and personal data were redacted in it.';
comment on column compliance.events.redaction_policy_version is
  'Version of the policy that it was redacted under; 0: the built-in rules; null: stored before there were any.';
comment on column compliance.events.expires_on is 'As in recordings: join on recording_id and expires_on.';

comment on view compliance.event_redactions is
  'What was redacted in events: a row for each kind in each event.';
comment on column compliance.event_redactions.recording_id is 'The recording''s id.';
comment on column compliance.event_redactions.seq is 'Position of the event in it.';
comment on column compliance.event_redactions.event_type is 'The event''s type.';
comment on column compliance.event_redactions.occurred_at is 'When it happened, as the client says.';
comment on column compliance.event_redactions.family is 'The kind of secret or of personal data.';
comment on column compliance.event_redactions.redaction_count is 'How often it was redacted in the event.';
comment on column compliance.event_redactions.expires_on is
  'As in recordings: join on recording_id and expires_on.';

comment on view compliance.flags is 'Every flagging of a recording for review.';
comment on column compliance.flags.flag_id is 'The flag''s id.';
comment on column compliance.flags.recording_id is 'The recording''s id.';
comment on column compliance.flags.agent_id is 'The agent that acted.';
comment on column compliance.flags.user_id is 'The user on whose behalf it acted.';
comment on column compliance.flags.flagged_at is 'When it was flagged.';
comment on column compliance.flags.flagged_by is 'Who flagged it.';
comment on column compliance.flags.flag_reason is 'Why; redacted.';

comment on view compliance.reviews is
  'The review queue and its verdicts: one row per recording that is or was in it.';
comment on column compliance.reviews.review_id is 'The review''s id.';
comment on column compliance.reviews.recording_id is 'The recording''s id.';
comment on column compliance.reviews.agent_id is 'The agent that acted.';
comment on column compliance.reviews.user_id is 'The user on whose behalf it acted.';
comment on column compliance.reviews.source is
  'Why it was opened first: flag, error, failure, denial, autonomy or sample.';
comment on column compliance.reviews.state is
  'open, claimed or decided; a claim whose lease has ended is open.';
comment on column compliance.reviews.is_stale is 'Whether the recording has changed since the verdict.';
comment on column compliance.reviews.opened_at is 'When it was opened first.';
comment on column compliance.reviews.reopened_at is 'When it was last reopened; null: never.';
comment on column compliance.reviews.due_at is 'When it is or was due.';
comment on column compliance.reviews.is_late is
  'Whether it was decided after that, or is not and the time has passed.';
comment on column compliance.reviews.claimed_by is 'Who has it.';
comment on column compliance.reviews.claimed_until is 'When the lease ends.';
comment on column compliance.reviews.verdict is 'approved, rejected or needs_changes.';
comment on column compliance.reviews.decided_by is 'Who gave the verdict.';
comment on column compliance.reviews.decided_at is 'When that was.';
comment on column compliance.reviews.turnaround_hours is 'Hours from the last opening to the verdict.';

comment on view compliance.review_steps is 'What happened to reviews, step by step; never changed.';
comment on column compliance.review_steps.step_id is 'The step''s id.';
comment on column compliance.review_steps.review_id is 'The review''s id.';
comment on column compliance.review_steps.recording_id is 'The recording''s id.';
comment on column compliance.review_steps.step is
  'opened, claimed, released, commented, proposed, decided or reopened.';
comment on column compliance.review_steps.actor is 'Who did it.';
comment on column compliance.review_steps.occurred_at is 'When.';
comment on column compliance.review_steps.verdict is
  'approved, rejected or needs_changes; for what was proposed or decided.';
comment on column compliance.review_steps.overall_rating is '1 to 5.';
comment on column compliance.review_steps.performance_rating is '1 to 5.';
comment on column compliance.review_steps.safety_rating is '1 to 5.';

comment on view compliance.audit_log is 'Everything that was asked of the service, allowed or refused.';
comment on column compliance.audit_log.audit_id is 'The entry''s id.';
comment on column compliance.audit_log.occurred_at is 'When.';
comment on column compliance.audit_log.request_id is 'The request that it belongs to.';
comment on column compliance.audit_log.actor is 'Who asked: user:…, key:…, operator or system.';
comment on column compliance.audit_log.actor_role is 'The role in which they did.';
comment on column compliance.audit_log.key_id is 'The API key; null: an operator.';
comment on column compliance.audit_log.component is 'What kind of thing it was about.';
comment on column compliance.audit_log.action is 'What was asked.';
comment on column compliance.audit_log.outcome is 'allowed or refused.';
comment on column compliance.audit_log.refusal_reason is 'Why it was refused.';
comment on column compliance.audit_log.is_emergency_bypass is
  'Whether the rules were switched off (EMERGENCY_GOVERNANCE_BYPASS).';
comment on column compliance.audit_log.recording_id is 'The recording, where there is one.';
comment on column compliance.audit_log.agent_id is 'The agent, where there is one.';
comment on column compliance.audit_log.user_id is 'The user whom it is about, where there is one.';
comment on column compliance.audit_log.canvas_id is 'The canvas, where there is one.';
comment on column compliance.audit_log.session_id is 'The session, where there is one.';

comment on view compliance.access_log is 'Who looked into recordings and recovery sessions, or tried to.';
comment on column compliance.access_log.audit_id is 'The entry''s id in the audit log.';
comment on column compliance.access_log.occurred_at is 'When.';
comment on column compliance.access_log.request_id is 'The request that it belongs to.';
comment on column compliance.access_log.actor is 'Who looked: user:…, key:… or operator.';
comment on column compliance.access_log.actor_role is 'The role in which they did.';
comment on column compliance.access_log.key_id is 'The API key; null: an operator.';
comment on column compliance.access_log.action is
  'What they did: read_…, replay_…, export_… or follow_recording, read_recovery_…, report_… or export_recovery.';
comment on column compliance.access_log.outcome is 'allowed or refused.';
comment on column compliance.access_log.refusal_reason is 'Why it was refused.';
comment on column compliance.access_log.recording_id is 'The recording; null: a recovery session.';
comment on column compliance.access_log.agent_id is 'The agent that acted in it.';
comment on column compliance.access_log.user_id is 'The user on whose behalf it acted.';
comment on column compliance.access_log.recovery_session_id is 'The recovery session; null: a recording.';

comment on view compliance.retention is 'How long each recording is kept.';
comment on column compliance.retention.recording_id is 'The recording''s id.';
comment on column compliance.retention.agent_id is 'The agent that acted.';
comment on column compliance.retention.user_id is 'The user on whose behalf it acted.';
comment on column compliance.retention.status is 'recording, completed or failed.';
comment on column compliance.retention.started_at is 'When it began.';
comment on column compliance.retention.stopped_at is 'When it ended; null while it is open.';
comment on column compliance.retention.retention_days is
  'Days from its stop to its expiry; from its start while it is open.';
comment on column compliance.retention.expires_at is
  'When its content is not shown any more; provisional while it is open.';
comment on column compliance.retention.is_expired is 'Whether that time has passed.';
comment on column compliance.retention.expires_on is 'The latest day on which it can expire.';

comment on view compliance.retention_policies is
  'The tenant''s policies, which of them was in force when, and who set them.';
comment on column compliance.retention_policies.version is 'Counts from 1.';
comment on column compliance.retention_policies.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default.';
comment on column compliance.retention_policies.review_sample_percent is
  'How many of a hundred ordinary recordings are reviewed.';
comment on column compliance.retention_policies.new_autonomy_reviews is
  'How many recordings of a newly autonomous agent are reviewed.';
comment on column compliance.retention_policies.requires_four_eyes is
  'Whether a verdict needs two reviewers.';
comment on column compliance.retention_policies.events_per_day is 'Quota; null: none.';
comment on column compliance.retention_policies.recordings_per_day is 'Quota; null: none.';
comment on column compliance.retention_policies.set_by is 'Who set it.';
comment on column compliance.retention_policies.valid_from is 'When it came into force.';
comment on column compliance.retention_policies.valid_until is 'When the next one did; null: it is in force.';

comment on view compliance.daily_activity is
  'What each agent did on each day (UTC), by when recordings began.';
comment on column compliance.daily_activity.day is 'The day, UTC.';
comment on column compliance.daily_activity.agent_id is 'The agent.';
comment on column compliance.daily_activity.recordings is 'Recordings that began.';
comment on column compliance.daily_activity.completed is 'Of these, how many are completed.';
comment on column compliance.daily_activity.failed is 'Of these, how many failed.';
comment on column compliance.daily_activity.still_open is 'Of these, how many are open.';
comment on column compliance.daily_activity.flagged is 'Of these, how many are flagged.';
comment on column compliance.daily_activity.users is 'Different users on whose behalf it acted.';
comment on column compliance.daily_activity.events is 'Events in them.';
comment on column compliance.daily_activity.errors is 'Events of type error in them.';
comment on column compliance.daily_activity.duration_seconds is 'How long they lasted together, in seconds.';

comment on view compliance.recovery_sessions is
  'Sessions in which an agent tried to recover from errors; one whose attempts were destroyed stays.';
comment on column compliance.recovery_sessions.session_id is 'The session''s id, as the client named it.';
comment on column compliance.recovery_sessions.agent_id is 'The agent that it names first.';
comment on column compliance.recovery_sessions.user_id is 'The user on whose behalf it is; null: nobody''s.';
comment on column compliance.recovery_sessions.started_at is 'When it began.';
comment on column compliance.recovery_sessions.started_by is 'Who began it: key:…, user:… or operator.';
comment on column compliance.recovery_sessions.attempt_count is 'Attempts that are there.';
comment on column compliance.recovery_sessions.expires_at is
  'When nothing of it is shown any more: fixed at its start.';
comment on column compliance.recovery_sessions.is_expired is 'Whether that time has passed.';
comment on column compliance.recovery_sessions.purged_at is
  'When its attempts were destroyed; null: they are there. By whom and why: see purges.';

comment on view compliance.recovery_attempts is
  'What was tried against an error, and how it ended; no messages, changes or files. None of what has expired.';
comment on column compliance.recovery_attempts.session_id is 'The session''s id.';
comment on column compliance.recovery_attempts.position is 'In the order of arrival, from 1.';
comment on column compliance.recovery_attempts.entry_id is 'The attempt''s id in its session.';
comment on column compliance.recovery_attempts.occurred_at is 'When it was tried, as the client says.';
comment on column compliance.recovery_attempts.recorded_at is 'When it was stored.';
comment on column compliance.recovery_attempts.recorded_by is 'Who recorded it: key:…, user:… or operator.';
comment on column compliance.recovery_attempts.agent_id is 'The agent that tried.';
comment on column compliance.recovery_attempts.user_id is 'The user on whose behalf it did.';
comment on column compliance.recovery_attempts.canvas_id is 'The canvas, where one was named.';
comment on column compliance.recovery_attempts.error_type is
  'The type of the error, as the client named it; redacted.';
comment on column compliance.recovery_attempts.strategy is
  'fix, retry, alternative, rollback, escalate, or a word of the client''s; redacted.';
comment on column compliance.recovery_attempts.attempt_number is 'As sent, or counted within the session.';
comment on column compliance.recovery_attempts.success is 'Whether it succeeded.';
comment on column compliance.recovery_attempts.rollback_performed is 'Whether changes were rolled back.';
comment on column compliance.recovery_attempts.next_action is
  'complete, retry, escalate, or a word of the client''s; redacted.';
comment on column compliance.recovery_attempts.duration_seconds is
  'How long it took, in seconds; as sent, to the digit.';
comment on column compliance.recovery_attempts.recording_id is
  'The recording whose timeline tells of it; null: none.';
comment on column compliance.recovery_attempts.event_id is 'The event there.';
comment on column compliance.recovery_attempts.event_seq is 'Position of the event there.';
comment on column compliance.recovery_attempts.payload_bytes is
  'Bytes of its messages, changes, files and context after redaction.';
comment on column compliance.recovery_attempts.redaction_count is
  'How many secrets and personal data were redacted in it.';
comment on column compliance.recovery_attempts.redaction_policy_version is
  'Version of the policy that it was redacted under; 0: the built-in rules.';

comment on view compliance.recovery_statistics is
  'What each session''s attempts add up to, as the service''s statistics say. None of what has expired.';
comment on column compliance.recovery_statistics.session_id is 'The session''s id.';
comment on column compliance.recovery_statistics.agent_id is 'The agent that it names first.';
comment on column compliance.recovery_statistics.user_id is 'The user on whose behalf it is.';
comment on column compliance.recovery_statistics.session_start is 'When it began.';
comment on column compliance.recovery_statistics.total_attempts is 'Attempts.';
comment on column compliance.recovery_statistics.successful_attempts is 'Of these, how many succeeded.';
comment on column compliance.recovery_statistics.failed_attempts is 'Of these, how many failed.';
comment on column compliance.recovery_statistics.success_rate is
  'How many of a hundred succeeded, to two decimals; 0 where there is none.';
comment on column compliance.recovery_statistics.total_duration_seconds is
  'How long they took together, in seconds, to three decimals.';
comment on column compliance.recovery_statistics.average_duration_seconds is
  'How long one took, in seconds, to three decimals; 0 where there is none.';
comment on column compliance.recovery_statistics.files_modified_count is 'Different files that they modified.';
comment on column compliance.recovery_statistics.rollback_count is 'Attempts that rolled changes back.';
comment on column compliance.recovery_statistics.first_attempt_timestamp is
  'When the earliest was tried; null: none.';
comment on column compliance.recovery_statistics.last_attempt_timestamp is
  'When the latest was tried; null: none.';

comment on view compliance.recovery_retention is 'How long each recovery session that is there is kept.';
comment on column compliance.recovery_retention.session_id is 'The session''s id.';
comment on column compliance.recovery_retention.agent_id is 'The agent that it names first.';
comment on column compliance.recovery_retention.user_id is 'The user on whose behalf it is.';
comment on column compliance.recovery_retention.started_at is 'When it began.';
comment on column compliance.recovery_retention.retention_days is 'Days from its start to its expiry.';
comment on column compliance.recovery_retention.expires_at is 'When nothing of it is shown any more.';
comment on column compliance.recovery_retention.is_expired is 'Whether that time has passed.';

comment on view compliance.purges is 'What was destroyed: whose, when, by whom and why, and how much.';
comment on column compliance.purges.subject is
  'What kind of thing it was: recovery_session. Others may follow.';
comment on column compliance.purges.subject_id is 'The id of the thing, as text: of the recovery session.';
comment on column compliance.purges.agent_id is 'The agent that acted in it.';
comment on column compliance.purges.user_id is 'The user on whose behalf it acted.';
comment on column compliance.purges.started_at is 'When it began.';
comment on column compliance.purges.purged_at is 'When it was destroyed.';
comment on column compliance.purges.purged_by is 'Who did: user:…, key:…, operator or system.';
comment on column compliance.purges.cause is 'cleared: somebody asked for it. Others may follow.';
comment on column compliance.purges.reason is
  'The words of whoever asked for it: free text of a person, redacted, and not checked otherwise.';
comment on column compliance.purges.destroyed_count is
  'How much was destroyed: attempts of a recovery session.';

grant select on
  compliance.version, compliance.tenant, compliance.agents, compliance.agent_maturity, compliance.recordings,
  compliance.events, compliance.event_redactions, compliance.flags, compliance.reviews,
  compliance.review_steps, compliance.audit_log, compliance.access_log, compliance.retention,
  compliance.retention_policies, compliance.daily_activity, compliance.recovery_sessions,
  compliance.recovery_attempts, compliance.recovery_statistics, compliance.recovery_retention,
  compliance.purges
  to hansard_analyst;

reset role;

-- Statistics that were gathered before stay where no more are: a superuser takes them away. For others this is
-- said in docs/operations.md.
do $forget$
begin
  delete from pg_catalog.pg_statistic as s
  using pg_catalog.pg_attribute as a, pg_catalog.pg_class as c
  where a.attrelid = s.starelid
    and a.attnum = s.staattnum
    and c.oid = a.attrelid
    and c.relnamespace = 'hansard'::regnamespace
    and a.attstattarget = 0;
exception
  when insufficient_privilege then null;
end
$forget$;
