-- What is kept beside a recording or a recovery session goes with its key: the answers to requests about it, and notices
-- that tell of its attempts. Of an answer the row stays, so that the request is not done again.

set local role hansard_owner;

alter table hansard.idempotency_keys
  add column recording_id uuid,
  add column session_id text,
  add constraint idempotency_keys_one_subject check (recording_id is null or session_id is null);
comment on column hansard.idempotency_keys.recording_id is
  'The recording that the answer tells of: with its key the answer is emptied.';
comment on column hansard.idempotency_keys.session_id is
  'The recovery session that the answer tells of: with its key the answer is emptied.';
comment on column hansard.idempotency_keys.answer is
  'XAES-256-GCM under the tenant key: status, location and body; empty when what it tells of was destroyed.';
-- Serve: the answers that tell of what is destroyed.
create index idempotency_keys_recording on hansard.idempotency_keys (tenant_id, recording_id)
  where recording_id is not null;
create index idempotency_keys_session on hansard.idempotency_keys (tenant_id, session_id)
  where session_id is not null;

grant update (recording_id, session_id) on hansard.idempotency_keys to hansard_service;

-- Triggers, as for the log of erasures: whatever destroys a key cannot forget what goes with it.
create function hansard.forget_of_recordings() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  update hansard.idempotency_keys as i
  set answer = ''
  from gone as g
  where i.tenant_id = g.tenant_id
    and i.recording_id = g.recording_id
    and i.answer <> '';
  return null;
end
$$;
comment on function hansard.forget_of_recordings() is
  'Empties the answers that are kept of recordings whose keys are destroyed.';
revoke all on function hansard.forget_of_recordings() from public;

create function hansard.forget_of_recovery_sessions() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  update hansard.idempotency_keys as i
  set answer = ''
  from gone as g
  where i.tenant_id = g.tenant_id
    and i.session_id = g.session_id
    and i.answer <> '';
  -- All of one tenant. Notices are kept for seven days.
  delete from hansard.notices as n
  where n.tenant_id = hansard.tenant()
    and n.created_at >= (
      select min(s.started_at)
      from gone as g
      join hansard.recovery_sessions as s
        on s.tenant_id = g.tenant_id
        and s.session_id = g.session_id)
    and n.notice_type = 'recovery:attempt_logged'
    and n.content ->> 'session_id' in (
      select g.session_id
      from gone as g);
  return null;
end
$$;
comment on function hansard.forget_of_recovery_sessions() is
  'Empties the answers that are kept of recovery sessions whose keys are destroyed, and deletes the notices of their attempts.';
revoke all on function hansard.forget_of_recovery_sessions() from public;

create trigger recording_keys_forget after delete on hansard.recording_keys
  referencing old table as gone
  for each statement execute function hansard.forget_of_recordings();
create trigger recovery_keys_forget after delete on hansard.recovery_keys
  referencing old table as gone
  for each statement execute function hansard.forget_of_recovery_sessions();

reset role;
