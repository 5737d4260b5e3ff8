-- What is redacted: each tenant's policy, and with each event which policy it was redacted under and
-- what was found. Appending becomes cheaper: one statement that looks and locks, one that stores.

set local role hansard_owner;

-- Policies ----------------------------------------------------------------------------------------

-- A policy is never changed: the next version takes its place, so that it can always be said what an
-- event was redacted under. A tenant without one is redacted by the build's own rules, all of them.
create table hansard.redaction_policies (
  tenant_id uuid not null,
  version integer not null,
  switched_off text[] not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  constraint redaction_policies_pkey primary key (tenant_id, version),
  constraint redaction_policies_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint redaction_policies_version_positive check (version > 0),
  constraint redaction_policies_switched_off_count check (cardinality(switched_off) <= 500)
);
comment on column hansard.redaction_policies.switched_off is
  'Names of families that this tenant does not have redacted.';

create table hansard.redaction_rules (
  tenant_id uuid not null,
  version integer not null,
  name text not null,
  literal_position text not null,
  literal text not null,
  characters text not null,
  minimum_length integer not null,
  maximum_length integer not null,
  constraint redaction_rules_pkey primary key (tenant_id, version, name),
  constraint redaction_rules_policy_fkey
    foreign key (tenant_id, version)
    references hansard.redaction_policies (tenant_id, version),
  constraint redaction_rules_name_form check (name ~ '^[a-z][a-z0-9_]{0,35}$'),
  constraint redaction_rules_position_known check (literal_position in ('prefix', 'context')),
  constraint redaction_rules_literal_length check (octet_length(literal) between 2 and 64),
  constraint redaction_rules_length_range check (
    minimum_length between 1 and maximum_length and maximum_length <= 4096)
);
comment on table hansard.redaction_rules is
  'A tenant''s own kinds of secrets, in addition to the built-in families.';

do $guards$
declare
  guarded text;
begin
  foreach guarded in array array['redaction_policies', 'redaction_rules'] loop
    execute format(
      'create trigger %I before update or delete on hansard.%I
         for each row execute function hansard.refuse_change()',
      guarded || '_append_only', guarded);
    execute format(
      'create trigger %I before truncate on hansard.%I
         for each statement execute function hansard.refuse_change()',
      guarded || '_no_truncate', guarded);
  end loop;
end
$guards$;

alter table hansard.redaction_policies enable row level security;
alter table hansard.redaction_policies force row level security;
create policy redaction_policies_isolation on hansard.redaction_policies
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

alter table hansard.redaction_rules enable row level security;
alter table hansard.redaction_rules force row level security;
create policy redaction_rules_isolation on hansard.redaction_rules
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.redaction_policies, hansard.redaction_rules to hansard_service;

-- Events ------------------------------------------------------------------------------------------

-- Not valid for the rows that are there: to look at them takes long, and the lock of this statement
-- stops the service. The next migration validates under a lock that does not.
alter table hansard.recording_events
  add column redaction_policy integer,
  add column redacted_families text[],
  add column redacted_counts integer[],
  add constraint recording_events_redaction_policy_range
    check (redaction_policy >= 0) not valid,
  add constraint recording_events_redactions_complete check (
    (redacted_families is null) = (redacted_counts is null)
    and cardinality(redacted_families) = cardinality(redacted_counts)) not valid,
  -- A marker is longer than a short secret.
  drop constraint recording_events_payload_length_range,
  add constraint recording_events_payload_length_range
    check (payload_length between 1 and 2097152) not valid;
comment on column hansard.recording_progress.last_event_at is
  'When an event was last appended, or refused together with others.';
comment on column hansard.recording_events.redaction_policy is
  'Version of the tenant''s policy that the event was redacted under, 0: the built-in rules; null: it was stored before there was redaction.';
comment on column hansard.recording_events.redacted_families is
  'What was redacted in the event, in alphabetical order; null: nothing.';
comment on column hansard.recording_events.redacted_counts is
  'How often each of redacted_families was redacted.';
comment on column hansard.recording_events.payload is
  'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of event_data, redacted.';
comment on column hansard.recording_events.payload_length is 'Bytes of event_data, redacted.';

-- Texts ---------------------------------------------------------------------------------------------

alter table hansard.canvas_recordings
  drop constraint canvas_recordings_reason_length,
  add constraint canvas_recordings_reason_length
    check (octet_length(reason) between 1 and 8000) not valid,
  drop constraint canvas_recordings_summary_length,
  add constraint canvas_recordings_summary_length
    check (octet_length(summary) <= 32000) not valid,
  drop constraint canvas_recordings_flag_reason_length,
  add constraint canvas_recordings_flag_reason_length
    check (octet_length(flag_reason) between 1 and 16000) not valid;
alter table hansard.recording_flags
  drop constraint recording_flags_reason_length,
  add constraint recording_flags_reason_length
    check (octet_length(flag_reason) between 1 and 16000) not valid;

-- Appending -----------------------------------------------------------------------------------------

drop function hansard.append_events;

-- Appends the events of several requests of one tenant. A request is all or nothing: its verdict is
-- the same on each of its events. The recordings' counters are locked first, in one order; what they
-- say is read under the locks.
--
-- Where every request can be stored, which is nearly always, two statements do it all. Otherwise
-- append_events_one_by_one sorts out which can.
create function hansard.append_events(
  recordings uuid[], -- different ones, in ascending order
  recording_events integer[], -- one element per recording: its events in this call
  recording_errors integer[],
  recording_completions integer[],
  keys uuid[], -- different ones: those that the requests were made with
  request_recordings integer[], -- one element per request: the index of its recording, from 1
  request_keys uuid[],
  event_requests integer[], -- one element per event: the index of its request, from 1
  event_recordings integer[], -- the index of its recording, from 1
  event_positions integer[], -- its place among this call's events of its recording, from 1
  event_ids uuid[],
  event_ids_chosen boolean[], -- true where the client chose the id, so that it may be here already
  event_types text[],
  event_times timestamptz[],
  event_recorders text[],
  event_payloads bytea[],
  event_payload_lengths integer[],
  event_content_macs bytea[],
  event_leaf_prefixes bytea[],
  event_policies integer[],
  event_families text[], -- one text[] literal per event, null where nothing was redacted
  event_counts text[]) -- one integer[] literal per event
  returns table (
    ordinal bigint, verdict text, seq bigint, recorded_at timestamptz, leaf_hash bytea)
  language plpgsql
  set plan_cache_mode = force_generic_plan
  -- A plan made while a table was small must not go on reading all of it when it has grown.
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  -- One time for counting and for taking it back, or a recording that closes in between would keep
  -- what it was given.
  asked_at constant timestamptz := clock_timestamp();
  -- One element per recording that is open: how many events it has then, and their partition's day.
  bases bigint[];
  expiries date[];
  can_all boolean;
  now_locked timestamptz;
  now_bytes bytea;
begin
  -- Locks the recordings' counters in the order of their index, and counts as if all went well.
  -- By `any`, not by a join: that would read all counters of all tenants.
  with counted as (
    update hansard.recording_progress as p
    set
      event_count
        = p.event_count + recording_events[array_position(recordings, p.recording_id)],
      error_count
        = p.error_count + recording_errors[array_position(recordings, p.recording_id)],
      completion_count
        = p.completion_count + recording_completions[array_position(recordings, p.recording_id)],
      last_event_at = asked_at
    where p.tenant_id = this_tenant
      and p.recording_id = any (recordings)
      and p.is_open
      and p.closes_at > asked_at
    returning p.recording_id, p.event_count, p.expires_on
  )
  select
    array_agg(c.event_count order by c.recording_id),
    array_agg(c.expires_on order by c.recording_id),
    count(*) = cardinality(recordings)
      and array_position(request_keys, null) is null
      and cardinality(keys) = (
        select count(*)
        from hansard.api_keys as a
        where a.tenant_id = this_tenant
          and a.key_id = any (keys)
          and a.revoked_at is null
          and (a.expires_at is null or a.expires_at > asked_at))
  into bases, expiries, can_all
  from counted as c;

  if not can_all or true = any (event_ids_chosen) then
    -- Takes the counting back, under the locks, and lets every request be judged by itself.
    update hansard.recording_progress as p
    set
      event_count
        = p.event_count - recording_events[array_position(recordings, p.recording_id)],
      error_count
        = p.error_count - recording_errors[array_position(recordings, p.recording_id)],
      completion_count
        = p.completion_count - recording_completions[array_position(recordings, p.recording_id)]
    where p.tenant_id = this_tenant
      and p.recording_id = any (recordings)
      and p.is_open
      and p.closes_at > asked_at;
    return query
    select o.ordinal, o.verdict, o.seq, o.recorded_at, o.leaf_hash
    from hansard.append_events_one_by_one(
      array(select recordings[r.recording]
        from unnest(request_recordings) with ordinality as r (recording, request)
        order by r.request),
      request_keys, event_requests, event_ids, event_ids_chosen, event_types, event_times,
      event_recorders, event_payloads, event_payload_lengths, event_content_macs,
      event_leaf_prefixes, event_policies, event_families, event_counts) as o
    order by o.ordinal;
    return;
  end if;

  now_locked := clock_timestamp();
  now_bytes := int8send((extract(epoch from now_locked) * 1000000)::bigint);

  return query
  with stored as (
    insert into hansard.recording_events as x (
      tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by,
      payload, payload_length, content_mac, leaf_hash, expires_on, redaction_policy,
      redacted_families, redacted_counts)
    select
      this_tenant, recordings[e.recording],
      bases[e.recording] - recording_events[e.recording] + e.place, e.event_id, e.event_type,
      e.occurred_at, now_locked, e.recorded_by, e.payload, e.payload_length, e.content_mac,
      sha256('\x00'::bytea || e.prefix
        || int8send(bases[e.recording] - recording_events[e.recording] + e.place) || now_bytes),
      expiries[e.recording], e.policy, e.families::text[], e.counts::integer[]
    from unnest(
        event_recordings, event_positions, event_ids, event_types, event_times, event_recorders,
        event_payloads, event_payload_lengths, event_content_macs, event_leaf_prefixes,
        event_policies, event_families, event_counts)
      as e (
        recording, place, event_id, event_type, occurred_at, recorded_by, payload, payload_length,
        content_mac, prefix, policy, families, counts)
    returning x.seq, x.leaf_hash
  )
  select row_number() over (), 'appended', s.seq, now_locked, s.leaf_hash
  from stored as s;
end
$$;
comment on function hansard.append_events is
  'Verdicts: appended, known (stored before: its first receipt), mismatch (same id, other event), withheld (another event of the request is a mismatch), not_open, not_found, unauthenticated.';
revoke all on function hansard.append_events from public;
grant execute on function hansard.append_events to hansard_service;

-- The same for requests of which some cannot be stored, or may have been stored before. The caller
-- holds the progress rows' locks, so that what is read here is what is true under them.
create function hansard.append_events_one_by_one(
  request_recordings uuid[], -- one element per request
  request_keys uuid[],
  event_requests integer[], -- one element per event: the index of its request, from 1
  event_ids uuid[],
  event_ids_chosen boolean[], -- true where the client chose the id, so that it may be here already
  event_types text[],
  event_times timestamptz[],
  event_recorders text[],
  event_payloads bytea[],
  event_payload_lengths integer[],
  event_content_macs bytea[],
  event_leaf_prefixes bytea[],
  event_policies integer[],
  event_families text[],
  event_counts text[])
  returns table (
    ordinal bigint, verdict text, seq bigint, recorded_at timestamptz, leaf_hash bytea)
  language plpgsql
  set plan_cache_mode = force_generic_plan
  -- A plan made while a table was small must not go on reading all of it when it has grown.
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  now_locked timestamptz;
  now_bytes bytea;
  -- One element per event, all in the events' order, so that nothing has to be joined again: what is
  -- stored of it already, and whether that is the same event.
  known_seqs bigint[];
  known_times timestamptz[];
  known_leaves bytea[];
  known_same boolean[];
  -- One element per request.
  verdicts text[];
  counts bigint[];
  expiries date[];
  -- One element per event: null unless it is appended now.
  new_seqs bigint[];
  new_leaves bytea[];
begin
  now_locked := clock_timestamp();
  now_bytes := int8send((extract(epoch from now_locked) * 1000000)::bigint);

  if true = any (event_ids_chosen) then
    select
      array_agg(x.seq order by e.ordinal), array_agg(x.recorded_at order by e.ordinal),
      array_agg(x.leaf_hash order by e.ordinal),
      array_agg(x.content_mac = e.content_mac order by e.ordinal)
    into known_seqs, known_times, known_leaves, known_same
    from unnest(event_requests, event_ids, event_ids_chosen, event_content_macs)
      with ordinality as e (request, event_id, chosen, content_mac, ordinal)
    left join hansard.recording_progress as p
      on p.tenant_id = this_tenant
      and p.recording_id = request_recordings[e.request]
      and e.chosen
    left join hansard.recording_events as x
      on x.tenant_id = this_tenant
      and x.recording_id = p.recording_id
      and x.event_id = e.event_id
      and x.expires_on = p.expires_on;
  end if;

  select
    array_agg(j.verdict order by j.request), array_agg(j.event_count order by j.request),
    array_agg(j.expires_on order by j.request)
  into verdicts, counts, expiries
  from (
    select
      r.request, p.event_count, p.expires_on,
      case
        when p.recording_id is null then 'not_found'
        when not exists (
          select
          from hansard.api_keys as a
          where a.tenant_id = this_tenant
            and a.key_id = r.key_id
            and a.revoked_at is null
            and (a.expires_at is null or a.expires_at > now_locked)) then 'unauthenticated'
        when c.has_mismatch then 'mismatch'
        when c.is_known then 'known'
        when not p.is_open or p.closes_at <= now_locked then 'not_open'
        else 'appended'
      end as verdict
    from unnest(request_recordings, request_keys) with ordinality as r (recording_id, key_id, request)
    join (
      select
        e.request,
        coalesce(bool_or(not e.same), false) as has_mismatch,
        bool_and(e.seq is not null) as is_known
      from unnest(event_requests, known_seqs, known_same) as e (request, seq, same)
      group by e.request
    ) as c on c.request = r.request
    left join hansard.recording_progress as p
      on p.tenant_id = this_tenant
      and p.recording_id = r.recording_id
  ) as j;

  -- Several requests of one recording follow each other.
  select
    array_agg(
      case when e.is_new then counts[e.request] + e.position end order by e.ordinal)
  into new_seqs
  from (
    select
      n.ordinal, n.request, n.is_new,
      count(*) filter (where n.is_new)
        over (partition by n.recording_id order by n.ordinal) as position
    from (
      select
        k.ordinal, k.request, request_recordings[k.request] as recording_id,
        k.seq is null and verdicts[k.request] = 'appended' as is_new
      from unnest(event_requests, known_seqs) with ordinality as k (request, seq, ordinal)
    ) as n
  ) as e;

  select
    array_agg(sha256('\x00'::bytea || e.prefix || int8send(e.seq) || now_bytes) order by e.ordinal)
  into new_leaves
  from unnest(event_leaf_prefixes, new_seqs) with ordinality as e (prefix, seq, ordinal);

  insert into hansard.recording_events (
    tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by,
    payload, payload_length, content_mac, leaf_hash, expires_on, redaction_policy,
    redacted_families, redacted_counts)
  select
    this_tenant, request_recordings[e.request], e.seq, e.event_id, e.event_type, e.occurred_at,
    now_locked, e.recorded_by, e.payload, e.payload_length, e.content_mac, e.leaf,
    expiries[e.request], e.policy, e.families::text[], e.counts::integer[]
  from unnest(
      event_requests, new_seqs, event_ids, event_types, event_times, event_recorders,
      event_payloads, event_payload_lengths, event_content_macs, new_leaves, event_policies,
      event_families, event_counts)
    as e (
      request, seq, event_id, event_type, occurred_at, recorded_by, payload, payload_length,
      content_mac, leaf, policy, families, counts)
  where e.seq is not null;

  update hansard.recording_progress as p
  set
    event_count = p.event_count + c.events,
    error_count = p.error_count + c.errors,
    completion_count = p.completion_count + c.completions,
    last_event_at = now_locked
  from (
    select
      request_recordings[e.request] as recording_id,
      count(*) as events,
      count(*) filter (where e.event_type = 'error') as errors,
      count(*) filter (where e.event_type = 'operation_complete') as completions
    from unnest(event_requests, event_types, new_seqs) as e (request, event_type, seq)
    where e.seq is not null
    group by request_recordings[e.request]
  ) as c
  where p.tenant_id = this_tenant
    and p.recording_id = c.recording_id;

  return query
  select
    e.ordinal,
    case
      when verdicts[e.request] = 'appended' and e.known_seq is not null then 'known'
      when verdicts[e.request] = 'mismatch' and e.same is distinct from false then 'withheld'
      else verdicts[e.request]
    end,
    coalesce(e.known_seq, e.new_seq),
    coalesce(e.known_at, now_locked),
    coalesce(e.known_leaf, e.new_leaf)
  from unnest(
      event_requests, known_seqs, known_times, known_leaves, known_same, new_seqs, new_leaves)
    with ordinality as e (
      request, known_seq, known_at, known_leaf, same, new_seq, new_leaf, ordinal)
  order by e.ordinal;
end
$$;
comment on function hansard.append_events_one_by_one is
  'The careful part of append_events: verdict by verdict.';
revoke all on function hansard.append_events_one_by_one from public;
grant execute on function hansard.append_events_one_by_one to hansard_service;

reset role;
