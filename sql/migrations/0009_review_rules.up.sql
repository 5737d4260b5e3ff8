-- More causes for a review: a permission that was denied, and an agent that is new to autonomy. And four
-- eyes: verdicts that hold only when two reviewers have given them.

set local role hansard_owner;

alter table hansard.agent_registry add column autonomous_since timestamptz;
comment on column hansard.agent_registry.autonomous_since is
  'When its status became autonomous; null for one that is not, or was before this was kept.';
grant update (autonomous_since) on hansard.agent_registry to hansard_service;

alter table hansard.tenant_policies
  add column new_autonomy_reviews integer not null default 10,
  add column four_eyes boolean not null default false,
  add constraint tenant_policies_new_autonomy_reviews_range
    check (new_autonomy_reviews between 0 and 1000);
comment on column hansard.tenant_policies.new_autonomy_reviews is
  'How many recordings of an agent are reviewed, from the first one since its status became autonomous.';

alter table hansard.reviews
  drop constraint reviews_source_known,
  add constraint reviews_source_known
    check (source in ('flag', 'error', 'failure', 'denial', 'autonomy', 'sample')) not valid;

comment on column hansard.tenant_policies.four_eyes is
  'Whether a verdict holds only when two reviewers have given it.';

-- The verdicts that have been given and wait for somebody who gives the same: on what, and by whom. They
-- count as long as the recording is what it was.
alter table hansard.reviews
  add column proposed_by text[] not null default '{}',
  add column proposed_status text[] not null default '{}',
  add column proposed_event_count bigint,
  add column proposed_root bytea,
  add column proposed_recording_at timestamptz,
  add constraint reviews_proposals_complete check (
    cardinality(proposed_by) = cardinality(proposed_status)
    and (cardinality(proposed_by) = 0) = (proposed_event_count is null)
    and (cardinality(proposed_by) = 0) = (proposed_root is null)
    and (cardinality(proposed_by) = 0) = (proposed_recording_at is null)) not valid,
  add constraint reviews_proposed_status_known check (
    proposed_status <@ array['approved', 'rejected', 'needs_changes']) not valid,
  add constraint reviews_proposed_root_length check (length(proposed_root) = 32) not valid;
comment on column hansard.reviews.proposed_by is
  'Who has given a verdict that nobody else had given before; one element per element of proposed_status.';
grant update (
  proposed_by, proposed_status, proposed_event_count, proposed_root, proposed_recording_at)
  on hansard.reviews to hansard_service;

alter table hansard.review_entries
  drop constraint review_entries_kind_known,
  add constraint review_entries_kind_known check (
    kind in ('opened', 'claimed', 'released', 'commented', 'proposed', 'decided', 'reopened'))
    not valid,
  drop constraint review_entries_decision_complete,
  add constraint review_entries_decision_complete check (
    (kind in ('proposed', 'decided')) = (review_status is not null)
    and (kind in ('proposed', 'decided')) = (event_count is not null)
    and (kind in ('proposed', 'decided')) = (merkle_root is not null)) not valid;

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
