-- A restored database is put right only when all is gone that the log says: not while recordings are listed whose keys
-- were destroyed again. And a file of the log settles what it says, not what it was meant to say: where the cut of a
-- file was lost with a primary, others may have been meant for it since.

set local role hansard_owner;

alter table hansard.erasures add column is_again boolean not null default false;
comment on column hansard.erasures.is_again is
  'Done again after a restoration: a file of the log says so already, and is settled when all of it is done.';
-- Serves: whether what a file says is done by half. Of notes with a mark that none has yet.
-- squawk-ignore require-concurrent-index-creation
create index erasures_again on hansard.erasures (tenant_id, recording_id) where is_again;

create or replace function hansard.cut_erasures(known bigint, most integer)
  returns table (
    tenant_id uuid, recording_id uuid, commitment bytea, tenant_key_id uuid, erased_at timestamptz)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  perform
  from hansard.erasure_log as l
  where l.segment_count = known
  for update;
  if not found then
    return;
  end if;
  -- Settled before anything is written: whoever writes this file, however often and late, writes the same.
  if not exists (
    select
    from hansard.erasures as e
    where e.segment = known + 1) then
    update hansard.erasures as e
    set segment = known + 1
    where (e.tenant_id, e.erasure_id) in (
      select x.tenant_id, x.erasure_id
      from hansard.erasures as x
      where x.segment is null
        and not x.is_again
      order by x.erasure_id
      limit most);
  end if;
  return query
  select e.tenant_id, e.recording_id, e.commitment, e.tenant_key_id, e.erased_at
  from hansard.erasures as e
  where e.segment = known + 1
  order by e.erasure_id;
end
$$;
comment on function hansard.cut_erasures(bigint, integer) is
  'What the file behind so many known ones holds: the same for everybody who asks, until settle_erasures. Nothing, where there is nothing to write or somebody else has settled it.';

create function hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[])
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  update hansard.erasure_log as l
  set segment_count = written
  where l.segment_count = written - 1;
  if not found then
    return false;
  end if;
  delete from hansard.erasures as e
  where e.commitment = any (commitments)
    or e.tenant_key_id = any (tenant_key_ids);
  -- What else was meant for it comes into the next one.
  update hansard.erasures as e
  set segment = null
  where e.segment = written;
  return true;
end
$$;
comment on function hansard.settle_erasures(bigint, bytea[], uuid[]) is
  'The next file of the log is there for good, and what it says is destroyed here too; false: that was known.';
revoke all on function hansard.settle_erasures(bigint, bytea[], uuid[]) from public;
grant execute on function hansard.settle_erasures(bigint, bytea[], uuid[]) to hansard_retention;

create or replace function hansard.surviving_erasures(
  tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[])
  returns table (place bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select x.place
  from unnest(tenants, recordings, commitments, tenant_key_ids)
    with ordinality as x (tenant_id, recording_id, commitment, tenant_key_id, place)
  where exists (
      select
      from hansard.recording_keys as k
      where k.tenant_id = x.tenant_id
        and k.recording_id = x.recording_id
        and k.commitment = x.commitment)
    or (x.recording_id is null and exists (
      select
      from hansard.recovery_keys as k
      where k.tenant_id = x.tenant_id
        and k.commitment = x.commitment))
    or exists (
      select
      from hansard.tenant_keys as k
      where k.tenant_id = x.tenant_id
        and k.tenant_key_id = x.tenant_key_id)
    -- Its key was destroyed again, and it is listed still: whoever does that was interrupted.
    or exists (
      select
      from hansard.erasures as e
      join hansard.canvas_recordings as r
        on r.tenant_id = e.tenant_id
        and r.recording_id = e.recording_id
      where e.tenant_id = x.tenant_id
        and e.recording_id = x.recording_id
        and e.commitment = x.commitment
        and e.is_again)
  order by x.place;
end;
comment on function hansard.surviving_erasures(uuid[], uuid[], bytea[], uuid[]) is
  'Which erasures of the log, counted from 1, have not happened in this database, or by half: asked of no tenant, and tells numbers only.';

create or replace function hansard.erase_again(
  recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text)
  returns table (recording_count bigint, session_count bigint, tenant_key_count bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment constant timestamptz := clock_timestamp();
  doomed uuid[];
  one text;
begin
  -- The counters first, as everywhere.
  select array_agg(l.recording_id)
  into doomed
  from (
    select p.recording_id
    from hansard.recording_progress as p
    where p.tenant_id = this_tenant
      and p.recording_id in (
        select k.recording_id
        from unnest(recordings, commitments) as x (recording_id, commitment)
        join hansard.recording_keys as k
          on k.tenant_id = this_tenant
          and k.recording_id = x.recording_id
          and k.commitment = x.commitment)
    order by p.recording_id
    for update
  ) as l;

  -- It was stopped, and no hold was on it, when it was erased.
  update hansard.canvas_recordings as r
  set
    status = case when r.stopped_at is null then 'failed' else r.status end,
    stopped_at = coalesce(r.stopped_at, moment),
    duration_seconds = coalesce(r.duration_seconds, greatest(0, extract(epoch from moment - r.started_at))),
    summary = case when r.stopped_at is null then erase_again.reason else r.summary end,
    event_count = case when r.stopped_at is null then p.event_count else r.event_count end,
    hold_count = 0,
    updated_at = moment
  from hansard.recording_progress as p
  where r.tenant_id = this_tenant
    and r.recording_id = any (doomed)
    and (r.stopped_at is null or r.hold_count > 0)
    and p.tenant_id = this_tenant
    and p.recording_id = r.recording_id;
  update hansard.recording_progress as p
  set is_open = false
  where p.tenant_id = this_tenant
    and p.recording_id = any (doomed)
    and p.is_open;
  update hansard.legal_holds as h
  set
    lifted_at = moment,
    lifted_by = actor,
    lift_reason = erase_again.reason
  where h.tenant_id = this_tenant
    and h.recording_id = any (doomed)
    and h.lifted_at is null;
  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (doomed);
  get diagnostics recording_count = row_count;

  session_count := 0;
  for one in
    select k.session_id
    from hansard.recovery_keys as k
    where k.tenant_id = this_tenant
      and k.commitment = any (commitments)
    order by k.session_id
  loop
    session_count := session_count + (
      select s.sessions
      from hansard.clear_recovery_sessions(one, actor, reason) as s);
  end loop;

  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant
    and i.tenant_key_id = any (tenant_key_ids);
  delete from hansard.webhooks as w
  where w.tenant_id = this_tenant
    and w.tenant_key_id = any (tenant_key_ids);
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = any (tenant_key_ids)
    and not exists (
      select
      from hansard.recording_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = k.tenant_key_id)
    and not exists (
      select
      from hansard.recovery_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = k.tenant_key_id);
  get diagnostics tenant_key_count = row_count;

  -- They are in the log already.
  update hansard.erasures as e
  set is_again = true
  where e.tenant_id = this_tenant
    and e.segment is null
    and (e.commitment = any (commitments) or e.tenant_key_id = any (tenant_key_ids));
  return next;
end
$$;
comment on function hansard.erase_again(uuid[], bytea[], uuid[], text, text) is
  'Destroys keys of the tenant that were destroyed before the database was restored: of recordings, which are ended and freed of holds, of recovery sessions, and of the tenant with what is under them. What is left of the recordings is then deleted as of any.';

reset role;
