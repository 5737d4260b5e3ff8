-- migrate: destructive
-- The older schema keeps neither when an agent became autonomous nor how many of its recordings are
-- reviewed, and knows no reason for a review but four. A review with a verdict that waits for a second one
-- is open again; the verdict stays in its history, as decided.

set local role hansard_owner;

-- The owner sees the rows of all tenants while row level security is not forced.
alter table hansard.reviews no force row level security;
update hansard.reviews
set source = 'error'
where source in ('denial', 'autonomy');
alter table hansard.reviews force row level security;

alter table hansard.reviews
  drop constraint reviews_source_known,
  add constraint reviews_source_known
    check (source in ('flag', 'error', 'failure', 'sample')) not valid;

alter table hansard.review_entries no force row level security;
alter table hansard.review_entries disable trigger review_entries_append_only;
update hansard.review_entries
set kind = 'decided'
where kind = 'proposed';
alter table hansard.review_entries enable trigger review_entries_append_only;
alter table hansard.review_entries force row level security;

alter table hansard.review_entries
  drop constraint review_entries_kind_known,
  add constraint review_entries_kind_known check (
    kind in ('opened', 'claimed', 'released', 'commented', 'decided', 'reopened')),
  drop constraint review_entries_decision_complete,
  add constraint review_entries_decision_complete check (
    (kind = 'decided') = (review_status is not null)
    and (kind = 'decided') = (event_count is not null)
    and (kind = 'decided') = (merkle_root is not null));

revoke update (
  proposed_by, proposed_status, proposed_event_count, proposed_root, proposed_recording_at)
  on hansard.reviews from hansard_service;
alter table hansard.reviews
  drop column proposed_by,
  drop column proposed_status,
  drop column proposed_event_count,
  drop column proposed_root,
  drop column proposed_recording_at;

alter table hansard.tenant_policies
  drop column new_autonomy_reviews,
  drop column four_eyes;

revoke update (autonomous_since) on hansard.agent_registry from hansard_service;
alter table hansard.agent_registry drop column autonomous_since;

do $denials$
declare
  denials regclass;
begin
  for denials in
    select c.oid::regclass
    from pg_catalog.pg_class as c
    where c.relnamespace = 'hansard'::regnamespace
      and c.relkind = 'i'
      and c.relname like 'recording\_events\_%\_denials'
  loop
    execute format('drop index %s', denials);
  end loop;
end
$denials$;

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
