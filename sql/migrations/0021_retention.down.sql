-- migrate: destructive: certificates of purges: nothing tells of them any more (hansard.purge_certificates)
-- migrate: destructive: legal holds: what is held is purged once it has expired (hansard.legal_holds)
-- migrate: destructive: requests to delete recordings, and who approved them (hansard.recording_deletions)
-- migrate: destructive: until when recordings had to be kept at least; until when they are kept stays
-- migrate: compatible-with: 20
-- Events stay. What was purged stays purged.

set local role hansard_owner;

drop view compliance.legal_holds;
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
  where s.cleared_at is not null;
comment on column compliance.purges.cause is
  'cleared: somebody asked for it; expired: the end of its retention. Others may follow.';
comment on column compliance.purges.subject_id is 'The id of the thing, as text: of the recovery session.';

drop trigger recovery_sessions_clock on hansard.recovery_sessions;
drop function hansard.refuse_unless_clock_is_steady();
drop function hansard.recording_retention();
drop function hansard.lift_hold(uuid, text, text);
drop function hansard.place_hold(uuid, uuid, text, text);
drop function hansard.trim_leftovers(integer);
drop function hansard.due_trims(uuid, uuid, integer);
drop policy websocket_tickets_due on hansard.websocket_tickets;
drop policy idempotency_keys_due on hansard.idempotency_keys;
drop function hansard.sweep_recording_events(integer);
drop function hansard.delete_recording(uuid, bytea, bigint, text, text, text);
drop function hansard.purge_recordings(uuid[], bytea[], bigint[]);
drop function hansard.destroy_recordings(uuid[], bytea[], text, text, text, text);
drop function hansard.event_leaves(uuid, date, bigint, integer);
drop function hansard.expired_recordings(uuid[], integer);
drop function hansard.due_recording_purges(uuid, uuid, integer);
alter function hansard.append_events_one_by_one reset enable_memoize;
alter function hansard.append_events_one_by_one reset enable_material;
alter function hansard.append_events_one_by_one reset enable_hashjoin;
alter function hansard.append_events_one_by_one reset enable_mergejoin;
drop function hansard.drop_event_partition(text);
drop function hansard.move_recording(uuid, date);
drop function hansard.recordings_in_the_way(date, integer);
drop function hansard.past_event_partitions();

-- Events of what is held stay where the older version finds them.
do $held$
begin
  -- The owner sees the rows of all tenants while row level security is not forced.
  alter table hansard.recording_events_held no force row level security;
  if exists (select from hansard.recording_events_held) then
    alter table hansard.recording_events_held force row level security;
    alter table hansard.recording_events detach partition hansard.recording_events_held;
    alter table hansard.recording_events_held rename to recording_events_9999w52;
    alter table hansard.recording_events
      attach partition hansard.recording_events_9999w52 for values from ('9999-12-27') to ('10000-01-03');
  else
    drop table hansard.recording_events_held;
  end if;
end
$held$;

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

drop function hansard.make_event_partition(text, date, date);
drop function hansard.confirm_retention_clock(text);
drop function hansard.check_retention_clock(timestamptz, timestamptz, double precision);
drop function hansard.require_steady_clock();
drop table hansard.retention_clock;

-- The owner sees the rows of all tenants while row level security is not forced.
alter table hansard.recording_events no force row level security;
alter table hansard.purge_certificates no force row level security;
-- Nobody can read them, and nothing would say so any more.
delete from hansard.recording_events as e
using hansard.purge_certificates as c
where c.has_remains
  and e.tenant_id = c.tenant_id
  and e.recording_id = c.recording_id
  and e.expires_on = c.events_on;
alter table hansard.recording_events force row level security;

drop trigger recording_events_move on hansard.recording_events;
drop trigger recording_events_certificate on hansard.recording_events;
create trigger recording_events_append_only before update or delete on hansard.recording_events
  for each row execute function hansard.refuse_change();
drop trigger recording_flags_no_update on hansard.recording_flags;
drop trigger recording_flags_certificate on hansard.recording_flags;
create trigger recording_flags_append_only before update or delete on hansard.recording_flags
  for each row execute function hansard.refuse_change();
drop trigger review_entries_no_update on hansard.review_entries;
drop trigger review_entries_certificate on hansard.review_entries;
create trigger review_entries_append_only before update or delete on hansard.review_entries
  for each row execute function hansard.refuse_change();
drop trigger canvas_recordings_certificate on hansard.canvas_recordings;
drop function hansard.require_review_gone();
drop function hansard.require_move();
drop function hansard.require_certificate_or_move();
drop function hansard.require_certificate();

drop policy tenants_due on hansard.tenants;
drop policy recording_progress_due on hansard.recording_progress;
drop policy canvas_recordings_due on hansard.canvas_recordings;
drop table hansard.purge_certificates;
drop table hansard.recording_deletions;
drop table hansard.legal_holds;

alter table hansard.canvas_recordings
  drop column hold_count,
  drop column retain_until;
comment on column hansard.canvas_recordings.expires_at is null;
comment on column hansard.canvas_recordings.expires_on is
  'Latest day on which this recording can expire, fixed at its start: the partition of its events.';

reset role;
