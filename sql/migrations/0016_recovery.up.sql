-- The recovery audit trail: sessions in which an agent tries to recover from errors, and each attempt.

set local role hansard_owner;

-- One per session. A session that is cleared stays as its tombstone, so that its id is not given to
-- another one and it can be said who cleared it, when, why, and how much.
create table hansard.recovery_sessions (
  tenant_id uuid not null,
  session_id text not null,
  id uuid not null,
  agent_id text,
  user_id text,
  started_at timestamptz not null,
  started_by text not null,
  attempt_count bigint not null default 0,
  last_attempt_number bigint not null default 0,
  expires_at timestamptz not null,
  cleared_at timestamptz,
  cleared_by text,
  clear_reason text,
  cleared_attempts bigint,
  constraint recovery_sessions_pkey primary key (tenant_id, session_id),
  constraint recovery_sessions_id_key unique (tenant_id, id),
  constraint recovery_sessions_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint recovery_sessions_user_fkey
    foreign key (tenant_id, user_id) references hansard.users (tenant_id, user_id),
  constraint recovery_sessions_agent_fkey
    foreign key (tenant_id, agent_id) references hansard.agent_registry (tenant_id, agent_id),
  constraint recovery_sessions_session_id_length check (length(session_id) between 1 and 255),
  constraint recovery_sessions_counts_not_negative check (
    attempt_count >= 0 and last_attempt_number >= 0 and cleared_attempts >= 0),
  constraint recovery_sessions_clear_reason_length check (
    octet_length(clear_reason) between 1 and 32000),
  constraint recovery_sessions_clearing_complete check (
    (cleared_at is null) = (cleared_by is null)
    and (cleared_at is null) = (clear_reason is null)
    and (cleared_at is null) = (cleared_attempts is null)
    and (cleared_at is null or attempt_count = 0))
) with (fillfactor = 70);
comment on table hansard.recovery_sessions is
  'Sessions of recovery attempts; a cleared one stays as a tombstone.';
comment on column hansard.recovery_sessions.id is
  'Ours: what its data key is bound to, and its place in a listing.';
comment on column hansard.recovery_sessions.user_id is
  'The one user whom it names and who may read it; null: nobody but auditors and admins.';
comment on column hansard.recovery_sessions.attempt_count is
  'Attempts that are there: the position of the last one.';
comment on column hansard.recovery_sessions.last_attempt_number is
  'The highest attempt number so far: the next one that is counted follows it.';
comment on column hansard.recovery_sessions.expires_at is
  'Fixed at the start, by the tenant''s retention; from then on nothing of it is shown or added.';
comment on column hansard.recovery_sessions.cleared_attempts is 'How many attempts were destroyed.';
-- Serves: the sessions of a tenant, newest first.
create index recovery_sessions_started_at
  on hansard.recovery_sessions (tenant_id, started_at, id);
-- Serves: the sessions that name a user, newest first.
create index recovery_sessions_user
  on hansard.recovery_sessions (tenant_id, user_id, started_at, id);
-- Serves: the sessions of an agent, newest first.
create index recovery_sessions_agent
  on hansard.recovery_sessions (tenant_id, agent_id, started_at, id);
-- Serves: the sessions of an agent that name a user, newest first.
create index recovery_sessions_agent_user
  on hansard.recovery_sessions (tenant_id, agent_id, user_id, started_at, id);
-- Serves: the sessions whose retention is over.
create index recovery_sessions_expiry
  on hansard.recovery_sessions (tenant_id, expires_at)
  where cleared_at is null;

create table hansard.recovery_keys (
  tenant_id uuid not null,
  session_id text not null,
  tenant_key_id uuid not null,
  wrapped bytea not null,
  commitment bytea not null,
  created_at timestamptz not null default now(),
  constraint recovery_keys_pkey primary key (tenant_id, session_id),
  constraint recovery_keys_session_fkey
    foreign key (tenant_id, session_id)
    references hansard.recovery_sessions (tenant_id, session_id),
  constraint recovery_keys_tenant_key_fkey
    foreign key (tenant_id, tenant_key_id)
    references hansard.tenant_keys (tenant_id, tenant_key_id),
  constraint recovery_keys_wrapped_length check (length(wrapped) between 1 and 256),
  constraint recovery_keys_commitment_length check (length(commitment) = 32)
);
comment on table hansard.recovery_keys is
  'Wrapped data keys. Destroying a row destroys the content of its session''s attempts.';

-- No foreign key to the recording: what is told there is its own record, and may be purged before.
create table hansard.recovery_attempts (
  tenant_id uuid not null,
  session_id text not null,
  position bigint not null,
  entry_id text not null,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  error_type text not null,
  strategy text not null,
  attempt_number bigint not null,
  success boolean not null,
  rollback_performed boolean not null,
  next_action text not null,
  duration_seconds numeric not null,
  agent_id text,
  user_id text,
  canvas_id text,
  recording_id uuid,
  event_id uuid,
  event_seq bigint,
  file_digests bytea[] not null default '{}',
  payload bytea not null,
  payload_length integer not null,
  content_mac bytea not null,
  redaction_policy integer not null,
  redacted_families text[],
  redacted_counts integer[],
  constraint recovery_attempts_pkey primary key (tenant_id, session_id, position),
  constraint recovery_attempts_entry_id_key unique (tenant_id, session_id, entry_id),
  constraint recovery_attempts_session_fkey
    foreign key (tenant_id, session_id)
    references hansard.recovery_sessions (tenant_id, session_id),
  constraint recovery_attempts_agent_fkey
    foreign key (tenant_id, agent_id) references hansard.agent_registry (tenant_id, agent_id),
  constraint recovery_attempts_user_fkey
    foreign key (tenant_id, user_id) references hansard.users (tenant_id, user_id),
  constraint recovery_attempts_position_range check (position between 1 and 16777215),
  constraint recovery_attempts_attempt_number_positive check (attempt_number >= 1),
  constraint recovery_attempts_entry_id_length check (length(entry_id) between 1 and 255),
  constraint recovery_attempts_canvas_id_length check (length(canvas_id) between 1 and 255),
  constraint recovery_attempts_words_length check (
    octet_length(error_type) between 1 and 4096
    and octet_length(strategy) between 1 and 4096
    and octet_length(next_action) between 1 and 4096),
  constraint recovery_attempts_duration_range check (duration_seconds between 0 and 1000000000),
  constraint recovery_attempts_event_complete check (
    (recording_id is null) = (event_id is null) and (recording_id is null) = (event_seq is null)),
  constraint recovery_attempts_payload_length_range check (payload_length between 1 and 2097152),
  constraint recovery_attempts_payload_complete check (length(payload) = payload_length + 40),
  constraint recovery_attempts_content_mac_length check (length(content_mac) = 32),
  constraint recovery_attempts_redaction_policy_range check (redaction_policy >= 0),
  constraint recovery_attempts_redactions_complete check (
    (redacted_families is null) = (redacted_counts is null)
    and cardinality(redacted_families) = cardinality(redacted_counts))
);
comment on table hansard.recovery_attempts is
  'What was tried against an error, and how it ended. Numbers, times and words in clear; texts sealed.';
comment on column hansard.recovery_attempts.position is
  'In the order of arrival, from 1 without gaps; fewer than 2^24, the number of messages under one key.';
comment on column hansard.recovery_attempts.occurred_at is
  'When it was tried: as sent, or when it was received.';
comment on column hansard.recovery_attempts.attempt_number is
  'As sent, or counted within the session.';
comment on column hansard.recovery_attempts.duration_seconds is 'As sent, to the digit.';
comment on column hansard.recovery_attempts.event_id is
  'The event recovery_attempt that tells of it in the timeline of recording_id.';
comment on column hansard.recovery_attempts.file_digests is
  'A keyed digest (16 bytes) of each different file it modified: to count files, not to read their names.';
comment on column hansard.recovery_attempts.payload is
  'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of messages, changes, files and context.';
comment on column hansard.recovery_attempts.payload_length is 'Bytes of what is sealed, redacted.';
comment on column hansard.recovery_attempts.content_mac is
  'HMAC under a key of the session: tells the same attempt sent again from another under its entry id.';
comment on column hansard.recovery_attempts.redacted_families is 'What was redacted, by family.';
-- Serves: history, first and last attempt: in order of time, then of arrival.
create index recovery_attempts_chronology
  on hansard.recovery_attempts (tenant_id, session_id, occurred_at, position);
-- Serves: the attempts at a type of error.
create index recovery_attempts_error_type
  on hansard.recovery_attempts (tenant_id, error_type, occurred_at);
-- Serves: the attempts that were made in a recording.
create index recovery_attempts_recording
  on hansard.recovery_attempts (tenant_id, recording_id, occurred_at)
  where recording_id is not null;
-- Ciphertext: compressing it costs time and gains nothing.
alter table hansard.recovery_attempts alter column payload set storage external;

-- The different files of a session, kept as they come: to count them is to count rows, and analysts need not see
-- a digest for it.
create table hansard.recovery_files (
  tenant_id uuid not null,
  session_id text not null,
  digest bytea not null,
  constraint recovery_files_pkey primary key (tenant_id, session_id, digest),
  constraint recovery_files_session_fkey
    foreign key (tenant_id, session_id)
    references hansard.recovery_sessions (tenant_id, session_id),
  constraint recovery_files_digest_length check (length(digest) = 16)
);
comment on table hansard.recovery_files is
  'One row for each different file that attempts of a session modified; they go with the session''s key.';
comment on column hansard.recovery_files.digest is 'As in recovery_attempts.file_digests.';

-- Guards ------------------------------------------------------------------------------------------

create function hansard.require_tombstone() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  if not exists (
    select
    from hansard.recovery_sessions as s
    where s.tenant_id = old.tenant_id
      and s.session_id = old.session_id
      and s.cleared_at is not null) then
    raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
comment on function hansard.require_tombstone() is
  'Guard of recovery attempts and their files: they go only when their session has a tombstone.';
revoke all on function hansard.require_tombstone() from public;

create function hansard.add_recovery_files() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  insert into hansard.recovery_files (tenant_id, session_id, digest)
  select distinct new.tenant_id, new.session_id, d.digest
  from unnest(new.file_digests) as d (digest)
  on conflict do nothing;
  return null;
end
$$;
comment on function hansard.add_recovery_files() is 'Adds the files of an attempt to those of its session.';
revoke all on function hansard.add_recovery_files() from public;

create function hansard.forget_recovery_files() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  delete from hansard.recovery_files as f
  where f.tenant_id = old.tenant_id
    and f.session_id = old.session_id;
  return null;
end
$$;
comment on function hansard.forget_recovery_files() is
  'Takes the files of a session away with its key, whoever destroys it.';
revoke all on function hansard.forget_recovery_files() from public;

create trigger recovery_attempts_no_update before update on hansard.recovery_attempts
  for each row execute function hansard.refuse_change();
create trigger recovery_attempts_no_truncate before truncate on hansard.recovery_attempts
  for each statement execute function hansard.refuse_change();
create trigger recovery_attempts_tombstone before delete on hansard.recovery_attempts
  for each row execute function hansard.require_tombstone();
create trigger recovery_attempts_files after insert on hansard.recovery_attempts
  for each row when (cardinality(new.file_digests) > 0)
  execute function hansard.add_recovery_files();
create trigger recovery_keys_files after delete on hansard.recovery_keys
  for each row execute function hansard.forget_recovery_files();
create trigger recovery_files_no_update before update on hansard.recovery_files
  for each row execute function hansard.refuse_change();
create trigger recovery_files_no_truncate before truncate on hansard.recovery_files
  for each statement execute function hansard.refuse_change();
create trigger recovery_files_tombstone before delete on hansard.recovery_files
  for each row execute function hansard.require_tombstone();
create trigger recovery_sessions_no_delete before delete on hansard.recovery_sessions
  for each row execute function hansard.refuse_change();
create trigger recovery_sessions_no_truncate before truncate on hansard.recovery_sessions
  for each statement execute function hansard.refuse_change();

alter table hansard.recovery_sessions enable row level security;
alter table hansard.recovery_sessions force row level security;
create policy recovery_sessions_isolation on hansard.recovery_sessions
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
alter table hansard.recovery_keys enable row level security;
alter table hansard.recovery_keys force row level security;
create policy recovery_keys_isolation on hansard.recovery_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
alter table hansard.recovery_attempts enable row level security;
alter table hansard.recovery_attempts force row level security;
create policy recovery_attempts_isolation on hansard.recovery_attempts
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
alter table hansard.recovery_files enable row level security;
alter table hansard.recovery_files force row level security;
create policy recovery_files_isolation on hansard.recovery_files
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

-- Clearing ----------------------------------------------------------------------------------------

create function hansard.clear_recovery_sessions(wanted text, actor text, reason text)
  returns table (sessions bigint, attempts bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  cleared text[];
begin
  -- In one order, so that two who clear everything do not wait for each other.
  perform
  from hansard.recovery_sessions as s
  where s.tenant_id = this_tenant
    and s.cleared_at is null
    and (wanted is null or s.session_id = wanted)
  order by s.session_id
  for no key update;

  with tombstones as (
    update hansard.recovery_sessions as s
    set
      cleared_at = clock_timestamp(),
      cleared_by = actor,
      clear_reason = reason,
      cleared_attempts = s.attempt_count,
      attempt_count = 0
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and (wanted is null or s.session_id = wanted)
    returning s.session_id, s.cleared_attempts
  )
  select array_agg(t.session_id), count(*), coalesce(sum(t.cleared_attempts), 0)::bigint
  into cleared, sessions, attempts
  from tombstones as t;

  -- The key first: from here on the rest is noise. What is known of files goes with it.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (cleared);
  delete from hansard.recovery_attempts as a
  where a.tenant_id = this_tenant
    and a.session_id = any (cleared);
  return next;
end
$$;
comment on function hansard.clear_recovery_sessions(text, text, text) is
  'Destroys the attempts and the data key of one session of the tenant, or of all (null), and leaves tombstones.';
revoke all on function hansard.clear_recovery_sessions(text, text, text) from public;
grant execute on function hansard.clear_recovery_sessions(text, text, text) to hansard_service;

grant select, insert on
  hansard.recovery_sessions, hansard.recovery_keys, hansard.recovery_attempts, hansard.recovery_files
  to hansard_service;
grant update (agent_id, user_id, attempt_count, last_attempt_number)
  on hansard.recovery_sessions to hansard_service;

reset role;
