-- migrate: destructive: archives: the events of archived recordings cannot be read any more (hansard.recording_archives)
-- migrate: destructive: how many days after its stop a recording is archived
-- migrate: compatible-with: 20
-- An older version tells that the events of an archived recording are missing: let policies archive when all
-- instances know how. The files stay where storage_url says; recordings that were archived are not purged by the older version.

set local role hansard_owner;

drop function hansard.recording_archiving();
drop function hansard.expired_recordings(uuid[], integer);
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

drop function hansard.forget_archives(uuid[]);
drop function hansard.condemned_archives(integer);
drop trigger purge_certificates_archive on hansard.purge_certificates;
drop function hansard.condemn_archive();
drop function hansard.sweep_archived_events(integer);
drop function hansard.complete_archive(uuid, text, bytea, bigint, bigint, bytea);
drop function hansard.begin_archive(uuid, text);
drop function hansard.archivable_recordings(uuid[], integer);
drop function hansard.due_archives(uuid, uuid, integer);

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

drop table hansard.recording_archives;
alter table hansard.tenants drop column archive_days;
alter table hansard.tenant_policies drop column archive_days;

reset role;
