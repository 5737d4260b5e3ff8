-- The log of erasures: what destroys a key takes note of it here, and the retention worker writes that into files apart
-- from the database. A database that was restored to a time before finds there what has to be destroyed again.

set local role hansard_owner;

-- Erasures that are not in the log yet ------------------------------------------------------------

-- Of all tenants, and only functions of the owner see it. No foreign key: it is written where much is destroyed.
create table hansard.erasures (
  erasure_id bigint generated always as identity,
  tenant_id uuid not null,
  recording_id uuid,
  commitment bytea,
  tenant_key_id uuid,
  erased_at timestamptz not null default clock_timestamp(),
  segment bigint,
  constraint erasures_pkey primary key (tenant_id, erasure_id),
  constraint erasures_subject_known check (
    (commitment is null) <> (tenant_key_id is null) and (recording_id is null or commitment is not null)),
  constraint erasures_commitment_length check (length(commitment) = 32)
);
comment on table hansard.erasures is
  'Keys that were destroyed, until the log of erasures has them: of a recording, of a recovery session, of a tenant.';
comment on column hansard.erasures.commitment is
  'What the destroyed data key was committed to: says which key it was, and nothing of what it opened.';
comment on column hansard.erasures.segment is
  'The file of the log that it is being written to, always with the same others; null: none yet.';
-- Serves: what is in no file yet, in the order in which it was erased.
create index erasures_waiting on hansard.erasures (erasure_id) where segment is null;
-- Serves: what the next file of the log holds.
create index erasures_segment on hansard.erasures (segment, erasure_id) where segment is not null;
alter table hansard.erasures enable row level security;
alter table hansard.erasures force row level security;
create policy erasures_owner on hansard.erasures to hansard_owner using (true);

-- One row, and of no tenant.
create table hansard.erasure_log (
  segment_count bigint not null,
  constraint erasure_log_segment_count_not_negative check (segment_count >= 0)
);
comment on table hansard.erasure_log is
  'How many files of the log of erasures the database knows of: where there are more, it is from a time before them.';
insert into hansard.erasure_log (segment_count) values (0);
alter table hansard.erasure_log enable row level security;
alter table hansard.erasure_log force row level security;
create policy erasure_log_owner on hansard.erasure_log to hansard_owner using (true);

create function hansard.note_erasure() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  if tg_table_name = 'recording_keys' then
    insert into hansard.erasures (tenant_id, recording_id, commitment)
    values (old.tenant_id, old.recording_id, old.commitment);
  elsif tg_table_name = 'recovery_keys' then
    insert into hansard.erasures (tenant_id, commitment)
    values (old.tenant_id, old.commitment);
  else
    insert into hansard.erasures (tenant_id, tenant_key_id)
    values (old.tenant_id, old.tenant_key_id);
  end if;
  return null;
end
$$;
comment on function hansard.note_erasure() is
  'Takes note of a destroyed key for the log of erasures, in the transaction that destroys it.';
revoke all on function hansard.note_erasure() from public;

create trigger recording_keys_erasure after delete on hansard.recording_keys
  for each row execute function hansard.note_erasure();
create trigger recovery_keys_erasure after delete on hansard.recovery_keys
  for each row execute function hansard.note_erasure();
-- A key that was replaced is destroyed with nothing under it: that erases nothing.
create trigger tenant_keys_erasure after delete on hansard.tenant_keys
  for each row when (old.state = 'active') execute function hansard.note_erasure();

-- Writing the log ---------------------------------------------------------------------------------

create function hansard.erasure_log_state()
  returns table (segment_count bigint, waiting bigint, oldest_waiting timestamptz)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    l.segment_count,
    (select count(*) from hansard.erasures),
    (select min(e.erased_at) from hansard.erasures as e)
  from hansard.erasure_log as l;
end;
comment on function hansard.erasure_log_state() is
  'How many files of the log the database knows of, and how many erasures are in none of them, since when.';
revoke all on function hansard.erasure_log_state() from public;
grant execute on function hansard.erasure_log_state() to hansard_retention;

create function hansard.erasure_log_position() returns bigint
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select l.segment_count
  from hansard.erasure_log as l;
end;
comment on function hansard.erasure_log_position() is
  'How many files of the log of erasures the database knows of.';
revoke all on function hansard.erasure_log_position() from public;
grant execute on function hansard.erasure_log_position() to hansard_retention;

create function hansard.cut_erasures(known bigint, most integer)
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
revoke all on function hansard.cut_erasures(bigint, integer) from public;
grant execute on function hansard.cut_erasures(bigint, integer) to hansard_retention;

create function hansard.settle_erasures(written bigint) returns boolean
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
  where e.segment = written;
  return true;
end
$$;
comment on function hansard.settle_erasures(bigint) is
  'The next file of the log is there for good, and what it holds is destroyed here too; false: that was known.';
revoke all on function hansard.settle_erasures(bigint) from public;
grant execute on function hansard.settle_erasures(bigint) to hansard_retention;

-- Erasing again -----------------------------------------------------------------------------------

-- For surviving_erasures alone; all other functions name a tenant.
create policy recording_keys_due on hansard.recording_keys
  for select to hansard_owner using (true);
create policy recovery_keys_due on hansard.recovery_keys
  for select to hansard_owner using (true);

create function hansard.surviving_erasures(
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
  order by x.place;
end;
comment on function hansard.surviving_erasures(uuid[], uuid[], bytea[], uuid[]) is
  'Which erasures of the log, counted from 1, have not happened in this database: asked of no tenant, and tells numbers only.';
revoke all on function hansard.surviving_erasures(uuid[], uuid[], bytea[], uuid[]) from public;
grant execute on function hansard.surviving_erasures(uuid[], uuid[], bytea[], uuid[]) to hansard_retention;

create function hansard.erase_again(
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
  return next;
end
$$;
comment on function hansard.erase_again(uuid[], bytea[], uuid[], text, text) is
  'Destroys keys of the tenant that were destroyed before the database was restored: of recordings, which are ended and freed of holds, of recovery sessions, and of the tenant with what is under them. What is left of the recordings is then deleted as of any.';
revoke all on function hansard.erase_again(uuid[], bytea[], uuid[], text, text) from public;
grant execute on function hansard.erase_again(uuid[], bytea[], uuid[], text, text) to hansard_retention;

reset role;
