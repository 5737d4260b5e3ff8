-- Whether an event is known is asked of the index of ids, whatever PostgreSQL takes for a partition's size. Where it
-- knew none (before the first ANALYZE, or with few rows when that came) all indexes looked alike, and it went by one
-- that has a recording's events by their time, or a tenant's: each append read all that was there.
-- The order asked for is one that only the index of ids has without sorting. With "=" any index would have it.

set local role hansard_owner;

create or replace function hansard.append_events_one_by_one(
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
  set enable_bitmapscan = off
  set enable_memoize = off
  set enable_material = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set enable_sort = off
  -- A sort that cannot be done without makes the plan look too dear to be interpreted.
  set jit = off
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
    left join lateral (
      select y.seq, y.recorded_at, y.leaf_hash, y.content_mac
      from hansard.recording_events as y
      where y.tenant_id = this_tenant
        and y.recording_id = p.recording_id
        and y.expires_on = p.expires_on
        and y.event_id between e.event_id and e.event_id
      order by y.event_id
      limit 1
    ) as x on true;
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

reset role;
