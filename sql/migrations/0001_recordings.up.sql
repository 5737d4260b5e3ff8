-- Tenants, their users, agents and keys; recordings and their sealed events; the audit log.
--
-- Every table has tenant_id first in its key, row level security enabled and forced, and one policy
-- that compares it with hansard.tenant(). Roles are cluster-wide, so they may exist already, made
-- for another database; they stay when this migration is taken back.

do $roles$
declare
  wanted record;
begin
  for wanted in
    select role.name, role.login
    from (values
      ('hansard_owner', 'nologin'),
      ('hansard_migrator', 'login'),
      ('hansard_service', 'login'),
      ('hansard_retention', 'login'),
      ('hansard_analyst', 'login')
    ) as role (name, login)
  loop
    begin
      execute format(
        'create role %I %s noinherit nosuperuser nocreatedb nocreaterole nobypassrls',
        wanted.name, wanted.login);
    exception
      -- Another database's migration may have made it first, or be making it at this moment.
      when duplicate_object or unique_violation then null;
    end;
  end loop;
  begin
    grant hansard_owner to hansard_migrator;
  exception
    when unique_violation then null;
    when internal_error then null; -- "tuple concurrently updated": the other one granted it
  end;
  execute format('grant create on database %I to hansard_migrator', current_database());
end
$roles$;

create schema hansard authorization hansard_owner;
grant usage, create on schema hansard_migrations to hansard_migrator;
grant select, insert, update, delete on hansard_migrations.applied to hansard_migrator;
grant usage on schema hansard_migrations to hansard_service;
grant select on hansard_migrations.applied to hansard_service;

set local role hansard_owner;

comment on schema hansard is 'The record of what autonomous agents did. Written by the service; never by hand.';
grant usage on schema hansard to hansard_service, hansard_retention;

-- Who is asking -----------------------------------------------------------------------------------

create function hansard.tenant() returns uuid
  language sql
  stable
  parallel safe
  return nullif(current_setting('hansard.tenant_id', true), '')::uuid;
comment on function hansard.tenant() is
  'The tenant of this transaction, as set with SET LOCAL hansard.tenant_id; null where none is set.';
revoke all on function hansard.tenant() from public;

create function hansard.refuse_change() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;
comment on function hansard.refuse_change() is 'Guard of the append-only tables.';
revoke all on function hansard.refuse_change() from public;

-- Tenants, users, agents, keys --------------------------------------------------------------------

create table hansard.tenants (
  tenant_id uuid not null,
  name text not null,
  retention_days integer,
  created_at timestamptz not null default now(),
  constraint tenants_pkey primary key (tenant_id),
  constraint tenants_name_length check (length(name) between 1 and 255),
  constraint tenants_retention_days_range check (retention_days between 1 and 36500)
);
comment on column hansard.tenants.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default.';

create table hansard.users (
  tenant_id uuid not null,
  user_id text not null,
  name text,
  email text,
  registered boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint users_pkey primary key (tenant_id, user_id),
  constraint users_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint users_user_id_length check (length(user_id) between 1 and 255),
  constraint users_name_length check (length(name) between 1 and 255),
  constraint users_email_length check (length(email) between 3 and 320)
);
comment on column hansard.users.registered is
  'False for a user who was named by a recording before an admin named them.';

create table hansard.agent_registry (
  tenant_id uuid not null,
  agent_id text not null,
  name text not null,
  status text not null default 'student',
  registered boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint agent_registry_pkey primary key (tenant_id, agent_id),
  constraint agent_registry_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint agent_registry_agent_id_length check (length(agent_id) between 1 and 255),
  constraint agent_registry_name_length check (length(name) between 1 and 255),
  constraint agent_registry_status_known check (
    status in ('student', 'intern', 'supervised', 'autonomous', 'paused', 'deprecated'))
);
comment on column hansard.agent_registry.registered is
  'False for an agent that was named by a recording before an admin named it.';

create table hansard.api_keys (
  tenant_id uuid not null,
  key_id uuid not null,
  secret_hash bytea not null,
  role text not null,
  name text,
  user_id text,
  agent_id text,
  created_at timestamptz not null default now(),
  created_by text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  constraint api_keys_pkey primary key (tenant_id, key_id),
  constraint api_keys_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint api_keys_user_fkey
    foreign key (tenant_id, user_id) references hansard.users (tenant_id, user_id),
  constraint api_keys_agent_fkey
    foreign key (tenant_id, agent_id) references hansard.agent_registry (tenant_id, agent_id),
  constraint api_keys_secret_hash_length check (length(secret_hash) = 32),
  constraint api_keys_name_length check (length(name) between 1 and 255),
  constraint api_keys_role_known check (
    role in ('recorder', 'member', 'reviewer', 'auditor', 'admin')),
  constraint api_keys_member_has_user check (role <> 'member' or user_id is not null),
  constraint api_keys_agent_only_for_recorder check (agent_id is null or role = 'recorder'),
  constraint api_keys_revocation_complete check ((revoked_at is null) = (revoked_by is null))
);
comment on column hansard.api_keys.secret_hash is 'SHA-256 of the 256-bit random secret.';
-- Serves: authentication, which knows the key before it knows the tenant.
create index api_keys_key_id on hansard.api_keys (key_id);

-- Key-encrypting keys, apart from the content -----------------------------------------------------

create table hansard.tenant_keys (
  tenant_id uuid not null,
  tenant_key_id uuid not null,
  master_key_id text not null,
  master_key_fingerprint bytea not null,
  wrapped bytea not null,
  state text not null default 'active',
  created_at timestamptz not null default now(),
  constraint tenant_keys_pkey primary key (tenant_id, tenant_key_id),
  constraint tenant_keys_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint tenant_keys_master_key_id_length check (length(master_key_id) between 1 and 64),
  constraint tenant_keys_fingerprint_length check (length(master_key_fingerprint) = 32),
  constraint tenant_keys_wrapped_length check (length(wrapped) between 1 and 256),
  constraint tenant_keys_state_known check (state in ('active', 'rotating', 'retired'))
);
comment on column hansard.tenant_keys.master_key_fingerprint is
  'Tells a wrong master key under the right id, before anything is written under it.';
-- Serves: the key that new recordings are sealed under; there is one.
create unique index tenant_keys_active on hansard.tenant_keys (tenant_id) where state = 'active';

-- Recordings --------------------------------------------------------------------------------------

create table hansard.canvas_recordings (
  tenant_id uuid not null,
  id uuid not null,
  recording_id uuid not null,
  agent_id text not null,
  user_id text not null,
  canvas_id text,
  session_id text,
  reason text not null,
  status text not null default 'recording',
  tags text[] not null default '{}',
  started_at timestamptz not null,
  stopped_at timestamptz,
  duration_seconds double precision,
  summary text,
  event_count bigint not null default 0,
  recording_metadata jsonb not null,
  flagged_for_review boolean not null default false,
  flag_reason text,
  flagged_by text,
  flagged_at timestamptz,
  expires_at timestamptz not null,
  expires_on date not null,
  storage_url text,
  automatic_scope text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint canvas_recordings_pkey primary key (tenant_id, id),
  constraint canvas_recordings_recording_id_key unique (tenant_id, recording_id),
  constraint canvas_recordings_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint canvas_recordings_user_fkey
    foreign key (tenant_id, user_id) references hansard.users (tenant_id, user_id),
  constraint canvas_recordings_agent_fkey
    foreign key (tenant_id, agent_id) references hansard.agent_registry (tenant_id, agent_id),
  constraint canvas_recordings_canvas_id_length check (length(canvas_id) between 1 and 255),
  constraint canvas_recordings_session_id_length check (length(session_id) between 1 and 255),
  constraint canvas_recordings_reason_length check (octet_length(reason) between 1 and 1000),
  constraint canvas_recordings_summary_length check (octet_length(summary) <= 4000),
  constraint canvas_recordings_flag_reason_length check (
    octet_length(flag_reason) between 1 and 2000),
  constraint canvas_recordings_tag_count check (cardinality(tags) <= 1000),
  constraint canvas_recordings_status_known check (status in ('recording', 'completed', 'failed')),
  constraint canvas_recordings_stopped_complete check (
    (status = 'recording')
    = (stopped_at is null and duration_seconds is null and summary is null)),
  constraint canvas_recordings_duration_not_negative check (duration_seconds >= 0),
  constraint canvas_recordings_event_count_not_negative check (event_count >= 0),
  constraint canvas_recordings_flag_complete check (
    flagged_for_review = (flag_reason is not null)
    and flagged_for_review = (flagged_by is not null)
    and flagged_for_review = (flagged_at is not null))
);
comment on column hansard.canvas_recordings.event_count is
  'Final number of events, written when the recording stops; until then recording_progress has it.';
comment on column hansard.canvas_recordings.expires_on is
  'Latest day on which this recording can expire, fixed at its start: the partition of its events.';
comment on column hansard.canvas_recordings.automatic_scope is
  'Session (s:…) or canvas (c:…) of an automatic recording; null where none was given, or by hand.';
-- Serves: the recordings of a user, newest first.
create index canvas_recordings_user
  on hansard.canvas_recordings (tenant_id, user_id, started_at, recording_id);
-- Serves: the recordings of a session, newest first.
create index canvas_recordings_session
  on hansard.canvas_recordings (tenant_id, session_id, started_at, recording_id);
-- Serves: the recordings of an agent for a user.
create index canvas_recordings_agent_user
  on hansard.canvas_recordings (tenant_id, agent_id, user_id);
-- Serves: the recordings of an agent, newest first.
create index canvas_recordings_agent
  on hansard.canvas_recordings (tenant_id, agent_id, started_at, recording_id);
-- Serves: what is still open in a session.
create index canvas_recordings_session_status
  on hansard.canvas_recordings (tenant_id, session_id, status);
-- Serves: all recordings of a tenant, newest first.
create index canvas_recordings_started_at
  on hansard.canvas_recordings (tenant_id, started_at, recording_id);
-- Serves: what waits for review, newest first.
create index canvas_recordings_flagged
  on hansard.canvas_recordings (tenant_id, started_at, recording_id)
  where flagged_for_review;
-- Says: one open automatic recording per agent, user and session.
create unique index canvas_recordings_open_automatic
  on hansard.canvas_recordings (tenant_id, agent_id, user_id, automatic_scope)
  where status = 'recording' and automatic_scope is not null;

-- The counters that every append changes, apart from the wide row and without an index on anything
-- that changes, so that each update stays on its page (HOT).
create table hansard.recording_progress (
  tenant_id uuid not null,
  recording_id uuid not null,
  is_open boolean not null default true,
  closes_at timestamptz not null,
  expires_on date not null,
  event_count bigint not null default 0,
  error_count bigint not null default 0,
  completion_count bigint not null default 0,
  last_event_at timestamptz,
  constraint recording_progress_pkey primary key (tenant_id, recording_id),
  constraint recording_progress_recording_fkey
    foreign key (tenant_id, recording_id)
    references hansard.canvas_recordings (tenant_id, recording_id),
  constraint recording_progress_counts_not_negative check (
    event_count >= 0 and error_count >= 0 and completion_count >= 0)
) with (fillfactor = 50);
comment on column hansard.recording_progress.closes_at is
  'The latest time at which an event is still accepted; an abandoned recording is completed after it.';

create table hansard.recording_keys (
  tenant_id uuid not null,
  recording_id uuid not null,
  tenant_key_id uuid not null,
  wrapped bytea not null,
  commitment bytea not null,
  created_at timestamptz not null default now(),
  constraint recording_keys_pkey primary key (tenant_id, recording_id),
  constraint recording_keys_recording_fkey
    foreign key (tenant_id, recording_id)
    references hansard.canvas_recordings (tenant_id, recording_id),
  constraint recording_keys_tenant_key_fkey
    foreign key (tenant_id, tenant_key_id)
    references hansard.tenant_keys (tenant_id, tenant_key_id),
  constraint recording_keys_wrapped_length check (length(wrapped) between 1 and 256),
  constraint recording_keys_commitment_length check (length(commitment) = 32)
);
comment on table hansard.recording_keys is
  'Wrapped data keys. Destroying a row destroys the content of its recording.';

create table hansard.recording_flags (
  tenant_id uuid not null,
  flag_id uuid not null,
  recording_id uuid not null,
  flag_reason text not null,
  flagged_by text not null,
  flagged_at timestamptz not null,
  constraint recording_flags_pkey primary key (tenant_id, flag_id),
  constraint recording_flags_recording_fkey
    foreign key (tenant_id, recording_id)
    references hansard.canvas_recordings (tenant_id, recording_id),
  constraint recording_flags_reason_length check (octet_length(flag_reason) between 1 and 2000)
);
-- Serves: the flag history of a recording.
create index recording_flags_recording
  on hansard.recording_flags (tenant_id, recording_id, flagged_at);

-- Events ------------------------------------------------------------------------------------------

-- No foreign key to the recording: append_events holds the recording's progress row, which has one,
-- and a second check would lock the wide row once per event.
create table hansard.recording_events (
  tenant_id uuid not null,
  recording_id uuid not null,
  seq bigint not null,
  event_id uuid not null,
  event_type text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  payload bytea not null,
  payload_length integer not null,
  content_mac bytea not null,
  leaf_hash bytea not null,
  expires_on date not null,
  constraint recording_events_pkey primary key (tenant_id, recording_id, seq, expires_on),
  constraint recording_events_event_id_key
    unique (tenant_id, recording_id, event_id, expires_on),
  constraint recording_events_seq_range check (seq between 1 and 16777215),
  constraint recording_events_event_type_length check (octet_length(event_type) between 1 and 64),
  constraint recording_events_payload_length_range check (payload_length between 1 and 262144),
  constraint recording_events_payload_complete check (length(payload) = payload_length + 40),
  constraint recording_events_content_mac_length check (length(content_mac) = 32),
  constraint recording_events_leaf_hash_length check (length(leaf_hash) = 32)
) partition by range (expires_on);
comment on column hansard.recording_events.payload is
  'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of event_data as sent.';
comment on column hansard.recording_events.payload_length is 'Bytes of event_data as sent.';
comment on column hansard.recording_events.content_mac is
  'HMAC under a key of the recording: tells the same event sent again from another under its id.';
comment on column hansard.recording_events.seq is
  'Position in the recording; fewer than 2^24, the number of messages that one data key may seal.';
-- Serves: replay, in order of time and then of position.
create index recording_events_chronology
  on hansard.recording_events (tenant_id, recording_id, occurred_at, seq);
-- Payloads are ciphertext: compressing them costs time and gains nothing.
alter table hansard.recording_events alter column payload set storage external;

-- Audit -------------------------------------------------------------------------------------------

create table hansard.canvas_audit (
  tenant_id uuid not null,
  audit_id uuid not null,
  occurred_at timestamptz not null default clock_timestamp(),
  request_id uuid not null,
  actor text not null,
  actor_role text not null,
  key_id uuid,
  component_type text not null,
  action text not null,
  outcome text not null,
  refusal text,
  recording_id uuid,
  agent_id text,
  user_id text,
  canvas_id text,
  session_id text,
  audit_metadata jsonb not null default '{}',
  governance_check_passed boolean not null,
  constraint canvas_audit_pkey primary key (tenant_id, audit_id),
  constraint canvas_audit_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint canvas_audit_outcome_known check (outcome in ('allowed', 'refused')),
  constraint canvas_audit_refusal_explained check ((outcome = 'refused') = (refusal is not null)),
  constraint canvas_audit_check_is_outcome check (governance_check_passed = (outcome = 'allowed'))
);
-- Serves: what happened in a tenant, newest first.
create index canvas_audit_occurred_at on hansard.canvas_audit (tenant_id, occurred_at, audit_id);
-- Serves: who looked at a recording.
create index canvas_audit_recording
  on hansard.canvas_audit (tenant_id, recording_id, occurred_at)
  where recording_id is not null;

-- Guards ------------------------------------------------------------------------------------------

do $guards$
declare
  guarded text;
begin
  foreach guarded in array array['recording_events', 'recording_flags', 'canvas_audit'] loop
    execute format(
      'create trigger %I before update or delete on hansard.%I
         for each row execute function hansard.refuse_change()',
      guarded || '_append_only', guarded);
    execute format(
      'create trigger %I before truncate on hansard.%I
         for each statement execute function hansard.refuse_change()',
      guarded || '_no_truncate', guarded);
  end loop;
end
$guards$;

alter table hansard.tenants enable row level security;
alter table hansard.tenants force row level security;
create policy tenants_isolation on hansard.tenants
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.users enable row level security;
alter table hansard.users force row level security;
create policy users_isolation on hansard.users
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.agent_registry enable row level security;
alter table hansard.agent_registry force row level security;
create policy agent_registry_isolation on hansard.agent_registry
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.api_keys enable row level security;
alter table hansard.api_keys force row level security;
create policy api_keys_isolation on hansard.api_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
-- hansard_owner cannot log in: this opens the table to find_api_key alone.
create policy api_keys_authentication on hansard.api_keys for select to hansard_owner using (true);

alter table hansard.tenant_keys enable row level security;
alter table hansard.tenant_keys force row level security;
create policy tenant_keys_isolation on hansard.tenant_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

-- As above: this opens the table to master_key_fingerprints alone.
create policy tenant_keys_fingerprints on hansard.tenant_keys
  for select to hansard_owner using (true);

alter table hansard.canvas_recordings enable row level security;
alter table hansard.canvas_recordings force row level security;
create policy canvas_recordings_isolation on hansard.canvas_recordings
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.recording_progress enable row level security;
alter table hansard.recording_progress force row level security;
create policy recording_progress_isolation on hansard.recording_progress
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.recording_keys enable row level security;
alter table hansard.recording_keys force row level security;
create policy recording_keys_isolation on hansard.recording_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.recording_flags enable row level security;
alter table hansard.recording_flags force row level security;
create policy recording_flags_isolation on hansard.recording_flags
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.recording_events enable row level security;
alter table hansard.recording_events force row level security;
create policy recording_events_isolation on hansard.recording_events
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.canvas_audit enable row level security;
alter table hansard.canvas_audit force row level security;
create policy canvas_audit_isolation on hansard.canvas_audit
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

-- Functions ---------------------------------------------------------------------------------------

create function hansard.find_api_key(wanted uuid)
  returns table (
    tenant_id uuid, secret_hash bytea, role text, user_id text, agent_id text,
    is_live boolean)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    k.tenant_id, k.secret_hash, k.role, k.user_id, k.agent_id,
    k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
  from hansard.api_keys as k
  where k.key_id = wanted;
end;
comment on function hansard.find_api_key(uuid) is
  'The one question that is asked before the tenant is known.';
revoke all on function hansard.find_api_key(uuid) from public;
grant execute on function hansard.find_api_key(uuid) to hansard_service;

create function hansard.require_live_key(wanted uuid) returns void
  language plpgsql
  stable
as $$
begin
  if not exists (
    select
    from hansard.api_keys as k
    where k.tenant_id = hansard.tenant()
      and k.key_id = wanted
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > now())) then
    raise exception 'the key is not live' using errcode = 'HS401';
  end if;
end
$$;
comment on function hansard.require_live_key(uuid) is
  'Raises HS401 for a key that is revoked, expired or unknown: asked in the transaction of the work, so that a revocation holds at once on every instance.';
revoke all on function hansard.require_live_key(uuid) from public;
grant execute on function hansard.require_live_key(uuid) to hansard_service;

create function hansard.master_key_fingerprints()
  returns table (master_key_id text, fingerprint bytea)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select distinct k.master_key_id, k.master_key_fingerprint
  from hansard.tenant_keys as k
  where k.state <> 'retired'
  order by k.master_key_id;
end;
comment on function hansard.master_key_fingerprints() is
  'Which master keys this database was written under: asked at start, of no tenant.';
revoke all on function hansard.master_key_fingerprints() from public;
grant execute on function hansard.master_key_fingerprints() to hansard_service;

create function hansard.ensure_event_partition(wanted date) returns boolean
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
comment on function hansard.ensure_event_partition(date) is
  'Makes the partition of the ISO week that holds the day, unless it is there; true when made.';
revoke all on function hansard.ensure_event_partition(date) from public;
grant execute on function hansard.ensure_event_partition(date)
  to hansard_service, hansard_retention;

-- Appends the events of several requests of one tenant. A request is all or nothing: its verdict is
-- the same on each of its events. The progress rows are locked first, in one order, so that what the
-- second statement reads is what is true under the locks.
create function hansard.append_events(
  request_recordings uuid[], -- one element per request
  request_keys uuid[],
  event_requests integer[], -- one element per event: the index of its request, from 1
  event_ids uuid[],
  event_ids_chosen boolean[], -- true where the client chose the id, so that it may be here already
  event_types text[],
  event_times timestamptz[],
  event_recorders text[],
  event_payloads bytea[],
  event_payload_lengths integer[],
  event_content_macs bytea[],
  event_leaf_prefixes bytea[])
  returns table (
    ordinal bigint, verdict text, seq bigint, recorded_at timestamptz, leaf_hash bytea)
  language plpgsql
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  now_locked timestamptz;
  now_bytes bytea;
  -- One element per event, all in the events' order, so that nothing has to be joined again: what is
  -- stored of it already, and whether that is the same event.
  known_seqs bigint[];
  known_times timestamptz[];
  known_leaves bytea[];
  known_same boolean[];
  -- One element per request.
  verdicts text[];
  counts bigint[];
  expiries date[];
  -- One element per event: null unless it is appended now.
  new_seqs bigint[];
  new_leaves bytea[];
begin
  perform 1
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = any (request_recordings)
  order by p.recording_id
  for no key update;

  now_locked := clock_timestamp();
  now_bytes := int8send((extract(epoch from now_locked) * 1000000)::bigint);

  if true = any (event_ids_chosen) then
    select
      array_agg(x.seq order by e.ordinal), array_agg(x.recorded_at order by e.ordinal),
      array_agg(x.leaf_hash order by e.ordinal),
      array_agg(x.content_mac = e.content_mac order by e.ordinal)
    into known_seqs, known_times, known_leaves, known_same
    from unnest(event_requests, event_ids, event_ids_chosen, event_content_macs)
      with ordinality as e (request, event_id, chosen, content_mac, ordinal)
    left join hansard.recording_progress as p
      on p.tenant_id = this_tenant
      and p.recording_id = request_recordings[e.request]
      and e.chosen
    left join hansard.recording_events as x
      on x.tenant_id = this_tenant
      and x.recording_id = p.recording_id
      and x.event_id = e.event_id
      and x.expires_on = p.expires_on;
  end if;

  select
    array_agg(j.verdict order by j.request), array_agg(j.event_count order by j.request),
    array_agg(j.expires_on order by j.request)
  into verdicts, counts, expiries
  from (
    select
      r.request, p.event_count, p.expires_on,
      case
        when p.recording_id is null then 'not_found'
        when not exists (
          select
          from hansard.api_keys as a
          where a.tenant_id = this_tenant
            and a.key_id = r.key_id
            and a.revoked_at is null
            and (a.expires_at is null or a.expires_at > now_locked)) then 'unauthenticated'
        when c.has_mismatch then 'mismatch'
        when c.is_known then 'known'
        when not p.is_open or p.closes_at <= now_locked then 'not_open'
        else 'appended'
      end as verdict
    from unnest(request_recordings, request_keys) with ordinality as r (recording_id, key_id, request)
    join (
      select
        e.request,
        coalesce(bool_or(not e.same), false) as has_mismatch,
        bool_and(e.seq is not null) as is_known
      from unnest(event_requests, known_seqs, known_same) as e (request, seq, same)
      group by e.request
    ) as c on c.request = r.request
    left join hansard.recording_progress as p
      on p.tenant_id = this_tenant
      and p.recording_id = r.recording_id
  ) as j;

  -- Several requests of one recording follow each other.
  select
    array_agg(
      case when e.is_new then counts[e.request] + e.position end order by e.ordinal)
  into new_seqs
  from (
    select
      n.ordinal, n.request, n.is_new,
      count(*) filter (where n.is_new)
        over (partition by n.recording_id order by n.ordinal) as position
    from (
      select
        k.ordinal, k.request, request_recordings[k.request] as recording_id,
        k.seq is null and verdicts[k.request] = 'appended' as is_new
      from unnest(event_requests, known_seqs) with ordinality as k (request, seq, ordinal)
    ) as n
  ) as e;

  select
    array_agg(sha256('\x00'::bytea || e.prefix || int8send(e.seq) || now_bytes) order by e.ordinal)
  into new_leaves
  from unnest(event_leaf_prefixes, new_seqs) with ordinality as e (prefix, seq, ordinal);

  insert into hansard.recording_events (
    tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by,
    payload, payload_length, content_mac, leaf_hash, expires_on)
  select
    this_tenant, request_recordings[e.request], e.seq, e.event_id, e.event_type, e.occurred_at,
    now_locked, e.recorded_by, e.payload, e.payload_length, e.content_mac, e.leaf,
    expiries[e.request]
  from unnest(
      event_requests, new_seqs, event_ids, event_types, event_times, event_recorders,
      event_payloads, event_payload_lengths, event_content_macs, new_leaves)
    as e (
      request, seq, event_id, event_type, occurred_at, recorded_by, payload, payload_length,
      content_mac, leaf)
  where e.seq is not null;

  update hansard.recording_progress as p
  set
    event_count = p.event_count + c.events,
    error_count = p.error_count + c.errors,
    completion_count = p.completion_count + c.completions,
    last_event_at = now_locked
  from (
    select
      request_recordings[e.request] as recording_id,
      count(*) as events,
      count(*) filter (where e.event_type = 'error') as errors,
      count(*) filter (where e.event_type = 'operation_complete') as completions
    from unnest(event_requests, event_types, new_seqs) as e (request, event_type, seq)
    where e.seq is not null
    group by request_recordings[e.request]
  ) as c
  where p.tenant_id = this_tenant
    and p.recording_id = c.recording_id;

  return query
  select
    e.ordinal,
    case
      when verdicts[e.request] = 'appended' and e.known_seq is not null then 'known'
      when verdicts[e.request] = 'mismatch' and e.same is distinct from false then 'withheld'
      else verdicts[e.request]
    end,
    coalesce(e.known_seq, e.new_seq),
    coalesce(e.known_at, now_locked),
    coalesce(e.known_leaf, e.new_leaf)
  from unnest(
      event_requests, known_seqs, known_times, known_leaves, known_same, new_seqs, new_leaves)
    with ordinality as e (
      request, known_seq, known_at, known_leaf, same, new_seq, new_leaf, ordinal)
  order by e.ordinal;
end
$$;
comment on function hansard.append_events is
  'Verdicts: appended, known (stored before: its first receipt), mismatch (same id, other event), withheld (another event of the request is a mismatch), not_open, not_found, unauthenticated.';
revoke all on function hansard.append_events from public;
grant execute on function hansard.append_events to hansard_service;

-- What the service may do: insert and select, update by column, no delete ---------------------------

grant select, insert on
  hansard.tenants, hansard.users, hansard.agent_registry, hansard.api_keys, hansard.tenant_keys,
  hansard.canvas_recordings, hansard.recording_progress,
  hansard.recording_keys, hansard.recording_flags, hansard.recording_events, hansard.canvas_audit
  to hansard_service;
grant update (name, email, registered, updated_at) on hansard.users to hansard_service;
grant update (name, status, registered, updated_at) on hansard.agent_registry to hansard_service;
grant update (revoked_at, revoked_by) on hansard.api_keys to hansard_service;
grant update (
  status, tags, stopped_at, duration_seconds, summary, event_count, flagged_for_review, flag_reason,
  flagged_by, flagged_at, expires_at, updated_at)
  on hansard.canvas_recordings to hansard_service;
grant update (is_open, event_count, error_count, completion_count, last_event_at)
  on hansard.recording_progress to hansard_service;
grant execute on function hansard.tenant() to hansard_service, hansard_retention;

reset role;
