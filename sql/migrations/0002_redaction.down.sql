-- migrate: destructive
-- The older schema has no place for what was redacted, nor for the policies. Events stay; those that
-- redaction made larger than the older schema allows stay too, and only the check is not validated.

set local role hansard_owner;

drop function hansard.append_events;
drop function hansard.append_events_one_by_one;

alter table hansard.recording_events
  drop constraint recording_events_redaction_policy_range,
  drop constraint recording_events_redactions_complete,
  drop column redaction_policy,
  drop column redacted_families,
  drop column redacted_counts,
  drop constraint recording_events_payload_length_range,
  add constraint recording_events_payload_length_range
    check (payload_length between 1 and 262144) not valid;
alter table hansard.canvas_recordings
  drop constraint canvas_recordings_reason_length,
  add constraint canvas_recordings_reason_length
    check (octet_length(reason) between 1 and 1000) not valid,
  drop constraint canvas_recordings_summary_length,
  add constraint canvas_recordings_summary_length
    check (octet_length(summary) <= 4000) not valid,
  drop constraint canvas_recordings_flag_reason_length,
  add constraint canvas_recordings_flag_reason_length
    check (octet_length(flag_reason) between 1 and 2000) not valid;
alter table hansard.recording_flags
  drop constraint recording_flags_reason_length,
  add constraint recording_flags_reason_length
    check (octet_length(flag_reason) between 1 and 2000) not valid;

do $validate$
declare
  fitting record;
begin
  for fitting in
    select known.in_table, known.check_name
    from (values
      ('recording_events', 'recording_events_payload_length_range'),
      ('canvas_recordings', 'canvas_recordings_reason_length'),
      ('canvas_recordings', 'canvas_recordings_summary_length'),
      ('canvas_recordings', 'canvas_recordings_flag_reason_length'),
      ('recording_flags', 'recording_flags_reason_length')
    ) as known (in_table, check_name)
  loop
    begin
      execute format(
        'alter table hansard.%I validate constraint %I', fitting.in_table, fitting.check_name);
    exception
      when check_violation then null; -- what is there is longer, and stays
    end;
  end loop;
end
$validate$;

comment on column hansard.recording_progress.last_event_at is null;
comment on column hansard.recording_events.payload is
  'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of event_data as sent.';
comment on column hansard.recording_events.payload_length is 'Bytes of event_data as sent.';

drop table hansard.redaction_rules;
drop table hansard.redaction_policies;

-- Appends the events of several requests of one tenant. A request is all or nothing: its verdict is
-- the same on each of its events. The progress rows are locked first, in one order, so that what the
-- second statement reads is what is true under the locks.
create function hansard.append_events(
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
  event_leaf_prefixes bytea[])
  returns table (
    ordinal bigint, verdict text, seq bigint, recorded_at timestamptz, leaf_hash bytea)
  language plpgsql
  set plan_cache_mode = force_generic_plan
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
  perform 1
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = any (request_recordings)
  order by p.recording_id
  for no key update;

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
    payload, payload_length, content_mac, leaf_hash, expires_on)
  select
    this_tenant, request_recordings[e.request], e.seq, e.event_id, e.event_type, e.occurred_at,
    now_locked, e.recorded_by, e.payload, e.payload_length, e.content_mac, e.leaf,
    expiries[e.request]
  from unnest(
      event_requests, new_seqs, event_ids, event_types, event_times, event_recorders,
      event_payloads, event_payload_lengths, event_content_macs, new_leaves)
    as e (
      request, seq, event_id, event_type, occurred_at, recorded_by, payload, payload_length,
      content_mac, leaf)
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
comment on function hansard.append_events is
  'Verdicts: appended, known (stored before: its first receipt), mismatch (same id, other event), withheld (another event of the request is a mismatch), not_open, not_found, unauthenticated.';
revoke all on function hansard.append_events from public;
grant execute on function hansard.append_events to hansard_service;

reset role;
