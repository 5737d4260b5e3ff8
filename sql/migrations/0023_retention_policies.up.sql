-- Policies of retention: profiles and minimums, changes with a time of grace, and the end of abandoned recordings.

set local role hansard_owner;

-- Policies ----------------------------------------------------------------------------------------

alter table hansard.tenant_policies
  add column retention_profile text,
  add column minimum_retention_days integer,
  add constraint tenant_policies_retention_profile_known check (
    retention_profile in ('eu_ai_act', 'hipaa', 'soc2', 'gdpr_min')),
  add constraint tenant_policies_minimum_retention_range check (
    minimum_retention_days between 1 and 36500);
comment on column hansard.tenant_policies.retention_profile is
  'The law or standard whose minimum the policy keeps; null: none.';
comment on column hansard.tenant_policies.minimum_retention_days is
  'Days before which nobody may have a stopped recording purged, beside the profile''s; null: none of its own.';
comment on column hansard.tenant_policies.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default. What is in force is in tenants.retention_days: a shorter period comes after a time of grace.';

alter table hansard.tenants
  add column minimum_retention_days integer,
  add constraint tenants_minimum_retention_days_range check (
    minimum_retention_days between 1 and 36500) not valid;
comment on column hansard.tenants.minimum_retention_days is
  'Days before which nobody may have a stopped recording purged, in force; null: there is no such time.';
grant update (minimum_retention_days) on hansard.tenants to hansard_service;
grant select (retention_profile, minimum_retention_days) on hansard.tenant_policies to hansard_analyst;
grant select (minimum_retention_days) on hansard.tenants to hansard_analyst;
alter table hansard.tenant_policies
  alter column retention_profile set statistics 0,
  alter column minimum_retention_days set statistics 0;
alter table hansard.tenants alter column minimum_retention_days set statistics 0;

-- Changes -----------------------------------------------------------------------------------------

create table hansard.retention_changes (
  tenant_id uuid not null,
  change_id uuid not null,
  policy_version integer not null,
  shortens boolean not null,
  days_before integer not null,
  days_after integer,
  minimum_days integer,
  requested_at timestamptz not null default clock_timestamp(),
  requested_by text not null,
  applies_at timestamptz not null,
  undone_at timestamptz,
  undone_by text,
  begun_at timestamptz,
  applied_at timestamptz,
  last_recording_id uuid,
  recordings bigint not null default 0,
  constraint retention_changes_pkey primary key (tenant_id, change_id),
  constraint retention_changes_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint retention_changes_days_range check (
    days_before between 1 and 36500
    and days_after between 1 and 36500
    and minimum_days between 1 and 36500),
  constraint retention_changes_grace check (
    not shortens or applies_at >= requested_at + interval '7 days'),
  constraint retention_changes_undoing_complete check ((undone_at is null) = (undone_by is null)),
  constraint retention_changes_not_before_grace check (begun_at >= applies_at and applied_at >= begun_at),
  constraint retention_changes_ends_once check (undone_at is null or applied_at is null),
  constraint retention_changes_recordings_not_negative check (recordings >= 0)
);
comment on table hansard.retention_changes is
  'Changes of how long recordings are kept: longer ones are applied at once to those that have stopped, shorter ones after seven days in which they can be undone.';
comment on column hansard.retention_changes.policy_version is 'The version of the policy that asked for it.';
comment on column hansard.retention_changes.days_before is
  'What was in force when it was asked for, the deployment''s default or a minimum included.';
comment on column hansard.retention_changes.days_after is 'Null: the deployment''s default, as in the policy.';
comment on column hansard.retention_changes.minimum_days is
  'What comes into force with it, where it shortens; else what recordings are kept at least.';
comment on column hansard.retention_changes.undone_at is 'When it was taken back, or another took its place.';
comment on column hansard.retention_changes.begun_at is 'When it came into force: from then on it cannot be undone.';
comment on column hansard.retention_changes.applied_at is 'When all recordings had been gone through.';
comment on column hansard.retention_changes.last_recording_id is 'How far that has come.';
comment on column hansard.retention_changes.recordings is 'How many recordings expire at another time for it.';
-- Serves: the changes that are still to be applied, a tenant's own and all tenants'. Says: one of each kind.
create unique index retention_changes_waiting
  on hansard.retention_changes (tenant_id, shortens)
  where undone_at is null and applied_at is null;

create trigger retention_changes_no_delete before delete on hansard.retention_changes
  for each row execute function hansard.refuse_change();
create trigger retention_changes_no_truncate before truncate on hansard.retention_changes
  for each statement execute function hansard.refuse_change();
alter table hansard.retention_changes enable row level security;
alter table hansard.retention_changes force row level security;
create policy retention_changes_isolation on hansard.retention_changes
  to hansard_owner, hansard_service, hansard_retention
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
-- For due_retention_changes alone; all other functions name a tenant.
create policy retention_changes_due on hansard.retention_changes
  for select to hansard_owner using (true);
grant select, insert on hansard.retention_changes to hansard_service;
grant update (undone_at, undone_by) on hansard.retention_changes to hansard_service;

create function hansard.due_retention_changes(after uuid, upto uuid, most integer)
  returns table (tenant_id uuid)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select distinct c.tenant_id
  from hansard.retention_changes as c
  where c.undone_at is null
    and c.applied_at is null
    and c.applies_at <= clock_timestamp()
    and (after is null or c.tenant_id > after)
    and (upto is null or c.tenant_id <= upto)
  order by c.tenant_id
  limit most;
end;
comment on function hansard.due_retention_changes(uuid, uuid, integer) is
  'Tenants with a change of retention to apply, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_retention_changes(uuid, uuid, integer) from public;
grant execute on function hansard.due_retention_changes(uuid, uuid, integer) to hansard_retention;

create function hansard.apply_retention_change(default_days integer, most integer)
  returns table (change_id uuid, recordings bigint, has_begun boolean, is_over boolean)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  change hansard.retention_changes;
  batch uuid[];
begin
  perform hansard.require_steady_clock();
  -- In the order in which they were asked for, and never two at once: the later one has the last word.
  if not pg_try_advisory_xact_lock(hashtextextended('hansard.retention_changes ' || this_tenant, 0)) then
    return;
  end if;
  select c.*
  into change
  from hansard.retention_changes as c
  where c.tenant_id = this_tenant
    and c.undone_at is null
    and c.applied_at is null
    and c.applies_at <= clock_timestamp()
  order by c.requested_at, c.change_id
  limit 1
  for update;
  if not found then
    return;
  end if;
  has_begun := change.begun_at is null;
  if has_begun and change.shortens then
    update hansard.tenants as t
    set
      retention_days = change.days_after,
      minimum_retention_days = change.minimum_days
    where t.tenant_id = this_tenant;
  end if;

  -- Open ones too: one that is being stopped at this moment is waited for, and one that stops later finds in
  -- force what is applied here.
  select array_agg(l.recording_id order by l.recording_id)
  into batch
  from (
    select p.recording_id
    from hansard.recording_progress as p
    where p.tenant_id = this_tenant
      and p.recording_id > coalesce(change.last_recording_id, '00000000-0000-0000-0000-000000000000')
    order by p.recording_id
    limit most
    for no key update
  ) as l;
  -- What has expired stays so, as everybody was told, unless a hold has kept it.
  update hansard.canvas_recordings as r
  set
    retain_until = greatest(r.retain_until, r.stopped_at + make_interval(days => change.minimum_days)),
    expires_at = greatest(
      r.retain_until, r.stopped_at + make_interval(days => change.minimum_days),
      r.stopped_at + make_interval(days => coalesce(change.days_after, default_days))),
    updated_at = clock_timestamp()
  where r.tenant_id = this_tenant
    and r.recording_id = any (batch)
    and r.stopped_at is not null
    and (r.hold_count > 0 or r.expires_at > clock_timestamp())
    and (r.expires_at <> greatest(
        r.retain_until, r.stopped_at + make_interval(days => change.minimum_days),
        r.stopped_at + make_interval(days => coalesce(change.days_after, default_days)))
      or coalesce(
        r.stopped_at + make_interval(days => change.minimum_days) > r.retain_until,
        change.minimum_days is not null and r.retain_until is null));
  get diagnostics recordings = row_count;

  is_over := coalesce(cardinality(batch), 0) < most;
  update hansard.retention_changes as c
  set
    begun_at = coalesce(c.begun_at, clock_timestamp()),
    last_recording_id = coalesce(batch[cardinality(batch)], c.last_recording_id),
    recordings = c.recordings + apply_retention_change.recordings,
    applied_at = case when is_over then clock_timestamp() end
  where c.tenant_id = this_tenant
    and c.change_id = change.change_id;
  change_id := change.change_id;
  return next;
end
$$;
comment on function hansard.apply_retention_change(integer, integer) is
  'Goes through so many recordings of the tenant for the change of retention that has waited longest and is due, given the deployment''s default; no row: there is none, or somebody else is at it.';
revoke all on function hansard.apply_retention_change(integer, integer) from public;
grant execute on function hansard.apply_retention_change(integer, integer) to hansard_retention;

-- Abandoned recordings ----------------------------------------------------------------------------

create function hansard.due_abandoned_recordings(
  after uuid, upto uuid, most integer, idle interval, open_for interval)
  returns table (tenant_id uuid)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  first record;
begin
  while found_count < most loop
    select r.tenant_id, p.closes_at
    into first
    from hansard.canvas_recordings as r
    join hansard.recording_progress as p
      on p.tenant_id = r.tenant_id
      and p.recording_id = r.recording_id
    where r.stopped_at is null
      and r.tenant_id > place
    order by r.tenant_id, r.started_at
    limit 1;
    place := first.tenant_id;
    exit when place is null or place > last;
    if first.closes_at <= moment or (idle is not null and exists (
      select
      from hansard.canvas_recordings as r
      join hansard.recording_progress as p
        on p.tenant_id = r.tenant_id
        and p.recording_id = r.recording_id
      where r.tenant_id = place
        and r.stopped_at is null
        and r.started_at <= moment - idle
        and coalesce(p.last_event_at, p.closes_at - open_for) <= moment - idle)) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;
comment on function hansard.due_abandoned_recordings(uuid, uuid, integer, interval, interval) is
  'Tenants with recordings that nobody stopped, in the order of their ids, after one and up to another: open for longer than events are accepted, or, unless idle is null, without an event for so long. Asked of no tenant, and tells ids only.';
revoke all on function hansard.due_abandoned_recordings(uuid, uuid, integer, interval, interval) from public;
grant execute on function hansard.due_abandoned_recordings(uuid, uuid, integer, interval, interval)
  to hansard_retention;

create function hansard.abandoned_recordings(
  idle interval, open_for interval, after_time timestamptz, after_id uuid, most integer)
  returns table (recording_id uuid, started_at timestamptz)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  moment constant timestamptz := clock_timestamp();
begin
  -- A clock that runs ahead would end everything that is being recorded.
  perform hansard.require_steady_clock();
  return query
  select r.recording_id, r.started_at
  from hansard.canvas_recordings as r
  join hansard.recording_progress as p
    on p.tenant_id = r.tenant_id
    and p.recording_id = r.recording_id
  where r.tenant_id = this_tenant
    and r.stopped_at is null
    and r.started_at <= moment - coalesce(idle, interval '0')
    and (p.closes_at <= moment
      or coalesce(p.last_event_at, p.closes_at - open_for) <= moment - idle)
    and (after_id is null or (r.started_at, r.recording_id) > (after_time, after_id))
  order by r.started_at, r.recording_id
  limit most;
end
$$;
comment on function hansard.abandoned_recordings(interval, interval, timestamptz, uuid, integer) is
  'So many recordings of the tenant that nobody stopped, the oldest first, behind a place in that order.';
revoke all on function hansard.abandoned_recordings(interval, interval, timestamptz, uuid, integer) from public;
grant execute on function hansard.abandoned_recordings(interval, interval, timestamptz, uuid, integer)
  to hansard_retention;

create function hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval)
  returns table (reason text, last_event_at timestamptz, found_at timestamptz)
  language plpgsql
  set search_path = pg_catalog
as $$
begin
  return query
  select
    case when p.closes_at <= clock_timestamp() then 'open_too_long' else 'no_event_since' end,
    p.last_event_at,
    clock_timestamp()
  from hansard.recording_progress as p
  where p.tenant_id = hansard.tenant()
    and p.recording_id = recording
    and p.is_open
    and (p.closes_at <= clock_timestamp()
      or coalesce(p.last_event_at, p.closes_at - open_for) <= clock_timestamp() - idle)
  for no key update skip locked;
end
$$;
comment on function hansard.claim_abandoned_recording(uuid, interval, interval) is
  'Holds the counters of a recording of the tenant that nobody has stopped, asked again under their lock; no row: it is not so, or somebody else holds them.';
revoke all on function hansard.claim_abandoned_recording(uuid, interval, interval) from public;
grant execute on function hansard.claim_abandoned_recording(uuid, interval, interval) to hansard_service;

-- As append_events, for one event of the service's own.
create function hansard.append_final_event(
  recording uuid, event_id uuid, event_type text, happened_at timestamptz, recorder text, payload bytea,
  payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text)
  returns table (seq bigint, recorded_at timestamptz, leaf_hash bytea)
  language plpgsql
  set search_path = pg_catalog
as $$
#variable_conflict use_variable
declare
  this_tenant constant uuid := hansard.tenant();
  place date;
begin
  recorded_at := clock_timestamp();
  update hansard.recording_progress as p
  set
    event_count = p.event_count + 1,
    last_event_at = recorded_at,
    is_open = false
  where p.tenant_id = this_tenant
    and p.recording_id = recording
    and p.is_open
  returning p.event_count, p.expires_on into seq, place;
  if not found then
    return;
  end if;
  leaf_hash := sha256('\x00'::bytea || leaf_prefix || int8send(seq)
    || int8send((extract(epoch from recorded_at) * 1000000)::bigint));
  insert into hansard.recording_events (
    tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by, payload,
    payload_length, content_mac, leaf_hash, expires_on, redaction_policy, redacted_families,
    redacted_counts)
  values (
    this_tenant, recording, seq, event_id, event_type, happened_at, recorded_at, recorder, payload,
    payload_length, content_mac, leaf_hash, place, policy, families::text[], counts::integer[]);
  return next;
end
$$;
comment on function hansard.append_final_event(
  uuid, uuid, text, timestamptz, text, bytea, integer, bytea, bytea, integer, text, text) is
  'Appends the last event of a recording, after its time too, and closes it; no row: it is closed. The caller holds its counters.';
revoke all on function hansard.append_final_event(
  uuid, uuid, text, timestamptz, text, bytea, integer, bytea, bytea, integer, text, text) from public;
grant execute on function hansard.append_final_event(
  uuid, uuid, text, timestamptz, text, bytea, integer, bytea, bytea, integer, text, text)
  to hansard_service;

-- Compliance --------------------------------------------------------------------------------------

create or replace view compliance.tenant with (security_invoker = true) as
  select t.name, t.retention_days, t.created_at, t.minimum_retention_days
  from hansard.tenants as t;
comment on column compliance.tenant.minimum_retention_days is
  'Days before which nobody may have a stopped recording purged; null: there is no such time.';

create or replace view compliance.retention_policies with (security_invoker = true) as
  select
    y.version,
    y.retention_days,
    y.review_sample_percent,
    y.new_autonomy_reviews,
    y.four_eyes as requires_four_eyes,
    y.events_per_day,
    y.recordings_per_day,
    y.created_by as set_by,
    y.created_at as valid_from,
    lead(y.created_at) over (partition by y.tenant_id order by y.version) as valid_until,
    y.retention_profile,
    y.minimum_retention_days
  from hansard.tenant_policies as y;
comment on column compliance.retention_policies.retention_days is
  'Days that a stopped recording is kept, a shorter period from seven days later on; null: the deployment''s default.';
comment on column compliance.retention_policies.retention_profile is
  'The law or standard whose minimum it keeps: eu_ai_act, hipaa, soc2, gdpr_min; null: none.';
comment on column compliance.retention_policies.minimum_retention_days is
  'Days before which nobody may have a stopped recording purged, beside the profile''s; null: none of its own.';

reset role;
