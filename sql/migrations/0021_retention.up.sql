-- Retention of recordings: legal holds, deletion by admins, and the purging of what has expired. What is purged
-- leaves a certificate; its events go with their partition, or in steps where that goes much later.

set local role hansard_owner;

-- Recordings --------------------------------------------------------------------------------------

alter table hansard.canvas_recordings
  add column retain_until timestamptz,
  add column hold_count integer not null default 0,
  add constraint canvas_recordings_hold_count_not_negative check (hold_count >= 0) not valid,
  add constraint canvas_recordings_expires_after_retention check (expires_at >= retain_until) not valid;
comment on column hansard.canvas_recordings.retain_until is
  'Before this nobody may have it purged; null: there is no such time. Never set earlier.';
comment on column hansard.canvas_recordings.hold_count is
  'Legal holds that are on it: while there is one, it stays, whatever has expired.';
comment on column hansard.canvas_recordings.expires_at is
  'From then on nobody is shown it, unless it is held; provisional until it stops.';
comment on column hansard.canvas_recordings.expires_on is
  'The partition of its events: the day after its latest expiry as seen at its start; 9999-12-31: it was held when that partition was dropped.';
alter table hansard.canvas_recordings
  alter column retain_until set statistics 0,
  alter column hold_count set statistics 0;
grant select (retain_until, hold_count) on hansard.canvas_recordings to hansard_analyst;
grant update (retain_until) on hansard.canvas_recordings to hansard_service;

-- Holds -------------------------------------------------------------------------------------------

-- No foreign key to the recording: that it was held is known longer than it is.
create table hansard.legal_holds (
  tenant_id uuid not null,
  hold_id uuid not null,
  recording_id uuid not null,
  reason text not null,
  placed_at timestamptz not null default clock_timestamp(),
  placed_by text not null,
  lifted_at timestamptz,
  lifted_by text,
  lift_reason text,
  constraint legal_holds_pkey primary key (tenant_id, hold_id),
  constraint legal_holds_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint legal_holds_reason_length check (
    octet_length(reason) between 1 and 32000 and octet_length(lift_reason) between 1 and 32000),
  constraint legal_holds_lifting_complete check (
    (lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lift_reason is null))
);
comment on table hansard.legal_holds is 'Who had a recording kept, why, and until when.';
-- Serves: the holds of a tenant, the latest first.
create index legal_holds_placed_at on hansard.legal_holds (tenant_id, placed_at, hold_id);
-- Serves: the holds of a recording.
create index legal_holds_recording on hansard.legal_holds (tenant_id, recording_id, placed_at);

-- Deletions ---------------------------------------------------------------------------------------

create table hansard.recording_deletions (
  tenant_id uuid not null,
  deletion_id uuid not null,
  recording_id uuid not null,
  reason text not null,
  state text not null default 'pending',
  requested_at timestamptz not null default clock_timestamp(),
  requested_by text not null,
  decided_at timestamptz,
  decided_by text,
  refusal_reason text,
  constraint recording_deletions_pkey primary key (tenant_id, deletion_id),
  constraint recording_deletions_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint recording_deletions_reason_length check (
    octet_length(reason) between 1 and 32000 and octet_length(refusal_reason) between 1 and 32000),
  constraint recording_deletions_state_known check (state in ('pending', 'approved', 'refused', 'overtaken')),
  constraint recording_deletions_decision_complete check (
    (state = 'pending') = (decided_at is null) and (state = 'pending') = (decided_by is null)),
  constraint recording_deletions_refusal_explained check (
    (state = 'refused') = (refusal_reason is not null))
);
comment on table hansard.recording_deletions is
  'Requests to delete a recording before it expires that a second admin has to approve.';
comment on column hansard.recording_deletions.state is
  'pending, approved (and done), refused or withdrawn (refused), overtaken: it expired before.';
-- Says: one request at a time.
create unique index recording_deletions_pending
  on hansard.recording_deletions (tenant_id, recording_id)
  where state = 'pending';
-- Serves: the requests of a tenant, the latest first.
create index recording_deletions_requested_at
  on hansard.recording_deletions (tenant_id, requested_at, deletion_id);

-- Certificates ------------------------------------------------------------------------------------

-- One for each recording that was purged: the key says that none is purged twice.
create table hansard.purge_certificates (
  tenant_id uuid not null,
  recording_id uuid not null,
  agent_id text not null,
  user_id text not null,
  canvas_id text,
  session_id text,
  status text not null,
  started_at timestamptz not null,
  stopped_at timestamptz not null,
  event_count bigint not null,
  merkle_root bytea not null,
  was_reviewable boolean not null,
  review_id uuid,
  review_status text,
  expired_at timestamptz not null,
  retain_until timestamptz,
  policy_version integer not null,
  cause text not null,
  reason text,
  requested_by text,
  purged_at timestamptz not null default clock_timestamp(),
  purged_by text not null,
  storage_url text,
  events_on date not null,
  has_remains boolean not null,
  constraint purge_certificates_pkey primary key (tenant_id, recording_id),
  constraint purge_certificates_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint purge_certificates_root_length check (length(merkle_root) = 32),
  constraint purge_certificates_event_count_not_negative check (event_count >= 0),
  constraint purge_certificates_status_known check (status in ('completed', 'failed')),
  constraint purge_certificates_cause_known check (cause in ('expired', 'deleted')),
  constraint purge_certificates_deletion_explained check (
    (cause = 'deleted') = (reason is not null) and (cause = 'deleted') = (requested_by is not null)),
  constraint purge_certificates_expiry_had_come check (
    cause = 'deleted' or purged_at >= expired_at),
  constraint purge_certificates_retention_was_over check (purged_at >= retain_until)
);
comment on table hansard.purge_certificates is
  'What is known of a recording that was purged: what, why, how much, and the hash of what it was.';
comment on column hansard.purge_certificates.merkle_root is
  'Merkle root (RFC 6962) over the leaf hashes of its events: who kept them can prove what was recorded.';
comment on column hansard.purge_certificates.was_reviewable is
  'Whether reviewers could see it: they are told that it is gone, others that they may not see it.';
comment on column hansard.purge_certificates.expired_at is 'When it expired, or would have.';
comment on column hansard.purge_certificates.policy_version is
  'Version of the tenant''s policy at the time; 0: the deployment''s defaults.';
comment on column hansard.purge_certificates.requested_by is
  'Who asked for the deletion; purged_by approved it, where two are needed.';
comment on column hansard.purge_certificates.storage_url is 'Where its archive was, which was destroyed too.';
comment on column hansard.purge_certificates.events_on is 'The partition of its events.';
comment on column hansard.purge_certificates.has_remains is
  'Its events, which nobody can read any more, are deleted in steps, since their partition stays for long.';
-- Serves: certificates over a range of the past, newest first.
create index purge_certificates_started_at
  on hansard.purge_certificates (tenant_id, started_at, recording_id);
-- Serves: what was purged, the latest first.
create index purge_certificates_purged_at
  on hansard.purge_certificates (tenant_id, purged_at, recording_id);
-- Serves: what became of the recording of a review.
create index purge_certificates_review
  on hansard.purge_certificates (tenant_id, review_id)
  where review_id is not null;
-- Serves: the recordings whose events are still to be deleted.
create index purge_certificates_remains
  on hansard.purge_certificates (tenant_id, purged_at)
  where has_remains;

-- Guards ------------------------------------------------------------------------------------------

create function hansard.require_certificate() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  if not exists (
    select
    from hansard.purge_certificates as c
    where c.tenant_id = old.tenant_id
      and c.recording_id = old.recording_id) then
    raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
comment on function hansard.require_certificate() is
  'Guard of what belongs to a recording: it goes only when the recording has a certificate.';
revoke all on function hansard.require_certificate() from public;

-- A row that moves to another partition is deleted in its old one.
create function hansard.require_certificate_or_move() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  if not exists (
    select
    from hansard.purge_certificates as c
    where c.tenant_id = old.tenant_id
      and c.recording_id = old.recording_id)
    and not exists (
      select
      from hansard.recording_progress as p
      where p.tenant_id = old.tenant_id
        and p.recording_id = old.recording_id
        and p.expires_on > old.expires_on) then
    raise exception 'table hansard.recording_events is append-only' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
comment on function hansard.require_certificate_or_move() is
  'Guard of events: they go only when their recording has a certificate, or was given a later partition.';
revoke all on function hansard.require_certificate_or_move() from public;

create function hansard.require_move() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
declare
  place constant date := new.expires_on;
begin
  new.expires_on := old.expires_on;
  if new is distinct from old or not exists (
    select
    from hansard.recording_progress as p
    where p.tenant_id = old.tenant_id
      and p.recording_id = old.recording_id
      and p.expires_on = place
      and place > old.expires_on) then
    raise exception 'table hansard.recording_events is append-only' using errcode = 'insufficient_privilege';
  end if;
  new.expires_on := place;
  return new;
end
$$;
comment on function hansard.require_move() is
  'Guard of events: nothing in them changes but the partition, to the one that their recording was given.';
revoke all on function hansard.require_move() from public;

create function hansard.require_review_gone() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  if not exists (
    select
    from hansard.reviews as v
    join hansard.purge_certificates as c
      on c.tenant_id = v.tenant_id
      and c.recording_id = v.recording_id
    where v.tenant_id = old.tenant_id
      and v.review_id = old.review_id) then
    raise exception 'table hansard.review_entries is append-only' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;
comment on function hansard.require_review_gone() is
  'Guard of what happened to a review: it goes only when the recording has a certificate.';
revoke all on function hansard.require_review_gone() from public;

drop trigger recording_events_append_only on hansard.recording_events;
create trigger recording_events_move before update on hansard.recording_events
  for each row execute function hansard.require_move();
create trigger recording_events_certificate before delete on hansard.recording_events
  for each row execute function hansard.require_certificate_or_move();
drop trigger recording_flags_append_only on hansard.recording_flags;
create trigger recording_flags_no_update before update on hansard.recording_flags
  for each row execute function hansard.refuse_change();
create trigger recording_flags_certificate before delete on hansard.recording_flags
  for each row execute function hansard.require_certificate();
drop trigger review_entries_append_only on hansard.review_entries;
create trigger review_entries_no_update before update on hansard.review_entries
  for each row execute function hansard.refuse_change();
create trigger review_entries_certificate before delete on hansard.review_entries
  for each row execute function hansard.require_review_gone();
create trigger canvas_recordings_certificate before delete on hansard.canvas_recordings
  for each row execute function hansard.require_certificate();

do $guards$
declare
  kept text;
begin
  foreach kept in array array['legal_holds', 'recording_deletions', 'purge_certificates'] loop
    execute format(
      'create trigger %I before delete on hansard.%I
         for each row execute function hansard.refuse_change()',
      kept || '_no_delete', kept);
    execute format(
      'create trigger %I before truncate on hansard.%I
         for each statement execute function hansard.refuse_change()',
      kept || '_no_truncate', kept);
    execute format('alter table hansard.%I enable row level security', kept);
    execute format('alter table hansard.%I force row level security', kept);
    execute format(
      'create policy %I on hansard.%I
         to hansard_owner, hansard_service, hansard_retention
         using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant())',
      kept || '_isolation', kept);
  end loop;
end
$guards$;

-- hansard_owner cannot log in: these open tables to its functions that ask of all tenants; all others name one.
create policy canvas_recordings_due on hansard.canvas_recordings
  for select to hansard_owner using (true);
create policy recording_progress_due on hansard.recording_progress
  for select to hansard_owner using (true);
create policy purge_certificates_due on hansard.purge_certificates
  for select to hansard_owner using (true);

grant select on hansard.legal_holds, hansard.recording_deletions, hansard.purge_certificates
  to hansard_service;
grant insert on hansard.recording_deletions to hansard_service;
grant update (state, decided_at, decided_by, refusal_reason) on hansard.recording_deletions
  to hansard_service;

-- The clock ---------------------------------------------------------------------------------------

-- One row, and of no tenant: only functions of the owner see it.
create table hansard.retention_clock (
  last_now timestamptz not null,
  suspended_at timestamptz,
  suspended_because text,
  confirmed_at timestamptz,
  confirmed_by text,
  constraint retention_clock_suspension_complete check (
    (suspended_at is null) = (suspended_because is null))
);
comment on table hansard.retention_clock is
  'The database''s time when retention last looked: a clock that jumps must not purge anything.';
insert into hansard.retention_clock (last_now) values (clock_timestamp());
alter table hansard.retention_clock enable row level security;
alter table hansard.retention_clock force row level security;
create policy retention_clock_owner on hansard.retention_clock to hansard_owner using (true);

create function hansard.check_retention_clock(
  host_now timestamptz, since timestamptz, elapsed double precision)
  returns table (moment timestamptz, suspended_because text)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  clock hansard.retention_clock;
  jump text;
begin
  select c.* into clock from hansard.retention_clock as c for update;
  moment := clock_timestamp();
  if clock.suspended_at is null then
    jump := case
      when moment < clock.last_now - interval '1 minute' then 'backwards'
      -- The same process asked before, and knows by a clock that cannot be set how long ago that was.
      when abs(extract(epoch from moment - since) - elapsed) > 3600 then 'jumped'
      -- Nobody asked for a while. An outage, if the clock of the host that asks says so too.
      when since is null and moment > clock.last_now + interval '1 hour'
        and (abs(extract(epoch from moment - host_now)) > 300
          or moment > clock.last_now + interval '30 days') then 'forwards'
      when abs(extract(epoch from moment - host_now)) > 3600 then 'disagrees'
    end;
    update hansard.retention_clock as c
    set
      last_now = case when jump is null then moment else c.last_now end,
      suspended_at = case when jump is not null then moment end,
      suspended_because = jump;
  end if;
  suspended_because := coalesce(clock.suspended_because, jump);
  return next;
end
$$;
comment on function hansard.check_retention_clock(timestamptz, timestamptz, double precision) is
  'Asked before each run of retention, with the asking host''s time, and with the moment of its run before and the seconds that have passed since. Where the database''s clock has jumped by more than an hour it suspends purging and says why: backwards, jumped, forwards, disagrees.';
revoke all on function hansard.check_retention_clock(timestamptz, timestamptz, double precision) from public;
grant execute on function hansard.check_retention_clock(timestamptz, timestamptz, double precision)
  to hansard_retention;

create function hansard.confirm_retention_clock(actor text) returns void
  language sql
  security definer
  set search_path = pg_catalog
begin atomic
  update hansard.retention_clock
  set
    last_now = clock_timestamp(),
    suspended_at = null,
    suspended_because = null,
    confirmed_at = clock_timestamp(),
    confirmed_by = actor;
end;
comment on function hansard.confirm_retention_clock(text) is
  'Somebody has looked at the clock, and it is right: purging goes on.';
revoke all on function hansard.confirm_retention_clock(text) from public;
grant execute on function hansard.confirm_retention_clock(text) to hansard_retention;

create function hansard.require_steady_clock() returns void
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
begin
  if not exists (
    select
    from hansard.retention_clock as c
    where c.suspended_at is null
      and clock_timestamp() between c.last_now - interval '1 minute' and c.last_now + interval '1 hour') then
    raise exception 'the clock is not known to be right' using errcode = 'HS423';
  end if;
end
$$;
comment on function hansard.require_steady_clock() is
  'Raises HS423 unless check_retention_clock has found the clock right within the last hour.';
revoke all on function hansard.require_steady_clock() from public;

-- Partitions --------------------------------------------------------------------------------------

create function hansard.make_event_partition(partition_name text, first_day date, end_day date)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
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
    'alter table hansard.recording_events attach partition hansard.%I for values from (%L) to (%s)',
    partition_name, first_day, coalesce(quote_literal(end_day), 'maxvalue'));
end
$$;
comment on function hansard.make_event_partition(text, date, date) is
  'Makes a partition of events, from a day up to another, which is not in it; null: without end.';
revoke all on function hansard.make_event_partition(text, date, date) from public;

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
  perform hansard.make_event_partition(partition_name, first_day, first_day + 7);
  return true;
end
$$;

-- For what is held when its partition is dropped. It was kept, under another name, when this migration was taken
-- back while there was something in it.
do $held$
begin
  if to_regclass('hansard.recording_events_9999w52') is null then
    perform hansard.make_event_partition('recording_events_held', '9999-12-31', null);
  else
    alter table hansard.recording_events detach partition hansard.recording_events_9999w52;
    alter table hansard.recording_events_9999w52 rename to recording_events_held;
    alter table hansard.recording_events
      attach partition hansard.recording_events_held for values from ('9999-12-31') to (maxvalue);
  end if;
end
$held$;

create function hansard.past_event_partitions()
  returns table (partition_name text, end_day date)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select c.relname::text, to_date(right(c.relname, 7), 'IYYY"w"IW') + 7
  from pg_inherits as i
  join pg_class as c on c.oid = i.inhrelid
  where i.inhparent = 'hansard.recording_events'::regclass
    and c.relname ~ '^recording_events_[0-9]{4}w[0-9]{2}$'
    and to_date(right(c.relname, 7), 'IYYY"w"IW') + 7 <= (clock_timestamp() at time zone 'UTC')::date
  order by c.relname;
end;
comment on function hansard.past_event_partitions() is
  'The partitions whose last day is over, the oldest first, and the day after it.';
revoke all on function hansard.past_event_partitions() from public;
grant execute on function hansard.past_event_partitions() to hansard_retention;

create function hansard.recordings_in_the_way(end_day date, most integer)
  returns table (tenant_id uuid, recording_id uuid, target date)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    t.tenant_id,
    r.recording_id,
    case
      when r.hold_count > 0 then date '9999-12-31'
      when r.stopped_at is not null and r.expires_at > clock_timestamp()
        then (r.expires_at at time zone 'UTC')::date + 1
    end
  from hansard.tenants as t
  cross join lateral (
    select x.recording_id, x.hold_count, x.stopped_at, x.expires_at
    from hansard.canvas_recordings as x
    where x.tenant_id = t.tenant_id
      and x.expires_on < end_day
    order by x.expires_on
    limit most
  ) as r
  limit most;
end;
comment on function hansard.recordings_in_the_way(date, integer) is
  'So many recordings whose events lie before a day, and the day whose partition they belong to; null: they are yet to be purged.';
revoke all on function hansard.recordings_in_the_way(date, integer) from public;
grant execute on function hansard.recordings_in_the_way(date, integer) to hansard_retention;
-- For recordings_in_the_way alone.
create policy tenants_due on hansard.tenants for select to hansard_owner using (true);

create function hansard.move_recording(wanted uuid, target date) returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  present date;
  moved bigint;
begin
  select p.expires_on
  into present
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
    and not p.is_open
    and p.expires_on < target
  for update skip locked;
  if not found then
    return null;
  end if;
  perform
  from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = wanted
    and (r.hold_count > 0 or r.expires_at > clock_timestamp())
  for update;
  if not found then
    return null;
  end if;
  perform hansard.ensure_event_partition(target)
  where target < '9999-12-31';
  update hansard.recording_progress as p
  set expires_on = target
  where p.tenant_id = this_tenant
    and p.recording_id = wanted;
  update hansard.canvas_recordings as r
  set expires_on = target
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  update hansard.recording_events as e
  set expires_on = target
  where e.tenant_id = this_tenant
    and e.recording_id = wanted
    and e.expires_on = present;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function hansard.move_recording(uuid, date) is
  'Moves the events of a recording that is held or kept longer than was planned to a later partition; null: there is no reason to, or somebody else is at it.';
revoke all on function hansard.move_recording(uuid, date) from public;
grant execute on function hansard.move_recording(uuid, date) to hansard_retention;

-- Appends and reads wait while this waits: no longer than a moment.
create function hansard.drop_event_partition(wanted text) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
  set lock_timeout = '250ms'
as $$
declare
  last_day date;
begin
  perform hansard.require_steady_clock();
  select p.end_day into last_day from hansard.past_event_partitions() as p where p.partition_name = wanted;
  if not found or exists (select from hansard.recordings_in_the_way(last_day, 1)) then
    return false;
  end if;
  execute format('drop table hansard.%I', wanted);
  return true;
end
$$;
comment on function hansard.drop_event_partition(text) is
  'Drops a partition whose last day is over and of whose recordings none is there any more; else false. Recordings are never given a partition of the past, so that nothing comes in between.';
revoke all on function hansard.drop_event_partition(text) from public;
grant execute on function hansard.drop_event_partition(text) to hansard_retention;

-- With more than one partition PostgreSQL would read all events of a recording once and look for the known ones among
-- them: without statistics it takes every recording for a short one. They are looked up one by one.
alter function hansard.append_events_one_by_one set enable_memoize = off;
alter function hansard.append_events_one_by_one set enable_material = off;
alter function hansard.append_events_one_by_one set enable_hashjoin = off;
alter function hansard.append_events_one_by_one set enable_mergejoin = off;

-- What is due -------------------------------------------------------------------------------------

create function hansard.due_recording_purges(after uuid, upto uuid, most integer)
  returns table (tenant_id uuid)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  stopped record;
  remains_of uuid;
begin
  while found_count < most loop
    select r.tenant_id, r.expires_at
    into stopped
    from hansard.canvas_recordings as r
    where r.stopped_at is not null
      and r.hold_count = 0
      and r.tenant_id > place
    order by r.tenant_id, r.expires_at
    limit 1;
    select c.tenant_id
    into remains_of
    from hansard.purge_certificates as c
    where c.has_remains
      and c.tenant_id > place
    order by c.tenant_id
    limit 1;
    place := least(stopped.tenant_id, remains_of);
    exit when place is null or place > last;
    if place = remains_of or (place = stopped.tenant_id and stopped.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;
comment on function hansard.due_recording_purges(uuid, uuid, integer) is
  'Tenants with recordings to purge, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_recording_purges(uuid, uuid, integer) from public;
grant execute on function hansard.due_recording_purges(uuid, uuid, integer) to hansard_retention;

create function hansard.expired_recordings(passed_over uuid[], most integer)
  returns table (recording_id uuid, expires_on date, event_count bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select d.recording_id, p.expires_on, p.event_count
  from (
    select r.recording_id, r.expires_at
    from hansard.canvas_recordings as r
    where r.tenant_id = hansard.tenant()
      and r.stopped_at is not null
      and r.hold_count = 0
      and r.expires_at <= clock_timestamp()
      and r.recording_id <> all (passed_over)
    order by r.expires_at
    limit most
  ) as d
  join hansard.recording_progress as p
    on p.tenant_id = hansard.tenant()
    and p.recording_id = d.recording_id
  order by d.expires_at;
end;
comment on function hansard.expired_recordings(uuid[], integer) is
  'So many recordings of the tenant that have expired and are not held, the longest expired first, but for those that could not be had before.';
revoke all on function hansard.expired_recordings(uuid[], integer) from public;
grant execute on function hansard.expired_recordings(uuid[], integer) to hansard_retention;

create function hansard.event_leaves(wanted uuid, place date, after bigint, most integer)
  returns table (seq bigint, leaf_hash bytea)
  language sql
  stable
  security definer
  set search_path = pg_catalog
  set enable_sort = off
begin atomic
  select e.seq, e.leaf_hash
  from hansard.recording_events as e
  where e.tenant_id = hansard.tenant()
    and e.recording_id = wanted
    and e.expires_on = place
    and e.seq > after
  order by e.seq
  limit most;
end;
comment on function hansard.event_leaves(uuid, date, bigint, integer) is
  'Leaf hashes of a recording in order, for the root in its certificate.';
revoke all on function hansard.event_leaves(uuid, date, bigint, integer) from public;
grant execute on function hansard.event_leaves(uuid, date, bigint, integer) to hansard_retention;

-- Purging -----------------------------------------------------------------------------------------

-- For the functions below, whose caller holds the rows of the recordings and their counters.
create function hansard.destroy_recordings(
  doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text)
  returns void
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  today constant date := (clock_timestamp() at time zone 'UTC')::date;
begin
  insert into hansard.purge_certificates (
    tenant_id, recording_id, agent_id, user_id, canvas_id, session_id, status, started_at, stopped_at,
    event_count, merkle_root, was_reviewable, review_id, review_status, expired_at, retain_until,
    policy_version, cause, reason, requested_by, purged_by, storage_url, events_on, has_remains)
  select
    this_tenant, r.recording_id, r.agent_id, r.user_id, r.canvas_id, r.session_id, r.status, r.started_at,
    r.stopped_at, p.event_count, d.root, r.flagged_for_review or v.review_id is not null, v.review_id,
    v.review_status, r.expires_at, r.retain_until,
    coalesce((
      select max(t.version)
      from hansard.tenant_policies as t
      where t.tenant_id = this_tenant), 0),
    destroy_recordings.cause, destroy_recordings.reason, destroy_recordings.requested_by, actor,
    r.storage_url, p.expires_on,
    -- A partition that is dropped soon takes them along.
    p.event_count > 0 and p.expires_on > today + 21
  from unnest(doomed, roots) as d (recording_id, root)
  join hansard.canvas_recordings as r
    on r.tenant_id = this_tenant
    and r.recording_id = d.recording_id
  join hansard.recording_progress as p
    on p.tenant_id = this_tenant
    and p.recording_id = d.recording_id
  left join hansard.reviews as v
    on v.tenant_id = this_tenant
    and v.recording_id = d.recording_id;

  -- The key first: from here on the events are noise. What was written in clear goes with it.
  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (doomed);
  delete from hansard.review_entries as e
  using hansard.reviews as v
  where v.tenant_id = this_tenant
    and v.recording_id = any (doomed)
    and e.tenant_id = this_tenant
    and e.review_id = v.review_id;
  delete from hansard.reviews as v
  where v.tenant_id = this_tenant
    and v.recording_id = any (doomed);
  delete from hansard.recording_flags as f
  where f.tenant_id = this_tenant
    and f.recording_id = any (doomed);
  -- Notices say why a recording was made and what came of it; they are kept for seven days.
  delete from hansard.notices as n
  where n.tenant_id = this_tenant
    and n.created_at >= (
      select min(r.started_at)
      from hansard.canvas_recordings as r
      where r.tenant_id = this_tenant
        and r.recording_id = any (doomed))
    and n.recording_id = any (doomed);
  delete from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = any (doomed);
  delete from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = any (doomed);
  update hansard.recording_deletions as d
  set
    state = 'overtaken',
    decided_at = clock_timestamp(),
    decided_by = actor
  where destroy_recordings.cause = 'expired'
    and d.tenant_id = this_tenant
    and d.recording_id = any (doomed)
    and d.state = 'pending';
end
$$;
comment on function hansard.destroy_recordings(uuid[], bytea[], text, text, text, text) is
  'Writes the certificates of recordings, and destroys their keys and everything that was said of them.';
revoke all on function hansard.destroy_recordings(uuid[], bytea[], text, text, text, text) from public;

create function hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[])
  returns table (recordings bigint, events bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  held uuid[];
  doomed uuid[];
  doomed_roots bytea[];
begin
  perform hansard.require_steady_clock();
  -- A recording that somebody flags, holds or deletes at this moment is left for the next time. The counters
  -- come first, as everywhere.
  select array_agg(l.recording_id)
  into held
  from (
    select p.recording_id
    from hansard.recording_progress as p
    where p.tenant_id = this_tenant
      and p.recording_id = any (wanted)
      and not p.is_open
    order by p.recording_id
    for update skip locked
  ) as l;
  -- Asked again, now that nobody else can change the answer.
  select array_agg(l.recording_id)
  into held
  from (
    select r.recording_id
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.recording_id = any (held)
      and r.stopped_at is not null
      and r.hold_count = 0
      and r.expires_at <= clock_timestamp()
    order by r.recording_id
    for update skip locked
  ) as l;
  select array_agg(w.recording_id), array_agg(w.root), count(*), coalesce(sum(w.event_count), 0)::bigint
  into doomed, doomed_roots, recordings, events
  from unnest(wanted, roots, event_counts) as w (recording_id, root, event_count)
  join hansard.recording_progress as p
    on p.tenant_id = this_tenant
    and p.recording_id = w.recording_id
    and p.event_count = w.event_count
  where w.recording_id = any (held);
  perform hansard.destroy_recordings(doomed, doomed_roots, 'expired', null, null, 'system');
  return next;
end
$$;
comment on function hansard.purge_recordings(uuid[], bytea[], bigint[]) is
  'Purges recordings of the tenant that have expired, given their Merkle roots and numbers of events; those that are held, or locked by others, stay.';
revoke all on function hansard.purge_recordings(uuid[], bytea[], bigint[]) from public;
grant execute on function hansard.purge_recordings(uuid[], bytea[], bigint[]) to hansard_retention;

create function hansard.delete_recording(
  wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text)
  returns text
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  counted bigint;
  open boolean;
  recording record;
begin
  select p.event_count, p.is_open
  into counted, open
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for update;
  if not found then
    return 'not_found';
  end if;
  select r.hold_count, r.retain_until, r.stopped_at
  into recording
  from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = wanted
  for update;
  if open or recording.stopped_at is null then
    return 'open';
  elsif recording.hold_count > 0 then
    return 'held';
  elsif recording.retain_until > clock_timestamp() then
    return 'retained';
  elsif counted <> event_total then
    return 'changed';
  end if;
  perform hansard.destroy_recordings(array[wanted], array[root], 'deleted', reason, requested_by, actor);
  return 'deleted';
end
$$;
comment on function hansard.delete_recording(uuid, bytea, bigint, text, text, text) is
  'Purges a recording of the tenant before it expires. Else says why not: not_found, open, held, retained (its policy keeps it longer), changed (other events than the root is of).';
revoke all on function hansard.delete_recording(uuid, bytea, bigint, text, text, text) from public;
grant execute on function hansard.delete_recording(uuid, bytea, bigint, text, text, text)
  to hansard_retention;

create function hansard.sweep_recording_events(most integer)
  returns table (events bigint, is_cut boolean)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  -- Large payloads are many rows behind the table.
  bytes_left bigint := 67108864;
  one record;
  last bigint;
  bytes bigint;
  gone bigint;
  seen integer := 0;
begin
  events := 0;
  is_cut := false;
  for one in
    select c.recording_id, c.events_on
    from hansard.purge_certificates as c
    where c.tenant_id = this_tenant
      and c.has_remains
    order by c.purged_at
    limit 100
    for update skip locked
  loop
    -- At least one, however large it is.
    select max(p.seq), sum(p.payload_length)
    into last, bytes
    from (
      select
        x.seq,
        x.payload_length,
        sum(x.payload_length::bigint) over (order by x.seq) - x.payload_length as before
      from (
        select e.seq, e.payload_length
        from hansard.recording_events as e
        where e.tenant_id = this_tenant
          and e.recording_id = one.recording_id
          and e.expires_on = one.events_on
        order by e.seq
        limit most - events
      ) as x
    ) as p
    where p.before < bytes_left;
    delete from hansard.recording_events as e
    where e.tenant_id = this_tenant
      and e.recording_id = one.recording_id
      and e.expires_on = one.events_on
      and e.seq <= last;
    get diagnostics gone = row_count;
    events := events + gone;
    bytes_left := bytes_left - coalesce(bytes, 0);
    seen := seen + 1;
    is_cut := exists (
      select
      from hansard.recording_events as e
      where e.tenant_id = this_tenant
        and e.recording_id = one.recording_id
        and e.expires_on = one.events_on);
    exit when is_cut;
    update hansard.purge_certificates as c
    set has_remains = false
    where c.tenant_id = this_tenant
      and c.recording_id = one.recording_id;
    is_cut := events >= most or bytes_left <= 0 or seen >= 100;
    exit when is_cut;
  end loop;
  return next;
end
$$;
comment on function hansard.sweep_recording_events(integer) is
  'Deletes so many events, or 64 MiB, of purged recordings of the tenant whose partition stays; says whether there may be more.';
revoke all on function hansard.sweep_recording_events(integer) from public;
grant execute on function hansard.sweep_recording_events(integer) to hansard_retention;

-- What is kept for a while only -------------------------------------------------------------------

-- As above, for due_trims alone.
create policy idempotency_keys_due on hansard.idempotency_keys for select to hansard_owner using (true);
create policy websocket_tickets_due on hansard.websocket_tickets for select to hansard_owner using (true);

create function hansard.due_trims(after uuid, upto uuid, most integer)
  returns table (tenant_id uuid)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  notice record;
  answer record;
  ticket record;
begin
  while found_count < most loop
    select n.tenant_id, n.created_at + interval '7 days' as expires_at
    into notice
    from hansard.notices as n
    where n.tenant_id > place
    order by n.tenant_id, n.created_at
    limit 1;
    select i.tenant_id, i.expires_at
    into answer
    from hansard.idempotency_keys as i
    where i.tenant_id > place
    order by i.tenant_id, i.expires_at
    limit 1;
    select t.tenant_id, t.expires_at
    into ticket
    from hansard.websocket_tickets as t
    where t.tenant_id > place
    order by t.tenant_id, t.expires_at
    limit 1;
    place := least(notice.tenant_id, answer.tenant_id, ticket.tenant_id);
    exit when place is null or place > last;
    if (place = notice.tenant_id and notice.expires_at < moment)
      or (place = answer.tenant_id and answer.expires_at <= moment)
      or (place = ticket.tenant_id and ticket.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;
comment on function hansard.due_trims(uuid, uuid, integer) is
  'Tenants with notices, kept answers or tickets whose time is over, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_trims(uuid, uuid, integer) from public;
grant execute on function hansard.due_trims(uuid, uuid, integer) to hansard_retention;

create function hansard.trim_leftovers(most integer) returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  notices bigint;
  answers bigint;
  tickets bigint;
begin
  delete from hansard.notices as n
  where n.tenant_id = this_tenant
    and (n.xid, n.notice_id) in (
      select o.xid, o.notice_id
      from hansard.notices as o
      where o.tenant_id = this_tenant
        and o.created_at < clock_timestamp() - interval '7 days'
      order by o.created_at
      limit most
      for update skip locked);
  get diagnostics notices = row_count;
  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant
    and (i.key_id, i.name_hash) in (
      select k.key_id, k.name_hash
      from hansard.idempotency_keys as k
      where k.tenant_id = this_tenant
        and k.expires_at <= clock_timestamp()
      order by k.expires_at
      limit most
      for update skip locked);
  get diagnostics answers = row_count;
  delete from hansard.websocket_tickets as t
  where t.tenant_id = this_tenant
    and t.ticket_hash in (
      select o.ticket_hash
      from hansard.websocket_tickets as o
      where o.tenant_id = this_tenant
        and o.expires_at <= clock_timestamp()
      order by o.expires_at
      limit most
      for update skip locked);
  get diagnostics tickets = row_count;
  return notices + answers + tickets;
end
$$;
comment on function hansard.trim_leftovers(integer) is
  'Deletes notices of the tenant that are older than seven days, and answers and tickets that have expired, so many of each; how many there were.';
revoke all on function hansard.trim_leftovers(integer) from public;
grant execute on function hansard.trim_leftovers(integer) to hansard_retention;

-- Holding -----------------------------------------------------------------------------------------

create function hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) returns timestamptz
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment timestamptz;
begin
  -- Whoever purges holds this row; then there is nothing left to hold.
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for no key update;
  if not found then
    return null;
  end if;
  update hansard.canvas_recordings as r
  set hold_count = r.hold_count + 1
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  insert into hansard.legal_holds as h (tenant_id, hold_id, recording_id, reason, placed_by)
  values (this_tenant, hold, wanted, reason, actor)
  returning h.placed_at into moment;
  return moment;
end
$$;
comment on function hansard.place_hold(uuid, uuid, text, text) is
  'Holds a recording of the tenant from now on, also one that has expired and is not purged yet; null: there is none.';
revoke all on function hansard.place_hold(uuid, uuid, text, text) from public;
grant execute on function hansard.place_hold(uuid, uuid, text, text) to hansard_service;

create function hansard.lift_hold(hold uuid, reason text, actor text) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  wanted uuid;
begin
  select h.recording_id
  into wanted
  from hansard.legal_holds as h
  where h.tenant_id = this_tenant
    and h.hold_id = hold;
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for no key update;
  update hansard.legal_holds as h
  set
    lifted_at = clock_timestamp(),
    lifted_by = actor,
    lift_reason = lift_hold.reason
  where h.tenant_id = this_tenant
    and h.hold_id = hold
    and h.lifted_at is null;
  if not found then
    return false;
  end if;
  update hansard.canvas_recordings as r
  set hold_count = r.hold_count - 1
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  return true;
end
$$;
comment on function hansard.lift_hold(uuid, text, text) is
  'Ends a hold; false where it was ended before. A recording that has expired meanwhile is then due.';
revoke all on function hansard.lift_hold(uuid, text, text) from public;
grant execute on function hansard.lift_hold(uuid, text, text) to hansard_service;

-- Recovery sessions go by the same clock.
create function hansard.refuse_unless_clock_is_steady() returns trigger
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  perform hansard.require_steady_clock();
  return new;
end
$$;
comment on function hansard.refuse_unless_clock_is_steady() is 'Guard of what expires: see require_steady_clock.';
revoke all on function hansard.refuse_unless_clock_is_steady() from public;
create trigger recovery_sessions_clock before update on hansard.recovery_sessions
  for each row when (new.cleared_on_expiry and not old.cleared_on_expiry)
  execute function hansard.refuse_unless_clock_is_steady();

create function hansard.recording_retention()
  returns table (
    due bigint, oldest_due timestamptz, held bigint, remains bigint, purged bigint, last_purged_at timestamptz,
    suspended_at timestamptz, suspended_because text)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select r.due, r.oldest_due, r.held, c.remains, c.purged, c.last_purged_at, k.suspended_at, k.suspended_because
  from (
    select
      count(*) filter (where x.stopped_at is not null and x.hold_count = 0 and x.expires_at <= now()) as due,
      min(x.expires_at) filter (
        where x.stopped_at is not null and x.hold_count = 0 and x.expires_at <= now()) as oldest_due,
      count(*) filter (where x.hold_count > 0) as held
    from hansard.canvas_recordings as x
  ) as r
  cross join (
    select
      count(*) filter (where y.has_remains) as remains,
      count(*) as purged,
      max(y.purged_at) as last_purged_at
    from hansard.purge_certificates as y
  ) as c
  cross join hansard.retention_clock as k;
end;
comment on function hansard.recording_retention() is
  'How retention of recordings stands over all tenants: numbers and times only.';
revoke all on function hansard.recording_retention() from public;
grant execute on function hansard.recording_retention() to hansard_retention;

-- Compliance --------------------------------------------------------------------------------------

create policy purge_certificates_analyst on hansard.purge_certificates
  for select to hansard_analyst using (tenant_id = (select hansard.analyst_tenant()));
create policy legal_holds_analyst on hansard.legal_holds
  for select to hansard_analyst using (tenant_id = (select hansard.analyst_tenant()));
grant select (
  tenant_id, recording_id, agent_id, user_id, started_at, event_count, cause, reason, purged_at, purged_by)
  on hansard.purge_certificates to hansard_analyst;
grant select (
  tenant_id, hold_id, recording_id, reason, placed_at, placed_by, lifted_at, lifted_by, lift_reason)
  on hansard.legal_holds to hansard_analyst;
alter table hansard.purge_certificates
  alter column recording_id set statistics 0,
  alter column agent_id set statistics 0,
  alter column user_id set statistics 0,
  alter column started_at set statistics 0,
  alter column event_count set statistics 0,
  alter column reason set statistics 0,
  alter column purged_at set statistics 0,
  alter column purged_by set statistics 0;
alter table hansard.legal_holds
  alter column hold_id set statistics 0,
  alter column recording_id set statistics 0,
  alter column reason set statistics 0,
  alter column placed_at set statistics 0,
  alter column placed_by set statistics 0,
  alter column lifted_at set statistics 0,
  alter column lifted_by set statistics 0,
  alter column lift_reason set statistics 0;

create or replace view compliance.purges with (security_invoker = true) as
  select
    'recovery_session'::text as subject,
    s.session_id as subject_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.cleared_at as purged_at,
    s.cleared_by as purged_by,
    case when s.cleared_on_expiry then 'expired' else 'cleared' end as cause,
    s.clear_reason as reason,
    s.cleared_attempts as destroyed_count
  from hansard.recovery_sessions as s
  where s.cleared_at is not null
  union all
  select
    'recording', c.recording_id::text, c.agent_id, c.user_id, c.started_at, c.purged_at, c.purged_by, c.cause,
    coalesce(c.reason, 'The end of its retention.'), c.event_count
  from hansard.purge_certificates as c;
comment on column compliance.purges.subject_id is
  'The id of the thing, as text: of the recovery session or the recording.';
comment on column compliance.purges.cause is
  'cleared, deleted: somebody asked for it; expired: the end of its retention. Others may follow.';

create view compliance.legal_holds with (security_invoker = true) as
  select
    h.hold_id,
    h.recording_id,
    h.reason,
    h.placed_at,
    h.placed_by,
    h.lifted_at,
    h.lifted_by,
    h.lift_reason
  from hansard.legal_holds as h;
comment on view compliance.legal_holds is 'What was or is kept beyond its retention, by whom and why.';
comment on column compliance.legal_holds.hold_id is 'The hold''s id.';
comment on column compliance.legal_holds.recording_id is 'The recording that it keeps.';
comment on column compliance.legal_holds.reason is 'Why.';
comment on column compliance.legal_holds.placed_at is 'Since when.';
comment on column compliance.legal_holds.placed_by is 'Who placed it.';
comment on column compliance.legal_holds.lifted_at is 'Until when; null: it is in force.';
comment on column compliance.legal_holds.lifted_by is 'Who lifted it.';
comment on column compliance.legal_holds.lift_reason is 'Why it was lifted.';
grant select on compliance.legal_holds to hansard_analyst;

reset role;
