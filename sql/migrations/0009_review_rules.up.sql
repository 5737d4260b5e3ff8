-- More causes for a review: a permission that was denied, and an agent that is new to autonomy.

set local role hansard_owner;

alter table hansard.agent_registry add column autonomous_since timestamptz;
comment on column hansard.agent_registry.autonomous_since is
  'When its status became autonomous; null for one that is not, or was before this was kept.';
grant update (autonomous_since) on hansard.agent_registry to hansard_service;

alter table hansard.tenant_policies
  add column new_autonomy_reviews integer not null default 10,
  add constraint tenant_policies_new_autonomy_reviews_range
    check (new_autonomy_reviews between 0 and 1000);
comment on column hansard.tenant_policies.new_autonomy_reviews is
  'How many recordings of an agent are reviewed, from the first one since its status became autonomous.';

alter table hansard.reviews
  drop constraint reviews_source_known,
  add constraint reviews_source_known
    check (source in ('flag', 'error', 'failure', 'denial', 'autonomy', 'sample')) not valid;

-- As before, and an index of the few events that say that a permission was denied, so that whoever stops a
-- recording need not look through all of its events. Partitions that are there already do without: an
-- index over them would hold up appends while it is made, and they go in time.
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

reset role;
