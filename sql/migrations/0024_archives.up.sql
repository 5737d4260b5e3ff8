-- Archives: where a tenant's policy says so, the events of recordings leave the database for a store of files,
-- sealed as they are; their keys stay, and the archive goes with the recording.

set local role hansard_owner;

-- Policies ----------------------------------------------------------------------------------------

alter table hansard.tenant_policies
  add column archive_days integer,
  add constraint tenant_policies_archive_days_range check (archive_days between 1 and 36500);
comment on column hansard.tenant_policies.archive_days is
  'Days after its stop that the events of a recording are moved to the archive; null: never.';

alter table hansard.tenants
  add column archive_days integer,
  add constraint tenants_archive_days_range check (archive_days between 1 and 36500) not valid;
comment on column hansard.tenants.archive_days is
  'Days after its stop that the events of a recording are moved to the archive, in force; null: never.';
alter table hansard.tenants alter column archive_days set statistics 0;
alter table hansard.tenant_policies alter column archive_days set statistics 0;
grant update (archive_days) on hansard.tenants to hansard_service;

-- Archives ----------------------------------------------------------------------------------------

-- No foreign key to the recording: that there is something to destroy is known until it is destroyed.
create table hansard.recording_archives (
  tenant_id uuid not null,
  recording_id uuid not null,
  storage_url text not null,
  begun_at timestamptz not null default clock_timestamp(),
  archived_at timestamptz,
  merkle_root bytea,
  event_count bigint,
  byte_count bigint,
  content_sha256 bytea,
  has_remains boolean not null default false,
  is_condemned boolean not null default false,
  constraint recording_archives_pkey primary key (tenant_id, recording_id),
  constraint recording_archives_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint recording_archives_digests_length check (
    length(merkle_root) = 32 and length(content_sha256) = 32),
  constraint recording_archives_counts_not_negative check (event_count >= 0 and byte_count > 0),
  constraint recording_archives_complete check (
    num_nulls(archived_at, merkle_root, event_count, byte_count, content_sha256) in (0, 5)),
  constraint recording_archives_remains_of_complete check (not has_remains or archived_at is not null)
);
comment on table hansard.recording_archives is
  'Files that hold the events of recordings: being written, complete, or to be destroyed.';
comment on column hansard.recording_archives.storage_url is 'Where it is; it is told, and never followed.';
comment on column hansard.recording_archives.archived_at is
  'When it was complete and had been verified: from then on it is read in place of the events; null: it is being written.';
comment on column hansard.recording_archives.merkle_root is
  'Merkle root (RFC 6962) over the leaf hashes of the events, which it proves.';
comment on column hansard.recording_archives.content_sha256 is 'SHA-256 of all its lines but the last.';
comment on column hansard.recording_archives.has_remains is
  'The events are in the database too, and are deleted in steps.';
comment on column hansard.recording_archives.is_condemned is
  'The recording was purged: the file is to be destroyed, and then this row.';
-- Serves: the archives that there is something to do about.
create index recording_archives_work
  on hansard.recording_archives (tenant_id, recording_id)
  where has_remains or is_condemned;
alter table hansard.recording_archives enable row level security;
alter table hansard.recording_archives force row level security;
create policy recording_archives_isolation on hansard.recording_archives
  to hansard_owner, hansard_service, hansard_retention
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
-- For due_archives and recording_archiving alone; all other functions name a tenant.
create policy recording_archives_due on hansard.recording_archives
  for select to hansard_owner using (true);
create trigger recording_archives_no_truncate before truncate on hansard.recording_archives
  for each statement execute function hansard.refuse_change();
create trigger recording_archives_certificate before delete on hansard.recording_archives
  for each row execute function hansard.require_certificate();
grant select on hansard.recording_archives to hansard_service;

-- Events whose archive is complete may leave the database.
create or replace function hansard.require_certificate_or_move() returns trigger
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
      from hansard.recording_archives as a
      where a.tenant_id = old.tenant_id
        and a.recording_id = old.recording_id
        and a.has_remains)
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
  'Guard of events: they go only when their recording has a certificate, a complete archive, or was given a later partition.';

-- What is due -------------------------------------------------------------------------------------

create function hansard.due_archives(after uuid, upto uuid, most integer)
  returns table (tenant_id uuid)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select t.tenant_id
  from hansard.tenants as t
  where t.tenant_id > coalesce(after, '00000000-0000-0000-0000-000000000000')
    and t.tenant_id <= coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff')
    and (
      exists (
        select
        from hansard.recording_archives as a
        where a.tenant_id = t.tenant_id
          and (a.has_remains or a.is_condemned))
      or exists (
        select
        from hansard.canvas_recordings as r
        where r.tenant_id = t.tenant_id
          and r.stopped_at <= clock_timestamp() - make_interval(days => t.archive_days)
          and r.stopped_at is not null
          and r.storage_url is null
          and r.hold_count = 0
          and r.expires_at > clock_timestamp()))
  order by t.tenant_id
  limit most;
end;
comment on function hansard.due_archives(uuid, uuid, integer) is
  'Tenants with recordings to archive or archives to destroy, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_archives(uuid, uuid, integer) from public;
grant execute on function hansard.due_archives(uuid, uuid, integer) to hansard_retention;

create function hansard.archivable_recordings(passed_over uuid[], most integer)
  returns table (recording_id uuid, expires_on date, event_count bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select d.recording_id, p.expires_on, p.event_count
  from (
    select r.recording_id, r.stopped_at
    from hansard.tenants as t
    join hansard.canvas_recordings as r
      on r.tenant_id = t.tenant_id
      and r.stopped_at <= clock_timestamp() - make_interval(days => t.archive_days)
    where t.tenant_id = hansard.tenant()
      and r.stopped_at is not null
      and r.storage_url is null
      and r.hold_count = 0
      and r.expires_at > clock_timestamp()
      and r.recording_id <> all (passed_over)
    order by r.stopped_at
    limit most
  ) as d
  join hansard.recording_progress as p
    on p.tenant_id = hansard.tenant()
    and p.recording_id = d.recording_id
  order by d.stopped_at;
end;
comment on function hansard.archivable_recordings(uuid[], integer) is
  'So many recordings of the tenant that are to be archived by its policy, have not expired and are not held, the first stopped first, but for those that could not be before.';
revoke all on function hansard.archivable_recordings(uuid[], integer) from public;
grant execute on function hansard.archivable_recordings(uuid[], integer) to hansard_retention;

-- Archiving ---------------------------------------------------------------------------------------

create function hansard.begin_archive(wanted uuid, url text) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  perform hansard.require_steady_clock();
  -- Whoever purges it holds this row: then there is nothing left to archive.
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
    and not p.is_open
  for no key update skip locked;
  if not found or not exists (
    select
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.recording_id = wanted
      and r.stopped_at is not null
      and r.storage_url is null
      and r.hold_count = 0
      and r.expires_at > clock_timestamp()) then
    return false;
  end if;
  insert into hansard.recording_archives as a (tenant_id, recording_id, storage_url)
  values (this_tenant, wanted, url)
  -- Another worker is at it, or did not come to its end.
  on conflict (tenant_id, recording_id) do update
  set
    storage_url = excluded.storage_url,
    begun_at = excluded.begun_at
  where a.archived_at is null
    and a.begun_at < clock_timestamp() - interval '10 minutes';
  return found;
end
$$;
comment on function hansard.begin_archive(uuid, text) is
  'Takes note, before anything is written there, of where a recording of the tenant is archived; false: it is not to be, or somebody else is at it.';
revoke all on function hansard.begin_archive(uuid, text) from public;
grant execute on function hansard.begin_archive(uuid, text) to hansard_retention;

create function hansard.complete_archive(
  wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  perform hansard.require_steady_clock();
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
    and not p.is_open
    and p.event_count = event_total
  for no key update;
  if not found then
    return false;
  end if;
  -- Asked again, now that nobody else can change the answer.
  update hansard.canvas_recordings as r
  set storage_url = url
  where r.tenant_id = this_tenant
    and r.recording_id = wanted
    and r.stopped_at is not null
    and r.storage_url is null
    and r.hold_count = 0
    and r.expires_at > clock_timestamp();
  if not found then
    return false;
  end if;
  update hansard.recording_archives as a
  set
    archived_at = clock_timestamp(),
    merkle_root = root,
    event_count = event_total,
    byte_count = bytes,
    content_sha256 = digest,
    has_remains = event_total > 0
  where a.tenant_id = this_tenant
    and a.recording_id = wanted
    and a.storage_url = url
    and a.archived_at is null
    and not a.is_condemned;
  if not found then
    raise exception 'the archive was not begun' using errcode = 'object_not_in_prerequisite_state';
  end if;
  return true;
end
$$;
comment on function hansard.complete_archive(uuid, text, bytea, bigint, bigint, bytea) is
  'The file of a recording of the tenant is there and was verified: it is read from now on, and the events may leave the database. False: the recording was held or purged, or has expired, and stays as it is.';
revoke all on function hansard.complete_archive(uuid, text, bytea, bigint, bigint, bytea) from public;
grant execute on function hansard.complete_archive(uuid, text, bytea, bigint, bigint, bytea)
  to hansard_retention;

create function hansard.sweep_archived_events(most integer)
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
    select a.recording_id, p.expires_on
    from hansard.recording_archives as a
    -- Whoever moves it to another partition holds this row.
    join hansard.recording_progress as p
      on p.tenant_id = a.tenant_id
      and p.recording_id = a.recording_id
    where a.tenant_id = this_tenant
      and a.has_remains
      and not a.is_condemned
    order by a.recording_id
    limit 100
    for no key update skip locked
  loop
    -- At least one, however large it is.
    select max(x.seq), sum(x.payload_length)
    into last, bytes
    from (
      select
        y.seq,
        y.payload_length,
        sum(y.payload_length::bigint) over (order by y.seq) - y.payload_length as before
      from (
        select e.seq, e.payload_length
        from hansard.recording_events as e
        where e.tenant_id = this_tenant
          and e.recording_id = one.recording_id
          and e.expires_on = one.expires_on
        order by e.seq
        limit most - events
      ) as y
    ) as x
    where x.before < bytes_left;
    delete from hansard.recording_events as e
    where e.tenant_id = this_tenant
      and e.recording_id = one.recording_id
      and e.expires_on = one.expires_on
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
        and e.expires_on = one.expires_on);
    exit when is_cut;
    update hansard.recording_archives as a
    set has_remains = false
    where a.tenant_id = this_tenant
      and a.recording_id = one.recording_id;
    is_cut := events >= most or bytes_left <= 0 or seen >= 100;
    exit when is_cut;
  end loop;
  return next;
end
$$;
comment on function hansard.sweep_archived_events(integer) is
  'Deletes so many events, or 64 MiB, of recordings of the tenant that are read from their archives; says whether there may be more.';
revoke all on function hansard.sweep_archived_events(integer) from public;
grant execute on function hansard.sweep_archived_events(integer) to hansard_retention;

-- The end of an archive ---------------------------------------------------------------------------

create function hansard.condemn_archive() returns trigger
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  update hansard.recording_archives as a
  set
    is_condemned = true,
    has_remains = false
  where a.tenant_id = new.tenant_id
    and a.recording_id = new.recording_id;
  return null;
end
$$;
comment on function hansard.condemn_archive() is
  'A recording that is certified to be purged must not live on in its archive.';
revoke all on function hansard.condemn_archive() from public;
create trigger purge_certificates_archive after insert on hansard.purge_certificates
  for each row execute function hansard.condemn_archive();

create function hansard.condemned_archives(most integer)
  returns table (recording_id uuid)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select a.recording_id
  from hansard.recording_archives as a
  where a.tenant_id = hansard.tenant()
    and a.is_condemned
  -- What may be looked for in vain for a day does not keep others from their turn.
  order by a.archived_at is null, a.recording_id
  limit most;
end;
comment on function hansard.condemned_archives(integer) is
  'So many recordings of the tenant that were purged and whose archives are to be destroyed.';
revoke all on function hansard.condemned_archives(integer) from public;
grant execute on function hansard.condemned_archives(integer) to hansard_retention;

create function hansard.forget_archives(destroyed uuid[]) returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  forgotten bigint;
begin
  -- One that was being written when its recording was purged may be finished yet: it is looked for again for a day.
  delete from hansard.recording_archives as a
  where a.tenant_id = hansard.tenant()
    and a.recording_id = any (destroyed)
    and a.is_condemned
    and (a.archived_at is not null or a.begun_at < clock_timestamp() - interval '1 day');
  get diagnostics forgotten = row_count;
  return forgotten;
end
$$;
comment on function hansard.forget_archives(uuid[]) is
  'The files of these archives are gone; how many need not be looked for any more.';
revoke all on function hansard.forget_archives(uuid[]) from public;
grant execute on function hansard.forget_archives(uuid[]) to hansard_retention;

-- What was known of a recording by its events is known by its archive. The answer has one more column; an older
-- version names those that it reads.
-- squawk-ignore ban-drop-function
drop function hansard.expired_recordings(uuid[], integer);
create function hansard.expired_recordings(passed_over uuid[], most integer)
  returns table (recording_id uuid, expires_on date, event_count bigint, archived_root bytea)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select d.recording_id, p.expires_on, p.event_count, a.merkle_root
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
  left join hansard.recording_archives as a
    on a.tenant_id = hansard.tenant()
    and a.recording_id = d.recording_id
  order by d.expires_at;
end;
comment on function hansard.expired_recordings(uuid[], integer) is
  'So many recordings of the tenant that have expired and are not held, the longest expired first, but for those that could not be had before; with their roots where they are archived.';
revoke all on function hansard.expired_recordings(uuid[], integer) from public;
grant execute on function hansard.expired_recordings(uuid[], integer) to hansard_retention;

create function hansard.recording_archiving()
  returns table (archived bigint, in_progress bigint, condemned bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    count(*) filter (where a.archived_at is not null and not a.is_condemned),
    count(*) filter (where a.archived_at is null and not a.is_condemned),
    count(*) filter (where a.is_condemned)
  from hansard.recording_archives as a;
end;
comment on function hansard.recording_archiving() is
  'How archiving stands over all tenants: numbers only.';
revoke all on function hansard.recording_archiving() from public;
grant execute on function hansard.recording_archiving() to hansard_retention;

reset role;
