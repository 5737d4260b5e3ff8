-- Made by scripts/dump-schema from sql/migrations, with PostgreSQL 15. Not to be edited.
--
-- PostgreSQL database dump
--



SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: compliance; Type: SCHEMA; Schema: -; Owner: hansard_owner
--

CREATE SCHEMA compliance;


ALTER SCHEMA compliance OWNER TO hansard_owner;

--
-- Name: SCHEMA compliance; Type: COMMENT; Schema: -; Owner: hansard_owner
--

COMMENT ON SCHEMA compliance IS 'What happened, for compliance teams: stable views, version 1. Read-only, one tenant per login; no payloads.';


--
-- Name: hansard; Type: SCHEMA; Schema: -; Owner: hansard_owner
--

CREATE SCHEMA hansard;


ALTER SCHEMA hansard OWNER TO hansard_owner;

--
-- Name: SCHEMA hansard; Type: COMMENT; Schema: -; Owner: hansard_owner
--

COMMENT ON SCHEMA hansard IS 'The record of what autonomous agents did. Written by the service; never by hand.';


--
-- Name: hansard_migrations; Type: SCHEMA; Schema: -; Owner: postgres
--

CREATE SCHEMA hansard_migrations;


ALTER SCHEMA hansard_migrations OWNER TO postgres;

--
-- Name: SCHEMA hansard_migrations; Type: COMMENT; Schema: -; Owner: postgres
--

COMMENT ON SCHEMA hansard_migrations IS 'Which migrations are applied; kept by the migrator.';


--
-- Name: abandoned_recordings(interval, interval, timestamp with time zone, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer) RETURNS TABLE(recording_id uuid, started_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer) IS 'So many recordings of the tenant that nobody stopped, the oldest first, behind a place in that order.';


--
-- Name: active_tenant_key(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.active_tenant_key() RETURNS TABLE(tenant_key_id uuid, master_key_id text, master_key_fingerprint bytea, wrapped bytea, recognition bytea)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
  -- Where the key was replaced at this moment, the statement that waited has not seen the next one yet.
  for attempt in 1..3 loop
    return query
    select k.tenant_key_id, k.master_key_id, k.master_key_fingerprint, k.wrapped, k.recognition
    from hansard.tenant_keys as k
    where k.tenant_id = hansard.tenant()
      and k.state = 'active'
    for key share;
    exit when found;
  end loop;
end
$$;


ALTER FUNCTION hansard.active_tenant_key() OWNER TO hansard_owner;

--
-- Name: FUNCTION active_tenant_key(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.active_tenant_key() IS 'The key that new things are wrapped under. It may be replaced, but does not go before the transaction that asked is over.';


--
-- Name: add_recovery_files(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.add_recovery_files() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  insert into hansard.recovery_files (tenant_id, session_id, digest)
  select distinct new.tenant_id, new.session_id, d.digest
  from unnest(new.file_digests) as d (digest)
  on conflict do nothing;
  return null;
end
$$;


ALTER FUNCTION hansard.add_recovery_files() OWNER TO hansard_owner;

--
-- Name: FUNCTION add_recovery_files(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.add_recovery_files() IS 'Adds the files of an attempt to those of its session.';


--
-- Name: analyst_tenant(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.analyst_tenant() RETURNS uuid
    LANGUAGE plpgsql STABLE SECURITY DEFINER PARALLEL SAFE
    SET search_path TO 'pg_catalog'
    AS $$
begin
  return (
    -- A login that two tenants claimed would read neither.
    select case when count(*) = 1 then (array_agg(a.tenant_id))[1] end
    from hansard.analysts as a
    where a.login = session_user
      and a.dropped_at is null);
end
$$;


ALTER FUNCTION hansard.analyst_tenant() OWNER TO hansard_owner;

--
-- Name: FUNCTION analyst_tenant(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.analyst_tenant() IS 'The tenant that session_user is mapped to; null for everybody who is no analyst. Never asks a setting.';


--
-- Name: append_events(uuid[], integer[], integer[], integer[], uuid[], integer[], uuid[], integer[], integer[], integer[], uuid[], boolean[], text[], timestamp with time zone[], text[], bytea[], integer[], bytea[], bytea[], integer[], text[], text[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) RETURNS TABLE(ordinal bigint, verdict text, seq bigint, recorded_at timestamp with time zone, leaf_hash bytea)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    AS $$
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


ALTER FUNCTION hansard.append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) IS 'Verdicts: appended, known (stored before: its first receipt), mismatch (same id, other event), withheld (another event of the request is a mismatch), not_open, not_found, unauthenticated.';


--
-- Name: append_events_one_by_one(uuid[], uuid[], integer[], uuid[], boolean[], text[], timestamp with time zone[], text[], bytea[], integer[], bytea[], bytea[], integer[], text[], text[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) RETURNS TABLE(ordinal bigint, verdict text, seq bigint, recorded_at timestamp with time zone, leaf_hash bytea)
    LANGUAGE plpgsql
    SET plan_cache_mode TO 'force_generic_plan'
    SET enable_seqscan TO 'off'
    SET enable_bitmapscan TO 'off'
    SET enable_memoize TO 'off'
    SET enable_material TO 'off'
    SET enable_hashjoin TO 'off'
    SET enable_mergejoin TO 'off'
    SET enable_sort TO 'off'
    SET jit TO 'off'
    AS $$
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


ALTER FUNCTION hansard.append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) IS 'The careful part of append_events: verdict by verdict.';


--
-- Name: append_final_event(uuid, uuid, text, timestamp with time zone, text, bytea, integer, bytea, bytea, integer, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text) RETURNS TABLE(seq bigint, recorded_at timestamp with time zone, leaf_hash bytea)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text) OWNER TO hansard_owner;

--
-- Name: FUNCTION append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text) IS 'Appends the last event of a recording, after its time too, and closes it; no row: it is closed. The caller holds its counters.';


--
-- Name: apply_retention_change(integer, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.apply_retention_change(default_days integer, most integer) RETURNS TABLE(change_id uuid, recordings bigint, has_begun boolean, is_over boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.apply_retention_change(default_days integer, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION apply_retention_change(default_days integer, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.apply_retention_change(default_days integer, most integer) IS 'Goes through so many recordings of the tenant for the change of retention that has waited longest and is due, given the deployment''s default; no row: there is none, or somebody else is at it.';


--
-- Name: tenant(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.tenant() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('hansard.tenant_id'::text, true), ''::text))::uuid;


ALTER FUNCTION hansard.tenant() OWNER TO hansard_owner;

--
-- Name: FUNCTION tenant(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.tenant() IS 'The tenant of this transaction, as set with SET LOCAL hansard.tenant_id; null where none is set.';


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: canvas_recordings; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.canvas_recordings (
    tenant_id uuid NOT NULL,
    id uuid NOT NULL,
    recording_id uuid NOT NULL,
    agent_id text NOT NULL,
    user_id text NOT NULL,
    canvas_id text,
    session_id text,
    reason text NOT NULL,
    status text DEFAULT 'recording'::text NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    started_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone,
    duration_seconds double precision,
    summary text,
    event_count bigint DEFAULT 0 NOT NULL,
    recording_metadata jsonb NOT NULL,
    flagged_for_review boolean DEFAULT false NOT NULL,
    flag_reason text,
    flagged_by text,
    flagged_at timestamp with time zone,
    expires_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    storage_url text,
    automatic_scope text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    retain_until timestamp with time zone,
    hold_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT canvas_recordings_canvas_id_length CHECK (((length(canvas_id) >= 1) AND (length(canvas_id) <= 255))),
    CONSTRAINT canvas_recordings_duration_not_negative CHECK ((duration_seconds >= (0)::double precision)),
    CONSTRAINT canvas_recordings_event_count_not_negative CHECK ((event_count >= 0)),
    CONSTRAINT canvas_recordings_flag_complete CHECK (((flagged_for_review = (flag_reason IS NOT NULL)) AND (flagged_for_review = (flagged_by IS NOT NULL)) AND (flagged_for_review = (flagged_at IS NOT NULL)))),
    CONSTRAINT canvas_recordings_flag_reason_length CHECK (((octet_length(flag_reason) >= 1) AND (octet_length(flag_reason) <= 16000))),
    CONSTRAINT canvas_recordings_reason_length CHECK (((octet_length(reason) >= 1) AND (octet_length(reason) <= 8000))),
    CONSTRAINT canvas_recordings_session_id_length CHECK (((length(session_id) >= 1) AND (length(session_id) <= 255))),
    CONSTRAINT canvas_recordings_status_known CHECK ((status = ANY (ARRAY['recording'::text, 'completed'::text, 'failed'::text]))),
    CONSTRAINT canvas_recordings_stopped_complete CHECK (((status = 'recording'::text) = ((stopped_at IS NULL) AND (duration_seconds IS NULL) AND (summary IS NULL)))),
    CONSTRAINT canvas_recordings_summary_length CHECK ((octet_length(summary) <= 32000)),
    CONSTRAINT canvas_recordings_tag_count CHECK ((cardinality(tags) <= 1000))
);
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN user_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN canvas_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN session_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN tags SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN started_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN stopped_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN duration_seconds SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN recording_metadata SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN flag_reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN flagged_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN flagged_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN expires_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN expires_on SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN updated_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN retain_until SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_recordings ALTER COLUMN hold_count SET STATISTICS 0;

ALTER TABLE ONLY hansard.canvas_recordings FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.canvas_recordings OWNER TO hansard_owner;

--
-- Name: COLUMN canvas_recordings.event_count; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.event_count IS 'Final number of events, written when the recording stops; until then recording_progress has it.';


--
-- Name: COLUMN canvas_recordings.expires_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.expires_at IS 'From then on nobody is shown it, unless it is held; provisional until it stops.';


--
-- Name: COLUMN canvas_recordings.expires_on; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.expires_on IS 'The partition of its events: the day after its latest expiry as seen at its start; 9999-12-31: it was held when that partition was dropped.';


--
-- Name: COLUMN canvas_recordings.automatic_scope; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.automatic_scope IS 'Session (s:…) or canvas (c:…) of an automatic recording; null where none was given, or by hand.';


--
-- Name: COLUMN canvas_recordings.retain_until; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.retain_until IS 'Before this nobody may have it purged; null: there is no such time. Never set earlier.';


--
-- Name: COLUMN canvas_recordings.hold_count; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_recordings.hold_count IS 'Legal holds that are on it: while there is one, it stays, whatever has expired.';


--
-- Name: recording_progress; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_progress (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    is_open boolean DEFAULT true NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    expires_on date NOT NULL,
    event_count bigint DEFAULT 0 NOT NULL,
    error_count bigint DEFAULT 0 NOT NULL,
    completion_count bigint DEFAULT 0 NOT NULL,
    last_event_at timestamp with time zone,
    CONSTRAINT recording_progress_counts_not_negative CHECK (((event_count >= 0) AND (error_count >= 0) AND (completion_count >= 0)))
)
WITH (fillfactor='50');
ALTER TABLE ONLY hansard.recording_progress ALTER COLUMN event_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_progress ALTER COLUMN error_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_progress ALTER COLUMN completion_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_progress ALTER COLUMN last_event_at SET STATISTICS 0;

ALTER TABLE ONLY hansard.recording_progress FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_progress OWNER TO hansard_owner;

--
-- Name: COLUMN recording_progress.closes_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_progress.closes_at IS 'The latest time at which an event is still accepted; an abandoned recording is completed after it.';


--
-- Name: COLUMN recording_progress.last_event_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_progress.last_event_at IS 'When an event was last appended, or refused together with others.';


--
-- Name: tenants; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.tenants (
    tenant_id uuid NOT NULL,
    name text NOT NULL,
    retention_days integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    minimum_retention_days integer,
    archive_days integer,
    CONSTRAINT tenants_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT tenants_retention_days_range CHECK (((retention_days >= 1) AND (retention_days <= 36500)))
);
ALTER TABLE ONLY hansard.tenants ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenants ALTER COLUMN retention_days SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenants ALTER COLUMN created_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenants ALTER COLUMN minimum_retention_days SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenants ALTER COLUMN archive_days SET STATISTICS 0;

ALTER TABLE ONLY hansard.tenants FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.tenants OWNER TO hansard_owner;

--
-- Name: COLUMN tenants.retention_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenants.retention_days IS 'Days that a stopped recording is kept; null: the deployment''s default.';


--
-- Name: COLUMN tenants.minimum_retention_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenants.minimum_retention_days IS 'Days before which nobody may have a stopped recording purged, in force; null: there is no such time.';


--
-- Name: COLUMN tenants.archive_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenants.archive_days IS 'Days after its stop that the events of a recording are moved to the archive, in force; null: never.';


--
-- Name: archivable_recordings(uuid[], integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.archivable_recordings(passed_over uuid[], most integer) RETURNS TABLE(recording_id uuid, expires_on date, event_count bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT d.recording_id,
     p.expires_on,
     p.event_count
    FROM (( SELECT r.recording_id,
             r.stopped_at
            FROM (hansard.tenants t
              JOIN hansard.canvas_recordings r ON (((r.tenant_id = t.tenant_id) AND (r.stopped_at <= (clock_timestamp() - make_interval(days => t.archive_days))))))
           WHERE ((t.tenant_id = hansard.tenant()) AND (r.stopped_at IS NOT NULL) AND (r.storage_url IS NULL) AND (r.hold_count = 0) AND (r.expires_at > clock_timestamp()) AND (r.recording_id <> ALL (archivable_recordings.passed_over)))
           ORDER BY r.stopped_at
          LIMIT archivable_recordings.most) d
      JOIN hansard.recording_progress p ON (((p.tenant_id = hansard.tenant()) AND (p.recording_id = d.recording_id))))
   ORDER BY d.stopped_at;
END;


ALTER FUNCTION hansard.archivable_recordings(passed_over uuid[], most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION archivable_recordings(passed_over uuid[], most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.archivable_recordings(passed_over uuid[], most integer) IS 'So many recordings of the tenant that are to be archived by its policy, have not expired and are not held, the first stopped first, but for those that could not be before.';


--
-- Name: begin_archive(uuid, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.begin_archive(wanted uuid, url text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.begin_archive(wanted uuid, url text) OWNER TO hansard_owner;

--
-- Name: FUNCTION begin_archive(wanted uuid, url text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.begin_archive(wanted uuid, url text) IS 'Takes note, before anything is written there, of where a recording of the tenant is archived; false: it is not to be, or somebody else is at it.';


--
-- Name: check_retention_clock(timestamp with time zone, timestamp with time zone, double precision); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision) RETURNS TABLE(moment timestamp with time zone, suspended_because text)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
  clock hansard.retention_clock;
  jump text;
begin
  select c.* into clock from hansard.retention_clock as c for update;
  moment := clock_timestamp();
  if clock.suspended_at is null then
    jump := case
      when moment < clock.last_now - interval '1 minute' then 'backwards'
      -- The same process asked before, and knows by a clock that cannot be set how long ago that was.
      when abs(extract(epoch from moment - since) - elapsed) > 3600 then 'jumped'
      -- Nobody asked for a while. An outage, if the clock of the host that asks says so too.
      when since is null and moment > clock.last_now + interval '1 hour'
        and (abs(extract(epoch from moment - host_now)) > 300
          or moment > clock.last_now + interval '30 days') then 'forwards'
      when abs(extract(epoch from moment - host_now)) > 3600 then 'disagrees'
    end;
    update hansard.retention_clock as c
    set
      last_now = case when jump is null then moment else c.last_now end,
      suspended_at = case when jump is not null then moment end,
      suspended_because = jump;
  end if;
  suspended_because := coalesce(clock.suspended_because, jump);
  return next;
end
$$;


ALTER FUNCTION hansard.check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision) OWNER TO hansard_owner;

--
-- Name: FUNCTION check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision) IS 'Asked before each run of retention, with the asking host''s time, and with the moment of its run before and the seconds that have passed since. Where the database''s clock has jumped by more than an hour it suspends purging and says why: backwards, jumped, forwards, disagrees.';


--
-- Name: claim_abandoned_recording(uuid, interval, interval); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval) RETURNS TABLE(reason text, last_event_at timestamp with time zone, found_at timestamp with time zone)
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval) OWNER TO hansard_owner;

--
-- Name: FUNCTION claim_abandoned_recording(recording uuid, idle interval, open_for interval); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval) IS 'Holds the counters of a recording of the tenant that nobody has stopped, asked again under their lock; no row: it is not so, or somebody else holds them.';


--
-- Name: clear_recovery_sessions(text, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.clear_recovery_sessions(wanted text, actor text, reason text) RETURNS TABLE(sessions bigint, attempts bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  cleared text[];
  filled text[];
begin
  -- In one order, so that two who clear everything do not wait for each other.
  perform
  from hansard.recovery_sessions as s
  where s.tenant_id = this_tenant
    and s.cleared_at is null
    and (wanted is null or s.session_id = wanted)
  order by s.session_id
  for no key update;

  with tombstones as (
    update hansard.recovery_sessions as s
    set
      cleared_at = clock_timestamp(),
      cleared_by = actor,
      clear_reason = reason,
      cleared_attempts = s.attempt_count,
      attempt_count = 0,
      has_remains = s.attempt_count > 0
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and (wanted is null or s.session_id = wanted)
    returning s.session_id, s.cleared_attempts
  )
  select
    array_agg(t.session_id), array_agg(t.session_id) filter (where t.cleared_attempts > 0), count(*),
    coalesce(sum(t.cleared_attempts), 0)::bigint
  into cleared, filled, sessions, attempts
  from tombstones as t;

  -- From here on the attempts are noise. What is known of files goes with the key.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (cleared);
  -- A few are deleted at once; of many the rest is left to the retention worker.
  perform
  from hansard.delete_recovery_attempts(filled[1:100], 10000);
  return next;
end
$$;


ALTER FUNCTION hansard.clear_recovery_sessions(wanted text, actor text, reason text) OWNER TO hansard_owner;

--
-- Name: FUNCTION clear_recovery_sessions(wanted text, actor text, reason text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.clear_recovery_sessions(wanted text, actor text, reason text) IS 'Destroys the data key of one session of the tenant, or of all (null), and leaves tombstones; deletes some attempts.';


--
-- Name: complete_archive(uuid, text, bytea, bigint, bigint, bytea); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea) OWNER TO hansard_owner;

--
-- Name: FUNCTION complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea) IS 'The file of a recording of the tenant is there and was verified: it is read from now on, and the events may leave the database. False: the recording was held or purged, or has expired, and stays as it is.';


--
-- Name: condemn_archive(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.condemn_archive() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.condemn_archive() OWNER TO hansard_owner;

--
-- Name: FUNCTION condemn_archive(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.condemn_archive() IS 'A recording that is certified to be purged must not live on in its archive.';


--
-- Name: recording_archives; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_archives (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    storage_url text NOT NULL,
    begun_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    archived_at timestamp with time zone,
    merkle_root bytea,
    event_count bigint,
    byte_count bigint,
    content_sha256 bytea,
    has_remains boolean DEFAULT false NOT NULL,
    is_condemned boolean DEFAULT false NOT NULL,
    CONSTRAINT recording_archives_complete CHECK ((num_nulls(archived_at, merkle_root, event_count, byte_count, content_sha256) = ANY (ARRAY[0, 5]))),
    CONSTRAINT recording_archives_counts_not_negative CHECK (((event_count >= 0) AND (byte_count > 0))),
    CONSTRAINT recording_archives_digests_length CHECK (((length(merkle_root) = 32) AND (length(content_sha256) = 32))),
    CONSTRAINT recording_archives_remains_of_complete CHECK (((NOT has_remains) OR (archived_at IS NOT NULL)))
);

ALTER TABLE ONLY hansard.recording_archives FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_archives OWNER TO hansard_owner;

--
-- Name: TABLE recording_archives; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recording_archives IS 'Files that hold the events of recordings: being written, complete, or to be destroyed.';


--
-- Name: COLUMN recording_archives.storage_url; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.storage_url IS 'Where it is; it is told, and never followed.';


--
-- Name: COLUMN recording_archives.archived_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.archived_at IS 'When it was complete and had been verified: from then on it is read in place of the events; null: it is being written.';


--
-- Name: COLUMN recording_archives.merkle_root; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.merkle_root IS 'Merkle root (RFC 6962) over the leaf hashes of the events, which it proves.';


--
-- Name: COLUMN recording_archives.content_sha256; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.content_sha256 IS 'SHA-256 of all its lines but the last.';


--
-- Name: COLUMN recording_archives.has_remains; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.has_remains IS 'The events are in the database too, and are deleted in steps.';


--
-- Name: COLUMN recording_archives.is_condemned; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_archives.is_condemned IS 'The recording was purged: the file is to be destroyed, and then this row.';


--
-- Name: condemned_archives(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.condemned_archives(most integer) RETURNS TABLE(recording_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT a.recording_id
    FROM hansard.recording_archives a
   WHERE ((a.tenant_id = hansard.tenant()) AND a.is_condemned)
   ORDER BY (a.archived_at IS NULL), a.recording_id
  LIMIT condemned_archives.most;
END;


ALTER FUNCTION hansard.condemned_archives(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION condemned_archives(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.condemned_archives(most integer) IS 'So many recordings of the tenant that were purged and whose archives are to be destroyed.';


--
-- Name: retention_clock; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.retention_clock (
    last_now timestamp with time zone NOT NULL,
    suspended_at timestamp with time zone,
    suspended_because text,
    confirmed_at timestamp with time zone,
    confirmed_by text,
    CONSTRAINT retention_clock_suspension_complete CHECK (((suspended_at IS NULL) = (suspended_because IS NULL)))
);

ALTER TABLE ONLY hansard.retention_clock FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.retention_clock OWNER TO hansard_owner;

--
-- Name: TABLE retention_clock; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.retention_clock IS 'The database''s time when retention last looked: a clock that jumps must not purge anything.';


--
-- Name: confirm_retention_clock(text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.confirm_retention_clock(actor text) RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 UPDATE hansard.retention_clock SET last_now = clock_timestamp(), suspended_at = NULL::timestamp with time zone, suspended_because = NULL::text, confirmed_at = clock_timestamp(), confirmed_by = confirm_retention_clock.actor;
END;


ALTER FUNCTION hansard.confirm_retention_clock(actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION confirm_retention_clock(actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.confirm_retention_clock(actor text) IS 'Somebody has looked at the clock, and it is right: purging goes on.';


--
-- Name: cut_erasures(bigint, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.cut_erasures(known bigint, most integer) RETURNS TABLE(tenant_id uuid, recording_id uuid, commitment bytea, tenant_key_id uuid, erased_at timestamp with time zone)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
begin
  perform
  from hansard.erasure_log as l
  where l.segment_count = known
  for update;
  if not found then
    return;
  end if;
  -- Settled before anything is written: whoever writes this file, however often and late, writes the same.
  if not exists (
    select
    from hansard.erasures as e
    where e.segment = known + 1) then
    update hansard.erasures as e
    set segment = known + 1
    where (e.tenant_id, e.erasure_id) in (
      select x.tenant_id, x.erasure_id
      from hansard.erasures as x
      where x.segment is null
        and not x.is_again
      order by x.erasure_id
      limit most);
  end if;
  return query
  select e.tenant_id, e.recording_id, e.commitment, e.tenant_key_id, e.erased_at
  from hansard.erasures as e
  where e.segment = known + 1
  order by e.erasure_id;
end
$$;


ALTER FUNCTION hansard.cut_erasures(known bigint, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION cut_erasures(known bigint, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.cut_erasures(known bigint, most integer) IS 'What the file behind so many known ones holds: the same for everybody who asks, until settle_erasures. Nothing, where there is nothing to write or somebody else has settled it.';


--
-- Name: delete_recording(uuid, bytea, bigint, text, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text) RETURNS text
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  counted bigint;
  open boolean;
  recording record;
begin
  select p.event_count, p.is_open
  into counted, open
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for update;
  if not found then
    return 'not_found';
  end if;
  select r.hold_count, r.retain_until, r.stopped_at
  into recording
  from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = wanted
  for update;
  if open or recording.stopped_at is null then
    return 'open';
  elsif recording.hold_count > 0 then
    return 'held';
  elsif recording.retain_until > clock_timestamp() then
    return 'retained';
  elsif counted <> event_total then
    return 'changed';
  end if;
  perform hansard.destroy_recordings(array[wanted], array[root], 'deleted', reason, requested_by, actor);
  return 'deleted';
end
$$;


ALTER FUNCTION hansard.delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text) IS 'Purges a recording of the tenant before it expires. Else says why not: not_found, open, held, retained (its policy keeps it longer), changed (other events than the root is of).';


--
-- Name: delete_recovery_attempts(text[], integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.delete_recovery_attempts(purged text[], most integer) RETURNS TABLE(attempts bigint, is_cut boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  -- Large payloads are many rows behind the table.
  bytes_left bigint := 67108864;
  one text;
  last bigint;
  bytes bigint;
  gone bigint;
begin
  attempts := 0;
  is_cut := false;
  foreach one in array coalesce(purged, '{}') loop
    -- At least one, however large it is.
    select max(p.position), sum(p.payload_length)
    into last, bytes
    from (
      select
        x.position,
        x.payload_length,
        sum(x.payload_length::bigint) over (order by x.position) - x.payload_length as before
      from (
        select a.position, a.payload_length
        from hansard.recovery_attempts as a
        where a.tenant_id = this_tenant
          and a.session_id = one
        order by a.position
        limit most - attempts
      ) as x
    ) as p
    where p.before < bytes_left;
    -- Their guard looks for the tombstone.
    delete from hansard.recovery_attempts as a
    where a.tenant_id = this_tenant
      and a.session_id = one
      and a.position <= last;
    get diagnostics gone = row_count;
    attempts := attempts + gone;
    bytes_left := bytes_left - coalesce(bytes, 0);
    is_cut := exists (
      select
      from hansard.recovery_attempts as a
      where a.tenant_id = this_tenant
        and a.session_id = one);
    exit when is_cut;
    update hansard.recovery_sessions as s
    set has_remains = false
    where s.tenant_id = this_tenant
      and s.session_id = one;
  end loop;
  return next;
end
$$;


ALTER FUNCTION hansard.delete_recovery_attempts(purged text[], most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION delete_recovery_attempts(purged text[], most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.delete_recovery_attempts(purged text[], most integer) IS 'Deletes so many attempts, or 64 MiB, of sessions of the tenant that have been purged; says whether there are more.';


--
-- Name: destroy_recordings(uuid[], bytea[], text, text, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  today constant date := (clock_timestamp() at time zone 'UTC')::date;
begin
  insert into hansard.purge_certificates (
    tenant_id, recording_id, agent_id, user_id, canvas_id, session_id, status, started_at, stopped_at,
    event_count, merkle_root, was_reviewable, review_id, review_status, expired_at, retain_until,
    policy_version, cause, reason, requested_by, purged_by, storage_url, events_on, has_remains)
  select
    this_tenant, r.recording_id, r.agent_id, r.user_id, r.canvas_id, r.session_id, r.status, r.started_at,
    r.stopped_at, p.event_count, d.root, r.flagged_for_review or v.review_id is not null, v.review_id,
    v.review_status, r.expires_at, r.retain_until,
    coalesce((
      select max(t.version)
      from hansard.tenant_policies as t
      where t.tenant_id = this_tenant), 0),
    destroy_recordings.cause, destroy_recordings.reason, destroy_recordings.requested_by, actor,
    r.storage_url, p.expires_on,
    -- A partition that is dropped soon takes them along.
    p.event_count > 0 and p.expires_on > today + 21
  from unnest(doomed, roots) as d (recording_id, root)
  join hansard.canvas_recordings as r
    on r.tenant_id = this_tenant
    and r.recording_id = d.recording_id
  join hansard.recording_progress as p
    on p.tenant_id = this_tenant
    and p.recording_id = d.recording_id
  left join hansard.reviews as v
    on v.tenant_id = this_tenant
    and v.recording_id = d.recording_id;

  -- The key first: from here on the events are noise. What was written in clear goes with it.
  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (doomed);
  delete from hansard.review_entries as e
  using hansard.reviews as v
  where v.tenant_id = this_tenant
    and v.recording_id = any (doomed)
    and e.tenant_id = this_tenant
    and e.review_id = v.review_id;
  delete from hansard.reviews as v
  where v.tenant_id = this_tenant
    and v.recording_id = any (doomed);
  delete from hansard.recording_flags as f
  where f.tenant_id = this_tenant
    and f.recording_id = any (doomed);
  -- Notices say why a recording was made and what came of it; they are kept for seven days.
  delete from hansard.notices as n
  where n.tenant_id = this_tenant
    and n.created_at >= (
      select min(r.started_at)
      from hansard.canvas_recordings as r
      where r.tenant_id = this_tenant
        and r.recording_id = any (doomed))
    and n.recording_id = any (doomed);
  delete from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = any (doomed);
  delete from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = any (doomed);
  update hansard.recording_deletions as d
  set
    state = 'overtaken',
    decided_at = clock_timestamp(),
    decided_by = actor
  where destroy_recordings.cause = 'expired'
    and d.tenant_id = this_tenant
    and d.recording_id = any (doomed)
    and d.state = 'pending';
end
$$;


ALTER FUNCTION hansard.destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text) IS 'Writes the certificates of recordings, and destroys their keys and everything that was said of them.';


--
-- Name: drop_event_partition(text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.drop_event_partition(wanted text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET lock_timeout TO '250ms'
    AS $$
declare
  last_day date;
begin
  perform hansard.require_steady_clock();
  select p.end_day into last_day from hansard.past_event_partitions() as p where p.partition_name = wanted;
  if not found or exists (select from hansard.recordings_in_the_way(last_day, 1)) then
    return false;
  end if;
  execute format('drop table hansard.%I', wanted);
  return true;
end
$$;


ALTER FUNCTION hansard.drop_event_partition(wanted text) OWNER TO hansard_owner;

--
-- Name: FUNCTION drop_event_partition(wanted text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.drop_event_partition(wanted text) IS 'Drops a partition whose last day is over and of whose recordings none is there any more; else false. Recordings are never given a partition of the past, so that nothing comes in between.';


--
-- Name: due_abandoned_recordings(uuid, uuid, integer, interval, interval); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval) RETURNS TABLE(tenant_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval) IS 'Tenants with recordings that nobody stopped, in the order of their ids, after one and up to another: open for longer than events are accepted, or, unless idle is null, without an event for so long. Asked of no tenant, and tells ids only.';


--
-- Name: due_archives(uuid, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_archives(after uuid, upto uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT t.tenant_id
    FROM hansard.tenants t
   WHERE ((t.tenant_id > COALESCE(due_archives.after, '00000000-0000-0000-0000-000000000000'::uuid)) AND (t.tenant_id <= COALESCE(due_archives.upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)) AND ((EXISTS ( SELECT
            FROM hansard.recording_archives a
           WHERE ((a.tenant_id = t.tenant_id) AND (a.has_remains OR a.is_condemned)))) OR (EXISTS ( SELECT
            FROM hansard.canvas_recordings r
           WHERE ((r.tenant_id = t.tenant_id) AND (r.stopped_at <= (clock_timestamp() - make_interval(days => t.archive_days))) AND (r.stopped_at IS NOT NULL) AND (r.storage_url IS NULL) AND (r.hold_count = 0) AND (r.expires_at > clock_timestamp()))))))
   ORDER BY t.tenant_id
  LIMIT due_archives.most;
END;


ALTER FUNCTION hansard.due_archives(after uuid, upto uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_archives(after uuid, upto uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_archives(after uuid, upto uuid, most integer) IS 'Tenants with recordings to archive or archives to destroy, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';


--
-- Name: due_recording_purges(uuid, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_recording_purges(after uuid, upto uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  stopped record;
  remains_of uuid;
begin
  while found_count < most loop
    select r.tenant_id, r.expires_at
    into stopped
    from hansard.canvas_recordings as r
    where r.stopped_at is not null
      and r.hold_count = 0
      and r.tenant_id > place
    order by r.tenant_id, r.expires_at
    limit 1;
    select c.tenant_id
    into remains_of
    from hansard.purge_certificates as c
    where c.has_remains
      and c.tenant_id > place
    order by c.tenant_id
    limit 1;
    place := least(stopped.tenant_id, remains_of);
    exit when place is null or place > last;
    if place = remains_of or (place = stopped.tenant_id and stopped.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;


ALTER FUNCTION hansard.due_recording_purges(after uuid, upto uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_recording_purges(after uuid, upto uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_recording_purges(after uuid, upto uuid, most integer) IS 'Tenants with recordings to purge, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';


--
-- Name: due_recovery_purges(uuid, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_recovery_purges(after uuid, upto uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  live record;
  remains_of uuid;
begin
  while found_count < most loop
    select s.tenant_id, s.expires_at
    into live
    from hansard.recovery_sessions as s
    where s.cleared_at is null
      and s.tenant_id > place
    order by s.tenant_id, s.expires_at
    limit 1;
    select s.tenant_id
    into remains_of
    from hansard.recovery_sessions as s
    where s.has_remains
      and s.tenant_id > place
    order by s.tenant_id
    limit 1;
    place := least(live.tenant_id, remains_of);
    exit when place is null or place > last;
    if place = remains_of or (place = live.tenant_id and live.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;


ALTER FUNCTION hansard.due_recovery_purges(after uuid, upto uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_recovery_purges(after uuid, upto uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_recovery_purges(after uuid, upto uuid, most integer) IS 'Tenants with recovery sessions to purge, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';


--
-- Name: retention_changes; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.retention_changes (
    tenant_id uuid NOT NULL,
    change_id uuid NOT NULL,
    policy_version integer NOT NULL,
    shortens boolean NOT NULL,
    days_before integer NOT NULL,
    days_after integer,
    minimum_days integer,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    requested_by text NOT NULL,
    applies_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    undone_by text,
    begun_at timestamp with time zone,
    applied_at timestamp with time zone,
    last_recording_id uuid,
    recordings bigint DEFAULT 0 NOT NULL,
    CONSTRAINT retention_changes_days_range CHECK ((((days_before >= 1) AND (days_before <= 36500)) AND ((days_after >= 1) AND (days_after <= 36500)) AND ((minimum_days >= 1) AND (minimum_days <= 36500)))),
    CONSTRAINT retention_changes_ends_once CHECK (((undone_at IS NULL) OR (applied_at IS NULL))),
    CONSTRAINT retention_changes_grace CHECK (((NOT shortens) OR (applies_at >= (requested_at + '7 days'::interval)))),
    CONSTRAINT retention_changes_not_before_grace CHECK (((begun_at >= applies_at) AND (applied_at >= begun_at))),
    CONSTRAINT retention_changes_recordings_not_negative CHECK ((recordings >= 0)),
    CONSTRAINT retention_changes_undoing_complete CHECK (((undone_at IS NULL) = (undone_by IS NULL)))
);

ALTER TABLE ONLY hansard.retention_changes FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.retention_changes OWNER TO hansard_owner;

--
-- Name: TABLE retention_changes; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.retention_changes IS 'Changes of how long recordings are kept: longer ones are applied at once to those that have stopped, shorter ones after seven days in which they can be undone.';


--
-- Name: COLUMN retention_changes.policy_version; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.policy_version IS 'The version of the policy that asked for it.';


--
-- Name: COLUMN retention_changes.days_before; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.days_before IS 'What was in force when it was asked for, the deployment''s default or a minimum included.';


--
-- Name: COLUMN retention_changes.days_after; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.days_after IS 'Null: the deployment''s default, as in the policy.';


--
-- Name: COLUMN retention_changes.minimum_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.minimum_days IS 'What comes into force with it, where it shortens; else what recordings are kept at least.';


--
-- Name: COLUMN retention_changes.undone_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.undone_at IS 'When it was taken back, or another took its place.';


--
-- Name: COLUMN retention_changes.begun_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.begun_at IS 'When it came into force: from then on it cannot be undone.';


--
-- Name: COLUMN retention_changes.applied_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.applied_at IS 'When all recordings had been gone through.';


--
-- Name: COLUMN retention_changes.last_recording_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.last_recording_id IS 'How far that has come.';


--
-- Name: COLUMN retention_changes.recordings; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.retention_changes.recordings IS 'How many recordings expire at another time for it.';


--
-- Name: due_retention_changes(uuid, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_retention_changes(after uuid, upto uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT DISTINCT c.tenant_id
    FROM hansard.retention_changes c
   WHERE ((c.undone_at IS NULL) AND (c.applied_at IS NULL) AND (c.applies_at <= clock_timestamp()) AND ((due_retention_changes.after IS NULL) OR (c.tenant_id > due_retention_changes.after)) AND ((due_retention_changes.upto IS NULL) OR (c.tenant_id <= due_retention_changes.upto)))
   ORDER BY c.tenant_id
  LIMIT due_retention_changes.most;
END;


ALTER FUNCTION hansard.due_retention_changes(after uuid, upto uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_retention_changes(after uuid, upto uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_retention_changes(after uuid, upto uuid, most integer) IS 'Tenants with a change of retention to apply, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';


--
-- Name: due_trims(uuid, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_trims(after uuid, upto uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  notice record;
  answer record;
  ticket record;
begin
  while found_count < most loop
    select n.tenant_id, n.created_at + interval '7 days' as expires_at
    into notice
    from hansard.notices as n
    where n.tenant_id > place
    order by n.tenant_id, n.created_at
    limit 1;
    select i.tenant_id, i.expires_at
    into answer
    from hansard.idempotency_keys as i
    where i.tenant_id > place
    order by i.tenant_id, i.expires_at
    limit 1;
    select t.tenant_id, t.expires_at
    into ticket
    from hansard.websocket_tickets as t
    where t.tenant_id > place
    order by t.tenant_id, t.expires_at
    limit 1;
    place := least(notice.tenant_id, answer.tenant_id, ticket.tenant_id);
    exit when place is null or place > last;
    if (place = notice.tenant_id and notice.expires_at < moment)
      or (place = answer.tenant_id and answer.expires_at <= moment)
      or (place = ticket.tenant_id and ticket.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;


ALTER FUNCTION hansard.due_trims(after uuid, upto uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_trims(after uuid, upto uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_trims(after uuid, upto uuid, most integer) IS 'Tenants with notices, kept answers or tickets whose time is over, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';


--
-- Name: notices; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.notices (
    tenant_id uuid NOT NULL,
    xid bigint DEFAULT ((pg_current_xact_id())::text)::bigint NOT NULL,
    notice_id bigint NOT NULL,
    notice_type text NOT NULL,
    recording_id uuid,
    user_id text,
    content json NOT NULL,
    created_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT notices_content_length CHECK ((octet_length((content)::text) <= 65536)),
    CONSTRAINT notices_type_length CHECK (((octet_length(notice_type) >= 1) AND (octet_length(notice_type) <= 64)))
);

ALTER TABLE ONLY hansard.notices FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.notices OWNER TO hansard_owner;

--
-- Name: TABLE notices; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.notices IS 'What subscribers are told, for seven days; LISTEN/NOTIFY only wakes those that read it.';


--
-- Name: COLUMN notices.xid; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.notices.xid IS 'The transaction that wrote it: read when all before it have ended.';


--
-- Name: COLUMN notices.user_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.notices.user_id IS 'The user whom it concerns and who is told; those who oversee the tenant are told everything.';


--
-- Name: COLUMN notices.content; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.notices.content IS 'The notice''s data as it is sent; redacted.';


--
-- Name: webhooks; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.webhooks (
    tenant_id uuid NOT NULL,
    webhook_id uuid NOT NULL,
    url text NOT NULL,
    notice_types text[],
    tenant_key_id uuid NOT NULL,
    secret bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    disabled_at timestamp with time zone,
    disabled_by text,
    disabled_reason text,
    place_xid bigint NOT NULL,
    place_id bigint NOT NULL,
    delivered_at timestamp with time zone,
    failures integer DEFAULT 0 NOT NULL,
    failing_since timestamp with time zone,
    last_failure text,
    attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    leased_by uuid,
    leased_until timestamp with time zone,
    CONSTRAINT webhooks_disabled_reason_known CHECK ((disabled_reason = ANY (ARRAY['asked'::text, 'gone'::text, 'failing'::text]))),
    CONSTRAINT webhooks_disabling_complete CHECK ((((disabled_at IS NULL) = (disabled_by IS NULL)) AND ((disabled_at IS NULL) = (disabled_reason IS NULL)))),
    CONSTRAINT webhooks_failing_complete CHECK (((failures = 0) = (failing_since IS NULL))),
    CONSTRAINT webhooks_failures_not_negative CHECK ((failures >= 0)),
    CONSTRAINT webhooks_lease_complete CHECK (((leased_by IS NULL) = (leased_until IS NULL))),
    CONSTRAINT webhooks_secret_length CHECK (((length(secret) >= 1) AND (length(secret) <= 256))),
    CONSTRAINT webhooks_types_count CHECK (((cardinality(notice_types) >= 1) AND (cardinality(notice_types) <= 64))),
    CONSTRAINT webhooks_url_length CHECK (((octet_length(url) >= 8) AND (octet_length(url) <= 2048)))
)
WITH (fillfactor='70');
ALTER TABLE ONLY hansard.webhooks ALTER COLUMN secret SET STORAGE EXTERNAL;

ALTER TABLE ONLY hansard.webhooks FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.webhooks OWNER TO hansard_owner;

--
-- Name: TABLE webhooks; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.webhooks IS 'Where notices are sent; a webhook that is not wanted any more is disabled and stays.';


--
-- Name: COLUMN webhooks.notice_types; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.notice_types IS 'Which notices are sent; null: all.';


--
-- Name: COLUMN webhooks.secret; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.secret IS 'XAES-256-GCM under the tenant key: what signs the messages.';


--
-- Name: COLUMN webhooks.place_xid; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.place_xid IS 'The last notice that was delivered or passed over: what comes behind (place_xid, place_id) is to be told.';


--
-- Name: COLUMN webhooks.failures; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.failures IS 'Attempts that failed since the last that did not.';


--
-- Name: COLUMN webhooks.attempt_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.attempt_at IS 'When the next attempt is due.';


--
-- Name: COLUMN webhooks.leased_by; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.webhooks.leased_by IS 'The instance that delivers at the moment; another one may once leased_until has passed.';


--
-- Name: due_webhooks(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.due_webhooks(most integer) RETURNS TABLE(tenant_id uuid, webhook_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT w.tenant_id,
     w.webhook_id
    FROM hansard.webhooks w
   WHERE ((w.disabled_at IS NULL) AND (w.attempt_at <= clock_timestamp()) AND ((w.leased_until IS NULL) OR (w.leased_until <= clock_timestamp())) AND ((w.place_xid >= ((pg_snapshot_xmax(pg_current_snapshot()))::text)::bigint) OR (EXISTS ( SELECT
            FROM hansard.notices n
           WHERE ((n.tenant_id = w.tenant_id) AND (ROW(n.xid, n.notice_id) > ROW(w.place_xid, w.place_id)))))))
   ORDER BY w.attempt_at
  LIMIT due_webhooks.most;
END;


ALTER FUNCTION hansard.due_webhooks(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION due_webhooks(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.due_webhooks(most integer) IS 'Which webhooks have something to tell and may be tried: asked of no tenant, and tells ids only.';


--
-- Name: ensure_event_partition(date); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.ensure_event_partition(wanted date) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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
  perform hansard.make_event_partition(partition_name, first_day, first_day + 7);
  return true;
end
$$;


ALTER FUNCTION hansard.ensure_event_partition(wanted date) OWNER TO hansard_owner;

--
-- Name: FUNCTION ensure_event_partition(wanted date); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.ensure_event_partition(wanted date) IS 'Makes the partition of the ISO week that holds the day, unless it is there; true when made.';


--
-- Name: erase_again(uuid[], bytea[], uuid[], text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text) RETURNS TABLE(recording_count bigint, session_count bigint, tenant_key_count bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment constant timestamptz := clock_timestamp();
  doomed uuid[];
  one text;
begin
  -- The counters first, as everywhere.
  select array_agg(l.recording_id)
  into doomed
  from (
    select p.recording_id
    from hansard.recording_progress as p
    where p.tenant_id = this_tenant
      and p.recording_id in (
        select k.recording_id
        from unnest(recordings, commitments) as x (recording_id, commitment)
        join hansard.recording_keys as k
          on k.tenant_id = this_tenant
          and k.recording_id = x.recording_id
          and k.commitment = x.commitment)
    order by p.recording_id
    for update
  ) as l;

  -- It was stopped, and no hold was on it, when it was erased.
  update hansard.canvas_recordings as r
  set
    status = case when r.stopped_at is null then 'failed' else r.status end,
    stopped_at = coalesce(r.stopped_at, moment),
    duration_seconds = coalesce(r.duration_seconds, greatest(0, extract(epoch from moment - r.started_at))),
    summary = case when r.stopped_at is null then erase_again.reason else r.summary end,
    event_count = case when r.stopped_at is null then p.event_count else r.event_count end,
    hold_count = 0,
    updated_at = moment
  from hansard.recording_progress as p
  where r.tenant_id = this_tenant
    and r.recording_id = any (doomed)
    and (r.stopped_at is null or r.hold_count > 0)
    and p.tenant_id = this_tenant
    and p.recording_id = r.recording_id;
  update hansard.recording_progress as p
  set is_open = false
  where p.tenant_id = this_tenant
    and p.recording_id = any (doomed)
    and p.is_open;
  update hansard.legal_holds as h
  set
    lifted_at = moment,
    lifted_by = actor,
    lift_reason = erase_again.reason
  where h.tenant_id = this_tenant
    and h.recording_id = any (doomed)
    and h.lifted_at is null;
  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (doomed);
  get diagnostics recording_count = row_count;

  session_count := 0;
  for one in
    select k.session_id
    from hansard.recovery_keys as k
    where k.tenant_id = this_tenant
      and k.commitment = any (commitments)
    order by k.session_id
  loop
    session_count := session_count + (
      select s.sessions
      from hansard.clear_recovery_sessions(one, actor, reason) as s);
  end loop;

  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant
    and i.tenant_key_id = any (tenant_key_ids);
  delete from hansard.webhooks as w
  where w.tenant_id = this_tenant
    and w.tenant_key_id = any (tenant_key_ids);
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = any (tenant_key_ids)
    and not exists (
      select
      from hansard.recording_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = k.tenant_key_id)
    and not exists (
      select
      from hansard.recovery_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = k.tenant_key_id);
  get diagnostics tenant_key_count = row_count;

  -- They are in the log already.
  update hansard.erasures as e
  set is_again = true
  where e.tenant_id = this_tenant
    and e.segment is null
    and (e.commitment = any (commitments) or e.tenant_key_id = any (tenant_key_ids));
  return next;
end
$$;


ALTER FUNCTION hansard.erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text) OWNER TO hansard_owner;

--
-- Name: FUNCTION erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text) IS 'Destroys keys of the tenant that were destroyed before the database was restored: of recordings, which are ended and freed of holds, of recovery sessions, and of the tenant with what is under them. What is left of the recordings is then deleted as of any.';


--
-- Name: erasure_log; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.erasure_log (
    segment_count bigint NOT NULL,
    CONSTRAINT erasure_log_segment_count_not_negative CHECK ((segment_count >= 0))
);

ALTER TABLE ONLY hansard.erasure_log FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.erasure_log OWNER TO hansard_owner;

--
-- Name: TABLE erasure_log; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.erasure_log IS 'How many files of the log of erasures the database knows of: where there are more, it is from a time before them.';


--
-- Name: erasure_log_position(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.erasure_log_position() RETURNS bigint
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT l.segment_count
    FROM hansard.erasure_log l;
END;


ALTER FUNCTION hansard.erasure_log_position() OWNER TO hansard_owner;

--
-- Name: FUNCTION erasure_log_position(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.erasure_log_position() IS 'How many files of the log of erasures the database knows of.';


--
-- Name: erasures; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.erasures (
    erasure_id bigint NOT NULL,
    tenant_id uuid NOT NULL,
    recording_id uuid,
    commitment bytea,
    tenant_key_id uuid,
    erased_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    segment bigint,
    is_again boolean DEFAULT false NOT NULL,
    CONSTRAINT erasures_commitment_length CHECK ((length(commitment) = 32)),
    CONSTRAINT erasures_subject_known CHECK ((((commitment IS NULL) <> (tenant_key_id IS NULL)) AND ((recording_id IS NULL) OR (commitment IS NOT NULL))))
);

ALTER TABLE ONLY hansard.erasures FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.erasures OWNER TO hansard_owner;

--
-- Name: TABLE erasures; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.erasures IS 'Keys that were destroyed, until the log of erasures has them: of a recording, of a recovery session, of a tenant.';


--
-- Name: COLUMN erasures.commitment; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.erasures.commitment IS 'What the destroyed data key was committed to: says which key it was, and nothing of what it opened.';


--
-- Name: COLUMN erasures.segment; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.erasures.segment IS 'The file of the log that it is being written to, always with the same others; null: none yet.';


--
-- Name: COLUMN erasures.is_again; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.erasures.is_again IS 'Done again after a restoration: a file of the log says so already, and is settled when all of it is done.';


--
-- Name: erasure_log_state(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.erasure_log_state() RETURNS TABLE(segment_count bigint, waiting bigint, oldest_waiting timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT l.segment_count,
     ( SELECT count(*) AS count
            FROM hansard.erasures) AS count,
     ( SELECT min(e.erased_at) AS min
            FROM hansard.erasures e) AS min
    FROM hansard.erasure_log l;
END;


ALTER FUNCTION hansard.erasure_log_state() OWNER TO hansard_owner;

--
-- Name: FUNCTION erasure_log_state(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.erasure_log_state() IS 'How many files of the log the database knows of, and how many erasures are in none of them, since when.';


--
-- Name: recording_events; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_events (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by text NOT NULL,
    payload bytea NOT NULL,
    payload_length integer NOT NULL,
    content_mac bytea NOT NULL,
    leaf_hash bytea NOT NULL,
    expires_on date NOT NULL,
    redaction_policy integer,
    redacted_families text[],
    redacted_counts integer[],
    CONSTRAINT recording_events_content_mac_length CHECK ((length(content_mac) = 32)),
    CONSTRAINT recording_events_event_type_length CHECK (((octet_length(event_type) >= 1) AND (octet_length(event_type) <= 64))),
    CONSTRAINT recording_events_leaf_hash_length CHECK ((length(leaf_hash) = 32)),
    CONSTRAINT recording_events_payload_complete CHECK ((length(payload) = (payload_length + 40))),
    CONSTRAINT recording_events_payload_length_range CHECK (((payload_length >= 1) AND (payload_length <= 2097152))),
    CONSTRAINT recording_events_redaction_policy_range CHECK ((redaction_policy >= 0)),
    CONSTRAINT recording_events_redactions_complete CHECK ((((redacted_families IS NULL) = (redacted_counts IS NULL)) AND (cardinality(redacted_families) = cardinality(redacted_counts)))),
    CONSTRAINT recording_events_seq_range CHECK (((seq >= 1) AND (seq <= 16777215)))
)
PARTITION BY RANGE (expires_on);
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN seq SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN event_type SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN occurred_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN recorded_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN recorded_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN payload_length SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN redaction_policy SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN redacted_families SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events ALTER COLUMN redacted_counts SET STATISTICS 0;

ALTER TABLE ONLY hansard.recording_events FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_events OWNER TO hansard_owner;

--
-- Name: COLUMN recording_events.seq; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.seq IS 'Position in the recording; fewer than 2^24, the number of messages that one data key may seal.';


--
-- Name: COLUMN recording_events.payload; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.payload IS 'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of event_data, redacted.';


--
-- Name: COLUMN recording_events.payload_length; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.payload_length IS 'Bytes of event_data, redacted.';


--
-- Name: COLUMN recording_events.content_mac; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.content_mac IS 'HMAC under a key of the recording: tells the same event sent again from another under its id.';


--
-- Name: COLUMN recording_events.redaction_policy; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.redaction_policy IS 'Version of the tenant''s policy that the event was redacted under, 0: the built-in rules; null: it was stored before there was redaction.';


--
-- Name: COLUMN recording_events.redacted_families; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.redacted_families IS 'What was redacted in the event, in alphabetical order; null: nothing.';


--
-- Name: COLUMN recording_events.redacted_counts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events.redacted_counts IS 'How often each of redacted_families was redacted.';


--
-- Name: event_leaves(uuid, date, bigint, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.event_leaves(wanted uuid, place date, after bigint, most integer) RETURNS TABLE(seq bigint, leaf_hash bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    SET enable_sort TO 'off'
    BEGIN ATOMIC
 SELECT e.seq,
     e.leaf_hash
    FROM hansard.recording_events e
   WHERE ((e.tenant_id = hansard.tenant()) AND (e.recording_id = event_leaves.wanted) AND (e.expires_on = event_leaves.place) AND (e.seq > event_leaves.after))
   ORDER BY e.seq
  LIMIT event_leaves.most;
END;


ALTER FUNCTION hansard.event_leaves(wanted uuid, place date, after bigint, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION event_leaves(wanted uuid, place date, after bigint, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.event_leaves(wanted uuid, place date, after bigint, most integer) IS 'Leaf hashes of a recording in order, for the root in its certificate.';


--
-- Name: expired_recordings(uuid[], integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.expired_recordings(passed_over uuid[], most integer) RETURNS TABLE(recording_id uuid, expires_on date, event_count bigint, archived_root bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT d.recording_id,
     p.expires_on,
     p.event_count,
     a.merkle_root
    FROM ((( SELECT r.recording_id,
             r.expires_at
            FROM hansard.canvas_recordings r
           WHERE ((r.tenant_id = hansard.tenant()) AND (r.stopped_at IS NOT NULL) AND (r.hold_count = 0) AND (r.expires_at <= clock_timestamp()) AND (r.recording_id <> ALL (expired_recordings.passed_over)))
           ORDER BY r.expires_at
          LIMIT expired_recordings.most) d
      JOIN hansard.recording_progress p ON (((p.tenant_id = hansard.tenant()) AND (p.recording_id = d.recording_id))))
      LEFT JOIN hansard.recording_archives a ON (((a.tenant_id = hansard.tenant()) AND (a.recording_id = d.recording_id))))
   ORDER BY d.expires_at;
END;


ALTER FUNCTION hansard.expired_recordings(passed_over uuid[], most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION expired_recordings(passed_over uuid[], most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.expired_recordings(passed_over uuid[], most integer) IS 'So many recordings of the tenant that have expired and are not held, the longest expired first, but for those that could not be had before; with their roots where they are archived.';


--
-- Name: api_keys; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.api_keys (
    tenant_id uuid NOT NULL,
    key_id uuid NOT NULL,
    secret_hash bytea NOT NULL,
    role text NOT NULL,
    name text,
    user_id text,
    agent_id text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    revoked_by text,
    CONSTRAINT api_keys_agent_only_for_recorder CHECK (((agent_id IS NULL) OR (role = 'recorder'::text))),
    CONSTRAINT api_keys_member_has_user CHECK (((role <> 'member'::text) OR (user_id IS NOT NULL))),
    CONSTRAINT api_keys_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT api_keys_revocation_complete CHECK (((revoked_at IS NULL) = (revoked_by IS NULL))),
    CONSTRAINT api_keys_role_known CHECK ((role = ANY (ARRAY['recorder'::text, 'member'::text, 'reviewer'::text, 'auditor'::text, 'admin'::text]))),
    CONSTRAINT api_keys_secret_hash_length CHECK ((length(secret_hash) = 32))
);

ALTER TABLE ONLY hansard.api_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.api_keys OWNER TO hansard_owner;

--
-- Name: COLUMN api_keys.secret_hash; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.api_keys.secret_hash IS 'SHA-256 of the 256-bit random secret.';


--
-- Name: find_api_key(uuid); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.find_api_key(wanted uuid) RETURNS TABLE(tenant_id uuid, secret_hash bytea, role text, user_id text, agent_id text, is_live boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT k.tenant_id,
     k.secret_hash,
     k.role,
     k.user_id,
     k.agent_id,
     ((k.key_id = find_api_key.wanted) AND (k.revoked_at IS NULL) AND ((k.expires_at IS NULL) OR (k.expires_at > now())))
    FROM hansard.api_keys k
   WHERE (k.key_id <= find_api_key.wanted)
   ORDER BY k.key_id DESC
  LIMIT 1;
END;


ALTER FUNCTION hansard.find_api_key(wanted uuid) OWNER TO hansard_owner;

--
-- Name: FUNCTION find_api_key(wanted uuid); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.find_api_key(wanted uuid) IS 'The one question that is asked before the tenant is known. Without such a key its neighbour is found, which is not live here: so that nobody can tell by the time.';


--
-- Name: forget_archives(uuid[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.forget_archives(destroyed uuid[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.forget_archives(destroyed uuid[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION forget_archives(destroyed uuid[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.forget_archives(destroyed uuid[]) IS 'The files of these archives are gone; how many need not be looked for any more.';


--
-- Name: forget_of_recordings(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.forget_of_recordings() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  update hansard.idempotency_keys as i
  set answer = ''
  from gone as g
  where i.tenant_id = g.tenant_id
    and i.recording_id = g.recording_id
    and i.answer <> '';
  return null;
end
$$;


ALTER FUNCTION hansard.forget_of_recordings() OWNER TO hansard_owner;

--
-- Name: FUNCTION forget_of_recordings(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.forget_of_recordings() IS 'Empties the answers that are kept of recordings whose keys are destroyed.';


--
-- Name: forget_of_recovery_sessions(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.forget_of_recovery_sessions() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  update hansard.idempotency_keys as i
  set answer = ''
  from gone as g
  where i.tenant_id = g.tenant_id
    and i.session_id = g.session_id
    and i.answer <> '';
  -- All of one tenant. Notices are kept for seven days.
  delete from hansard.notices as n
  where n.tenant_id = hansard.tenant()
    and n.created_at >= (
      select min(s.started_at)
      from gone as g
      join hansard.recovery_sessions as s
        on s.tenant_id = g.tenant_id
        and s.session_id = g.session_id)
    and n.notice_type = 'recovery:attempt_logged'
    and n.content ->> 'session_id' in (
      select g.session_id
      from gone as g);
  return null;
end
$$;


ALTER FUNCTION hansard.forget_of_recovery_sessions() OWNER TO hansard_owner;

--
-- Name: FUNCTION forget_of_recovery_sessions(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.forget_of_recovery_sessions() IS 'Empties the answers that are kept of recovery sessions whose keys are destroyed, and deletes the notices of their attempts.';


--
-- Name: forget_recovery_files(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.forget_recovery_files() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  delete from hansard.recovery_files as f
  where f.tenant_id = old.tenant_id
    and f.session_id = old.session_id;
  return null;
end
$$;


ALTER FUNCTION hansard.forget_recovery_files() OWNER TO hansard_owner;

--
-- Name: FUNCTION forget_recovery_files(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.forget_recovery_files() IS 'Takes the files of a session away with its key, whoever destroys it.';


--
-- Name: lift_hold(uuid, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.lift_hold(hold uuid, reason text, actor text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  wanted uuid;
begin
  select h.recording_id
  into wanted
  from hansard.legal_holds as h
  where h.tenant_id = this_tenant
    and h.hold_id = hold;
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for no key update;
  update hansard.legal_holds as h
  set
    lifted_at = clock_timestamp(),
    lifted_by = actor,
    lift_reason = lift_hold.reason
  where h.tenant_id = this_tenant
    and h.hold_id = hold
    and h.lifted_at is null;
  if not found then
    return false;
  end if;
  update hansard.canvas_recordings as r
  set hold_count = r.hold_count - 1
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  return true;
end
$$;


ALTER FUNCTION hansard.lift_hold(hold uuid, reason text, actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION lift_hold(hold uuid, reason text, actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.lift_hold(hold uuid, reason text, actor text) IS 'Ends a hold; false where it was ended before. A recording that has expired meanwhile is then due.';


--
-- Name: make_event_partition(text, date, date); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.make_event_partition(partition_name text, first_day date, end_day date) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
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
    'alter table hansard.recording_events attach partition hansard.%I for values from (%L) to (%s)',
    partition_name, first_day, coalesce(quote_literal(end_day), 'maxvalue'));
end
$$;


ALTER FUNCTION hansard.make_event_partition(partition_name text, first_day date, end_day date) OWNER TO hansard_owner;

--
-- Name: FUNCTION make_event_partition(partition_name text, first_day date, end_day date); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.make_event_partition(partition_name text, first_day date, end_day date) IS 'Makes a partition of events, from a day up to another, which is not in it; null: without end.';


--
-- Name: tenant_keys; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.tenant_keys (
    tenant_id uuid NOT NULL,
    tenant_key_id uuid NOT NULL,
    master_key_id text NOT NULL,
    master_key_fingerprint bytea NOT NULL,
    wrapped bytea NOT NULL,
    state text DEFAULT 'active'::text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    recognition bytea,
    CONSTRAINT tenant_keys_fingerprint_length CHECK ((length(master_key_fingerprint) = 32)),
    CONSTRAINT tenant_keys_master_key_id_length CHECK (((length(master_key_id) >= 1) AND (length(master_key_id) <= 64))),
    CONSTRAINT tenant_keys_state_known CHECK ((state = ANY (ARRAY['active'::text, 'rotating'::text, 'retired'::text]))),
    CONSTRAINT tenant_keys_wrapped_length CHECK (((length(wrapped) >= 1) AND (length(wrapped) <= 256)))
);

ALTER TABLE ONLY hansard.tenant_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.tenant_keys OWNER TO hansard_owner;

--
-- Name: COLUMN tenant_keys.master_key_fingerprint; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_keys.master_key_fingerprint IS 'Tells a wrong master key under the right id, before anything is written under it.';


--
-- Name: COLUMN tenant_keys.state; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_keys.state IS 'active: what is new is wrapped under it; rotating: another has taken its place, and what is under it is wrapped anew.';


--
-- Name: COLUMN tenant_keys.recognition; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_keys.recognition IS 'Under this key: the three keys by which redacted secrets, requests and files are recognised again, taken over from the key before; null: they are derived from this one.';


--
-- Name: master_key_fingerprints(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.master_key_fingerprints() RETURNS TABLE(master_key_id text, fingerprint bytea)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT DISTINCT k.master_key_id,
     k.master_key_fingerprint
    FROM hansard.tenant_keys k
   WHERE (k.state <> 'retired'::text)
   ORDER BY k.master_key_id;
END;


ALTER FUNCTION hansard.master_key_fingerprints() OWNER TO hansard_owner;

--
-- Name: FUNCTION master_key_fingerprints(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.master_key_fingerprints() IS 'Which master keys this database was written under: asked at start, of no tenant.';


--
-- Name: master_key_references(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.master_key_references() RETURNS TABLE(master_key_id text, fingerprint bytea, tenant_keys bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT k.master_key_id,
     k.master_key_fingerprint,
     count(*) AS count
    FROM hansard.tenant_keys k
   GROUP BY k.master_key_id, k.master_key_fingerprint
   ORDER BY k.master_key_id, k.master_key_fingerprint;
END;


ALTER FUNCTION hansard.master_key_references() OWNER TO hansard_owner;

--
-- Name: FUNCTION master_key_references(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.master_key_references() IS 'How many tenant keys are wrapped under each master key: asked of no tenant, and tells numbers only.';


--
-- Name: move_recording(uuid, date); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.move_recording(wanted uuid, target date) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  present date;
  moved bigint;
begin
  select p.expires_on
  into present
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
    and not p.is_open
    and p.expires_on < target
  for update skip locked;
  if not found then
    return null;
  end if;
  perform
  from hansard.canvas_recordings as r
  where r.tenant_id = this_tenant
    and r.recording_id = wanted
    and (r.hold_count > 0 or r.expires_at > clock_timestamp())
  for update;
  if not found then
    return null;
  end if;
  perform hansard.ensure_event_partition(target)
  where target < '9999-12-31';
  update hansard.recording_progress as p
  set expires_on = target
  where p.tenant_id = this_tenant
    and p.recording_id = wanted;
  update hansard.canvas_recordings as r
  set expires_on = target
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  update hansard.recording_events as e
  set expires_on = target
  where e.tenant_id = this_tenant
    and e.recording_id = wanted
    and e.expires_on = present;
  get diagnostics moved = row_count;
  return moved;
end
$$;


ALTER FUNCTION hansard.move_recording(wanted uuid, target date) OWNER TO hansard_owner;

--
-- Name: FUNCTION move_recording(wanted uuid, target date); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.move_recording(wanted uuid, target date) IS 'Moves the events of a recording that is held or kept longer than was planned to a later partition; null: there is no reason to, or somebody else is at it.';


--
-- Name: note_erasure(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.note_erasure() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  if tg_table_name = 'recording_keys' then
    insert into hansard.erasures (tenant_id, recording_id, commitment)
    values (old.tenant_id, old.recording_id, old.commitment);
  elsif tg_table_name = 'recovery_keys' then
    insert into hansard.erasures (tenant_id, commitment)
    values (old.tenant_id, old.commitment);
  else
    insert into hansard.erasures (tenant_id, tenant_key_id)
    values (old.tenant_id, old.tenant_key_id);
  end if;
  return null;
end
$$;


ALTER FUNCTION hansard.note_erasure() OWNER TO hansard_owner;

--
-- Name: FUNCTION note_erasure(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.note_erasure() IS 'Takes note of a destroyed key for the log of erasures, in the transaction that destroys it.';


--
-- Name: past_event_partitions(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.past_event_partitions() RETURNS TABLE(partition_name text, end_day date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT (c.relname)::text AS relname,
     (to_date("right"((c.relname)::text, 7), 'IYYY"w"IW'::text) + 7)
    FROM (pg_inherits i
      JOIN pg_class c ON ((c.oid = i.inhrelid)))
   WHERE ((i.inhparent = ('hansard.recording_events'::regclass)::oid) AND (c.relname ~ '^recording_events_[0-9]{4}w[0-9]{2}$'::text) AND ((to_date("right"((c.relname)::text, 7), 'IYYY"w"IW'::text) + 7) <= ((clock_timestamp() AT TIME ZONE 'UTC'::text))::date))
   ORDER BY c.relname;
END;


ALTER FUNCTION hansard.past_event_partitions() OWNER TO hansard_owner;

--
-- Name: FUNCTION past_event_partitions(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.past_event_partitions() IS 'The partitions whose last day is over, the oldest first, and the day after it.';


--
-- Name: place_hold(uuid, uuid, text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) RETURNS timestamp with time zone
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment timestamptz;
begin
  -- Whoever purges holds this row; then there is nothing left to hold.
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
    and p.recording_id = wanted
  for no key update;
  if not found then
    return null;
  end if;
  update hansard.canvas_recordings as r
  set hold_count = r.hold_count + 1
  where r.tenant_id = this_tenant
    and r.recording_id = wanted;
  insert into hansard.legal_holds as h (tenant_id, hold_id, recording_id, reason, placed_by)
  values (this_tenant, hold, wanted, reason, actor)
  returning h.placed_at into moment;
  return moment;
end
$$;


ALTER FUNCTION hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION place_hold(hold uuid, wanted uuid, reason text, actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) IS 'Holds a recording of the tenant from now on, also one that has expired and is not purged yet; null: there is none.';


--
-- Name: purge_recordings(uuid[], bytea[], bigint[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]) RETURNS TABLE(recordings bigint, events bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
  held uuid[];
  doomed uuid[];
  doomed_roots bytea[];
begin
  perform hansard.require_steady_clock();
  -- A recording that somebody flags, holds or deletes at this moment is left for the next time. The counters
  -- come first, as everywhere.
  select array_agg(l.recording_id)
  into held
  from (
    select p.recording_id
    from hansard.recording_progress as p
    where p.tenant_id = this_tenant
      and p.recording_id = any (wanted)
      and not p.is_open
    order by p.recording_id
    for update skip locked
  ) as l;
  -- Asked again, now that nobody else can change the answer.
  select array_agg(l.recording_id)
  into held
  from (
    select r.recording_id
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.recording_id = any (held)
      and r.stopped_at is not null
      and r.hold_count = 0
      and r.expires_at <= clock_timestamp()
    order by r.recording_id
    for update skip locked
  ) as l;
  select array_agg(w.recording_id), array_agg(w.root), count(*), coalesce(sum(w.event_count), 0)::bigint
  into doomed, doomed_roots, recordings, events
  from unnest(wanted, roots, event_counts) as w (recording_id, root, event_count)
  join hansard.recording_progress as p
    on p.tenant_id = this_tenant
    and p.recording_id = w.recording_id
    and p.event_count = w.event_count
  where w.recording_id = any (held);
  perform hansard.destroy_recordings(doomed, doomed_roots, 'expired', null, null, 'system');
  return next;
end
$$;


ALTER FUNCTION hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]) IS 'Purges recordings of the tenant that have expired, given their Merkle roots and numbers of events; those that are held, or locked by others, stay.';


--
-- Name: purge_recovery_sessions(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.purge_recovery_sessions(most integer) RETURNS TABLE(sessions bigint, attempts bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment constant timestamptz := clock_timestamp();
  held text[];
  purged text[];
begin
  -- A session that somebody is adding to or clearing is left for the next time, and the others go ahead.
  select array_agg(d.session_id)
  into held
  from (
    select s.session_id
    from hansard.recovery_sessions as s
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and s.expires_at <= moment
    order by s.expires_at
    limit most
    for update skip locked
  ) as d;

  -- Asked again, now that nobody else can change the answer.
  with tombstones as (
    update hansard.recovery_sessions as s
    set
      cleared_at = clock_timestamp(),
      cleared_by = 'system',
      clear_reason = 'The end of its retention.',
      cleared_attempts = s.attempt_count,
      attempt_count = 0,
      cleared_on_expiry = true,
      has_remains = s.attempt_count > 0
    where s.tenant_id = this_tenant
      and s.session_id = any (held)
      and s.cleared_at is null
      and s.expires_at <= clock_timestamp()
    returning s.session_id, s.cleared_attempts
  )
  select array_agg(t.session_id), count(*), coalesce(sum(t.cleared_attempts), 0)::bigint
  into purged, sessions, attempts
  from tombstones as t;

  -- From here on the attempts are noise.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (purged);
  return next;
end
$$;


ALTER FUNCTION hansard.purge_recovery_sessions(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION purge_recovery_sessions(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.purge_recovery_sessions(most integer) IS 'Destroys the data keys of so many sessions of the tenant that have expired, the longest expired ones first, and leaves tombstones; counts what is lost with them.';


--
-- Name: recording_archiving(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.recording_archiving() RETURNS TABLE(archived bigint, in_progress bigint, condemned bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT count(*) FILTER (WHERE ((a.archived_at IS NOT NULL) AND (NOT a.is_condemned))) AS count,
     count(*) FILTER (WHERE ((a.archived_at IS NULL) AND (NOT a.is_condemned))) AS count,
     count(*) FILTER (WHERE a.is_condemned) AS count
    FROM hansard.recording_archives a;
END;


ALTER FUNCTION hansard.recording_archiving() OWNER TO hansard_owner;

--
-- Name: FUNCTION recording_archiving(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.recording_archiving() IS 'How archiving stands over all tenants: numbers only.';


--
-- Name: purge_certificates; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.purge_certificates (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    agent_id text NOT NULL,
    user_id text NOT NULL,
    canvas_id text,
    session_id text,
    status text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    stopped_at timestamp with time zone NOT NULL,
    event_count bigint NOT NULL,
    merkle_root bytea NOT NULL,
    was_reviewable boolean NOT NULL,
    review_id uuid,
    review_status text,
    expired_at timestamp with time zone NOT NULL,
    retain_until timestamp with time zone,
    policy_version integer NOT NULL,
    cause text NOT NULL,
    reason text,
    requested_by text,
    purged_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    purged_by text NOT NULL,
    storage_url text,
    events_on date NOT NULL,
    has_remains boolean NOT NULL,
    CONSTRAINT purge_certificates_cause_known CHECK ((cause = ANY (ARRAY['expired'::text, 'deleted'::text]))),
    CONSTRAINT purge_certificates_deletion_explained CHECK ((((cause = 'deleted'::text) = (reason IS NOT NULL)) AND ((cause = 'deleted'::text) = (requested_by IS NOT NULL)))),
    CONSTRAINT purge_certificates_event_count_not_negative CHECK ((event_count >= 0)),
    CONSTRAINT purge_certificates_expiry_had_come CHECK (((cause = 'deleted'::text) OR (purged_at >= expired_at))),
    CONSTRAINT purge_certificates_retention_was_over CHECK ((purged_at >= retain_until)),
    CONSTRAINT purge_certificates_root_length CHECK ((length(merkle_root) = 32)),
    CONSTRAINT purge_certificates_status_known CHECK ((status = ANY (ARRAY['completed'::text, 'failed'::text])))
);
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN user_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN started_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN event_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN purged_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.purge_certificates ALTER COLUMN purged_by SET STATISTICS 0;

ALTER TABLE ONLY hansard.purge_certificates FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.purge_certificates OWNER TO hansard_owner;

--
-- Name: TABLE purge_certificates; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.purge_certificates IS 'What is known of a recording that was purged: what, why, how much, and the hash of what it was.';


--
-- Name: COLUMN purge_certificates.merkle_root; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.merkle_root IS 'Merkle root (RFC 6962) over the leaf hashes of its events: who kept them can prove what was recorded.';


--
-- Name: COLUMN purge_certificates.was_reviewable; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.was_reviewable IS 'Whether reviewers could see it: they are told that it is gone, others that they may not see it.';


--
-- Name: COLUMN purge_certificates.expired_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.expired_at IS 'When it expired, or would have.';


--
-- Name: COLUMN purge_certificates.policy_version; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.policy_version IS 'Version of the tenant''s policy at the time; 0: the deployment''s defaults.';


--
-- Name: COLUMN purge_certificates.requested_by; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.requested_by IS 'Who asked for the deletion; purged_by approved it, where two are needed.';


--
-- Name: COLUMN purge_certificates.storage_url; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.storage_url IS 'Where its archive was, which was destroyed too.';


--
-- Name: COLUMN purge_certificates.events_on; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.events_on IS 'The partition of its events.';


--
-- Name: COLUMN purge_certificates.has_remains; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.purge_certificates.has_remains IS 'Its events, which nobody can read any more, are deleted in steps, since their partition stays for long.';


--
-- Name: recording_retention(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.recording_retention() RETURNS TABLE(due bigint, oldest_due timestamp with time zone, held bigint, remains bigint, purged bigint, last_purged_at timestamp with time zone, suspended_at timestamp with time zone, suspended_because text)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT r.due,
     r.oldest_due,
     r.held,
     c.remains,
     c.purged,
     c.last_purged_at,
     k.suspended_at,
     k.suspended_because
    FROM ((( SELECT count(*) FILTER (WHERE ((x.stopped_at IS NOT NULL) AND (x.hold_count = 0) AND (x.expires_at <= now()))) AS due,
             min(x.expires_at) FILTER (WHERE ((x.stopped_at IS NOT NULL) AND (x.hold_count = 0) AND (x.expires_at <= now()))) AS oldest_due,
             count(*) FILTER (WHERE (x.hold_count > 0)) AS held
            FROM hansard.canvas_recordings x) r
      CROSS JOIN ( SELECT count(*) FILTER (WHERE y.has_remains) AS remains,
             count(*) AS purged,
             max(y.purged_at) AS last_purged_at
            FROM hansard.purge_certificates y) c)
      CROSS JOIN hansard.retention_clock k);
END;


ALTER FUNCTION hansard.recording_retention() OWNER TO hansard_owner;

--
-- Name: FUNCTION recording_retention(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.recording_retention() IS 'How retention of recordings stands over all tenants: numbers and times only.';


--
-- Name: recordings_in_the_way(date, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.recordings_in_the_way(end_day date, most integer) RETURNS TABLE(tenant_id uuid, recording_id uuid, target date)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT t.tenant_id,
     r.recording_id,
         CASE
             WHEN (r.hold_count > 0) THEN '9999-12-31'::date
             WHEN ((r.stopped_at IS NOT NULL) AND (r.expires_at > clock_timestamp())) THEN (((r.expires_at AT TIME ZONE 'UTC'::text))::date + 1)
             ELSE NULL::date
         END AS "case"
    FROM (hansard.tenants t
      CROSS JOIN LATERAL ( SELECT x.recording_id,
             x.hold_count,
             x.stopped_at,
             x.expires_at
            FROM hansard.canvas_recordings x
           WHERE ((x.tenant_id = t.tenant_id) AND (x.expires_on < recordings_in_the_way.end_day))
           ORDER BY x.expires_on
          LIMIT recordings_in_the_way.most) r)
  LIMIT recordings_in_the_way.most;
END;


ALTER FUNCTION hansard.recordings_in_the_way(end_day date, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION recordings_in_the_way(end_day date, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.recordings_in_the_way(end_day date, most integer) IS 'So many recordings whose events lie before a day, and the day whose partition they belong to; null: they are yet to be purged.';


--
-- Name: recovery_sessions; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recovery_sessions (
    tenant_id uuid NOT NULL,
    session_id text NOT NULL,
    id uuid NOT NULL,
    agent_id text,
    user_id text,
    started_at timestamp with time zone NOT NULL,
    started_by text NOT NULL,
    attempt_count bigint DEFAULT 0 NOT NULL,
    last_attempt_number bigint DEFAULT 0 NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    cleared_at timestamp with time zone,
    cleared_by text,
    clear_reason text,
    cleared_attempts bigint,
    cleared_on_expiry boolean DEFAULT false NOT NULL,
    has_remains boolean DEFAULT false NOT NULL,
    CONSTRAINT recovery_sessions_clear_reason_length CHECK (((octet_length(clear_reason) >= 1) AND (octet_length(clear_reason) <= 32000))),
    CONSTRAINT recovery_sessions_clearing_complete CHECK ((((cleared_at IS NULL) = (cleared_by IS NULL)) AND ((cleared_at IS NULL) = (clear_reason IS NULL)) AND ((cleared_at IS NULL) = (cleared_attempts IS NULL)) AND ((cleared_at IS NULL) OR (attempt_count = 0)))),
    CONSTRAINT recovery_sessions_counts_not_negative CHECK (((attempt_count >= 0) AND (last_attempt_number >= 0) AND (cleared_attempts >= 0))),
    CONSTRAINT recovery_sessions_expiry_has_come CHECK (((NOT cleared_on_expiry) OR ((cleared_at IS NOT NULL) AND (cleared_at >= expires_at)))),
    CONSTRAINT recovery_sessions_remains_of_cleared CHECK (((NOT has_remains) OR (cleared_at IS NOT NULL))),
    CONSTRAINT recovery_sessions_session_id_length CHECK (((length(session_id) >= 1) AND (length(session_id) <= 255)))
)
WITH (fillfactor='70');
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN session_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN user_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN started_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN started_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN attempt_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN expires_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN cleared_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN cleared_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN clear_reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_sessions ALTER COLUMN cleared_attempts SET STATISTICS 0;

ALTER TABLE ONLY hansard.recovery_sessions FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recovery_sessions OWNER TO hansard_owner;

--
-- Name: TABLE recovery_sessions; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recovery_sessions IS 'Sessions of recovery attempts; a cleared one stays as a tombstone.';


--
-- Name: COLUMN recovery_sessions.id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.id IS 'Ours: what its data key is bound to, and its place in a listing.';


--
-- Name: COLUMN recovery_sessions.user_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.user_id IS 'The one user whom it names and who may read it; null: nobody but auditors and admins.';


--
-- Name: COLUMN recovery_sessions.attempt_count; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.attempt_count IS 'Attempts that are there: the position of the last one.';


--
-- Name: COLUMN recovery_sessions.last_attempt_number; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.last_attempt_number IS 'The highest attempt number so far: the next one that is counted follows it.';


--
-- Name: COLUMN recovery_sessions.expires_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.expires_at IS 'Fixed at the start, by the tenant''s retention; from then on nothing of it is shown or added.';


--
-- Name: COLUMN recovery_sessions.cleared_attempts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.cleared_attempts IS 'How many attempts were destroyed.';


--
-- Name: COLUMN recovery_sessions.cleared_on_expiry; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.cleared_on_expiry IS 'Whether the tombstone was left at the end of the retention, rather than by an admin.';


--
-- Name: COLUMN recovery_sessions.has_remains; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_sessions.has_remains IS 'Attempts are still there whose key is destroyed; they are deleted in steps.';


--
-- Name: recovery_retention(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.recovery_retention() RETURNS TABLE(due bigint, oldest_due timestamp with time zone, remains bigint, purged bigint, last_purged_at timestamp with time zone)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT count(*) FILTER (WHERE ((s.cleared_at IS NULL) AND (s.expires_at <= now()))) AS count,
     min(s.expires_at) FILTER (WHERE ((s.cleared_at IS NULL) AND (s.expires_at <= now()))) AS min,
     count(*) FILTER (WHERE s.has_remains) AS count,
     count(*) FILTER (WHERE s.cleared_on_expiry) AS count,
     max(s.cleared_at) FILTER (WHERE s.cleared_on_expiry) AS max
    FROM hansard.recovery_sessions s;
END;


ALTER FUNCTION hansard.recovery_retention() OWNER TO hansard_owner;

--
-- Name: FUNCTION recovery_retention(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.recovery_retention() IS 'How retention of recovery sessions stands over all tenants: numbers and times only.';


--
-- Name: refuse_change(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.refuse_change() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
    using errcode = 'insufficient_privilege';
end
$$;


ALTER FUNCTION hansard.refuse_change() OWNER TO hansard_owner;

--
-- Name: FUNCTION refuse_change(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.refuse_change() IS 'Guard of the append-only tables.';


--
-- Name: refuse_unless_clock_is_steady(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.refuse_unless_clock_is_steady() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  perform hansard.require_steady_clock();
  return new;
end
$$;


ALTER FUNCTION hansard.refuse_unless_clock_is_steady() OWNER TO hansard_owner;

--
-- Name: FUNCTION refuse_unless_clock_is_steady(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.refuse_unless_clock_is_steady() IS 'Guard of what expires: see require_steady_clock.';


--
-- Name: remove_tenant_key(uuid); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.remove_tenant_key(wanted uuid) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  -- Waits for those who were told that it is active, and may yet wrap something under it.
  perform
  from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = wanted
    and k.state = 'rotating'
  for update;
  if not found then
    return false;
  end if;
  if exists (
      select
      from hansard.recording_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = wanted)
    or exists (
      select
      from hansard.recovery_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = wanted)
    or exists (
      select
      from hansard.webhooks as w
      where w.tenant_id = this_tenant
        and w.tenant_key_id = wanted)
    or exists (
      select
      from hansard.idempotency_keys as i
      where i.tenant_id = this_tenant
        and i.tenant_key_id = wanted) then
    return false;
  end if;
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = wanted;
  return true;
end
$$;


ALTER FUNCTION hansard.remove_tenant_key(wanted uuid) OWNER TO hansard_owner;

--
-- Name: FUNCTION remove_tenant_key(wanted uuid); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.remove_tenant_key(wanted uuid) IS 'Destroys a key that was replaced, if nothing is wrapped under it any more.';


--
-- Name: replace_tenant_key(uuid, uuid, text, bytea, bytea, bytea); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  if exists (
    select
    from hansard.tenant_keys as k
    where k.tenant_id = this_tenant
      and k.state = 'rotating') then
    return false;
  end if;
  update hansard.tenant_keys as k
  set state = 'rotating'
  where k.tenant_id = this_tenant
    and k.tenant_key_id = replaced
    and k.state = 'active';
  if not found then
    return false;
  end if;
  insert into hansard.tenant_keys (
    tenant_id, tenant_key_id, master_key_id, master_key_fingerprint, wrapped, recognition)
  values (this_tenant, key_id, master_key, fingerprint, wrapped_key, recognition_keys);
  return true;
end
$$;


ALTER FUNCTION hansard.replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea) OWNER TO hansard_owner;

--
-- Name: FUNCTION replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea) IS 'Makes another key the active one; false: the one to replace is not, or one that was replaced before is still there.';


--
-- Name: require_certificate(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_certificate() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  if not exists (
    select
    from hansard.purge_certificates as c
    where c.tenant_id = old.tenant_id
      and c.recording_id = old.recording_id) then
    raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;


ALTER FUNCTION hansard.require_certificate() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_certificate(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_certificate() IS 'Guard of what belongs to a recording: it goes only when the recording has a certificate.';


--
-- Name: require_certificate_or_move(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_certificate_or_move() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.require_certificate_or_move() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_certificate_or_move(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_certificate_or_move() IS 'Guard of events: they go only when their recording has a certificate, a complete archive, or was given a later partition.';


--
-- Name: require_live_key(uuid); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_live_key(wanted uuid) RETURNS void
    LANGUAGE plpgsql STABLE
    AS $$
begin
  if not exists (
    select
    from hansard.api_keys as k
    where k.tenant_id = hansard.tenant()
      and k.key_id = wanted
      and k.revoked_at is null
      and (k.expires_at is null or k.expires_at > now())) then
    raise exception 'the key is not live' using errcode = 'HS401';
  end if;
end
$$;


ALTER FUNCTION hansard.require_live_key(wanted uuid) OWNER TO hansard_owner;

--
-- Name: FUNCTION require_live_key(wanted uuid); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_live_key(wanted uuid) IS 'Raises HS401 for a key that is revoked, expired or unknown: asked in the transaction of the work, so that a revocation holds at once on every instance.';


--
-- Name: require_move(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_move() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
declare
  place constant date := new.expires_on;
begin
  new.expires_on := old.expires_on;
  if new is distinct from old or not exists (
    select
    from hansard.recording_progress as p
    where p.tenant_id = old.tenant_id
      and p.recording_id = old.recording_id
      and p.expires_on = place
      and place > old.expires_on) then
    raise exception 'table hansard.recording_events is append-only' using errcode = 'insufficient_privilege';
  end if;
  new.expires_on := place;
  return new;
end
$$;


ALTER FUNCTION hansard.require_move() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_move(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_move() IS 'Guard of events: nothing in them changes but the partition, to the one that their recording was given.';


--
-- Name: require_review_gone(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_review_gone() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  if not exists (
    select
    from hansard.reviews as v
    join hansard.purge_certificates as c
      on c.tenant_id = v.tenant_id
      and c.recording_id = v.recording_id
    where v.tenant_id = old.tenant_id
      and v.review_id = old.review_id) then
    raise exception 'table hansard.review_entries is append-only' using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;


ALTER FUNCTION hansard.require_review_gone() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_review_gone(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_review_gone() IS 'Guard of what happened to a review: it goes only when the recording has a certificate.';


--
-- Name: require_steady_clock(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_steady_clock() RETURNS void
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  if not exists (
    select
    from hansard.retention_clock as c
    where c.suspended_at is null
      and clock_timestamp() between c.last_now - interval '1 minute' and c.last_now + interval '1 hour') then
    raise exception 'the clock is not known to be right' using errcode = 'HS423';
  end if;
end
$$;


ALTER FUNCTION hansard.require_steady_clock() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_steady_clock(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_steady_clock() IS 'Raises HS423 unless check_retention_clock has found the clock right within the last hour.';


--
-- Name: require_tombstone(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.require_tombstone() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$
begin
  if not exists (
    select
    from hansard.recovery_sessions as s
    where s.tenant_id = old.tenant_id
      and s.session_id = old.session_id
      and s.cleared_at is not null) then
    raise exception 'table %.% is append-only', tg_table_schema, tg_table_name
      using errcode = 'insufficient_privilege';
  end if;
  return old;
end
$$;


ALTER FUNCTION hansard.require_tombstone() OWNER TO hansard_owner;

--
-- Name: FUNCTION require_tombstone(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.require_tombstone() IS 'Guard of recovery attempts and their files: they go only when their session has a tombstone.';


--
-- Name: rewrap_answers(uuid, text[], bytea[], bytea[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.idempotency_keys as i
  join unnest(names) as n (name)
    on i.key_id = left(n.name, 36)::uuid
    and i.name_hash = decode(substr(n.name, 37), 'hex')
  where i.tenant_id = this_tenant
  order by i.key_id, i.name_hash
  for no key update of i;
  update hansard.idempotency_keys as i
  set
    tenant_key_id = target,
    answer = n.fresh
  from unnest(names, known, fresh) as n (name, known, fresh)
  where i.tenant_id = this_tenant
    and i.key_id = left(n.name, 36)::uuid
    and i.name_hash = decode(substr(n.name, 37), 'hex')
    and i.answer = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;


ALTER FUNCTION hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]) IS 'As rewrap_recording_keys, for answers that are kept, by their API key''s id and then, in hexadecimal, the hash of their name.';


--
-- Name: rewrap_recording_keys(uuid, text[], bytea[], bytea[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (names::uuid[])
  order by k.recording_id
  for no key update;
  update hansard.recording_keys as k
  set
    tenant_key_id = target,
    wrapped = n.fresh
  from unnest(names::uuid[], known, fresh) as n (name, known, fresh)
  where k.tenant_id = this_tenant
    and k.recording_id = n.name
    and k.wrapped = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;


ALTER FUNCTION hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]) IS 'Puts data keys of recordings, by their ids, under another tenant key, if they are still wrapped as was known; says how many.';


--
-- Name: rewrap_recovery_keys(uuid, text[], bytea[], bytea[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (names)
  order by k.session_id
  for no key update;
  update hansard.recovery_keys as k
  set
    tenant_key_id = target,
    wrapped = n.fresh
  from unnest(names, known, fresh) as n (name, known, fresh)
  where k.tenant_id = this_tenant
    and k.session_id = n.name
    and k.wrapped = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;


ALTER FUNCTION hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]) IS 'As rewrap_recording_keys, for data keys of recovery sessions, by their names.';


--
-- Name: rewrap_tenant_key(uuid, bytea, bytea, text, bytea); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  update hansard.tenant_keys as k
  set
    wrapped = fresh,
    master_key_id = master_key,
    master_key_fingerprint = fingerprint
  where k.tenant_id = hansard.tenant()
    and k.tenant_key_id = wanted
    and k.wrapped = known;
  return found;
end
$$;


ALTER FUNCTION hansard.rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea) OWNER TO hansard_owner;

--
-- Name: FUNCTION rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea) IS 'Puts a tenant key under another master key, if it is still wrapped as was known; false: somebody else was first.';


--
-- Name: rewrap_webhook_secrets(uuid, text[], bytea[], bytea[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.webhooks as w
  where w.tenant_id = this_tenant
    and w.webhook_id = any (names::uuid[])
  order by w.webhook_id
  for no key update;
  update hansard.webhooks as w
  set
    tenant_key_id = target,
    secret = n.fresh
  from unnest(names::uuid[], known, fresh) as n (name, known, fresh)
  where w.tenant_id = this_tenant
    and w.webhook_id = n.name
    and w.secret = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;


ALTER FUNCTION hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]) IS 'As rewrap_recording_keys, for what signs the messages to webhooks, by their ids.';


--
-- Name: settle_erasures(bigint); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.settle_erasures(written bigint) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  update hansard.erasure_log as l
  set segment_count = written
  where l.segment_count = written - 1;
  if not found then
    return false;
  end if;
  delete from hansard.erasures as e
  where e.segment = written;
  return true;
end
$$;


ALTER FUNCTION hansard.settle_erasures(written bigint) OWNER TO hansard_owner;

--
-- Name: FUNCTION settle_erasures(written bigint); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.settle_erasures(written bigint) IS 'The next file of the log is there for good, and what it holds is destroyed here too; false: that was known.';


--
-- Name: settle_erasures(bigint, bytea[], uuid[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
begin
  update hansard.erasure_log as l
  set segment_count = written
  where l.segment_count = written - 1;
  if not found then
    return false;
  end if;
  delete from hansard.erasures as e
  where e.commitment = any (commitments)
    or e.tenant_key_id = any (tenant_key_ids);
  -- What else was meant for it comes into the next one.
  update hansard.erasures as e
  set segment = null
  where e.segment = written;
  return true;
end
$$;


ALTER FUNCTION hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]) IS 'The next file of the log is there for good, and what it says is destroyed here too; false: that was known.';


--
-- Name: shred_tenant_keys(text, text); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.shred_tenant_keys(reason text, actor text) RETURNS TABLE(verdict text, tenant_keys bigint, recordings bigint, recovery_sessions bigint, webhooks bigint)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
begin
  -- Who starts something has been told the active key: waits for them, and lets nobody start meanwhile.
  perform
  from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
  order by k.tenant_key_id
  for update;
  -- The counters first, as everywhere: from here on nobody places a hold.
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
  order by p.recording_id
  for update;
  if exists (
    select
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.hold_count > 0) then
    verdict := 'held';
    return next;
    return;
  end if;
  if exists (
    select
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.retain_until > clock_timestamp()) then
    verdict := 'retained';
    return next;
    return;
  end if;

  -- What is open ends: nothing that is appended could be read by anybody.
  update hansard.canvas_recordings as r
  set
    status = 'failed',
    stopped_at = c.now,
    duration_seconds = greatest(0, extract(epoch from c.now - r.started_at)),
    summary = 'The keys of the tenant were destroyed.',
    event_count = p.event_count,
    updated_at = c.now
  from hansard.recording_progress as p,
    (select clock_timestamp() as now) as c
  where r.tenant_id = this_tenant
    and r.status = 'recording'
    and p.tenant_id = this_tenant
    and p.recording_id = r.recording_id;
  update hansard.recording_progress as p
  set is_open = false
  where p.tenant_id = this_tenant
    and p.is_open;

  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant;
  get diagnostics recordings = row_count;
  select s.sessions
  into recovery_sessions
  from hansard.clear_recovery_sessions(null, actor, reason) as s;
  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant;
  delete from hansard.webhooks as w
  where w.tenant_id = this_tenant;
  get diagnostics webhooks = row_count;
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant;
  get diagnostics tenant_keys = row_count;
  verdict := 'shredded';
  return next;
end
$$;


ALTER FUNCTION hansard.shred_tenant_keys(reason text, actor text) OWNER TO hansard_owner;

--
-- Name: FUNCTION shred_tenant_keys(reason text, actor text); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.shred_tenant_keys(reason text, actor text) IS 'Destroys all keys of the tenant, ends its open recordings, and clears its recovery sessions: shredded; or does nothing: held, retained (some recording is).';


--
-- Name: recording_keys; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_keys (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    tenant_key_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    commitment bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recording_keys_commitment_length CHECK ((length(commitment) = 32)),
    CONSTRAINT recording_keys_wrapped_length CHECK (((length(wrapped) >= 1) AND (length(wrapped) <= 256)))
);

ALTER TABLE ONLY hansard.recording_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_keys OWNER TO hansard_owner;

--
-- Name: TABLE recording_keys; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recording_keys IS 'Wrapped data keys. Destroying a row destroys the content of its recording.';


--
-- Name: recovery_keys; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recovery_keys (
    tenant_id uuid NOT NULL,
    session_id text NOT NULL,
    tenant_key_id uuid NOT NULL,
    wrapped bytea NOT NULL,
    commitment bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT recovery_keys_commitment_length CHECK ((length(commitment) = 32)),
    CONSTRAINT recovery_keys_wrapped_length CHECK (((length(wrapped) >= 1) AND (length(wrapped) <= 256)))
);

ALTER TABLE ONLY hansard.recovery_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recovery_keys OWNER TO hansard_owner;

--
-- Name: TABLE recovery_keys; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recovery_keys IS 'Wrapped data keys. Destroying a row destroys the content of its session''s attempts.';


--
-- Name: surviving_erasures(uuid[], uuid[], bytea[], uuid[]); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]) RETURNS TABLE(place bigint)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT x.place
    FROM UNNEST(surviving_erasures.tenants, surviving_erasures.recordings, surviving_erasures.commitments, surviving_erasures.tenant_key_ids) WITH ORDINALITY x(tenant_id, recording_id, commitment, tenant_key_id, place)
   WHERE ((EXISTS ( SELECT
            FROM hansard.recording_keys k
           WHERE ((k.tenant_id = x.tenant_id) AND (k.recording_id = x.recording_id) AND (k.commitment = x.commitment)))) OR ((x.recording_id IS NULL) AND (EXISTS ( SELECT
            FROM hansard.recovery_keys k
           WHERE ((k.tenant_id = x.tenant_id) AND (k.commitment = x.commitment))))) OR (EXISTS ( SELECT
            FROM hansard.tenant_keys k
           WHERE ((k.tenant_id = x.tenant_id) AND (k.tenant_key_id = x.tenant_key_id)))) OR (EXISTS ( SELECT
            FROM (hansard.erasures e
              JOIN hansard.canvas_recordings r ON (((r.tenant_id = e.tenant_id) AND (r.recording_id = e.recording_id))))
           WHERE ((e.tenant_id = x.tenant_id) AND (e.recording_id = x.recording_id) AND (e.commitment = x.commitment) AND e.is_again))))
   ORDER BY x.place;
END;


ALTER FUNCTION hansard.surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]) OWNER TO hansard_owner;

--
-- Name: FUNCTION surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]) IS 'Which erasures of the log, counted from 1, have not happened in this database, or by half: asked of no tenant, and tells numbers only.';


--
-- Name: sweep_archived_events(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.sweep_archived_events(most integer) RETURNS TABLE(events bigint, is_cut boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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


ALTER FUNCTION hansard.sweep_archived_events(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION sweep_archived_events(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.sweep_archived_events(most integer) IS 'Deletes so many events, or 64 MiB, of recordings of the tenant that are read from their archives; says whether there may be more.';


--
-- Name: sweep_recording_events(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.sweep_recording_events(most integer) RETURNS TABLE(events bigint, is_cut boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
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
    select c.recording_id, c.events_on
    from hansard.purge_certificates as c
    where c.tenant_id = this_tenant
      and c.has_remains
    order by c.purged_at
    limit 100
    for update skip locked
  loop
    -- At least one, however large it is.
    select max(p.seq), sum(p.payload_length)
    into last, bytes
    from (
      select
        x.seq,
        x.payload_length,
        sum(x.payload_length::bigint) over (order by x.seq) - x.payload_length as before
      from (
        select e.seq, e.payload_length
        from hansard.recording_events as e
        where e.tenant_id = this_tenant
          and e.recording_id = one.recording_id
          and e.expires_on = one.events_on
        order by e.seq
        limit most - events
      ) as x
    ) as p
    where p.before < bytes_left;
    delete from hansard.recording_events as e
    where e.tenant_id = this_tenant
      and e.recording_id = one.recording_id
      and e.expires_on = one.events_on
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
        and e.expires_on = one.events_on);
    exit when is_cut;
    update hansard.purge_certificates as c
    set has_remains = false
    where c.tenant_id = this_tenant
      and c.recording_id = one.recording_id;
    is_cut := events >= most or bytes_left <= 0 or seen >= 100;
    exit when is_cut;
  end loop;
  return next;
end
$$;


ALTER FUNCTION hansard.sweep_recording_events(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION sweep_recording_events(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.sweep_recording_events(most integer) IS 'Deletes so many events, or 64 MiB, of purged recordings of the tenant whose partition stays; says whether there may be more.';


--
-- Name: sweep_recovery_attempts(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.sweep_recovery_attempts(most integer) RETURNS TABLE(attempts bigint, is_cut boolean)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  held text[];
begin
  select array_agg(d.session_id)
  into held
  from (
    select s.session_id
    from hansard.recovery_sessions as s
    where s.tenant_id = hansard.tenant()
      and s.has_remains
    order by s.cleared_at
    limit 100
    for update skip locked
  ) as d;
  select r.attempts, r.is_cut or coalesce(cardinality(held), 0) = 100
  into attempts, is_cut
  from hansard.delete_recovery_attempts(held, most) as r;
  return next;
end
$$;


ALTER FUNCTION hansard.sweep_recovery_attempts(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION sweep_recovery_attempts(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.sweep_recovery_attempts(most integer) IS 'Deletes so many attempts of the tenant''s purged sessions; says whether there may be more.';


--
-- Name: tenants_under_other_master_keys(text, uuid, integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer) RETURNS TABLE(tenant_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 SELECT DISTINCT k.tenant_id
    FROM hansard.tenant_keys k
   WHERE ((k.master_key_id <> tenants_under_other_master_keys.current_key) AND ((tenants_under_other_master_keys.after IS NULL) OR (k.tenant_id > tenants_under_other_master_keys.after)))
   ORDER BY k.tenant_id
  LIMIT tenants_under_other_master_keys.most;
END;


ALTER FUNCTION hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION tenants_under_other_master_keys(current_key text, after uuid, most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer) IS 'So many tenants with a key that is wrapped under another master key, in the order of their ids, after one: asked of no tenant, and tells ids only.';


--
-- Name: idempotency_keys; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.idempotency_keys (
    tenant_id uuid NOT NULL,
    key_id uuid NOT NULL,
    name_hash bytea NOT NULL,
    request_hash bytea NOT NULL,
    tenant_key_id uuid NOT NULL,
    answer bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    recording_id uuid,
    session_id text,
    CONSTRAINT idempotency_keys_name_hash_length CHECK ((length(name_hash) = 32)),
    CONSTRAINT idempotency_keys_one_subject CHECK (((recording_id IS NULL) OR (session_id IS NULL))),
    CONSTRAINT idempotency_keys_request_hash_length CHECK ((length(request_hash) = 32))
);
ALTER TABLE ONLY hansard.idempotency_keys ALTER COLUMN answer SET STORAGE EXTERNAL;

ALTER TABLE ONLY hansard.idempotency_keys FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.idempotency_keys OWNER TO hansard_owner;

--
-- Name: TABLE idempotency_keys; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.idempotency_keys IS 'What was answered to requests with an Idempotency-Key, for 24 hours; committed with what was done.';


--
-- Name: COLUMN idempotency_keys.key_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.key_id IS 'The API key that asked: names are its own.';


--
-- Name: COLUMN idempotency_keys.name_hash; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.name_hash IS 'SHA-256 of the Idempotency-Key, which may be anything.';


--
-- Name: COLUMN idempotency_keys.request_hash; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.request_hash IS 'HMAC-SHA-256 of what was asked for, under a key of the tenant: a secret in it is not to be guessed.';


--
-- Name: COLUMN idempotency_keys.answer; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.answer IS 'XAES-256-GCM under the tenant key: status, location and body; empty when what it tells of was destroyed.';


--
-- Name: COLUMN idempotency_keys.recording_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.recording_id IS 'The recording that the answer tells of: with its key the answer is emptied.';


--
-- Name: COLUMN idempotency_keys.session_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.idempotency_keys.session_id IS 'The recovery session that the answer tells of: with its key the answer is emptied.';


--
-- Name: trim_idempotency_keys(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.trim_idempotency_keys() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 DELETE FROM hansard.idempotency_keys i
   WHERE ((i.tenant_id = hansard.tenant()) AND ((i.key_id, i.name_hash) IN ( SELECT k.key_id,
             k.name_hash
            FROM hansard.idempotency_keys k
           WHERE ((k.tenant_id = hansard.tenant()) AND (k.expires_at <= now()))
           ORDER BY k.expires_at
          LIMIT 100
          FOR UPDATE OF k SKIP LOCKED)));
END;


ALTER FUNCTION hansard.trim_idempotency_keys() OWNER TO hansard_owner;

--
-- Name: FUNCTION trim_idempotency_keys(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.trim_idempotency_keys() IS 'Deletes answers of the tenant that have expired, a hundred at the most.';


--
-- Name: trim_leftovers(integer); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.trim_leftovers(most integer) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    AS $$
declare
  this_tenant constant uuid := hansard.tenant();
  notices bigint;
  answers bigint;
  tickets bigint;
begin
  delete from hansard.notices as n
  where n.tenant_id = this_tenant
    and (n.xid, n.notice_id) in (
      select o.xid, o.notice_id
      from hansard.notices as o
      where o.tenant_id = this_tenant
        and o.created_at < clock_timestamp() - interval '7 days'
      order by o.created_at
      limit most
      for update skip locked);
  get diagnostics notices = row_count;
  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant
    and (i.key_id, i.name_hash) in (
      select k.key_id, k.name_hash
      from hansard.idempotency_keys as k
      where k.tenant_id = this_tenant
        and k.expires_at <= clock_timestamp()
      order by k.expires_at
      limit most
      for update skip locked);
  get diagnostics answers = row_count;
  delete from hansard.websocket_tickets as t
  where t.tenant_id = this_tenant
    and t.ticket_hash in (
      select o.ticket_hash
      from hansard.websocket_tickets as o
      where o.tenant_id = this_tenant
        and o.expires_at <= clock_timestamp()
      order by o.expires_at
      limit most
      for update skip locked);
  get diagnostics tickets = row_count;
  return notices + answers + tickets;
end
$$;


ALTER FUNCTION hansard.trim_leftovers(most integer) OWNER TO hansard_owner;

--
-- Name: FUNCTION trim_leftovers(most integer); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.trim_leftovers(most integer) IS 'Deletes notices of the tenant that are older than seven days, and answers and tickets that have expired, so many of each; how many there were.';


--
-- Name: trim_notices(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.trim_notices() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 DELETE FROM hansard.notices n
   WHERE ((n.tenant_id = hansard.tenant()) AND ((n.xid, n.notice_id) IN ( SELECT o.xid,
             o.notice_id
            FROM hansard.notices o
           WHERE ((o.tenant_id = hansard.tenant()) AND (o.created_at < (now() - '7 days'::interval)))
           ORDER BY o.created_at
          LIMIT 1000
          FOR UPDATE OF o SKIP LOCKED)));
END;


ALTER FUNCTION hansard.trim_notices() OWNER TO hansard_owner;

--
-- Name: FUNCTION trim_notices(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.trim_notices() IS 'Deletes notices of the tenant that are older than seven days, a thousand at the most.';


--
-- Name: websocket_tickets; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.websocket_tickets (
    tenant_id uuid NOT NULL,
    ticket_hash bytea NOT NULL,
    key_id uuid NOT NULL,
    token_expires_at timestamp with time zone,
    issued_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    CONSTRAINT websocket_tickets_hash_length CHECK ((length(ticket_hash) = 32))
)
WITH (fillfactor='70');

ALTER TABLE ONLY hansard.websocket_tickets FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.websocket_tickets OWNER TO hansard_owner;

--
-- Name: TABLE websocket_tickets; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.websocket_tickets IS 'What opens one WebSocket, within half a minute; kept until it has expired.';


--
-- Name: COLUMN websocket_tickets.ticket_hash; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.websocket_tickets.ticket_hash IS 'SHA-256 of the ticket''s secret, 256 random bits as text.';


--
-- Name: COLUMN websocket_tickets.key_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.websocket_tickets.key_id IS 'The API key that asked, or the entry that stands for a user''s tokens: whoever uses the ticket is it.';


--
-- Name: COLUMN websocket_tickets.token_expires_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.websocket_tickets.token_expires_at IS 'When the token ends that asked: so does the connection; null for an API key.';


--
-- Name: COLUMN websocket_tickets.used_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.websocket_tickets.used_at IS 'When it was used, or had to make room for a newer one of its key.';


--
-- Name: trim_websocket_tickets(); Type: FUNCTION; Schema: hansard; Owner: hansard_owner
--

CREATE FUNCTION hansard.trim_websocket_tickets() RETURNS void
    LANGUAGE sql SECURITY DEFINER
    SET search_path TO 'pg_catalog'
    BEGIN ATOMIC
 DELETE FROM hansard.websocket_tickets t
   WHERE ((t.tenant_id = hansard.tenant()) AND (t.ticket_hash IN ( SELECT o.ticket_hash
            FROM hansard.websocket_tickets o
           WHERE ((o.tenant_id = hansard.tenant()) AND (o.expires_at <= now()))
           ORDER BY o.expires_at
          LIMIT 100
          FOR UPDATE OF o SKIP LOCKED)));
END;


ALTER FUNCTION hansard.trim_websocket_tickets() OWNER TO hansard_owner;

--
-- Name: FUNCTION trim_websocket_tickets(); Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON FUNCTION hansard.trim_websocket_tickets() IS 'Deletes tickets of the tenant that have expired, a hundred at the most.';


--
-- Name: canvas_audit; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.canvas_audit (
    tenant_id uuid NOT NULL,
    audit_id uuid NOT NULL,
    occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    request_id uuid NOT NULL,
    actor text NOT NULL,
    actor_role text NOT NULL,
    key_id uuid,
    component_type text NOT NULL,
    action text NOT NULL,
    outcome text NOT NULL,
    refusal text,
    recording_id uuid,
    agent_id text,
    user_id text,
    canvas_id text,
    session_id text,
    audit_metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    governance_check_passed boolean NOT NULL,
    peer cidr,
    CONSTRAINT canvas_audit_check_is_outcome CHECK ((governance_check_passed = (outcome = 'allowed'::text))),
    CONSTRAINT canvas_audit_outcome_known CHECK ((outcome = ANY (ARRAY['allowed'::text, 'refused'::text]))),
    CONSTRAINT canvas_audit_refusal_explained CHECK (((outcome = 'refused'::text) = (refusal IS NOT NULL)))
);
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN audit_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN occurred_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN request_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN actor SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN key_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN refusal SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN user_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN canvas_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN session_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.canvas_audit ALTER COLUMN audit_metadata SET STATISTICS 0;

ALTER TABLE ONLY hansard.canvas_audit FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.canvas_audit OWNER TO hansard_owner;

--
-- Name: COLUMN canvas_audit.peer; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.canvas_audit.peer IS 'The /24 or /48 of the other end of the connection, which is a proxy where there is one before the service; null: operators'' commands, the service itself, and what was before there was this column.';


--
-- Name: access_log; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.access_log WITH (security_invoker='true') AS
 SELECT u.audit_id,
    u.occurred_at,
    u.request_id,
    u.actor,
    u.actor_role,
    u.key_id,
    u.action,
    u.outcome,
    u.refusal AS refusal_reason,
    u.recording_id,
    u.agent_id,
    u.user_id,
        CASE
            WHEN (u.component_type = 'recovery_audit'::text) THEN u.session_id
            ELSE NULL::text
        END AS recovery_session_id
   FROM hansard.canvas_audit u
  WHERE (u.action = ANY (ARRAY['read_recording'::text, 'read_events'::text, 'replay_recording'::text, 'export_recording'::text, 'follow_recording'::text, 'read_recovery_history'::text, 'read_recovery_statistics'::text, 'report_recovery'::text, 'export_recovery'::text]));


ALTER TABLE compliance.access_log OWNER TO hansard_owner;

--
-- Name: VIEW access_log; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.access_log IS 'Who looked into recordings and recovery sessions, or tried to.';


--
-- Name: COLUMN access_log.audit_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.audit_id IS 'The entry''s id in the audit log.';


--
-- Name: COLUMN access_log.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.occurred_at IS 'When.';


--
-- Name: COLUMN access_log.request_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.request_id IS 'The request that it belongs to.';


--
-- Name: COLUMN access_log.actor; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.actor IS 'Who looked: user:…, key:… or operator.';


--
-- Name: COLUMN access_log.actor_role; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.actor_role IS 'The role in which they did.';


--
-- Name: COLUMN access_log.key_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.key_id IS 'The API key; null: an operator.';


--
-- Name: COLUMN access_log.action; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.action IS 'What they did: read_…, replay_…, export_… or follow_recording, read_recovery_…, report_… or export_recovery.';


--
-- Name: COLUMN access_log.outcome; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.outcome IS 'allowed or refused.';


--
-- Name: COLUMN access_log.refusal_reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.refusal_reason IS 'Why it was refused.';


--
-- Name: COLUMN access_log.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.recording_id IS 'The recording; null: a recovery session.';


--
-- Name: COLUMN access_log.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.agent_id IS 'The agent that acted in it.';


--
-- Name: COLUMN access_log.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN access_log.recovery_session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.access_log.recovery_session_id IS 'The recovery session; null: a recording.';


--
-- Name: agent_registry; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.agent_registry (
    tenant_id uuid NOT NULL,
    agent_id text NOT NULL,
    name text NOT NULL,
    status text DEFAULT 'student'::text NOT NULL,
    registered boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    autonomous_since timestamp with time zone,
    CONSTRAINT agent_registry_agent_id_length CHECK (((length(agent_id) >= 1) AND (length(agent_id) <= 255))),
    CONSTRAINT agent_registry_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT agent_registry_status_known CHECK ((status = ANY (ARRAY['student'::text, 'intern'::text, 'supervised'::text, 'autonomous'::text, 'paused'::text, 'deprecated'::text])))
);
ALTER TABLE ONLY hansard.agent_registry ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.agent_registry ALTER COLUMN name SET STATISTICS 0;
ALTER TABLE ONLY hansard.agent_registry ALTER COLUMN created_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.agent_registry ALTER COLUMN updated_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.agent_registry ALTER COLUMN autonomous_since SET STATISTICS 0;

ALTER TABLE ONLY hansard.agent_registry FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.agent_registry OWNER TO hansard_owner;

--
-- Name: COLUMN agent_registry.registered; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.agent_registry.registered IS 'False for an agent that was named by a recording before an admin named it.';


--
-- Name: COLUMN agent_registry.autonomous_since; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.agent_registry.autonomous_since IS 'When its status became autonomous; null for one that is not, or was before this was kept.';


--
-- Name: agent_maturity; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.agent_maturity WITH (security_invoker='true') AS
 WITH changes AS (
         SELECT u.tenant_id,
            u.agent_id,
            (u.audit_metadata ->> 'status_before'::text) AS before,
            (u.audit_metadata ->> 'status_after'::text) AS after,
            u.occurred_at,
            u.actor,
            u.actor_role
           FROM hansard.canvas_audit u
          WHERE ((u.action = 'manage_agents'::text) AND (u.outcome = 'allowed'::text) AND ((u.audit_metadata ->> 'status_before'::text) IS DISTINCT FROM (u.audit_metadata ->> 'status_after'::text)))
        ), beginnings AS (
         SELECT a.tenant_id,
            a.agent_id,
                CASE
                    WHEN (f.tenant_id IS NULL) THEN a.status
                    ELSE f.before
                END AS after,
            a.created_at
           FROM (hansard.agent_registry a
             LEFT JOIN ( SELECT DISTINCT ON (c.tenant_id, c.agent_id) c.tenant_id,
                    c.agent_id,
                    c.before
                   FROM changes c
                  ORDER BY c.tenant_id, c.agent_id, c.occurred_at) f ON (((f.tenant_id = a.tenant_id) AND (f.agent_id = a.agent_id))))
          WHERE ((f.tenant_id IS NULL) OR (f.before IS NOT NULL))
        ), steps AS (
         SELECT c.tenant_id,
            c.agent_id,
            c.before,
            c.after,
            c.occurred_at,
            c.actor,
            c.actor_role
           FROM changes c
        UNION ALL
         SELECT b.tenant_id,
            b.agent_id,
            NULL::text,
            b.after,
            b.created_at,
            NULL::text,
            NULL::text
           FROM beginnings b
        )
 SELECT s.agent_id,
    s.before AS previous_maturity,
    s.after AS maturity,
    s.occurred_at AS valid_from,
    lead(s.occurred_at) OVER (PARTITION BY s.tenant_id, s.agent_id ORDER BY s.occurred_at) AS valid_until,
    s.actor AS changed_by,
    s.actor_role AS changed_by_role
   FROM steps s;


ALTER TABLE compliance.agent_maturity OWNER TO hansard_owner;

--
-- Name: VIEW agent_maturity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.agent_maturity IS 'What each agent''s maturity was, from when until when, and who changed it: from the audit log.';


--
-- Name: COLUMN agent_maturity.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.agent_id IS 'The agent''s id.';


--
-- Name: COLUMN agent_maturity.previous_maturity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.previous_maturity IS 'What it was before; null at its beginning.';


--
-- Name: COLUMN agent_maturity.maturity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.maturity IS 'What it was in this period.';


--
-- Name: COLUMN agent_maturity.valid_from; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.valid_from IS 'When the period began.';


--
-- Name: COLUMN agent_maturity.valid_until; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.valid_until IS 'When it ended; null: it lasts.';


--
-- Name: COLUMN agent_maturity.changed_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.changed_by IS 'Who made the change: user:…, key:… or operator; null where a recording named the agent first.';


--
-- Name: COLUMN agent_maturity.changed_by_role; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agent_maturity.changed_by_role IS 'The role in which they did.';


--
-- Name: agents; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.agents WITH (security_invoker='true') AS
 SELECT a.agent_id,
    a.name,
    a.status AS maturity,
    a.registered AS is_registered,
        CASE
            WHEN (a.status = 'autonomous'::text) THEN a.autonomous_since
            ELSE NULL::timestamp with time zone
        END AS autonomous_since,
    a.created_at,
    a.updated_at
   FROM hansard.agent_registry a;


ALTER TABLE compliance.agents OWNER TO hansard_owner;

--
-- Name: VIEW agents; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.agents IS 'The register of agents as it is now.';


--
-- Name: COLUMN agents.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.agent_id IS 'The agent''s id.';


--
-- Name: COLUMN agents.name; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.name IS 'Its name for people.';


--
-- Name: COLUMN agents.maturity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.maturity IS 'student, intern, supervised, autonomous, paused or deprecated.';


--
-- Name: COLUMN agents.is_registered; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.is_registered IS 'False for one that a recording named before an admin did.';


--
-- Name: COLUMN agents.autonomous_since; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.autonomous_since IS 'When it became autonomous; null for one that is not, or was before this was kept.';


--
-- Name: COLUMN agents.created_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.created_at IS 'When it was first seen or registered.';


--
-- Name: COLUMN agents.updated_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.agents.updated_at IS 'When it was last changed.';


--
-- Name: audit_log; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.audit_log WITH (security_invoker='true') AS
 SELECT u.audit_id,
    u.occurred_at,
    u.request_id,
    u.actor,
    u.actor_role,
    u.key_id,
    u.component_type AS component,
    u.action,
    u.outcome,
    u.refusal AS refusal_reason,
    ((u.audit_metadata ->> 'emergency_bypass'::text) IS NOT NULL) AS is_emergency_bypass,
    u.recording_id,
    u.agent_id,
    u.user_id,
    u.canvas_id,
    u.session_id
   FROM hansard.canvas_audit u;


ALTER TABLE compliance.audit_log OWNER TO hansard_owner;

--
-- Name: VIEW audit_log; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.audit_log IS 'Everything that was asked of the service, allowed or refused.';


--
-- Name: COLUMN audit_log.audit_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.audit_id IS 'The entry''s id.';


--
-- Name: COLUMN audit_log.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.occurred_at IS 'When.';


--
-- Name: COLUMN audit_log.request_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.request_id IS 'The request that it belongs to.';


--
-- Name: COLUMN audit_log.actor; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.actor IS 'Who asked: user:…, key:…, operator or system.';


--
-- Name: COLUMN audit_log.actor_role; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.actor_role IS 'The role in which they did.';


--
-- Name: COLUMN audit_log.key_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.key_id IS 'The API key; null: an operator.';


--
-- Name: COLUMN audit_log.component; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.component IS 'What kind of thing it was about.';


--
-- Name: COLUMN audit_log.action; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.action IS 'What was asked.';


--
-- Name: COLUMN audit_log.outcome; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.outcome IS 'allowed or refused.';


--
-- Name: COLUMN audit_log.refusal_reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.refusal_reason IS 'Why it was refused.';


--
-- Name: COLUMN audit_log.is_emergency_bypass; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.is_emergency_bypass IS 'Whether the rules were switched off (EMERGENCY_GOVERNANCE_BYPASS).';


--
-- Name: COLUMN audit_log.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.recording_id IS 'The recording, where there is one.';


--
-- Name: COLUMN audit_log.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.agent_id IS 'The agent, where there is one.';


--
-- Name: COLUMN audit_log.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.user_id IS 'The user whom it is about, where there is one.';


--
-- Name: COLUMN audit_log.canvas_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.canvas_id IS 'The canvas, where there is one.';


--
-- Name: COLUMN audit_log.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.audit_log.session_id IS 'The session, where there is one.';


--
-- Name: daily_activity; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.daily_activity WITH (security_invoker='true') AS
 SELECT ((r.started_at AT TIME ZONE 'UTC'::text))::date AS day,
    r.agent_id,
    count(*) AS recordings,
    count(*) FILTER (WHERE (r.status = 'completed'::text)) AS completed,
    count(*) FILTER (WHERE (r.status = 'failed'::text)) AS failed,
    count(*) FILTER (WHERE (r.status = 'recording'::text)) AS still_open,
    count(*) FILTER (WHERE r.flagged_for_review) AS flagged,
    count(DISTINCT r.user_id) AS users,
    COALESCE(sum(p.event_count), (0)::numeric) AS events,
    COALESCE(sum(p.error_count), (0)::numeric) AS errors,
    COALESCE(sum(r.duration_seconds), (0)::double precision) AS duration_seconds
   FROM (hansard.canvas_recordings r
     LEFT JOIN hansard.recording_progress p ON (((p.tenant_id = r.tenant_id) AND (p.recording_id = r.recording_id))))
  GROUP BY (((r.started_at AT TIME ZONE 'UTC'::text))::date), r.agent_id;


ALTER TABLE compliance.daily_activity OWNER TO hansard_owner;

--
-- Name: VIEW daily_activity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.daily_activity IS 'What each agent did on each day (UTC), by when recordings began.';


--
-- Name: COLUMN daily_activity.day; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.day IS 'The day, UTC.';


--
-- Name: COLUMN daily_activity.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.agent_id IS 'The agent.';


--
-- Name: COLUMN daily_activity.recordings; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.recordings IS 'Recordings that began.';


--
-- Name: COLUMN daily_activity.completed; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.completed IS 'Of these, how many are completed.';


--
-- Name: COLUMN daily_activity.failed; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.failed IS 'Of these, how many failed.';


--
-- Name: COLUMN daily_activity.still_open; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.still_open IS 'Of these, how many are open.';


--
-- Name: COLUMN daily_activity.flagged; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.flagged IS 'Of these, how many are flagged.';


--
-- Name: COLUMN daily_activity.users; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.users IS 'Different users on whose behalf it acted.';


--
-- Name: COLUMN daily_activity.events; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.events IS 'Events in them.';


--
-- Name: COLUMN daily_activity.errors; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.errors IS 'Events of type error in them.';


--
-- Name: COLUMN daily_activity.duration_seconds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.daily_activity.duration_seconds IS 'How long they lasted together, in seconds.';


--
-- Name: event_redactions; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.event_redactions WITH (security_invoker='true') AS
 SELECT e.recording_id,
    e.seq,
    e.event_type,
    e.occurred_at,
    f.family,
    f.number AS redaction_count,
    e.expires_on
   FROM (hansard.recording_events e
     CROSS JOIN LATERAL UNNEST(e.redacted_families, e.redacted_counts) f(family, number))
  WHERE (e.redacted_families IS NOT NULL);


ALTER TABLE compliance.event_redactions OWNER TO hansard_owner;

--
-- Name: VIEW event_redactions; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.event_redactions IS 'What was redacted in events: a row for each kind in each event.';


--
-- Name: COLUMN event_redactions.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN event_redactions.seq; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.seq IS 'Position of the event in it.';


--
-- Name: COLUMN event_redactions.event_type; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.event_type IS 'The event''s type.';


--
-- Name: COLUMN event_redactions.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.occurred_at IS 'When it happened, as the client says.';


--
-- Name: COLUMN event_redactions.family; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.family IS 'The kind of secret or of personal data.';


--
-- Name: COLUMN event_redactions.redaction_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.redaction_count IS 'How often it was redacted in the event.';


--
-- Name: COLUMN event_redactions.expires_on; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.event_redactions.expires_on IS 'As in recordings: join on recording_id and expires_on.';


--
-- Name: events; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.events WITH (security_invoker='true') AS
 SELECT e.recording_id,
    e.seq,
    e.event_id,
    e.event_type,
    e.occurred_at,
    e.recorded_at,
    e.recorded_by,
    e.payload_length AS payload_bytes,
    COALESCE(( SELECT sum(c.number) AS sum
           FROM unnest(e.redacted_counts) c(number)), (0)::bigint) AS redaction_count,
    e.redaction_policy AS redaction_policy_version,
    e.expires_on
   FROM hansard.recording_events e;


ALTER TABLE compliance.events OWNER TO hansard_owner;

--
-- Name: VIEW events; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.events IS 'Events: type, time, size and redactions; what was said is not in here.';


--
-- Name: COLUMN events.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN events.seq; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.seq IS 'Position in the recording, from 1.';


--
-- Name: COLUMN events.event_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.event_id IS 'The event''s id.';


--
-- Name: COLUMN events.event_type; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.event_type IS 'Its type, as the client named it; redacted.';


--
-- Name: COLUMN events.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.occurred_at IS 'When it happened, as the client says.';


--
-- Name: COLUMN events.recorded_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.recorded_at IS 'When it was stored.';


--
-- Name: COLUMN events.recorded_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.recorded_by IS 'Who recorded it: key:…, user:… or operator.';


--
-- Name: COLUMN events.payload_bytes; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.payload_bytes IS 'Bytes of its data after redaction.';


--
-- Name: COLUMN events.redaction_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.redaction_count IS 'How many secrets and personal data were redacted in it.';


--
-- Name: COLUMN events.redaction_policy_version; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.redaction_policy_version IS 'Version of the policy that it was redacted under; 0: the built-in rules; null: stored before there were any.';


--
-- Name: COLUMN events.expires_on; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.events.expires_on IS 'As in recordings: join on recording_id and expires_on.';


--
-- Name: recording_flags; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_flags (
    tenant_id uuid NOT NULL,
    flag_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    flag_reason text NOT NULL,
    flagged_by text NOT NULL,
    flagged_at timestamp with time zone NOT NULL,
    CONSTRAINT recording_flags_reason_length CHECK (((octet_length(flag_reason) >= 1) AND (octet_length(flag_reason) <= 16000)))
);
ALTER TABLE ONLY hansard.recording_flags ALTER COLUMN flag_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_flags ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_flags ALTER COLUMN flag_reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_flags ALTER COLUMN flagged_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_flags ALTER COLUMN flagged_at SET STATISTICS 0;

ALTER TABLE ONLY hansard.recording_flags FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_flags OWNER TO hansard_owner;

--
-- Name: flags; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.flags WITH (security_invoker='true') AS
 SELECT f.flag_id,
    f.recording_id,
    r.agent_id,
    r.user_id,
    f.flagged_at,
    f.flagged_by,
    f.flag_reason
   FROM (hansard.recording_flags f
     JOIN hansard.canvas_recordings r ON (((r.tenant_id = f.tenant_id) AND (r.recording_id = f.recording_id))));


ALTER TABLE compliance.flags OWNER TO hansard_owner;

--
-- Name: VIEW flags; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.flags IS 'Every flagging of a recording for review.';


--
-- Name: COLUMN flags.flag_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.flag_id IS 'The flag''s id.';


--
-- Name: COLUMN flags.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN flags.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.agent_id IS 'The agent that acted.';


--
-- Name: COLUMN flags.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN flags.flagged_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.flagged_at IS 'When it was flagged.';


--
-- Name: COLUMN flags.flagged_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.flagged_by IS 'Who flagged it.';


--
-- Name: COLUMN flags.flag_reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.flags.flag_reason IS 'Why; redacted.';


--
-- Name: legal_holds; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.legal_holds (
    tenant_id uuid NOT NULL,
    hold_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    reason text NOT NULL,
    placed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    placed_by text NOT NULL,
    lifted_at timestamp with time zone,
    lifted_by text,
    lift_reason text,
    CONSTRAINT legal_holds_lifting_complete CHECK ((((lifted_at IS NULL) = (lifted_by IS NULL)) AND ((lifted_at IS NULL) = (lift_reason IS NULL)))),
    CONSTRAINT legal_holds_reason_length CHECK ((((octet_length(reason) >= 1) AND (octet_length(reason) <= 32000)) AND ((octet_length(lift_reason) >= 1) AND (octet_length(lift_reason) <= 32000))))
);
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN hold_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN reason SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN placed_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN placed_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN lifted_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN lifted_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.legal_holds ALTER COLUMN lift_reason SET STATISTICS 0;

ALTER TABLE ONLY hansard.legal_holds FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.legal_holds OWNER TO hansard_owner;

--
-- Name: TABLE legal_holds; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.legal_holds IS 'Who had a recording kept, why, and until when.';


--
-- Name: legal_holds; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.legal_holds WITH (security_invoker='true') AS
 SELECT h.hold_id,
    h.recording_id,
    h.reason,
    h.placed_at,
    h.placed_by,
    h.lifted_at,
    h.lifted_by,
    h.lift_reason
   FROM hansard.legal_holds h;


ALTER TABLE compliance.legal_holds OWNER TO hansard_owner;

--
-- Name: VIEW legal_holds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.legal_holds IS 'What was or is kept beyond its retention, by whom and why.';


--
-- Name: COLUMN legal_holds.hold_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.hold_id IS 'The hold''s id.';


--
-- Name: COLUMN legal_holds.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.recording_id IS 'The recording that it keeps.';


--
-- Name: COLUMN legal_holds.reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.reason IS 'Why.';


--
-- Name: COLUMN legal_holds.placed_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.placed_at IS 'Since when.';


--
-- Name: COLUMN legal_holds.placed_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.placed_by IS 'Who placed it.';


--
-- Name: COLUMN legal_holds.lifted_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.lifted_at IS 'Until when; null: it is in force.';


--
-- Name: COLUMN legal_holds.lifted_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.lifted_by IS 'Who lifted it.';


--
-- Name: COLUMN legal_holds.lift_reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.legal_holds.lift_reason IS 'Why it was lifted.';


--
-- Name: purges; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.purges WITH (security_invoker='true') AS
 SELECT 'recovery_session'::text AS subject,
    s.session_id AS subject_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.cleared_at AS purged_at,
    s.cleared_by AS purged_by,
        CASE
            WHEN s.cleared_on_expiry THEN 'expired'::text
            ELSE 'cleared'::text
        END AS cause,
    s.clear_reason AS reason,
    s.cleared_attempts AS destroyed_count
   FROM hansard.recovery_sessions s
  WHERE (s.cleared_at IS NOT NULL)
UNION ALL
 SELECT 'recording'::text AS subject,
    (c.recording_id)::text AS subject_id,
    c.agent_id,
    c.user_id,
    c.started_at,
    c.purged_at,
    c.purged_by,
    c.cause,
    COALESCE(c.reason, 'The end of its retention.'::text) AS reason,
    c.event_count AS destroyed_count
   FROM hansard.purge_certificates c;


ALTER TABLE compliance.purges OWNER TO hansard_owner;

--
-- Name: VIEW purges; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.purges IS 'What was destroyed: whose, when, by whom and why, and how much.';


--
-- Name: COLUMN purges.subject; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.subject IS 'What kind of thing it was: recovery_session. Others may follow.';


--
-- Name: COLUMN purges.subject_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.subject_id IS 'The id of the thing, as text: of the recovery session or the recording.';


--
-- Name: COLUMN purges.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.agent_id IS 'The agent that acted in it.';


--
-- Name: COLUMN purges.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN purges.started_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.started_at IS 'When it began.';


--
-- Name: COLUMN purges.purged_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.purged_at IS 'When it was destroyed.';


--
-- Name: COLUMN purges.purged_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.purged_by IS 'Who did: user:…, key:…, operator or system.';


--
-- Name: COLUMN purges.cause; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.cause IS 'cleared, deleted: somebody asked for it; expired: the end of its retention. Others may follow.';


--
-- Name: COLUMN purges.reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.reason IS 'The words of whoever asked for it: free text of a person, redacted, and not checked otherwise.';


--
-- Name: COLUMN purges.destroyed_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.purges.destroyed_count IS 'How much was destroyed: attempts of a recovery session.';


--
-- Name: recordings; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.recordings WITH (security_invoker='true') AS
 SELECT r.recording_id,
    r.agent_id,
    (r.recording_metadata ->> 'agent_maturity'::text) AS agent_maturity,
    r.user_id,
    r.canvas_id,
    r.session_id,
    r.reason,
    r.tags,
    r.status,
    r.started_at,
    r.stopped_at,
    r.duration_seconds,
    COALESCE(p.event_count, (0)::bigint) AS event_count,
    COALESCE(p.error_count, (0)::bigint) AS error_count,
    COALESCE(p.completion_count, (0)::bigint) AS completion_count,
        CASE
            WHEN (p.recording_id IS NOT NULL) THEN p.last_event_at
            ELSE NULL::timestamp with time zone
        END AS last_event_at,
    r.flagged_for_review AS is_flagged,
    r.flag_reason,
    r.flagged_by,
    r.flagged_at,
    r.expires_at,
    r.expires_on,
    r.updated_at
   FROM (hansard.canvas_recordings r
     LEFT JOIN hansard.recording_progress p ON (((p.tenant_id = r.tenant_id) AND (p.recording_id = r.recording_id))));


ALTER TABLE compliance.recordings OWNER TO hansard_owner;

--
-- Name: VIEW recordings; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.recordings IS 'Recordings: who did what for whom, when, and how it ended.';


--
-- Name: COLUMN recordings.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN recordings.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.agent_id IS 'The agent that acted.';


--
-- Name: COLUMN recordings.agent_maturity; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.agent_maturity IS 'The agent''s maturity at the start.';


--
-- Name: COLUMN recordings.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN recordings.canvas_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.canvas_id IS 'The canvas, where one was named.';


--
-- Name: COLUMN recordings.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.session_id IS 'The session, where one was named.';


--
-- Name: COLUMN recordings.reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.reason IS 'Why it was recorded; redacted.';


--
-- Name: COLUMN recordings.tags; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.tags IS 'Tags; redacted.';


--
-- Name: COLUMN recordings.status; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.status IS 'recording, completed or failed.';


--
-- Name: COLUMN recordings.started_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.started_at IS 'When it began.';


--
-- Name: COLUMN recordings.stopped_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.stopped_at IS 'When it ended; null while it is open.';


--
-- Name: COLUMN recordings.duration_seconds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.duration_seconds IS 'From start to stop, in seconds; null while it is open.';


--
-- Name: COLUMN recordings.event_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.event_count IS 'Events so far.';


--
-- Name: COLUMN recordings.error_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.error_count IS 'Events of type error.';


--
-- Name: COLUMN recordings.completion_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.completion_count IS 'Events of type operation_complete.';


--
-- Name: COLUMN recordings.last_event_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.last_event_at IS 'When an event was last appended; null: never.';


--
-- Name: COLUMN recordings.is_flagged; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.is_flagged IS 'Whether it is flagged for review.';


--
-- Name: COLUMN recordings.flag_reason; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.flag_reason IS 'Why it was flagged last; redacted.';


--
-- Name: COLUMN recordings.flagged_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.flagged_by IS 'Who flagged it last.';


--
-- Name: COLUMN recordings.flagged_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.flagged_at IS 'When that was.';


--
-- Name: COLUMN recordings.expires_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.expires_at IS 'When its content is not shown any more; provisional while it is open.';


--
-- Name: COLUMN recordings.expires_on; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.expires_on IS 'Names the week that its events are kept by: joined on too, one part of them is read instead of all.';


--
-- Name: COLUMN recordings.updated_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recordings.updated_at IS 'When it was last changed.';


--
-- Name: recovery_attempts; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recovery_attempts (
    tenant_id uuid NOT NULL,
    session_id text NOT NULL,
    "position" bigint NOT NULL,
    entry_id text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by text NOT NULL,
    error_type text NOT NULL,
    strategy text NOT NULL,
    attempt_number bigint NOT NULL,
    success boolean NOT NULL,
    rollback_performed boolean NOT NULL,
    next_action text NOT NULL,
    duration_seconds numeric NOT NULL,
    agent_id text,
    user_id text,
    canvas_id text,
    recording_id uuid,
    event_id uuid,
    event_seq bigint,
    file_digests bytea[] DEFAULT '{}'::bytea[] NOT NULL,
    payload bytea NOT NULL,
    payload_length integer NOT NULL,
    content_mac bytea NOT NULL,
    redaction_policy integer NOT NULL,
    redacted_families text[],
    redacted_counts integer[],
    CONSTRAINT recovery_attempts_attempt_number_positive CHECK ((attempt_number >= 1)),
    CONSTRAINT recovery_attempts_canvas_id_length CHECK (((length(canvas_id) >= 1) AND (length(canvas_id) <= 255))),
    CONSTRAINT recovery_attempts_content_mac_length CHECK ((length(content_mac) = 32)),
    CONSTRAINT recovery_attempts_duration_range CHECK (((duration_seconds >= (0)::numeric) AND (duration_seconds <= (1000000000)::numeric))),
    CONSTRAINT recovery_attempts_entry_id_length CHECK (((length(entry_id) >= 1) AND (length(entry_id) <= 255))),
    CONSTRAINT recovery_attempts_event_complete CHECK ((((recording_id IS NULL) = (event_id IS NULL)) AND ((recording_id IS NULL) = (event_seq IS NULL)))),
    CONSTRAINT recovery_attempts_payload_complete CHECK ((length(payload) = (payload_length + 40))),
    CONSTRAINT recovery_attempts_payload_length_range CHECK (((payload_length >= 1) AND (payload_length <= 2097152))),
    CONSTRAINT recovery_attempts_position_range CHECK ((("position" >= 1) AND ("position" <= 16777215))),
    CONSTRAINT recovery_attempts_redaction_policy_range CHECK ((redaction_policy >= 0)),
    CONSTRAINT recovery_attempts_redactions_complete CHECK ((((redacted_families IS NULL) = (redacted_counts IS NULL)) AND (cardinality(redacted_families) = cardinality(redacted_counts)))),
    CONSTRAINT recovery_attempts_words_length CHECK ((((octet_length(error_type) >= 1) AND (octet_length(error_type) <= 4096)) AND ((octet_length(strategy) >= 1) AND (octet_length(strategy) <= 4096)) AND ((octet_length(next_action) >= 1) AND (octet_length(next_action) <= 4096))))
);
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN session_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN "position" SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN entry_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN occurred_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN recorded_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN recorded_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN error_type SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN strategy SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN attempt_number SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN next_action SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN duration_seconds SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN agent_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN user_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN canvas_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN event_seq SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN payload_length SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN redaction_policy SET STATISTICS 0;
ALTER TABLE ONLY hansard.recovery_attempts ALTER COLUMN redacted_counts SET STATISTICS 0;

ALTER TABLE ONLY hansard.recovery_attempts FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recovery_attempts OWNER TO hansard_owner;

--
-- Name: TABLE recovery_attempts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recovery_attempts IS 'What was tried against an error, and how it ended. Numbers, times and words in clear; texts sealed.';


--
-- Name: COLUMN recovery_attempts."position"; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts."position" IS 'In the order of arrival, from 1 without gaps; fewer than 2^24, the number of messages under one key.';


--
-- Name: COLUMN recovery_attempts.occurred_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.occurred_at IS 'When it was tried: as sent, or when it was received.';


--
-- Name: COLUMN recovery_attempts.attempt_number; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.attempt_number IS 'As sent, or counted within the session.';


--
-- Name: COLUMN recovery_attempts.duration_seconds; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.duration_seconds IS 'As sent, to the digit.';


--
-- Name: COLUMN recovery_attempts.event_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.event_id IS 'The event recovery_attempt that tells of it in the timeline of recording_id.';


--
-- Name: COLUMN recovery_attempts.file_digests; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.file_digests IS 'A keyed digest (16 bytes) of each different file it modified: to count files, not to read their names.';


--
-- Name: COLUMN recovery_attempts.payload; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.payload IS 'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of messages, changes, files and context.';


--
-- Name: COLUMN recovery_attempts.payload_length; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.payload_length IS 'Bytes of what is sealed, redacted.';


--
-- Name: COLUMN recovery_attempts.content_mac; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.content_mac IS 'HMAC under a key of the session: tells the same attempt sent again from another under its entry id.';


--
-- Name: COLUMN recovery_attempts.redacted_families; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_attempts.redacted_families IS 'What was redacted, by family.';


--
-- Name: recovery_attempts; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.recovery_attempts WITH (security_invoker='true') AS
 SELECT a.session_id,
    a."position",
    a.entry_id,
    a.occurred_at,
    a.recorded_at,
    a.recorded_by,
    a.agent_id,
    a.user_id,
    a.canvas_id,
    a.error_type,
    a.strategy,
    a.attempt_number,
    a.success,
    a.rollback_performed,
    a.next_action,
    a.duration_seconds,
    a.recording_id,
    a.event_id,
    a.event_seq,
    a.payload_length AS payload_bytes,
    COALESCE(( SELECT sum(c.number) AS sum
           FROM unnest(a.redacted_counts) c(number)), (0)::bigint) AS redaction_count,
    a.redaction_policy AS redaction_policy_version
   FROM (hansard.recovery_attempts a
     JOIN hansard.recovery_sessions s ON (((s.tenant_id = a.tenant_id) AND (s.session_id = a.session_id))))
  WHERE ((s.cleared_at IS NULL) AND (s.expires_at > now()));


ALTER TABLE compliance.recovery_attempts OWNER TO hansard_owner;

--
-- Name: VIEW recovery_attempts; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.recovery_attempts IS 'What was tried against an error, and how it ended; no messages, changes or files. None of what has expired.';


--
-- Name: COLUMN recovery_attempts.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.session_id IS 'The session''s id.';


--
-- Name: COLUMN recovery_attempts."position"; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts."position" IS 'In the order of arrival, from 1.';


--
-- Name: COLUMN recovery_attempts.entry_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.entry_id IS 'The attempt''s id in its session.';


--
-- Name: COLUMN recovery_attempts.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.occurred_at IS 'When it was tried, as the client says.';


--
-- Name: COLUMN recovery_attempts.recorded_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.recorded_at IS 'When it was stored.';


--
-- Name: COLUMN recovery_attempts.recorded_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.recorded_by IS 'Who recorded it: key:…, user:… or operator.';


--
-- Name: COLUMN recovery_attempts.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.agent_id IS 'The agent that tried.';


--
-- Name: COLUMN recovery_attempts.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.user_id IS 'The user on whose behalf it did.';


--
-- Name: COLUMN recovery_attempts.canvas_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.canvas_id IS 'The canvas, where one was named.';


--
-- Name: COLUMN recovery_attempts.error_type; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.error_type IS 'The type of the error, as the client named it; redacted.';


--
-- Name: COLUMN recovery_attempts.strategy; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.strategy IS 'fix, retry, alternative, rollback, escalate, or a word of the client''s; redacted.';


--
-- Name: COLUMN recovery_attempts.attempt_number; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.attempt_number IS 'As sent, or counted within the session.';


--
-- Name: COLUMN recovery_attempts.success; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.success IS 'Whether it succeeded.';


--
-- Name: COLUMN recovery_attempts.rollback_performed; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.rollback_performed IS 'Whether changes were rolled back.';


--
-- Name: COLUMN recovery_attempts.next_action; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.next_action IS 'complete, retry, escalate, or a word of the client''s; redacted.';


--
-- Name: COLUMN recovery_attempts.duration_seconds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.duration_seconds IS 'How long it took, in seconds; as sent, to the digit.';


--
-- Name: COLUMN recovery_attempts.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.recording_id IS 'The recording whose timeline tells of it; null: none.';


--
-- Name: COLUMN recovery_attempts.event_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.event_id IS 'The event there.';


--
-- Name: COLUMN recovery_attempts.event_seq; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.event_seq IS 'Position of the event there.';


--
-- Name: COLUMN recovery_attempts.payload_bytes; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.payload_bytes IS 'Bytes of its messages, changes, files and context after redaction.';


--
-- Name: COLUMN recovery_attempts.redaction_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.redaction_count IS 'How many secrets and personal data were redacted in it.';


--
-- Name: COLUMN recovery_attempts.redaction_policy_version; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_attempts.redaction_policy_version IS 'Version of the policy that it was redacted under; 0: the built-in rules.';


--
-- Name: recovery_retention; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.recovery_retention WITH (security_invoker='true') AS
 SELECT s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    ((EXTRACT(epoch FROM (s.expires_at - s.started_at)))::double precision / (86400)::double precision) AS retention_days,
    s.expires_at,
    (s.expires_at <= now()) AS is_expired
   FROM hansard.recovery_sessions s
  WHERE (s.cleared_at IS NULL);


ALTER TABLE compliance.recovery_retention OWNER TO hansard_owner;

--
-- Name: VIEW recovery_retention; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.recovery_retention IS 'How long each recovery session that is there is kept.';


--
-- Name: COLUMN recovery_retention.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.session_id IS 'The session''s id.';


--
-- Name: COLUMN recovery_retention.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.agent_id IS 'The agent that it names first.';


--
-- Name: COLUMN recovery_retention.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.user_id IS 'The user on whose behalf it is.';


--
-- Name: COLUMN recovery_retention.started_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.started_at IS 'When it began.';


--
-- Name: COLUMN recovery_retention.retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.retention_days IS 'Days from its start to its expiry.';


--
-- Name: COLUMN recovery_retention.expires_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.expires_at IS 'When nothing of it is shown any more.';


--
-- Name: COLUMN recovery_retention.is_expired; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_retention.is_expired IS 'Whether that time has passed.';


--
-- Name: recovery_sessions; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.recovery_sessions WITH (security_invoker='true') AS
 SELECT s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.started_by,
    s.attempt_count,
    s.expires_at,
    (s.expires_at <= now()) AS is_expired,
    s.cleared_at AS purged_at
   FROM hansard.recovery_sessions s;


ALTER TABLE compliance.recovery_sessions OWNER TO hansard_owner;

--
-- Name: VIEW recovery_sessions; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.recovery_sessions IS 'Sessions in which an agent tried to recover from errors; one whose attempts were destroyed stays.';


--
-- Name: COLUMN recovery_sessions.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.session_id IS 'The session''s id, as the client named it.';


--
-- Name: COLUMN recovery_sessions.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.agent_id IS 'The agent that it names first.';


--
-- Name: COLUMN recovery_sessions.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.user_id IS 'The user on whose behalf it is; null: nobody''s.';


--
-- Name: COLUMN recovery_sessions.started_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.started_at IS 'When it began.';


--
-- Name: COLUMN recovery_sessions.started_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.started_by IS 'Who began it: key:…, user:… or operator.';


--
-- Name: COLUMN recovery_sessions.attempt_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.attempt_count IS 'Attempts that are there.';


--
-- Name: COLUMN recovery_sessions.expires_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.expires_at IS 'When nothing of it is shown any more: fixed at its start.';


--
-- Name: COLUMN recovery_sessions.is_expired; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.is_expired IS 'Whether that time has passed.';


--
-- Name: COLUMN recovery_sessions.purged_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_sessions.purged_at IS 'When its attempts were destroyed; null: they are there. By whom and why: see purges.';


--
-- Name: recovery_statistics; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.recovery_statistics AS
SELECT
    NULL::text AS session_id,
    NULL::text AS agent_id,
    NULL::text AS user_id,
    NULL::timestamp with time zone AS session_start,
    NULL::bigint AS total_attempts,
    NULL::bigint AS successful_attempts,
    NULL::bigint AS failed_attempts,
    NULL::numeric AS success_rate,
    NULL::numeric AS total_duration_seconds,
    NULL::numeric AS average_duration_seconds,
    NULL::bigint AS files_modified_count,
    NULL::bigint AS rollback_count,
    NULL::timestamp with time zone AS first_attempt_timestamp,
    NULL::timestamp with time zone AS last_attempt_timestamp;


ALTER TABLE compliance.recovery_statistics OWNER TO hansard_owner;

--
-- Name: VIEW recovery_statistics; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.recovery_statistics IS 'What each session''s attempts add up to, as the service''s statistics say. None of what has expired.';


--
-- Name: COLUMN recovery_statistics.session_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.session_id IS 'The session''s id.';


--
-- Name: COLUMN recovery_statistics.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.agent_id IS 'The agent that it names first.';


--
-- Name: COLUMN recovery_statistics.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.user_id IS 'The user on whose behalf it is.';


--
-- Name: COLUMN recovery_statistics.session_start; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.session_start IS 'When it began.';


--
-- Name: COLUMN recovery_statistics.total_attempts; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.total_attempts IS 'Attempts.';


--
-- Name: COLUMN recovery_statistics.successful_attempts; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.successful_attempts IS 'Of these, how many succeeded.';


--
-- Name: COLUMN recovery_statistics.failed_attempts; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.failed_attempts IS 'Of these, how many failed.';


--
-- Name: COLUMN recovery_statistics.success_rate; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.success_rate IS 'How many of a hundred succeeded, to two decimals; 0 where there is none.';


--
-- Name: COLUMN recovery_statistics.total_duration_seconds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.total_duration_seconds IS 'How long they took together, in seconds, to three decimals.';


--
-- Name: COLUMN recovery_statistics.average_duration_seconds; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.average_duration_seconds IS 'How long one took, in seconds, to three decimals; 0 where there is none.';


--
-- Name: COLUMN recovery_statistics.files_modified_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.files_modified_count IS 'Different files that they modified.';


--
-- Name: COLUMN recovery_statistics.rollback_count; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.rollback_count IS 'Attempts that rolled changes back.';


--
-- Name: COLUMN recovery_statistics.first_attempt_timestamp; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.first_attempt_timestamp IS 'When the earliest was tried; null: none.';


--
-- Name: COLUMN recovery_statistics.last_attempt_timestamp; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.recovery_statistics.last_attempt_timestamp IS 'When the latest was tried; null: none.';


--
-- Name: retention; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.retention WITH (security_invoker='true') AS
 SELECT r.recording_id,
    r.agent_id,
    r.user_id,
    r.status,
    r.started_at,
    r.stopped_at,
    ((EXTRACT(epoch FROM (r.expires_at - COALESCE(r.stopped_at, r.started_at))))::double precision / (86400)::double precision) AS retention_days,
    r.expires_at,
    (r.expires_at <= now()) AS is_expired,
    r.expires_on
   FROM hansard.canvas_recordings r;


ALTER TABLE compliance.retention OWNER TO hansard_owner;

--
-- Name: VIEW retention; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.retention IS 'How long each recording is kept.';


--
-- Name: COLUMN retention.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN retention.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.agent_id IS 'The agent that acted.';


--
-- Name: COLUMN retention.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN retention.status; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.status IS 'recording, completed or failed.';


--
-- Name: COLUMN retention.started_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.started_at IS 'When it began.';


--
-- Name: COLUMN retention.stopped_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.stopped_at IS 'When it ended; null while it is open.';


--
-- Name: COLUMN retention.retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.retention_days IS 'Days from its stop to its expiry; from its start while it is open.';


--
-- Name: COLUMN retention.expires_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.expires_at IS 'When its content is not shown any more; provisional while it is open.';


--
-- Name: COLUMN retention.is_expired; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.is_expired IS 'Whether that time has passed.';


--
-- Name: COLUMN retention.expires_on; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention.expires_on IS 'The latest day on which it can expire.';


--
-- Name: tenant_policies; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.tenant_policies (
    tenant_id uuid NOT NULL,
    version integer NOT NULL,
    retention_days integer,
    review_sample_percent double precision NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    new_autonomy_reviews integer DEFAULT 10 NOT NULL,
    four_eyes boolean DEFAULT false NOT NULL,
    tenant_requests_per_minute integer,
    tenant_burst integer,
    key_requests_per_minute integer,
    key_burst integer,
    events_per_day bigint,
    recordings_per_day bigint,
    automatic_rules jsonb,
    alert_failures integer DEFAULT 5,
    alert_failures_seconds integer DEFAULT 600,
    alert_rate_percent integer,
    alert_rate_seconds integer,
    alert_rate_attempts integer,
    alert_escalations boolean DEFAULT true NOT NULL,
    alert_repeat_seconds integer DEFAULT 3600 NOT NULL,
    retention_profile text,
    minimum_retention_days integer,
    archive_days integer,
    CONSTRAINT tenant_policies_alert_failures_range CHECK ((((alert_failures IS NULL) = (alert_failures_seconds IS NULL)) AND ((alert_failures >= 1) AND (alert_failures <= 1000)) AND ((alert_failures_seconds >= 1) AND (alert_failures_seconds <= 604800)))),
    CONSTRAINT tenant_policies_alert_rate_range CHECK ((((alert_rate_percent IS NULL) = (alert_rate_seconds IS NULL)) AND ((alert_rate_percent IS NULL) = (alert_rate_attempts IS NULL)) AND ((alert_rate_percent >= 1) AND (alert_rate_percent <= 100)) AND ((alert_rate_seconds >= 1) AND (alert_rate_seconds <= 604800)) AND ((alert_rate_attempts >= 1) AND (alert_rate_attempts <= 1000)))),
    CONSTRAINT tenant_policies_alert_repeat_range CHECK (((alert_repeat_seconds >= 1) AND (alert_repeat_seconds <= 604800))),
    CONSTRAINT tenant_policies_archive_days_range CHECK (((archive_days >= 1) AND (archive_days <= 36500))),
    CONSTRAINT tenant_policies_automatic_rules_count CHECK (
CASE
    WHEN (jsonb_typeof(automatic_rules) = 'array'::text) THEN ((jsonb_array_length(automatic_rules) >= 1) AND (jsonb_array_length(automatic_rules) <= 100))
    ELSE (automatic_rules IS NULL)
END),
    CONSTRAINT tenant_policies_key_rate_range CHECK ((((key_requests_per_minute IS NULL) = (key_burst IS NULL)) AND ((key_requests_per_minute >= 1) AND (key_requests_per_minute <= 1000000)) AND ((key_burst >= 1) AND (key_burst <= 1000000)))),
    CONSTRAINT tenant_policies_minimum_retention_range CHECK (((minimum_retention_days >= 1) AND (minimum_retention_days <= 36500))),
    CONSTRAINT tenant_policies_new_autonomy_reviews_range CHECK (((new_autonomy_reviews >= 0) AND (new_autonomy_reviews <= 1000))),
    CONSTRAINT tenant_policies_quotas_range CHECK ((((events_per_day >= 1) AND (events_per_day <= '1000000000000'::bigint)) AND ((recordings_per_day >= 1) AND (recordings_per_day <= '1000000000000'::bigint)))),
    CONSTRAINT tenant_policies_retention_days_range CHECK (((retention_days >= 1) AND (retention_days <= 36500))),
    CONSTRAINT tenant_policies_retention_profile_known CHECK ((retention_profile = ANY (ARRAY['eu_ai_act'::text, 'hipaa'::text, 'soc2'::text, 'gdpr_min'::text]))),
    CONSTRAINT tenant_policies_review_sample_range CHECK (((review_sample_percent >= (0)::double precision) AND (review_sample_percent <= (100)::double precision))),
    CONSTRAINT tenant_policies_tenant_rate_range CHECK ((((tenant_requests_per_minute IS NULL) = (tenant_burst IS NULL)) AND ((tenant_requests_per_minute >= 1) AND (tenant_requests_per_minute <= 1000000)) AND ((tenant_burst >= 1) AND (tenant_burst <= 1000000)))),
    CONSTRAINT tenant_policies_version_positive CHECK ((version > 0))
);
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN version SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN retention_days SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN review_sample_percent SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN created_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN created_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN new_autonomy_reviews SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN events_per_day SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN recordings_per_day SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN retention_profile SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN minimum_retention_days SET STATISTICS 0;
ALTER TABLE ONLY hansard.tenant_policies ALTER COLUMN archive_days SET STATISTICS 0;

ALTER TABLE ONLY hansard.tenant_policies FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.tenant_policies OWNER TO hansard_owner;

--
-- Name: COLUMN tenant_policies.retention_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.retention_days IS 'Days that a stopped recording is kept; null: the deployment''s default. What is in force is in tenants.retention_days: a shorter period comes after a time of grace.';


--
-- Name: COLUMN tenant_policies.review_sample_percent; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.review_sample_percent IS 'How many of a hundred recordings that nothing else speaks against are reviewed.';


--
-- Name: COLUMN tenant_policies.new_autonomy_reviews; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.new_autonomy_reviews IS 'How many recordings of an agent are reviewed, from the first one since its status became autonomous.';


--
-- Name: COLUMN tenant_policies.four_eyes; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.four_eyes IS 'Whether a verdict holds only when two reviewers have given it.';


--
-- Name: COLUMN tenant_policies.tenant_requests_per_minute; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.tenant_requests_per_minute IS 'Requests of all keys together that come back each minute, on each instance; null: no limit.';


--
-- Name: COLUMN tenant_policies.tenant_burst; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.tenant_burst IS 'Requests of all keys that may come at once.';


--
-- Name: COLUMN tenant_policies.key_requests_per_minute; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.key_requests_per_minute IS 'Requests of one key that come back each minute, on each instance; null: no limit.';


--
-- Name: COLUMN tenant_policies.key_burst; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.key_burst IS 'Requests of one key that may come at once.';


--
-- Name: COLUMN tenant_policies.events_per_day; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.events_per_day IS 'Events that may be recorded from midnight to midnight UTC, on all instances together; null: no limit.';


--
-- Name: COLUMN tenant_policies.recordings_per_day; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.recordings_per_day IS 'Recordings that may be started likewise; null: no limit.';


--
-- Name: COLUMN tenant_policies.automatic_rules; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.automatic_rules IS 'Which actions are recorded by themselves, the first rule that fits deciding: [{maturity, actions, tags, record}]; null: those of autonomous agents.';


--
-- Name: COLUMN tenant_policies.alert_failures; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.alert_failures IS 'An alert is raised when so many attempts at one type of error failed within alert_failures_seconds; null: none.';


--
-- Name: COLUMN tenant_policies.alert_rate_percent; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.alert_rate_percent IS 'An alert is raised when fewer than so many percent of an agent''s attempts within alert_rate_seconds succeeded, of which there are alert_rate_attempts at least; null: none.';


--
-- Name: COLUMN tenant_policies.alert_escalations; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.alert_escalations IS 'Whether an alert is raised when a session escalates.';


--
-- Name: COLUMN tenant_policies.alert_repeat_seconds; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.alert_repeat_seconds IS 'After so long an alert that lasts is raised again.';


--
-- Name: COLUMN tenant_policies.retention_profile; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.retention_profile IS 'The law or standard whose minimum the policy keeps; null: none.';


--
-- Name: COLUMN tenant_policies.minimum_retention_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.minimum_retention_days IS 'Days before which nobody may have a stopped recording purged, beside the profile''s; null: none of its own.';


--
-- Name: COLUMN tenant_policies.archive_days; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.tenant_policies.archive_days IS 'Days after its stop that the events of a recording are moved to the archive; null: never.';


--
-- Name: retention_policies; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.retention_policies WITH (security_invoker='true') AS
 SELECT y.version,
    y.retention_days,
    y.review_sample_percent,
    y.new_autonomy_reviews,
    y.four_eyes AS requires_four_eyes,
    y.events_per_day,
    y.recordings_per_day,
    y.created_by AS set_by,
    y.created_at AS valid_from,
    lead(y.created_at) OVER (PARTITION BY y.tenant_id ORDER BY y.version) AS valid_until,
    y.retention_profile,
    y.minimum_retention_days
   FROM hansard.tenant_policies y;


ALTER TABLE compliance.retention_policies OWNER TO hansard_owner;

--
-- Name: VIEW retention_policies; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.retention_policies IS 'The tenant''s policies, which of them was in force when, and who set them.';


--
-- Name: COLUMN retention_policies.version; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.version IS 'Counts from 1.';


--
-- Name: COLUMN retention_policies.retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.retention_days IS 'Days that a stopped recording is kept, a shorter period from seven days later on; null: the deployment''s default.';


--
-- Name: COLUMN retention_policies.review_sample_percent; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.review_sample_percent IS 'How many of a hundred ordinary recordings are reviewed.';


--
-- Name: COLUMN retention_policies.new_autonomy_reviews; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.new_autonomy_reviews IS 'How many recordings of a newly autonomous agent are reviewed.';


--
-- Name: COLUMN retention_policies.requires_four_eyes; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.requires_four_eyes IS 'Whether a verdict needs two reviewers.';


--
-- Name: COLUMN retention_policies.events_per_day; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.events_per_day IS 'Quota; null: none.';


--
-- Name: COLUMN retention_policies.recordings_per_day; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.recordings_per_day IS 'Quota; null: none.';


--
-- Name: COLUMN retention_policies.set_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.set_by IS 'Who set it.';


--
-- Name: COLUMN retention_policies.valid_from; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.valid_from IS 'When it came into force.';


--
-- Name: COLUMN retention_policies.valid_until; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.valid_until IS 'When the next one did; null: it is in force.';


--
-- Name: COLUMN retention_policies.retention_profile; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.retention_profile IS 'The law or standard whose minimum it keeps: eu_ai_act, hipaa, soc2, gdpr_min; null: none.';


--
-- Name: COLUMN retention_policies.minimum_retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.retention_policies.minimum_retention_days IS 'Days before which nobody may have a stopped recording purged, beside the profile''s; null: none of its own.';


--
-- Name: review_entries; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.review_entries (
    tenant_id uuid NOT NULL,
    entry_id uuid NOT NULL,
    review_id uuid NOT NULL,
    kind text NOT NULL,
    actor text NOT NULL,
    occurred_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    note text,
    review_status text,
    overall_rating integer,
    performance_rating integer,
    safety_rating integer,
    feedback text,
    identified_issues text[] DEFAULT '{}'::text[] NOT NULL,
    positive_patterns text[] DEFAULT '{}'::text[] NOT NULL,
    lessons_learned text,
    governance_notes text,
    event_count bigint,
    merkle_root bytea,
    CONSTRAINT review_entries_ratings_range CHECK ((((overall_rating >= 1) AND (overall_rating <= 5)) AND ((performance_rating >= 1) AND (performance_rating <= 5)) AND ((safety_rating >= 1) AND (safety_rating <= 5)))),
    CONSTRAINT review_entries_status_known CHECK ((review_status = ANY (ARRAY['approved'::text, 'rejected'::text, 'needs_changes'::text]))),
    CONSTRAINT review_entries_texts_length CHECK (((octet_length(note) <= 32000) AND (octet_length(feedback) <= 64000) AND (octet_length(lessons_learned) <= 64000) AND (octet_length(governance_notes) <= 64000)))
);
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN entry_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN review_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN actor SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN occurred_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN overall_rating SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN performance_rating SET STATISTICS 0;
ALTER TABLE ONLY hansard.review_entries ALTER COLUMN safety_rating SET STATISTICS 0;

ALTER TABLE ONLY hansard.review_entries FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.review_entries OWNER TO hansard_owner;

--
-- Name: TABLE review_entries; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.review_entries IS 'Everything that happened to a review, in order; nothing in it is ever changed.';


--
-- Name: reviews; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.reviews (
    tenant_id uuid NOT NULL,
    review_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    source text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL,
    due_at timestamp with time zone NOT NULL,
    claimed_by text,
    claimed_until timestamp with time zone,
    review_status text,
    decided_by text,
    decided_at timestamp with time zone,
    decided_event_count bigint,
    decided_root bytea,
    decided_recording_at timestamp with time zone,
    proposed_by text[] DEFAULT '{}'::text[] NOT NULL,
    proposed_status text[] DEFAULT '{}'::text[] NOT NULL,
    proposed_event_count bigint,
    proposed_root bytea,
    proposed_recording_at timestamp with time zone,
    CONSTRAINT reviews_claim_complete CHECK ((((state = 'claimed'::text) = (claimed_by IS NOT NULL)) AND ((state = 'claimed'::text) = (claimed_until IS NOT NULL)))),
    CONSTRAINT reviews_decision_complete CHECK ((((state = 'decided'::text) = (review_status IS NOT NULL)) AND ((state = 'decided'::text) = (decided_by IS NOT NULL)) AND ((state = 'decided'::text) = (decided_at IS NOT NULL)) AND ((state = 'decided'::text) = (decided_event_count IS NOT NULL)) AND ((state = 'decided'::text) = (decided_root IS NOT NULL)) AND ((state = 'decided'::text) = (decided_recording_at IS NOT NULL)))),
    CONSTRAINT reviews_root_length CHECK ((length(decided_root) = 32)),
    CONSTRAINT reviews_state_known CHECK ((state = ANY (ARRAY['open'::text, 'claimed'::text, 'decided'::text]))),
    CONSTRAINT reviews_status_known CHECK ((review_status = ANY (ARRAY['approved'::text, 'rejected'::text, 'needs_changes'::text])))
);
ALTER TABLE ONLY hansard.reviews ALTER COLUMN review_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN opened_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN due_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN claimed_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN claimed_until SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN decided_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN decided_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN decided_event_count SET STATISTICS 0;
ALTER TABLE ONLY hansard.reviews ALTER COLUMN decided_recording_at SET STATISTICS 0;

ALTER TABLE ONLY hansard.reviews FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.reviews OWNER TO hansard_owner;

--
-- Name: COLUMN reviews.source; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.reviews.source IS 'Why it was opened first.';


--
-- Name: COLUMN reviews.claimed_until; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.reviews.claimed_until IS 'The end of the lease: from then on anybody may claim it again.';


--
-- Name: COLUMN reviews.decided_root; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.reviews.decided_root IS 'Merkle root (RFC 6962) over the leaf hashes of the events that were decided on.';


--
-- Name: COLUMN reviews.decided_recording_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.reviews.decided_recording_at IS 'The recording''s updated_at that was decided on: the decision is stale when it has changed.';


--
-- Name: COLUMN reviews.proposed_by; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.reviews.proposed_by IS 'Who has given a verdict that nobody else had given before; one element per element of proposed_status.';


--
-- Name: review_steps; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.review_steps WITH (security_invoker='true') AS
 SELECT s.entry_id AS step_id,
    s.review_id,
    v.recording_id,
    s.kind AS step,
    s.actor,
    s.occurred_at,
    s.review_status AS verdict,
    s.overall_rating,
    s.performance_rating,
    s.safety_rating
   FROM (hansard.review_entries s
     JOIN hansard.reviews v ON (((v.tenant_id = s.tenant_id) AND (v.review_id = s.review_id))));


ALTER TABLE compliance.review_steps OWNER TO hansard_owner;

--
-- Name: VIEW review_steps; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.review_steps IS 'What happened to reviews, step by step; never changed.';


--
-- Name: COLUMN review_steps.step_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.step_id IS 'The step''s id.';


--
-- Name: COLUMN review_steps.review_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.review_id IS 'The review''s id.';


--
-- Name: COLUMN review_steps.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN review_steps.step; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.step IS 'opened, claimed, released, commented, proposed, decided or reopened.';


--
-- Name: COLUMN review_steps.actor; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.actor IS 'Who did it.';


--
-- Name: COLUMN review_steps.occurred_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.occurred_at IS 'When.';


--
-- Name: COLUMN review_steps.verdict; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.verdict IS 'approved, rejected or needs_changes; for what was proposed or decided.';


--
-- Name: COLUMN review_steps.overall_rating; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.overall_rating IS '1 to 5.';


--
-- Name: COLUMN review_steps.performance_rating; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.performance_rating IS '1 to 5.';


--
-- Name: COLUMN review_steps.safety_rating; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.review_steps.safety_rating IS '1 to 5.';


--
-- Name: reviews; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.reviews WITH (security_invoker='true') AS
 SELECT v.review_id,
    v.recording_id,
    r.agent_id,
    r.user_id,
    v.source,
        CASE
            WHEN ((v.state = 'claimed'::text) AND (v.claimed_until <= now())) THEN 'open'::text
            ELSE v.state
        END AS state,
    ((v.state = 'decided'::text) AND ((v.decided_recording_at <> r.updated_at) OR (v.decided_event_count <> p.event_count))) AS is_stale,
    v.opened_at,
    o.reopened_at,
    v.due_at,
    (COALESCE(v.decided_at, now()) > v.due_at) AS is_late,
    v.claimed_by,
    v.claimed_until,
    v.review_status AS verdict,
    v.decided_by,
    v.decided_at,
    ((EXTRACT(epoch FROM (v.decided_at - COALESCE(o.reopened_at, v.opened_at))))::double precision / (3600)::double precision) AS turnaround_hours
   FROM (((hansard.reviews v
     JOIN hansard.canvas_recordings r ON (((r.tenant_id = v.tenant_id) AND (r.recording_id = v.recording_id))))
     LEFT JOIN hansard.recording_progress p ON (((p.tenant_id = v.tenant_id) AND (p.recording_id = v.recording_id))))
     CROSS JOIN LATERAL ( SELECT max(s.occurred_at) AS reopened_at
           FROM hansard.review_entries s
          WHERE ((s.tenant_id = v.tenant_id) AND (s.review_id = v.review_id) AND (s.kind = 'reopened'::text))) o);


ALTER TABLE compliance.reviews OWNER TO hansard_owner;

--
-- Name: VIEW reviews; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.reviews IS 'The review queue and its verdicts: one row per recording that is or was in it.';


--
-- Name: COLUMN reviews.review_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.review_id IS 'The review''s id.';


--
-- Name: COLUMN reviews.recording_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.recording_id IS 'The recording''s id.';


--
-- Name: COLUMN reviews.agent_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.agent_id IS 'The agent that acted.';


--
-- Name: COLUMN reviews.user_id; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.user_id IS 'The user on whose behalf it acted.';


--
-- Name: COLUMN reviews.source; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.source IS 'Why it was opened first: flag, error, failure, denial, autonomy or sample.';


--
-- Name: COLUMN reviews.state; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.state IS 'open, claimed or decided; a claim whose lease has ended is open.';


--
-- Name: COLUMN reviews.is_stale; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.is_stale IS 'Whether the recording has changed since the verdict.';


--
-- Name: COLUMN reviews.opened_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.opened_at IS 'When it was opened first.';


--
-- Name: COLUMN reviews.reopened_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.reopened_at IS 'When it was last reopened; null: never.';


--
-- Name: COLUMN reviews.due_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.due_at IS 'When it is or was due.';


--
-- Name: COLUMN reviews.is_late; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.is_late IS 'Whether it was decided after that, or is not and the time has passed.';


--
-- Name: COLUMN reviews.claimed_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.claimed_by IS 'Who has it.';


--
-- Name: COLUMN reviews.claimed_until; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.claimed_until IS 'When the lease ends.';


--
-- Name: COLUMN reviews.verdict; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.verdict IS 'approved, rejected or needs_changes.';


--
-- Name: COLUMN reviews.decided_by; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.decided_by IS 'Who gave the verdict.';


--
-- Name: COLUMN reviews.decided_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.decided_at IS 'When that was.';


--
-- Name: COLUMN reviews.turnaround_hours; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.reviews.turnaround_hours IS 'Hours from the last opening to the verdict.';


--
-- Name: tenant; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.tenant WITH (security_invoker='true') AS
 SELECT t.name,
    t.retention_days,
    t.created_at,
    t.minimum_retention_days
   FROM hansard.tenants t;


ALTER TABLE compliance.tenant OWNER TO hansard_owner;

--
-- Name: VIEW tenant; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.tenant IS 'The tenant that this login reads: one row.';


--
-- Name: COLUMN tenant.name; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.tenant.name IS 'Its name.';


--
-- Name: COLUMN tenant.retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.tenant.retention_days IS 'Days that a stopped recording is kept; null: the deployment''s default.';


--
-- Name: COLUMN tenant.created_at; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.tenant.created_at IS 'When it was made.';


--
-- Name: COLUMN tenant.minimum_retention_days; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.tenant.minimum_retention_days IS 'Days before which nobody may have a stopped recording purged; null: there is no such time.';


--
-- Name: version; Type: VIEW; Schema: compliance; Owner: hansard_owner
--

CREATE VIEW compliance.version WITH (security_invoker='true') AS
 SELECT 1 AS version;


ALTER TABLE compliance.version OWNER TO hansard_owner;

--
-- Name: VIEW version; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON VIEW compliance.version IS 'The version of this schema: columns are added within a version, never renamed or removed.';


--
-- Name: COLUMN version.version; Type: COMMENT; Schema: compliance; Owner: hansard_owner
--

COMMENT ON COLUMN compliance.version.version IS 'Counts from 1.';


--
-- Name: agent_owners; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.agent_owners (
    tenant_id uuid NOT NULL,
    agent_id text NOT NULL,
    user_id text NOT NULL,
    since timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    added_by text NOT NULL,
    until timestamp with time zone,
    removed_by text,
    CONSTRAINT agent_owners_period_ordered CHECK ((until >= since)),
    CONSTRAINT agent_owners_removal_complete CHECK (((until IS NULL) = (removed_by IS NULL)))
);

ALTER TABLE ONLY hansard.agent_owners FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.agent_owners OWNER TO hansard_owner;

--
-- Name: TABLE agent_owners; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.agent_owners IS 'Who owns which agent, and did: nobody reviews the recordings of an agent of their own.';


--
-- Name: COLUMN agent_owners.added_by; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.agent_owners.added_by IS 'The actor, as in the audit log.';


--
-- Name: COLUMN agent_owners.until; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.agent_owners.until IS 'When they ceased to own it; null while they do.';


--
-- Name: analysts; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.analysts (
    tenant_id uuid NOT NULL,
    analyst_id uuid NOT NULL,
    login text NOT NULL,
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    dropped_at timestamp with time zone,
    dropped_by text,
    CONSTRAINT analysts_dropping_complete CHECK (((dropped_at IS NULL) = (dropped_by IS NULL))),
    CONSTRAINT analysts_login_form CHECK ((login ~ '^hansard_analyst_[0-9a-f]{16}$'::text)),
    CONSTRAINT analysts_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255)))
);

ALTER TABLE ONLY hansard.analysts FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.analysts OWNER TO hansard_owner;

--
-- Name: TABLE analysts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.analysts IS 'Which tenant a login of the database reads in schema compliance; one that is dropped reads nothing.';


--
-- Name: COLUMN analysts.login; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.analysts.login IS 'session_user of the analyst.';


--
-- Name: daily_usage; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.daily_usage (
    tenant_id uuid NOT NULL,
    day date NOT NULL,
    kind text NOT NULL,
    claimed bigint NOT NULL,
    last_grant bigint NOT NULL,
    CONSTRAINT daily_usage_claimed_not_negative CHECK ((claimed >= 0)),
    CONSTRAINT daily_usage_kind_known CHECK ((kind = ANY (ARRAY['events'::text, 'recordings'::text]))),
    CONSTRAINT daily_usage_last_grant_not_negative CHECK ((last_grant >= 0))
)
WITH (fillfactor='50');

ALTER TABLE ONLY hansard.daily_usage FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.daily_usage OWNER TO hansard_owner;

--
-- Name: TABLE daily_usage; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.daily_usage IS 'What tenants with a quota have used of it, by day (UTC), counted while there is a quota.';


--
-- Name: COLUMN daily_usage.claimed; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.daily_usage.claimed IS 'What instances have claimed: what was used, and what they hold for the moment.';


--
-- Name: COLUMN daily_usage.last_grant; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.daily_usage.last_grant IS 'What the last claim was given.';


--
-- Name: erasures_erasure_id_seq; Type: SEQUENCE; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.erasures ALTER COLUMN erasure_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME hansard.erasures_erasure_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: notices_notice_id_seq; Type: SEQUENCE; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.notices ALTER COLUMN notice_id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME hansard.notices_notice_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: recording_deletions; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_deletions (
    tenant_id uuid NOT NULL,
    deletion_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'pending'::text NOT NULL,
    requested_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    requested_by text NOT NULL,
    decided_at timestamp with time zone,
    decided_by text,
    refusal_reason text,
    CONSTRAINT recording_deletions_decision_complete CHECK ((((state = 'pending'::text) = (decided_at IS NULL)) AND ((state = 'pending'::text) = (decided_by IS NULL)))),
    CONSTRAINT recording_deletions_reason_length CHECK ((((octet_length(reason) >= 1) AND (octet_length(reason) <= 32000)) AND ((octet_length(refusal_reason) >= 1) AND (octet_length(refusal_reason) <= 32000)))),
    CONSTRAINT recording_deletions_refusal_explained CHECK (((state = 'refused'::text) = (refusal_reason IS NOT NULL))),
    CONSTRAINT recording_deletions_state_known CHECK ((state = ANY (ARRAY['pending'::text, 'approved'::text, 'refused'::text, 'overtaken'::text])))
);

ALTER TABLE ONLY hansard.recording_deletions FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_deletions OWNER TO hansard_owner;

--
-- Name: TABLE recording_deletions; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recording_deletions IS 'Requests to delete a recording before it expires that a second admin has to approve.';


--
-- Name: COLUMN recording_deletions.state; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_deletions.state IS 'pending, approved (and done), refused or withdrawn (refused), overtaken: it expired before.';


--
-- Name: recording_events_held; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recording_events_held (
    tenant_id uuid NOT NULL,
    recording_id uuid NOT NULL,
    seq bigint NOT NULL,
    event_id uuid NOT NULL,
    event_type text NOT NULL,
    occurred_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    recorded_by text NOT NULL,
    payload bytea NOT NULL,
    payload_length integer NOT NULL,
    content_mac bytea NOT NULL,
    leaf_hash bytea NOT NULL,
    expires_on date NOT NULL,
    redaction_policy integer,
    redacted_families text[],
    redacted_counts integer[],
    CONSTRAINT recording_events_content_mac_length CHECK ((length(content_mac) = 32)),
    CONSTRAINT recording_events_event_type_length CHECK (((octet_length(event_type) >= 1) AND (octet_length(event_type) <= 64))),
    CONSTRAINT recording_events_leaf_hash_length CHECK ((length(leaf_hash) = 32)),
    CONSTRAINT recording_events_payload_complete CHECK ((length(payload) = (payload_length + 40))),
    CONSTRAINT recording_events_payload_length_range CHECK (((payload_length >= 1) AND (payload_length <= 2097152))),
    CONSTRAINT recording_events_redaction_policy_range CHECK ((redaction_policy >= 0)),
    CONSTRAINT recording_events_redactions_complete CHECK ((((redacted_families IS NULL) = (redacted_counts IS NULL)) AND (cardinality(redacted_families) = cardinality(redacted_counts)))),
    CONSTRAINT recording_events_seq_range CHECK (((seq >= 1) AND (seq <= 16777215)))
);
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN recording_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN seq SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN event_id SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN event_type SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN occurred_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN recorded_at SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN recorded_by SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN payload SET STORAGE EXTERNAL;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN payload_length SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN redaction_policy SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN redacted_families SET STATISTICS 0;
ALTER TABLE ONLY hansard.recording_events_held ALTER COLUMN redacted_counts SET STATISTICS 0;

ALTER TABLE ONLY hansard.recording_events_held FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recording_events_held OWNER TO hansard_owner;

--
-- Name: COLUMN recording_events_held.seq; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.seq IS 'Position in the recording; fewer than 2^24, the number of messages that one data key may seal.';


--
-- Name: COLUMN recording_events_held.payload; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.payload IS 'XAES-256-GCM: nonce (24 bytes), ciphertext, tag (16 bytes) of event_data, redacted.';


--
-- Name: COLUMN recording_events_held.payload_length; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.payload_length IS 'Bytes of event_data, redacted.';


--
-- Name: COLUMN recording_events_held.content_mac; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.content_mac IS 'HMAC under a key of the recording: tells the same event sent again from another under its id.';


--
-- Name: COLUMN recording_events_held.redaction_policy; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.redaction_policy IS 'Version of the tenant''s policy that the event was redacted under, 0: the built-in rules; null: it was stored before there was redaction.';


--
-- Name: COLUMN recording_events_held.redacted_families; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.redacted_families IS 'What was redacted in the event, in alphabetical order; null: nothing.';


--
-- Name: COLUMN recording_events_held.redacted_counts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recording_events_held.redacted_counts IS 'How often each of redacted_families was redacted.';


--
-- Name: recovery_alerts; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recovery_alerts (
    tenant_id uuid NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    number bigint NOT NULL,
    alert_id uuid NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    policy_version integer NOT NULL,
    threshold integer,
    window_seconds integer,
    attempts integer,
    failures integer,
    session_id text NOT NULL,
    entry_id text NOT NULL,
    error_type text NOT NULL,
    agent_id text,
    user_id text,
    recording_id uuid,
    CONSTRAINT recovery_alerts_counts_complete CHECK ((((kind = 'escalation'::text) = (threshold IS NULL)) AND ((kind = 'escalation'::text) = (window_seconds IS NULL)) AND ((kind = 'escalation'::text) = (failures IS NULL)) AND ((kind = 'success_rate'::text) = (attempts IS NOT NULL)) AND ((failures >= 0) AND (failures <= COALESCE(attempts, 1000))) AND ((attempts >= 1) AND (attempts <= 1000)))),
    CONSTRAINT recovery_alerts_kind_known CHECK ((kind = ANY (ARRAY['failures'::text, 'success_rate'::text, 'escalation'::text]))),
    CONSTRAINT recovery_alerts_number_positive CHECK ((number >= 1)),
    CONSTRAINT recovery_alerts_policy_version_range CHECK ((policy_version >= 0)),
    CONSTRAINT recovery_alerts_subject_length CHECK ((octet_length(subject) <= 4096)),
    CONSTRAINT recovery_alerts_times_in_order CHECK ((seen_at >= raised_at))
)
WITH (fillfactor='90');

ALTER TABLE ONLY hansard.recovery_alerts FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recovery_alerts OWNER TO hansard_owner;

--
-- Name: TABLE recovery_alerts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recovery_alerts IS 'What was told as recovery:alert: of each kind and subject one after the other, numbered from 1 without gaps.';


--
-- Name: COLUMN recovery_alerts.subject; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.subject IS 'A type of error, redacted (failures); an agent, empty for attempts of none (success_rate); a session (escalation).';


--
-- Name: COLUMN recovery_alerts.number; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.number IS 'Two transactions that raise the same alert raise the same number, and only one of them does.';


--
-- Name: COLUMN recovery_alerts.seen_at; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.seen_at IS 'When its condition was last found to hold, to a quarter of the window: the alert is over some time after.';


--
-- Name: COLUMN recovery_alerts.threshold; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.threshold IS 'As the policy had it: how many failures, or percent; null of an escalation.';


--
-- Name: COLUMN recovery_alerts.attempts; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.attempts IS 'The agent''s attempts within the window, the latest thousand at the most.';


--
-- Name: COLUMN recovery_alerts.failures; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.failures IS 'Those that failed, or the failures of the type of error, a thousand at the most.';


--
-- Name: COLUMN recovery_alerts.entry_id; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_alerts.entry_id IS 'The attempt that raised it, and what is known of that.';


--
-- Name: recovery_files; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.recovery_files (
    tenant_id uuid NOT NULL,
    session_id text NOT NULL,
    digest bytea NOT NULL,
    CONSTRAINT recovery_files_digest_length CHECK ((length(digest) = 16))
);
ALTER TABLE ONLY hansard.recovery_files ALTER COLUMN session_id SET STATISTICS 0;

ALTER TABLE ONLY hansard.recovery_files FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.recovery_files OWNER TO hansard_owner;

--
-- Name: TABLE recovery_files; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.recovery_files IS 'One row for each different file that attempts of a session modified; they go with the session''s key.';


--
-- Name: COLUMN recovery_files.digest; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.recovery_files.digest IS 'As in recovery_attempts.file_digests.';


--
-- Name: redaction_policies; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.redaction_policies (
    tenant_id uuid NOT NULL,
    version integer NOT NULL,
    switched_off text[] NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by text NOT NULL,
    CONSTRAINT redaction_policies_switched_off_count CHECK ((cardinality(switched_off) <= 500)),
    CONSTRAINT redaction_policies_version_positive CHECK ((version > 0))
);

ALTER TABLE ONLY hansard.redaction_policies FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.redaction_policies OWNER TO hansard_owner;

--
-- Name: COLUMN redaction_policies.switched_off; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.redaction_policies.switched_off IS 'Names of families that this tenant does not have redacted.';


--
-- Name: redaction_rules; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.redaction_rules (
    tenant_id uuid NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    literal_position text NOT NULL,
    literal text NOT NULL,
    characters text NOT NULL,
    minimum_length integer NOT NULL,
    maximum_length integer NOT NULL,
    CONSTRAINT redaction_rules_length_range CHECK ((((minimum_length >= 1) AND (minimum_length <= maximum_length)) AND (maximum_length <= 4096))),
    CONSTRAINT redaction_rules_literal_length CHECK (((octet_length(literal) >= 2) AND (octet_length(literal) <= 64))),
    CONSTRAINT redaction_rules_name_form CHECK ((name ~ '^[a-z][a-z0-9_]{0,35}$'::text)),
    CONSTRAINT redaction_rules_position_known CHECK ((literal_position = ANY (ARRAY['prefix'::text, 'context'::text])))
);

ALTER TABLE ONLY hansard.redaction_rules FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.redaction_rules OWNER TO hansard_owner;

--
-- Name: TABLE redaction_rules; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON TABLE hansard.redaction_rules IS 'A tenant''s own kinds of secrets, in addition to the built-in families.';


--
-- Name: users; Type: TABLE; Schema: hansard; Owner: hansard_owner
--

CREATE TABLE hansard.users (
    tenant_id uuid NOT NULL,
    user_id text NOT NULL,
    name text,
    email text,
    registered boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT users_email_length CHECK (((length(email) >= 3) AND (length(email) <= 320))),
    CONSTRAINT users_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255))),
    CONSTRAINT users_user_id_length CHECK (((length(user_id) >= 1) AND (length(user_id) <= 255)))
);

ALTER TABLE ONLY hansard.users FORCE ROW LEVEL SECURITY;


ALTER TABLE hansard.users OWNER TO hansard_owner;

--
-- Name: COLUMN users.registered; Type: COMMENT; Schema: hansard; Owner: hansard_owner
--

COMMENT ON COLUMN hansard.users.registered IS 'False for a user who was named by a recording before an admin named them.';


--
-- Name: applied; Type: TABLE; Schema: hansard_migrations; Owner: postgres
--

CREATE TABLE hansard_migrations.applied (
    version bigint NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    down_sql text NOT NULL,
    down_destructive boolean NOT NULL,
    transactional boolean NOT NULL,
    state text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL,
    applied_by text DEFAULT SESSION_USER NOT NULL,
    CONSTRAINT applied_checksum_length CHECK ((length(checksum) = 32)),
    CONSTRAINT applied_state_known CHECK ((state = ANY (ARRAY['applied'::text, 'applying'::text, 'reverting'::text]))),
    CONSTRAINT applied_version_positive CHECK ((version > 0))
);


ALTER TABLE hansard_migrations.applied OWNER TO postgres;

--
-- Name: COLUMN applied.checksum; Type: COMMENT; Schema: hansard_migrations; Owner: postgres
--

COMMENT ON COLUMN hansard_migrations.applied.checksum IS 'SHA-256 of the up file.';


--
-- Name: COLUMN applied.down_sql; Type: COMMENT; Schema: hansard_migrations; Owner: postgres
--

COMMENT ON COLUMN hansard_migrations.applied.down_sql IS 'What takes the migration back, so that a build which does not know it can do so.';


--
-- Name: COLUMN applied.state; Type: COMMENT; Schema: hansard_migrations; Owner: postgres
--

COMMENT ON COLUMN hansard_migrations.applied.state IS 'applied; or applying or reverting: begun outside of a transaction and not finished.';


--
-- Name: recording_events_held; Type: TABLE ATTACH; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_events ATTACH PARTITION hansard.recording_events_held FOR VALUES FROM ('9999-12-31') TO (MAXVALUE);


--
-- Name: agent_owners agent_owners_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.agent_owners
    ADD CONSTRAINT agent_owners_pkey PRIMARY KEY (tenant_id, agent_id, user_id, since);


--
-- Name: agent_registry agent_registry_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.agent_registry
    ADD CONSTRAINT agent_registry_pkey PRIMARY KEY (tenant_id, agent_id);


--
-- Name: analysts analysts_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.analysts
    ADD CONSTRAINT analysts_pkey PRIMARY KEY (tenant_id, analyst_id);


--
-- Name: api_keys api_keys_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.api_keys
    ADD CONSTRAINT api_keys_pkey PRIMARY KEY (tenant_id, key_id);


--
-- Name: canvas_audit canvas_audit_peer_is_network; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.canvas_audit
    ADD CONSTRAINT canvas_audit_peer_is_network CHECK ((masklen((peer)::inet) =
CASE family((peer)::inet)
    WHEN 4 THEN 24
    ELSE 48
END)) NOT VALID;


--
-- Name: canvas_audit canvas_audit_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_audit
    ADD CONSTRAINT canvas_audit_pkey PRIMARY KEY (tenant_id, audit_id);


--
-- Name: canvas_recordings canvas_recordings_expires_after_retention; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_expires_after_retention CHECK ((expires_at >= retain_until)) NOT VALID;


--
-- Name: canvas_recordings canvas_recordings_hold_count_not_negative; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_hold_count_not_negative CHECK ((hold_count >= 0)) NOT VALID;


--
-- Name: canvas_recordings canvas_recordings_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_pkey PRIMARY KEY (tenant_id, id);


--
-- Name: canvas_recordings canvas_recordings_recording_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_recording_id_key UNIQUE (tenant_id, recording_id);


--
-- Name: daily_usage daily_usage_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.daily_usage
    ADD CONSTRAINT daily_usage_pkey PRIMARY KEY (tenant_id, day, kind);


--
-- Name: erasures erasures_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.erasures
    ADD CONSTRAINT erasures_pkey PRIMARY KEY (tenant_id, erasure_id);


--
-- Name: idempotency_keys idempotency_keys_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.idempotency_keys
    ADD CONSTRAINT idempotency_keys_pkey PRIMARY KEY (tenant_id, key_id, name_hash);


--
-- Name: legal_holds legal_holds_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.legal_holds
    ADD CONSTRAINT legal_holds_pkey PRIMARY KEY (tenant_id, hold_id);


--
-- Name: notices notices_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.notices
    ADD CONSTRAINT notices_pkey PRIMARY KEY (tenant_id, xid, notice_id);


--
-- Name: purge_certificates purge_certificates_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.purge_certificates
    ADD CONSTRAINT purge_certificates_pkey PRIMARY KEY (tenant_id, recording_id);


--
-- Name: recording_archives recording_archives_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_archives
    ADD CONSTRAINT recording_archives_pkey PRIMARY KEY (tenant_id, recording_id);


--
-- Name: recording_deletions recording_deletions_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_deletions
    ADD CONSTRAINT recording_deletions_pkey PRIMARY KEY (tenant_id, deletion_id);


--
-- Name: recording_events recording_events_event_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_events
    ADD CONSTRAINT recording_events_event_id_key UNIQUE (tenant_id, recording_id, event_id, expires_on);


--
-- Name: recording_events recording_events_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_events
    ADD CONSTRAINT recording_events_pkey PRIMARY KEY (tenant_id, recording_id, seq, expires_on);


--
-- Name: recording_events_held recording_events_held_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_events_held
    ADD CONSTRAINT recording_events_held_pkey PRIMARY KEY (tenant_id, recording_id, seq, expires_on);


--
-- Name: recording_events_held recording_events_held_tenant_id_recording_id_event_id_expir_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_events_held
    ADD CONSTRAINT recording_events_held_tenant_id_recording_id_event_id_expir_key UNIQUE (tenant_id, recording_id, event_id, expires_on);


--
-- Name: recording_flags recording_flags_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_flags
    ADD CONSTRAINT recording_flags_pkey PRIMARY KEY (tenant_id, flag_id);


--
-- Name: recording_keys recording_keys_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_keys
    ADD CONSTRAINT recording_keys_pkey PRIMARY KEY (tenant_id, recording_id);


--
-- Name: recording_progress recording_progress_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_progress
    ADD CONSTRAINT recording_progress_pkey PRIMARY KEY (tenant_id, recording_id);


--
-- Name: recovery_alerts recovery_alerts_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_alerts
    ADD CONSTRAINT recovery_alerts_id_key UNIQUE (tenant_id, alert_id);


--
-- Name: recovery_alerts recovery_alerts_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_alerts
    ADD CONSTRAINT recovery_alerts_pkey PRIMARY KEY (tenant_id, kind, subject, number);


--
-- Name: recovery_attempts recovery_attempts_entry_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_attempts
    ADD CONSTRAINT recovery_attempts_entry_id_key UNIQUE (tenant_id, session_id, entry_id);


--
-- Name: recovery_attempts recovery_attempts_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_attempts
    ADD CONSTRAINT recovery_attempts_pkey PRIMARY KEY (tenant_id, session_id, "position");


--
-- Name: recovery_files recovery_files_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_files
    ADD CONSTRAINT recovery_files_pkey PRIMARY KEY (tenant_id, session_id, digest);


--
-- Name: recovery_keys recovery_keys_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_keys
    ADD CONSTRAINT recovery_keys_pkey PRIMARY KEY (tenant_id, session_id);


--
-- Name: recovery_sessions recovery_sessions_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_sessions
    ADD CONSTRAINT recovery_sessions_id_key UNIQUE (tenant_id, id);


--
-- Name: recovery_sessions recovery_sessions_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_sessions
    ADD CONSTRAINT recovery_sessions_pkey PRIMARY KEY (tenant_id, session_id);


--
-- Name: redaction_policies redaction_policies_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.redaction_policies
    ADD CONSTRAINT redaction_policies_pkey PRIMARY KEY (tenant_id, version);


--
-- Name: redaction_rules redaction_rules_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.redaction_rules
    ADD CONSTRAINT redaction_rules_pkey PRIMARY KEY (tenant_id, version, name);


--
-- Name: retention_changes retention_changes_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.retention_changes
    ADD CONSTRAINT retention_changes_pkey PRIMARY KEY (tenant_id, change_id);


--
-- Name: review_entries review_entries_decision_complete; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.review_entries
    ADD CONSTRAINT review_entries_decision_complete CHECK ((((kind = ANY (ARRAY['proposed'::text, 'decided'::text])) = (review_status IS NOT NULL)) AND ((kind = ANY (ARRAY['proposed'::text, 'decided'::text])) = (event_count IS NOT NULL)) AND ((kind = ANY (ARRAY['proposed'::text, 'decided'::text])) = (merkle_root IS NOT NULL)))) NOT VALID;


--
-- Name: review_entries review_entries_kind_known; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.review_entries
    ADD CONSTRAINT review_entries_kind_known CHECK ((kind = ANY (ARRAY['opened'::text, 'claimed'::text, 'released'::text, 'commented'::text, 'proposed'::text, 'decided'::text, 'reopened'::text]))) NOT VALID;


--
-- Name: review_entries review_entries_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.review_entries
    ADD CONSTRAINT review_entries_pkey PRIMARY KEY (tenant_id, entry_id);


--
-- Name: reviews reviews_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.reviews
    ADD CONSTRAINT reviews_pkey PRIMARY KEY (tenant_id, review_id);


--
-- Name: reviews reviews_proposals_complete; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.reviews
    ADD CONSTRAINT reviews_proposals_complete CHECK (((cardinality(proposed_by) = cardinality(proposed_status)) AND ((cardinality(proposed_by) = 0) = (proposed_event_count IS NULL)) AND ((cardinality(proposed_by) = 0) = (proposed_root IS NULL)) AND ((cardinality(proposed_by) = 0) = (proposed_recording_at IS NULL)))) NOT VALID;


--
-- Name: reviews reviews_proposed_root_length; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.reviews
    ADD CONSTRAINT reviews_proposed_root_length CHECK ((length(proposed_root) = 32)) NOT VALID;


--
-- Name: reviews reviews_proposed_status_known; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.reviews
    ADD CONSTRAINT reviews_proposed_status_known CHECK ((proposed_status <@ ARRAY['approved'::text, 'rejected'::text, 'needs_changes'::text])) NOT VALID;


--
-- Name: reviews reviews_recording_id_key; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.reviews
    ADD CONSTRAINT reviews_recording_id_key UNIQUE (tenant_id, recording_id);


--
-- Name: reviews reviews_source_known; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.reviews
    ADD CONSTRAINT reviews_source_known CHECK ((source = ANY (ARRAY['flag'::text, 'error'::text, 'failure'::text, 'denial'::text, 'autonomy'::text, 'sample'::text]))) NOT VALID;


--
-- Name: tenant_keys tenant_keys_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.tenant_keys
    ADD CONSTRAINT tenant_keys_pkey PRIMARY KEY (tenant_id, tenant_key_id);


--
-- Name: tenant_keys tenant_keys_recognition_length; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenant_keys
    ADD CONSTRAINT tenant_keys_recognition_length CHECK ((length(recognition) = 216)) NOT VALID;


--
-- Name: tenant_policies tenant_policies_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.tenant_policies
    ADD CONSTRAINT tenant_policies_pkey PRIMARY KEY (tenant_id, version);


--
-- Name: tenants tenants_archive_days_range; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenants
    ADD CONSTRAINT tenants_archive_days_range CHECK (((archive_days >= 1) AND (archive_days <= 36500))) NOT VALID;


--
-- Name: tenants tenants_minimum_retention_days_range; Type: CHECK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenants
    ADD CONSTRAINT tenants_minimum_retention_days_range CHECK (((minimum_retention_days >= 1) AND (minimum_retention_days <= 36500))) NOT VALID;


--
-- Name: tenants tenants_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.tenants
    ADD CONSTRAINT tenants_pkey PRIMARY KEY (tenant_id);


--
-- Name: users users_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (tenant_id, user_id);


--
-- Name: webhooks webhooks_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.webhooks
    ADD CONSTRAINT webhooks_pkey PRIMARY KEY (tenant_id, webhook_id);


--
-- Name: websocket_tickets websocket_tickets_pkey; Type: CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.websocket_tickets
    ADD CONSTRAINT websocket_tickets_pkey PRIMARY KEY (tenant_id, ticket_hash);


--
-- Name: applied applied_pkey; Type: CONSTRAINT; Schema: hansard_migrations; Owner: postgres
--

ALTER TABLE ONLY hansard_migrations.applied
    ADD CONSTRAINT applied_pkey PRIMARY KEY (version);


--
-- Name: agent_owners_current; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE UNIQUE INDEX agent_owners_current ON hansard.agent_owners USING btree (tenant_id, agent_id, user_id) WHERE (until IS NULL);


--
-- Name: analysts_login; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX analysts_login ON hansard.analysts USING btree (login) WHERE (dropped_at IS NULL);


--
-- Name: api_keys_key_id; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX api_keys_key_id ON hansard.api_keys USING btree (key_id);


--
-- Name: canvas_audit_agents; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_audit_agents ON hansard.canvas_audit USING btree (tenant_id, agent_id, occurred_at) WHERE (action = 'manage_agents'::text);


--
-- Name: canvas_audit_occurred_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_audit_occurred_at ON hansard.canvas_audit USING btree (tenant_id, occurred_at, audit_id);


--
-- Name: canvas_audit_recording; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_audit_recording ON hansard.canvas_audit USING btree (tenant_id, recording_id, occurred_at) WHERE (recording_id IS NOT NULL);


--
-- Name: canvas_recordings_agent; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_agent ON hansard.canvas_recordings USING btree (tenant_id, agent_id, started_at, recording_id);


--
-- Name: canvas_recordings_agent_flagged; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_agent_flagged ON hansard.canvas_recordings USING btree (tenant_id, agent_id, started_at, recording_id) WHERE flagged_for_review;


--
-- Name: canvas_recordings_agent_user_started_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_agent_user_started_at ON hansard.canvas_recordings USING btree (tenant_id, agent_id, user_id, started_at, recording_id);


--
-- Name: canvas_recordings_expiry; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_expiry ON hansard.canvas_recordings USING btree (tenant_id, expires_at) WHERE ((stopped_at IS NOT NULL) AND (hold_count = 0));


--
-- Name: canvas_recordings_flagged; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_flagged ON hansard.canvas_recordings USING btree (tenant_id, started_at, recording_id) WHERE flagged_for_review;


--
-- Name: canvas_recordings_open; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_open ON hansard.canvas_recordings USING btree (tenant_id, started_at) WHERE (stopped_at IS NULL);


--
-- Name: canvas_recordings_open_automatic; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE UNIQUE INDEX canvas_recordings_open_automatic ON hansard.canvas_recordings USING btree (tenant_id, agent_id, user_id, automatic_scope) WHERE ((status = 'recording'::text) AND (automatic_scope IS NOT NULL));


--
-- Name: canvas_recordings_partition; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_partition ON hansard.canvas_recordings USING btree (tenant_id, expires_on);


--
-- Name: canvas_recordings_session; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_session ON hansard.canvas_recordings USING btree (tenant_id, session_id, started_at, recording_id);


--
-- Name: canvas_recordings_session_status; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_session_status ON hansard.canvas_recordings USING btree (tenant_id, session_id, status);


--
-- Name: canvas_recordings_started_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_started_at ON hansard.canvas_recordings USING btree (tenant_id, started_at, recording_id);


--
-- Name: canvas_recordings_unarchived; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_unarchived ON hansard.canvas_recordings USING btree (tenant_id, stopped_at) WHERE ((stopped_at IS NOT NULL) AND (storage_url IS NULL) AND (hold_count = 0));


--
-- Name: canvas_recordings_user; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_user ON hansard.canvas_recordings USING btree (tenant_id, user_id, started_at, recording_id);


--
-- Name: canvas_recordings_user_flagged; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX canvas_recordings_user_flagged ON hansard.canvas_recordings USING btree (tenant_id, user_id, started_at, recording_id) WHERE flagged_for_review;


--
-- Name: erasures_again; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX erasures_again ON hansard.erasures USING btree (tenant_id, recording_id) WHERE is_again;


--
-- Name: erasures_segment; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX erasures_segment ON hansard.erasures USING btree (segment, erasure_id) WHERE (segment IS NOT NULL);


--
-- Name: erasures_waiting; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX erasures_waiting ON hansard.erasures USING btree (erasure_id) WHERE (segment IS NULL);


--
-- Name: idempotency_keys_expiry; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX idempotency_keys_expiry ON hansard.idempotency_keys USING btree (tenant_id, expires_at);


--
-- Name: idempotency_keys_recording; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX idempotency_keys_recording ON hansard.idempotency_keys USING btree (tenant_id, recording_id) WHERE (recording_id IS NOT NULL);


--
-- Name: idempotency_keys_session; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX idempotency_keys_session ON hansard.idempotency_keys USING btree (tenant_id, session_id) WHERE (session_id IS NOT NULL);


--
-- Name: legal_holds_placed_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX legal_holds_placed_at ON hansard.legal_holds USING btree (tenant_id, placed_at, hold_id);


--
-- Name: legal_holds_recording; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX legal_holds_recording ON hansard.legal_holds USING btree (tenant_id, recording_id, placed_at);


--
-- Name: notices_created_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX notices_created_at ON hansard.notices USING btree (tenant_id, created_at);


--
-- Name: purge_certificates_purged_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX purge_certificates_purged_at ON hansard.purge_certificates USING btree (tenant_id, purged_at, recording_id);


--
-- Name: purge_certificates_remains; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX purge_certificates_remains ON hansard.purge_certificates USING btree (tenant_id, purged_at) WHERE has_remains;


--
-- Name: purge_certificates_review; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX purge_certificates_review ON hansard.purge_certificates USING btree (tenant_id, review_id) WHERE (review_id IS NOT NULL);


--
-- Name: purge_certificates_started_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX purge_certificates_started_at ON hansard.purge_certificates USING btree (tenant_id, started_at, recording_id);


--
-- Name: recording_archives_work; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_archives_work ON hansard.recording_archives USING btree (tenant_id, recording_id) WHERE (has_remains OR is_condemned);


--
-- Name: recording_deletions_pending; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE UNIQUE INDEX recording_deletions_pending ON hansard.recording_deletions USING btree (tenant_id, recording_id) WHERE (state = 'pending'::text);


--
-- Name: recording_deletions_requested_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_deletions_requested_at ON hansard.recording_deletions USING btree (tenant_id, requested_at, deletion_id);


--
-- Name: recording_events_chronology; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_events_chronology ON ONLY hansard.recording_events USING btree (tenant_id, recording_id, occurred_at, seq);


--
-- Name: recording_events_held_denials; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_events_held_denials ON hansard.recording_events_held USING btree (tenant_id, recording_id) WHERE (event_type = 'permission_denied'::text);


--
-- Name: recording_events_held_tenant_id_recording_id_occurred_at_se_idx; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_events_held_tenant_id_recording_id_occurred_at_se_idx ON hansard.recording_events_held USING btree (tenant_id, recording_id, occurred_at, seq);


--
-- Name: recording_flags_recording; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recording_flags_recording ON hansard.recording_flags USING btree (tenant_id, recording_id, flagged_at);


--
-- Name: recovery_alerts_raised_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_alerts_raised_at ON hansard.recovery_alerts USING btree (tenant_id, raised_at, alert_id);


--
-- Name: recovery_attempts_agent; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_attempts_agent ON hansard.recovery_attempts USING btree (tenant_id, agent_id, LEAST(occurred_at, recorded_at));
ALTER INDEX hansard.recovery_attempts_agent ALTER COLUMN 3 SET STATISTICS 0;


--
-- Name: recovery_attempts_chronology; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_attempts_chronology ON hansard.recovery_attempts USING btree (tenant_id, session_id, occurred_at, "position");


--
-- Name: recovery_attempts_error_type; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_attempts_error_type ON hansard.recovery_attempts USING btree (tenant_id, error_type, occurred_at);


--
-- Name: recovery_attempts_failures; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_attempts_failures ON hansard.recovery_attempts USING btree (tenant_id, error_type, LEAST(occurred_at, recorded_at)) WHERE (NOT success);
ALTER INDEX hansard.recovery_attempts_failures ALTER COLUMN 3 SET STATISTICS 0;


--
-- Name: recovery_attempts_recording; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_attempts_recording ON hansard.recovery_attempts USING btree (tenant_id, recording_id, occurred_at) WHERE (recording_id IS NOT NULL);


--
-- Name: recovery_keys_commitment; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_keys_commitment ON hansard.recovery_keys USING btree (tenant_id, commitment);


--
-- Name: recovery_sessions_agent; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_agent ON hansard.recovery_sessions USING btree (tenant_id, agent_id, started_at, id);


--
-- Name: recovery_sessions_agent_user; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_agent_user ON hansard.recovery_sessions USING btree (tenant_id, agent_id, user_id, started_at, id);


--
-- Name: recovery_sessions_expiry; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_expiry ON hansard.recovery_sessions USING btree (tenant_id, expires_at) WHERE (cleared_at IS NULL);


--
-- Name: recovery_sessions_remains; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_remains ON hansard.recovery_sessions USING btree (tenant_id, cleared_at) WHERE has_remains;


--
-- Name: recovery_sessions_started_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_started_at ON hansard.recovery_sessions USING btree (tenant_id, started_at, id);


--
-- Name: recovery_sessions_user; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX recovery_sessions_user ON hansard.recovery_sessions USING btree (tenant_id, user_id, started_at, id);


--
-- Name: retention_changes_waiting; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE UNIQUE INDEX retention_changes_waiting ON hansard.retention_changes USING btree (tenant_id, shortens) WHERE ((undone_at IS NULL) AND (applied_at IS NULL));


--
-- Name: review_entries_history; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX review_entries_history ON hansard.review_entries USING btree (tenant_id, review_id, occurred_at, entry_id);


--
-- Name: reviews_decided; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX reviews_decided ON hansard.reviews USING btree (tenant_id, decided_at, review_id) WHERE (state = 'decided'::text);


--
-- Name: reviews_due; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX reviews_due ON hansard.reviews USING btree (tenant_id, due_at, review_id) WHERE (state <> 'decided'::text);


--
-- Name: reviews_due_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX reviews_due_at ON hansard.reviews USING btree (tenant_id, due_at, review_id);


--
-- Name: tenant_keys_active; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE UNIQUE INDEX tenant_keys_active ON hansard.tenant_keys USING btree (tenant_id) WHERE (state = 'active'::text);


--
-- Name: webhooks_attempt_at; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX webhooks_attempt_at ON hansard.webhooks USING btree (attempt_at) WHERE (disabled_at IS NULL);


--
-- Name: websocket_tickets_expiry; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX websocket_tickets_expiry ON hansard.websocket_tickets USING btree (tenant_id, expires_at);


--
-- Name: websocket_tickets_key; Type: INDEX; Schema: hansard; Owner: hansard_owner
--

CREATE INDEX websocket_tickets_key ON hansard.websocket_tickets USING btree (tenant_id, key_id, issued_at);


--
-- Name: recording_events_held_pkey; Type: INDEX ATTACH; Schema: hansard; Owner: hansard_owner
--

ALTER INDEX hansard.recording_events_pkey ATTACH PARTITION hansard.recording_events_held_pkey;


--
-- Name: recording_events_held_tenant_id_recording_id_event_id_expir_key; Type: INDEX ATTACH; Schema: hansard; Owner: hansard_owner
--

ALTER INDEX hansard.recording_events_event_id_key ATTACH PARTITION hansard.recording_events_held_tenant_id_recording_id_event_id_expir_key;


--
-- Name: recording_events_held_tenant_id_recording_id_occurred_at_se_idx; Type: INDEX ATTACH; Schema: hansard; Owner: hansard_owner
--

ALTER INDEX hansard.recording_events_chronology ATTACH PARTITION hansard.recording_events_held_tenant_id_recording_id_occurred_at_se_idx;


--
-- Name: recovery_statistics _RETURN; Type: RULE; Schema: compliance; Owner: hansard_owner
--

CREATE OR REPLACE VIEW compliance.recovery_statistics WITH (security_invoker='true') AS
 SELECT s.session_id,
    s.agent_id,
    s.user_id,
    s.started_at AS session_start,
    count(a."position") AS total_attempts,
    count(*) FILTER (WHERE a.success) AS successful_attempts,
    count(*) FILTER (WHERE (NOT a.success)) AS failed_attempts,
    (div((((20000)::numeric * (count(*) FILTER (WHERE a.success))::numeric) + (count(a."position"))::numeric), ((2)::numeric * (GREATEST(count(a."position"), (1)::bigint))::numeric)) * 0.01) AS success_rate,
    round(COALESCE(sum(a.duration_seconds), (0)::numeric), 3) AS total_duration_seconds,
    (div((((2000)::numeric * COALESCE(sum(a.duration_seconds), (0)::numeric)) + (count(a."position"))::numeric), ((2)::numeric * (GREATEST(count(a."position"), (1)::bigint))::numeric)) * 0.001) AS average_duration_seconds,
    ( SELECT count(*) AS count
           FROM hansard.recovery_files f
          WHERE ((f.tenant_id = s.tenant_id) AND (f.session_id = s.session_id))) AS files_modified_count,
    count(*) FILTER (WHERE a.rollback_performed) AS rollback_count,
    min(a.occurred_at) AS first_attempt_timestamp,
    max(a.occurred_at) AS last_attempt_timestamp
   FROM (hansard.recovery_sessions s
     LEFT JOIN hansard.recovery_attempts a ON (((a.tenant_id = s.tenant_id) AND (a.session_id = s.session_id))))
  WHERE ((s.cleared_at IS NULL) AND (s.expires_at > now()))
  GROUP BY s.tenant_id, s.session_id;


--
-- Name: canvas_audit canvas_audit_append_only; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER canvas_audit_append_only BEFORE DELETE OR UPDATE ON hansard.canvas_audit FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: canvas_audit canvas_audit_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER canvas_audit_no_truncate BEFORE TRUNCATE ON hansard.canvas_audit FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: canvas_recordings canvas_recordings_certificate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER canvas_recordings_certificate BEFORE DELETE ON hansard.canvas_recordings FOR EACH ROW EXECUTE FUNCTION hansard.require_certificate();


--
-- Name: legal_holds legal_holds_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER legal_holds_no_delete BEFORE DELETE ON hansard.legal_holds FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: legal_holds legal_holds_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER legal_holds_no_truncate BEFORE TRUNCATE ON hansard.legal_holds FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: purge_certificates purge_certificates_archive; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER purge_certificates_archive AFTER INSERT ON hansard.purge_certificates FOR EACH ROW EXECUTE FUNCTION hansard.condemn_archive();


--
-- Name: purge_certificates purge_certificates_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER purge_certificates_no_delete BEFORE DELETE ON hansard.purge_certificates FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: purge_certificates purge_certificates_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER purge_certificates_no_truncate BEFORE TRUNCATE ON hansard.purge_certificates FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_archives recording_archives_certificate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_archives_certificate BEFORE DELETE ON hansard.recording_archives FOR EACH ROW EXECUTE FUNCTION hansard.require_certificate();


--
-- Name: recording_archives recording_archives_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_archives_no_truncate BEFORE TRUNCATE ON hansard.recording_archives FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_deletions recording_deletions_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_deletions_no_delete BEFORE DELETE ON hansard.recording_deletions FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_deletions recording_deletions_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_deletions_no_truncate BEFORE TRUNCATE ON hansard.recording_deletions FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_events recording_events_certificate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_events_certificate BEFORE DELETE ON hansard.recording_events FOR EACH ROW EXECUTE FUNCTION hansard.require_certificate_or_move();


--
-- Name: recording_events_held recording_events_held_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_events_held_no_truncate BEFORE TRUNCATE ON hansard.recording_events_held FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_events recording_events_move; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_events_move BEFORE UPDATE ON hansard.recording_events FOR EACH ROW EXECUTE FUNCTION hansard.require_move();


--
-- Name: recording_events recording_events_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_events_no_truncate BEFORE TRUNCATE ON hansard.recording_events FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_flags recording_flags_certificate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_flags_certificate BEFORE DELETE ON hansard.recording_flags FOR EACH ROW EXECUTE FUNCTION hansard.require_certificate();


--
-- Name: recording_flags recording_flags_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_flags_no_truncate BEFORE TRUNCATE ON hansard.recording_flags FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_flags recording_flags_no_update; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_flags_no_update BEFORE UPDATE ON hansard.recording_flags FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recording_keys recording_keys_erasure; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_keys_erasure AFTER DELETE ON hansard.recording_keys FOR EACH ROW EXECUTE FUNCTION hansard.note_erasure();


--
-- Name: recording_keys recording_keys_forget; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recording_keys_forget AFTER DELETE ON hansard.recording_keys REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION hansard.forget_of_recordings();


--
-- Name: recovery_alerts recovery_alerts_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_alerts_no_delete BEFORE DELETE ON hansard.recovery_alerts FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_alerts recovery_alerts_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_alerts_no_truncate BEFORE TRUNCATE ON hansard.recovery_alerts FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_attempts recovery_attempts_files; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_attempts_files AFTER INSERT ON hansard.recovery_attempts FOR EACH ROW WHEN ((cardinality(new.file_digests) > 0)) EXECUTE FUNCTION hansard.add_recovery_files();


--
-- Name: recovery_attempts recovery_attempts_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_attempts_no_truncate BEFORE TRUNCATE ON hansard.recovery_attempts FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_attempts recovery_attempts_no_update; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_attempts_no_update BEFORE UPDATE ON hansard.recovery_attempts FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_attempts recovery_attempts_tombstone; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_attempts_tombstone BEFORE DELETE ON hansard.recovery_attempts FOR EACH ROW EXECUTE FUNCTION hansard.require_tombstone();


--
-- Name: recovery_files recovery_files_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_files_no_truncate BEFORE TRUNCATE ON hansard.recovery_files FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_files recovery_files_no_update; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_files_no_update BEFORE UPDATE ON hansard.recovery_files FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_files recovery_files_tombstone; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_files_tombstone BEFORE DELETE ON hansard.recovery_files FOR EACH ROW EXECUTE FUNCTION hansard.require_tombstone();


--
-- Name: recovery_keys recovery_keys_erasure; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_keys_erasure AFTER DELETE ON hansard.recovery_keys FOR EACH ROW EXECUTE FUNCTION hansard.note_erasure();


--
-- Name: recovery_keys recovery_keys_files; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_keys_files AFTER DELETE ON hansard.recovery_keys FOR EACH ROW EXECUTE FUNCTION hansard.forget_recovery_files();


--
-- Name: recovery_keys recovery_keys_forget; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_keys_forget AFTER DELETE ON hansard.recovery_keys REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION hansard.forget_of_recovery_sessions();


--
-- Name: recovery_sessions recovery_sessions_clock; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_sessions_clock BEFORE UPDATE ON hansard.recovery_sessions FOR EACH ROW WHEN ((new.cleared_on_expiry AND (NOT old.cleared_on_expiry))) EXECUTE FUNCTION hansard.refuse_unless_clock_is_steady();


--
-- Name: recovery_sessions recovery_sessions_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_sessions_no_delete BEFORE DELETE ON hansard.recovery_sessions FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: recovery_sessions recovery_sessions_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER recovery_sessions_no_truncate BEFORE TRUNCATE ON hansard.recovery_sessions FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: redaction_policies redaction_policies_append_only; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER redaction_policies_append_only BEFORE DELETE OR UPDATE ON hansard.redaction_policies FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: redaction_policies redaction_policies_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER redaction_policies_no_truncate BEFORE TRUNCATE ON hansard.redaction_policies FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: redaction_rules redaction_rules_append_only; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER redaction_rules_append_only BEFORE DELETE OR UPDATE ON hansard.redaction_rules FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: redaction_rules redaction_rules_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER redaction_rules_no_truncate BEFORE TRUNCATE ON hansard.redaction_rules FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: retention_changes retention_changes_no_delete; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER retention_changes_no_delete BEFORE DELETE ON hansard.retention_changes FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: retention_changes retention_changes_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER retention_changes_no_truncate BEFORE TRUNCATE ON hansard.retention_changes FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: review_entries review_entries_certificate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER review_entries_certificate BEFORE DELETE ON hansard.review_entries FOR EACH ROW EXECUTE FUNCTION hansard.require_review_gone();


--
-- Name: review_entries review_entries_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER review_entries_no_truncate BEFORE TRUNCATE ON hansard.review_entries FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: review_entries review_entries_no_update; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER review_entries_no_update BEFORE UPDATE ON hansard.review_entries FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: tenant_keys tenant_keys_erasure; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER tenant_keys_erasure AFTER DELETE ON hansard.tenant_keys FOR EACH ROW WHEN ((old.state = 'active'::text)) EXECUTE FUNCTION hansard.note_erasure();


--
-- Name: tenant_policies tenant_policies_append_only; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER tenant_policies_append_only BEFORE DELETE OR UPDATE ON hansard.tenant_policies FOR EACH ROW EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: tenant_policies tenant_policies_no_truncate; Type: TRIGGER; Schema: hansard; Owner: hansard_owner
--

CREATE TRIGGER tenant_policies_no_truncate BEFORE TRUNCATE ON hansard.tenant_policies FOR EACH STATEMENT EXECUTE FUNCTION hansard.refuse_change();


--
-- Name: agent_owners agent_owners_agent_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.agent_owners
    ADD CONSTRAINT agent_owners_agent_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES hansard.agent_registry(tenant_id, agent_id);


--
-- Name: agent_owners agent_owners_user_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.agent_owners
    ADD CONSTRAINT agent_owners_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES hansard.users(tenant_id, user_id);


--
-- Name: agent_registry agent_registry_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.agent_registry
    ADD CONSTRAINT agent_registry_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: analysts analysts_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.analysts
    ADD CONSTRAINT analysts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: api_keys api_keys_agent_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.api_keys
    ADD CONSTRAINT api_keys_agent_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES hansard.agent_registry(tenant_id, agent_id);


--
-- Name: api_keys api_keys_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.api_keys
    ADD CONSTRAINT api_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: api_keys api_keys_user_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.api_keys
    ADD CONSTRAINT api_keys_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES hansard.users(tenant_id, user_id);


--
-- Name: canvas_audit canvas_audit_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_audit
    ADD CONSTRAINT canvas_audit_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: canvas_recordings canvas_recordings_agent_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_agent_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES hansard.agent_registry(tenant_id, agent_id);


--
-- Name: canvas_recordings canvas_recordings_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: canvas_recordings canvas_recordings_user_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.canvas_recordings
    ADD CONSTRAINT canvas_recordings_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES hansard.users(tenant_id, user_id);


--
-- Name: daily_usage daily_usage_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.daily_usage
    ADD CONSTRAINT daily_usage_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: idempotency_keys idempotency_keys_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.idempotency_keys
    ADD CONSTRAINT idempotency_keys_key_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES hansard.api_keys(tenant_id, key_id);


--
-- Name: idempotency_keys idempotency_keys_tenant_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.idempotency_keys
    ADD CONSTRAINT idempotency_keys_tenant_key_fkey FOREIGN KEY (tenant_id, tenant_key_id) REFERENCES hansard.tenant_keys(tenant_id, tenant_key_id);


--
-- Name: legal_holds legal_holds_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.legal_holds
    ADD CONSTRAINT legal_holds_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: notices notices_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.notices
    ADD CONSTRAINT notices_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: purge_certificates purge_certificates_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.purge_certificates
    ADD CONSTRAINT purge_certificates_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: recording_archives recording_archives_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_archives
    ADD CONSTRAINT recording_archives_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: recording_deletions recording_deletions_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_deletions
    ADD CONSTRAINT recording_deletions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: recording_flags recording_flags_recording_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_flags
    ADD CONSTRAINT recording_flags_recording_fkey FOREIGN KEY (tenant_id, recording_id) REFERENCES hansard.canvas_recordings(tenant_id, recording_id);


--
-- Name: recording_keys recording_keys_recording_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_keys
    ADD CONSTRAINT recording_keys_recording_fkey FOREIGN KEY (tenant_id, recording_id) REFERENCES hansard.canvas_recordings(tenant_id, recording_id);


--
-- Name: recording_keys recording_keys_tenant_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_keys
    ADD CONSTRAINT recording_keys_tenant_key_fkey FOREIGN KEY (tenant_id, tenant_key_id) REFERENCES hansard.tenant_keys(tenant_id, tenant_key_id);


--
-- Name: recording_progress recording_progress_recording_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recording_progress
    ADD CONSTRAINT recording_progress_recording_fkey FOREIGN KEY (tenant_id, recording_id) REFERENCES hansard.canvas_recordings(tenant_id, recording_id);


--
-- Name: recovery_alerts recovery_alerts_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_alerts
    ADD CONSTRAINT recovery_alerts_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: recovery_attempts recovery_attempts_agent_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_attempts
    ADD CONSTRAINT recovery_attempts_agent_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES hansard.agent_registry(tenant_id, agent_id);


--
-- Name: recovery_attempts recovery_attempts_session_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_attempts
    ADD CONSTRAINT recovery_attempts_session_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES hansard.recovery_sessions(tenant_id, session_id);


--
-- Name: recovery_attempts recovery_attempts_user_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_attempts
    ADD CONSTRAINT recovery_attempts_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES hansard.users(tenant_id, user_id);


--
-- Name: recovery_files recovery_files_session_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_files
    ADD CONSTRAINT recovery_files_session_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES hansard.recovery_sessions(tenant_id, session_id);


--
-- Name: recovery_keys recovery_keys_session_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_keys
    ADD CONSTRAINT recovery_keys_session_fkey FOREIGN KEY (tenant_id, session_id) REFERENCES hansard.recovery_sessions(tenant_id, session_id);


--
-- Name: recovery_keys recovery_keys_tenant_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_keys
    ADD CONSTRAINT recovery_keys_tenant_key_fkey FOREIGN KEY (tenant_id, tenant_key_id) REFERENCES hansard.tenant_keys(tenant_id, tenant_key_id);


--
-- Name: recovery_sessions recovery_sessions_agent_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_sessions
    ADD CONSTRAINT recovery_sessions_agent_fkey FOREIGN KEY (tenant_id, agent_id) REFERENCES hansard.agent_registry(tenant_id, agent_id);


--
-- Name: recovery_sessions recovery_sessions_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_sessions
    ADD CONSTRAINT recovery_sessions_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: recovery_sessions recovery_sessions_user_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.recovery_sessions
    ADD CONSTRAINT recovery_sessions_user_fkey FOREIGN KEY (tenant_id, user_id) REFERENCES hansard.users(tenant_id, user_id);


--
-- Name: redaction_policies redaction_policies_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.redaction_policies
    ADD CONSTRAINT redaction_policies_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: redaction_rules redaction_rules_policy_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.redaction_rules
    ADD CONSTRAINT redaction_rules_policy_fkey FOREIGN KEY (tenant_id, version) REFERENCES hansard.redaction_policies(tenant_id, version);


--
-- Name: retention_changes retention_changes_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.retention_changes
    ADD CONSTRAINT retention_changes_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: review_entries review_entries_review_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.review_entries
    ADD CONSTRAINT review_entries_review_fkey FOREIGN KEY (tenant_id, review_id) REFERENCES hansard.reviews(tenant_id, review_id);


--
-- Name: reviews reviews_recording_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.reviews
    ADD CONSTRAINT reviews_recording_fkey FOREIGN KEY (tenant_id, recording_id) REFERENCES hansard.canvas_recordings(tenant_id, recording_id);


--
-- Name: tenant_keys tenant_keys_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.tenant_keys
    ADD CONSTRAINT tenant_keys_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: tenant_policies tenant_policies_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.tenant_policies
    ADD CONSTRAINT tenant_policies_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: users users_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.users
    ADD CONSTRAINT users_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: webhooks webhooks_tenant_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.webhooks
    ADD CONSTRAINT webhooks_tenant_fkey FOREIGN KEY (tenant_id) REFERENCES hansard.tenants(tenant_id);


--
-- Name: webhooks webhooks_tenant_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.webhooks
    ADD CONSTRAINT webhooks_tenant_key_fkey FOREIGN KEY (tenant_id, tenant_key_id) REFERENCES hansard.tenant_keys(tenant_id, tenant_key_id);


--
-- Name: websocket_tickets websocket_tickets_key_fkey; Type: FK CONSTRAINT; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE ONLY hansard.websocket_tickets
    ADD CONSTRAINT websocket_tickets_key_fkey FOREIGN KEY (tenant_id, key_id) REFERENCES hansard.api_keys(tenant_id, key_id);


--
-- Name: agent_owners; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.agent_owners ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_owners agent_owners_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY agent_owners_isolation ON hansard.agent_owners TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: agent_registry; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.agent_registry ENABLE ROW LEVEL SECURITY;

--
-- Name: agent_registry agent_registry_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY agent_registry_analyst ON hansard.agent_registry FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: agent_registry agent_registry_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY agent_registry_isolation ON hansard.agent_registry TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: analysts; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.analysts ENABLE ROW LEVEL SECURITY;

--
-- Name: analysts analysts_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY analysts_isolation ON hansard.analysts TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: analysts analysts_lookup; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY analysts_lookup ON hansard.analysts FOR SELECT TO hansard_owner USING (true);


--
-- Name: api_keys; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.api_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: api_keys api_keys_authentication; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY api_keys_authentication ON hansard.api_keys FOR SELECT TO hansard_owner USING (true);


--
-- Name: api_keys api_keys_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY api_keys_isolation ON hansard.api_keys TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: canvas_audit; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.canvas_audit ENABLE ROW LEVEL SECURITY;

--
-- Name: canvas_audit canvas_audit_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY canvas_audit_analyst ON hansard.canvas_audit FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: canvas_audit canvas_audit_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY canvas_audit_isolation ON hansard.canvas_audit TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: canvas_recordings; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.canvas_recordings ENABLE ROW LEVEL SECURITY;

--
-- Name: canvas_recordings canvas_recordings_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY canvas_recordings_analyst ON hansard.canvas_recordings FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: canvas_recordings canvas_recordings_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY canvas_recordings_due ON hansard.canvas_recordings FOR SELECT TO hansard_owner USING (true);


--
-- Name: canvas_recordings canvas_recordings_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY canvas_recordings_isolation ON hansard.canvas_recordings TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: daily_usage; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.daily_usage ENABLE ROW LEVEL SECURITY;

--
-- Name: daily_usage daily_usage_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY daily_usage_isolation ON hansard.daily_usage TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: erasure_log; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.erasure_log ENABLE ROW LEVEL SECURITY;

--
-- Name: erasure_log erasure_log_owner; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY erasure_log_owner ON hansard.erasure_log TO hansard_owner USING (true);


--
-- Name: erasures; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.erasures ENABLE ROW LEVEL SECURITY;

--
-- Name: erasures erasures_owner; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY erasures_owner ON hansard.erasures TO hansard_owner USING (true);


--
-- Name: idempotency_keys; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.idempotency_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: idempotency_keys idempotency_keys_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY idempotency_keys_due ON hansard.idempotency_keys FOR SELECT TO hansard_owner USING (true);


--
-- Name: idempotency_keys idempotency_keys_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY idempotency_keys_isolation ON hansard.idempotency_keys TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: legal_holds; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.legal_holds ENABLE ROW LEVEL SECURITY;

--
-- Name: legal_holds legal_holds_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY legal_holds_analyst ON hansard.legal_holds FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: legal_holds legal_holds_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY legal_holds_isolation ON hansard.legal_holds TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: notices; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.notices ENABLE ROW LEVEL SECURITY;

--
-- Name: notices notices_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY notices_due ON hansard.notices FOR SELECT TO hansard_owner USING (true);


--
-- Name: notices notices_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY notices_isolation ON hansard.notices TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: purge_certificates; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.purge_certificates ENABLE ROW LEVEL SECURITY;

--
-- Name: purge_certificates purge_certificates_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY purge_certificates_analyst ON hansard.purge_certificates FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: purge_certificates purge_certificates_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY purge_certificates_due ON hansard.purge_certificates FOR SELECT TO hansard_owner USING (true);


--
-- Name: purge_certificates purge_certificates_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY purge_certificates_isolation ON hansard.purge_certificates TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_archives; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_archives ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_archives recording_archives_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_archives_due ON hansard.recording_archives FOR SELECT TO hansard_owner USING (true);


--
-- Name: recording_archives recording_archives_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_archives_isolation ON hansard.recording_archives TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_deletions; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_deletions ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_deletions recording_deletions_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_deletions_isolation ON hansard.recording_deletions TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_events; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_events ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_events recording_events_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_events_analyst ON hansard.recording_events FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recording_events_held; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_events_held ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_events recording_events_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_events_isolation ON hansard.recording_events TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_flags; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_flags ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_flags recording_flags_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_flags_analyst ON hansard.recording_flags FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recording_flags recording_flags_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_flags_isolation ON hansard.recording_flags TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_keys; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_keys recording_keys_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_keys_due ON hansard.recording_keys FOR SELECT TO hansard_owner USING (true);


--
-- Name: recording_keys recording_keys_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_keys_isolation ON hansard.recording_keys TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recording_progress; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recording_progress ENABLE ROW LEVEL SECURITY;

--
-- Name: recording_progress recording_progress_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_progress_analyst ON hansard.recording_progress FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recording_progress recording_progress_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_progress_due ON hansard.recording_progress FOR SELECT TO hansard_owner USING (true);


--
-- Name: recording_progress recording_progress_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recording_progress_isolation ON hansard.recording_progress TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recovery_alerts; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recovery_alerts ENABLE ROW LEVEL SECURITY;

--
-- Name: recovery_alerts recovery_alerts_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_alerts_isolation ON hansard.recovery_alerts TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recovery_attempts; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recovery_attempts ENABLE ROW LEVEL SECURITY;

--
-- Name: recovery_attempts recovery_attempts_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_attempts_analyst ON hansard.recovery_attempts FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recovery_attempts recovery_attempts_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_attempts_isolation ON hansard.recovery_attempts TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recovery_files; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recovery_files ENABLE ROW LEVEL SECURITY;

--
-- Name: recovery_files recovery_files_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_files_analyst ON hansard.recovery_files FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recovery_files recovery_files_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_files_isolation ON hansard.recovery_files TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recovery_keys; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recovery_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: recovery_keys recovery_keys_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_keys_due ON hansard.recovery_keys FOR SELECT TO hansard_owner USING (true);


--
-- Name: recovery_keys recovery_keys_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_keys_isolation ON hansard.recovery_keys TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: recovery_sessions; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.recovery_sessions ENABLE ROW LEVEL SECURITY;

--
-- Name: recovery_sessions recovery_sessions_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_sessions_analyst ON hansard.recovery_sessions FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: recovery_sessions recovery_sessions_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_sessions_due ON hansard.recovery_sessions FOR SELECT TO hansard_owner USING (true);


--
-- Name: recovery_sessions recovery_sessions_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY recovery_sessions_isolation ON hansard.recovery_sessions TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: redaction_policies; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.redaction_policies ENABLE ROW LEVEL SECURITY;

--
-- Name: redaction_policies redaction_policies_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY redaction_policies_isolation ON hansard.redaction_policies TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: redaction_rules; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.redaction_rules ENABLE ROW LEVEL SECURITY;

--
-- Name: redaction_rules redaction_rules_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY redaction_rules_isolation ON hansard.redaction_rules TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: retention_changes; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.retention_changes ENABLE ROW LEVEL SECURITY;

--
-- Name: retention_changes retention_changes_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY retention_changes_due ON hansard.retention_changes FOR SELECT TO hansard_owner USING (true);


--
-- Name: retention_changes retention_changes_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY retention_changes_isolation ON hansard.retention_changes TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: retention_clock; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.retention_clock ENABLE ROW LEVEL SECURITY;

--
-- Name: retention_clock retention_clock_owner; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY retention_clock_owner ON hansard.retention_clock TO hansard_owner USING (true);


--
-- Name: review_entries; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.review_entries ENABLE ROW LEVEL SECURITY;

--
-- Name: review_entries review_entries_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY review_entries_analyst ON hansard.review_entries FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: review_entries review_entries_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY review_entries_isolation ON hansard.review_entries TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: reviews; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.reviews ENABLE ROW LEVEL SECURITY;

--
-- Name: reviews reviews_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY reviews_analyst ON hansard.reviews FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: reviews reviews_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY reviews_isolation ON hansard.reviews TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: tenant_keys; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenant_keys ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant_keys tenant_keys_fingerprints; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenant_keys_fingerprints ON hansard.tenant_keys FOR SELECT TO hansard_owner USING (true);


--
-- Name: tenant_keys tenant_keys_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenant_keys_isolation ON hansard.tenant_keys TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: tenant_policies; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenant_policies ENABLE ROW LEVEL SECURITY;

--
-- Name: tenant_policies tenant_policies_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenant_policies_analyst ON hansard.tenant_policies FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: tenant_policies tenant_policies_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenant_policies_isolation ON hansard.tenant_policies TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: tenants; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.tenants ENABLE ROW LEVEL SECURITY;

--
-- Name: tenants tenants_analyst; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenants_analyst ON hansard.tenants FOR SELECT TO hansard_analyst USING ((tenant_id = ( SELECT hansard.analyst_tenant() AS analyst_tenant)));


--
-- Name: tenants tenants_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenants_due ON hansard.tenants FOR SELECT TO hansard_owner USING (true);


--
-- Name: tenants tenants_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY tenants_isolation ON hansard.tenants TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: users; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.users ENABLE ROW LEVEL SECURITY;

--
-- Name: users users_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY users_isolation ON hansard.users TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: webhooks; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.webhooks ENABLE ROW LEVEL SECURITY;

--
-- Name: webhooks webhooks_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY webhooks_due ON hansard.webhooks FOR SELECT TO hansard_owner USING (true);


--
-- Name: webhooks webhooks_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY webhooks_isolation ON hansard.webhooks TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: websocket_tickets; Type: ROW SECURITY; Schema: hansard; Owner: hansard_owner
--

ALTER TABLE hansard.websocket_tickets ENABLE ROW LEVEL SECURITY;

--
-- Name: websocket_tickets websocket_tickets_due; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY websocket_tickets_due ON hansard.websocket_tickets FOR SELECT TO hansard_owner USING (true);


--
-- Name: websocket_tickets websocket_tickets_isolation; Type: POLICY; Schema: hansard; Owner: hansard_owner
--

CREATE POLICY websocket_tickets_isolation ON hansard.websocket_tickets TO hansard_owner, hansard_service, hansard_retention USING ((tenant_id = hansard.tenant())) WITH CHECK ((tenant_id = hansard.tenant()));


--
-- Name: SCHEMA compliance; Type: ACL; Schema: -; Owner: hansard_owner
--

GRANT USAGE ON SCHEMA compliance TO hansard_analyst;


--
-- Name: SCHEMA hansard; Type: ACL; Schema: -; Owner: hansard_owner
--

GRANT USAGE ON SCHEMA hansard TO hansard_service;
GRANT USAGE ON SCHEMA hansard TO hansard_retention;


--
-- Name: SCHEMA hansard_migrations; Type: ACL; Schema: -; Owner: postgres
--

GRANT ALL ON SCHEMA hansard_migrations TO hansard_migrator;
GRANT USAGE ON SCHEMA hansard_migrations TO hansard_service;


--
-- Name: FUNCTION abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.abandoned_recordings(idle interval, open_for interval, after_time timestamp with time zone, after_id uuid, most integer) TO hansard_retention;


--
-- Name: FUNCTION active_tenant_key(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.active_tenant_key() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.active_tenant_key() TO hansard_service;


--
-- Name: FUNCTION add_recovery_files(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.add_recovery_files() FROM PUBLIC;


--
-- Name: FUNCTION analyst_tenant(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.analyst_tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.analyst_tenant() TO hansard_analyst;


--
-- Name: FUNCTION append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.append_events(recordings uuid[], recording_events integer[], recording_errors integer[], recording_completions integer[], keys uuid[], request_recordings integer[], request_keys uuid[], event_requests integer[], event_recordings integer[], event_positions integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) TO hansard_service;


--
-- Name: FUNCTION append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.append_events_one_by_one(request_recordings uuid[], request_keys uuid[], event_requests integer[], event_ids uuid[], event_ids_chosen boolean[], event_types text[], event_times timestamp with time zone[], event_recorders text[], event_payloads bytea[], event_payload_lengths integer[], event_content_macs bytea[], event_leaf_prefixes bytea[], event_policies integer[], event_families text[], event_counts text[]) TO hansard_service;


--
-- Name: FUNCTION append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.append_final_event(recording uuid, event_id uuid, event_type text, happened_at timestamp with time zone, recorder text, payload bytea, payload_length integer, content_mac bytea, leaf_prefix bytea, policy integer, families text, counts text) TO hansard_service;


--
-- Name: FUNCTION apply_retention_change(default_days integer, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.apply_retention_change(default_days integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.apply_retention_change(default_days integer, most integer) TO hansard_retention;


--
-- Name: FUNCTION tenant(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.tenant() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.tenant() TO hansard_service;
GRANT ALL ON FUNCTION hansard.tenant() TO hansard_retention;


--
-- Name: TABLE canvas_recordings; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.canvas_recordings TO hansard_service;


--
-- Name: COLUMN canvas_recordings.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(agent_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.user_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(user_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.canvas_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(canvas_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(session_id) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(reason) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.status; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(status) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(status) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.tags; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(tags) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(tags) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.started_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(started_at) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.stopped_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(stopped_at) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(stopped_at) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.duration_seconds; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(duration_seconds) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(duration_seconds) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.summary; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(summary) ON TABLE hansard.canvas_recordings TO hansard_service;


--
-- Name: COLUMN canvas_recordings.event_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(event_count) ON TABLE hansard.canvas_recordings TO hansard_service;


--
-- Name: COLUMN canvas_recordings.recording_metadata; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_metadata) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.flagged_for_review; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(flagged_for_review) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(flagged_for_review) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.flag_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(flag_reason) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(flag_reason) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.flagged_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(flagged_by) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(flagged_by) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.flagged_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(flagged_at) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(flagged_at) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.expires_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(expires_at) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(expires_at) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.expires_on; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(expires_on) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.updated_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(updated_at) ON TABLE hansard.canvas_recordings TO hansard_service;
GRANT SELECT(updated_at) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: COLUMN canvas_recordings.retain_until; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(retain_until) ON TABLE hansard.canvas_recordings TO hansard_analyst;
GRANT UPDATE(retain_until) ON TABLE hansard.canvas_recordings TO hansard_service;


--
-- Name: COLUMN canvas_recordings.hold_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(hold_count) ON TABLE hansard.canvas_recordings TO hansard_analyst;


--
-- Name: TABLE recording_progress; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recording_progress TO hansard_service;


--
-- Name: COLUMN recording_progress.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: COLUMN recording_progress.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: COLUMN recording_progress.is_open; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(is_open) ON TABLE hansard.recording_progress TO hansard_service;


--
-- Name: COLUMN recording_progress.event_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(event_count) ON TABLE hansard.recording_progress TO hansard_service;
GRANT SELECT(event_count) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: COLUMN recording_progress.error_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(error_count) ON TABLE hansard.recording_progress TO hansard_service;
GRANT SELECT(error_count) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: COLUMN recording_progress.completion_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(completion_count) ON TABLE hansard.recording_progress TO hansard_service;
GRANT SELECT(completion_count) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: COLUMN recording_progress.last_event_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(last_event_at) ON TABLE hansard.recording_progress TO hansard_service;
GRANT SELECT(last_event_at) ON TABLE hansard.recording_progress TO hansard_analyst;


--
-- Name: TABLE tenants; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.tenants TO hansard_service;


--
-- Name: COLUMN tenants.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.tenants TO hansard_analyst;


--
-- Name: COLUMN tenants.name; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(name) ON TABLE hansard.tenants TO hansard_analyst;


--
-- Name: COLUMN tenants.retention_days; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(retention_days) ON TABLE hansard.tenants TO hansard_service;
GRANT SELECT(retention_days) ON TABLE hansard.tenants TO hansard_analyst;


--
-- Name: COLUMN tenants.created_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(created_at) ON TABLE hansard.tenants TO hansard_analyst;


--
-- Name: COLUMN tenants.minimum_retention_days; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(minimum_retention_days) ON TABLE hansard.tenants TO hansard_service;
GRANT SELECT(minimum_retention_days) ON TABLE hansard.tenants TO hansard_analyst;


--
-- Name: COLUMN tenants.archive_days; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(archive_days) ON TABLE hansard.tenants TO hansard_service;


--
-- Name: FUNCTION archivable_recordings(passed_over uuid[], most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.archivable_recordings(passed_over uuid[], most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.archivable_recordings(passed_over uuid[], most integer) TO hansard_retention;


--
-- Name: FUNCTION begin_archive(wanted uuid, url text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.begin_archive(wanted uuid, url text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.begin_archive(wanted uuid, url text) TO hansard_retention;


--
-- Name: FUNCTION check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.check_retention_clock(host_now timestamp with time zone, since timestamp with time zone, elapsed double precision) TO hansard_retention;


--
-- Name: FUNCTION claim_abandoned_recording(recording uuid, idle interval, open_for interval); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.claim_abandoned_recording(recording uuid, idle interval, open_for interval) TO hansard_service;


--
-- Name: FUNCTION clear_recovery_sessions(wanted text, actor text, reason text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.clear_recovery_sessions(wanted text, actor text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.clear_recovery_sessions(wanted text, actor text, reason text) TO hansard_service;


--
-- Name: FUNCTION complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.complete_archive(wanted uuid, url text, root bytea, event_total bigint, bytes bigint, digest bytea) TO hansard_retention;


--
-- Name: FUNCTION condemn_archive(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.condemn_archive() FROM PUBLIC;


--
-- Name: TABLE recording_archives; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT ON TABLE hansard.recording_archives TO hansard_service;


--
-- Name: FUNCTION condemned_archives(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.condemned_archives(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.condemned_archives(most integer) TO hansard_retention;


--
-- Name: FUNCTION confirm_retention_clock(actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.confirm_retention_clock(actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.confirm_retention_clock(actor text) TO hansard_retention;


--
-- Name: FUNCTION cut_erasures(known bigint, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.cut_erasures(known bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.cut_erasures(known bigint, most integer) TO hansard_retention;


--
-- Name: FUNCTION delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.delete_recording(wanted uuid, root bytea, event_total bigint, reason text, requested_by text, actor text) TO hansard_retention;


--
-- Name: FUNCTION delete_recovery_attempts(purged text[], most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.delete_recovery_attempts(purged text[], most integer) FROM PUBLIC;


--
-- Name: FUNCTION destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.destroy_recordings(doomed uuid[], roots bytea[], cause text, reason text, requested_by text, actor text) FROM PUBLIC;


--
-- Name: FUNCTION drop_event_partition(wanted text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.drop_event_partition(wanted text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.drop_event_partition(wanted text) TO hansard_retention;


--
-- Name: FUNCTION due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_abandoned_recordings(after uuid, upto uuid, most integer, idle interval, open_for interval) TO hansard_retention;


--
-- Name: FUNCTION due_archives(after uuid, upto uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_archives(after uuid, upto uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_archives(after uuid, upto uuid, most integer) TO hansard_retention;


--
-- Name: FUNCTION due_recording_purges(after uuid, upto uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_recording_purges(after uuid, upto uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_recording_purges(after uuid, upto uuid, most integer) TO hansard_retention;


--
-- Name: FUNCTION due_recovery_purges(after uuid, upto uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_recovery_purges(after uuid, upto uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_recovery_purges(after uuid, upto uuid, most integer) TO hansard_retention;


--
-- Name: TABLE retention_changes; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.retention_changes TO hansard_service;


--
-- Name: COLUMN retention_changes.undone_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(undone_at) ON TABLE hansard.retention_changes TO hansard_service;


--
-- Name: COLUMN retention_changes.undone_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(undone_by) ON TABLE hansard.retention_changes TO hansard_service;


--
-- Name: FUNCTION due_retention_changes(after uuid, upto uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_retention_changes(after uuid, upto uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_retention_changes(after uuid, upto uuid, most integer) TO hansard_retention;


--
-- Name: FUNCTION due_trims(after uuid, upto uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_trims(after uuid, upto uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_trims(after uuid, upto uuid, most integer) TO hansard_retention;


--
-- Name: TABLE notices; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.notices TO hansard_service;


--
-- Name: TABLE webhooks; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.disabled_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(disabled_at) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.disabled_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(disabled_by) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.disabled_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(disabled_reason) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.place_xid; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(place_xid) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.place_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(place_id) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.delivered_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(delivered_at) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.failures; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(failures) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.failing_since; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(failing_since) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.last_failure; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(last_failure) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.attempt_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(attempt_at) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.leased_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(leased_by) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: COLUMN webhooks.leased_until; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(leased_until) ON TABLE hansard.webhooks TO hansard_service;


--
-- Name: FUNCTION due_webhooks(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.due_webhooks(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.due_webhooks(most integer) TO hansard_service;


--
-- Name: FUNCTION ensure_event_partition(wanted date); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.ensure_event_partition(wanted date) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.ensure_event_partition(wanted date) TO hansard_service;
GRANT ALL ON FUNCTION hansard.ensure_event_partition(wanted date) TO hansard_retention;


--
-- Name: FUNCTION erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.erase_again(recordings uuid[], commitments bytea[], tenant_key_ids uuid[], actor text, reason text) TO hansard_retention;


--
-- Name: FUNCTION erasure_log_position(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.erasure_log_position() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.erasure_log_position() TO hansard_retention;


--
-- Name: FUNCTION erasure_log_state(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.erasure_log_state() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.erasure_log_state() TO hansard_retention;


--
-- Name: TABLE recording_events; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recording_events TO hansard_service;


--
-- Name: COLUMN recording_events.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.seq; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(seq) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.event_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(event_id) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.event_type; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(event_type) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.occurred_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(occurred_at) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.recorded_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recorded_at) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.recorded_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recorded_by) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.payload_length; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(payload_length) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.expires_on; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(expires_on) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.redaction_policy; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(redaction_policy) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.redacted_families; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(redacted_families) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: COLUMN recording_events.redacted_counts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(redacted_counts) ON TABLE hansard.recording_events TO hansard_analyst;


--
-- Name: FUNCTION event_leaves(wanted uuid, place date, after bigint, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.event_leaves(wanted uuid, place date, after bigint, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.event_leaves(wanted uuid, place date, after bigint, most integer) TO hansard_retention;


--
-- Name: FUNCTION expired_recordings(passed_over uuid[], most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.expired_recordings(passed_over uuid[], most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.expired_recordings(passed_over uuid[], most integer) TO hansard_retention;


--
-- Name: TABLE api_keys; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.api_keys TO hansard_service;


--
-- Name: COLUMN api_keys.expires_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(expires_at) ON TABLE hansard.api_keys TO hansard_service;


--
-- Name: COLUMN api_keys.revoked_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(revoked_at) ON TABLE hansard.api_keys TO hansard_service;


--
-- Name: COLUMN api_keys.revoked_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(revoked_by) ON TABLE hansard.api_keys TO hansard_service;


--
-- Name: FUNCTION find_api_key(wanted uuid); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.find_api_key(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.find_api_key(wanted uuid) TO hansard_service;


--
-- Name: FUNCTION forget_archives(destroyed uuid[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.forget_archives(destroyed uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.forget_archives(destroyed uuid[]) TO hansard_retention;


--
-- Name: FUNCTION forget_of_recordings(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.forget_of_recordings() FROM PUBLIC;


--
-- Name: FUNCTION forget_of_recovery_sessions(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.forget_of_recovery_sessions() FROM PUBLIC;


--
-- Name: FUNCTION forget_recovery_files(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.forget_recovery_files() FROM PUBLIC;


--
-- Name: FUNCTION lift_hold(hold uuid, reason text, actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.lift_hold(hold uuid, reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.lift_hold(hold uuid, reason text, actor text) TO hansard_service;


--
-- Name: FUNCTION make_event_partition(partition_name text, first_day date, end_day date); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.make_event_partition(partition_name text, first_day date, end_day date) FROM PUBLIC;


--
-- Name: TABLE tenant_keys; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.tenant_keys TO hansard_service;


--
-- Name: FUNCTION master_key_fingerprints(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.master_key_fingerprints() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.master_key_fingerprints() TO hansard_service;


--
-- Name: FUNCTION master_key_references(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.master_key_references() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.master_key_references() TO hansard_retention;


--
-- Name: FUNCTION move_recording(wanted uuid, target date); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.move_recording(wanted uuid, target date) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.move_recording(wanted uuid, target date) TO hansard_retention;


--
-- Name: FUNCTION note_erasure(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.note_erasure() FROM PUBLIC;


--
-- Name: FUNCTION past_event_partitions(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.past_event_partitions() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.past_event_partitions() TO hansard_retention;


--
-- Name: FUNCTION place_hold(hold uuid, wanted uuid, reason text, actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.place_hold(hold uuid, wanted uuid, reason text, actor text) TO hansard_service;


--
-- Name: FUNCTION purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.purge_recordings(wanted uuid[], roots bytea[], event_counts bigint[]) TO hansard_retention;


--
-- Name: FUNCTION purge_recovery_sessions(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.purge_recovery_sessions(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.purge_recovery_sessions(most integer) TO hansard_retention;


--
-- Name: FUNCTION recording_archiving(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.recording_archiving() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.recording_archiving() TO hansard_retention;


--
-- Name: TABLE purge_certificates; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT ON TABLE hansard.purge_certificates TO hansard_service;


--
-- Name: COLUMN purge_certificates.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(agent_id) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.user_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(user_id) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.started_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(started_at) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.event_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(event_count) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.cause; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(cause) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(reason) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.purged_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(purged_at) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: COLUMN purge_certificates.purged_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(purged_by) ON TABLE hansard.purge_certificates TO hansard_analyst;


--
-- Name: FUNCTION recording_retention(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.recording_retention() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.recording_retention() TO hansard_retention;


--
-- Name: FUNCTION recordings_in_the_way(end_day date, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.recordings_in_the_way(end_day date, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.recordings_in_the_way(end_day date, most integer) TO hansard_retention;


--
-- Name: TABLE recovery_sessions; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recovery_sessions TO hansard_service;


--
-- Name: COLUMN recovery_sessions.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(session_id) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(agent_id) ON TABLE hansard.recovery_sessions TO hansard_service;
GRANT SELECT(agent_id) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.user_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(user_id) ON TABLE hansard.recovery_sessions TO hansard_service;
GRANT SELECT(user_id) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.started_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(started_at) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.started_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(started_by) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.attempt_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(attempt_count) ON TABLE hansard.recovery_sessions TO hansard_service;
GRANT SELECT(attempt_count) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.last_attempt_number; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(last_attempt_number) ON TABLE hansard.recovery_sessions TO hansard_service;


--
-- Name: COLUMN recovery_sessions.expires_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(expires_at) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.cleared_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(cleared_at) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.cleared_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(cleared_by) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.clear_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(clear_reason) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.cleared_attempts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(cleared_attempts) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: COLUMN recovery_sessions.cleared_on_expiry; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(cleared_on_expiry) ON TABLE hansard.recovery_sessions TO hansard_analyst;


--
-- Name: FUNCTION recovery_retention(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.recovery_retention() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.recovery_retention() TO hansard_retention;


--
-- Name: FUNCTION refuse_change(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.refuse_change() FROM PUBLIC;


--
-- Name: FUNCTION refuse_unless_clock_is_steady(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.refuse_unless_clock_is_steady() FROM PUBLIC;


--
-- Name: FUNCTION remove_tenant_key(wanted uuid); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.remove_tenant_key(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.remove_tenant_key(wanted uuid) TO hansard_retention;


--
-- Name: FUNCTION replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.replace_tenant_key(replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea) TO hansard_retention;


--
-- Name: FUNCTION require_certificate(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_certificate() FROM PUBLIC;


--
-- Name: FUNCTION require_certificate_or_move(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_certificate_or_move() FROM PUBLIC;


--
-- Name: FUNCTION require_live_key(wanted uuid); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_live_key(wanted uuid) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.require_live_key(wanted uuid) TO hansard_service;


--
-- Name: FUNCTION require_move(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_move() FROM PUBLIC;


--
-- Name: FUNCTION require_review_gone(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_review_gone() FROM PUBLIC;


--
-- Name: FUNCTION require_steady_clock(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_steady_clock() FROM PUBLIC;


--
-- Name: FUNCTION require_tombstone(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.require_tombstone() FROM PUBLIC;


--
-- Name: FUNCTION rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[]) TO hansard_retention;


--
-- Name: FUNCTION rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[]) TO hansard_retention;


--
-- Name: FUNCTION rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[]) TO hansard_retention;


--
-- Name: FUNCTION rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.rewrap_tenant_key(wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea) TO hansard_retention;


--
-- Name: FUNCTION rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[]) TO hansard_retention;


--
-- Name: FUNCTION settle_erasures(written bigint); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.settle_erasures(written bigint) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.settle_erasures(written bigint) TO hansard_retention;


--
-- Name: FUNCTION settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.settle_erasures(written bigint, commitments bytea[], tenant_key_ids uuid[]) TO hansard_retention;


--
-- Name: FUNCTION shred_tenant_keys(reason text, actor text); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.shred_tenant_keys(reason text, actor text) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.shred_tenant_keys(reason text, actor text) TO hansard_retention;


--
-- Name: TABLE recording_keys; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recording_keys TO hansard_service;


--
-- Name: TABLE recovery_keys; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recovery_keys TO hansard_service;


--
-- Name: FUNCTION surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.surviving_erasures(tenants uuid[], recordings uuid[], commitments bytea[], tenant_key_ids uuid[]) TO hansard_retention;


--
-- Name: FUNCTION sweep_archived_events(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.sweep_archived_events(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.sweep_archived_events(most integer) TO hansard_retention;


--
-- Name: FUNCTION sweep_recording_events(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.sweep_recording_events(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.sweep_recording_events(most integer) TO hansard_retention;


--
-- Name: FUNCTION sweep_recovery_attempts(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.sweep_recovery_attempts(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.sweep_recovery_attempts(most integer) TO hansard_retention;


--
-- Name: FUNCTION tenants_under_other_master_keys(current_key text, after uuid, most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer) TO hansard_retention;


--
-- Name: TABLE idempotency_keys; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.request_hash; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(request_hash) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.tenant_key_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(tenant_key_id) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.answer; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(answer) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.created_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(created_at) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.expires_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(expires_at) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(recording_id) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: COLUMN idempotency_keys.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(session_id) ON TABLE hansard.idempotency_keys TO hansard_service;


--
-- Name: FUNCTION trim_idempotency_keys(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.trim_idempotency_keys() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.trim_idempotency_keys() TO hansard_service;


--
-- Name: FUNCTION trim_leftovers(most integer); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.trim_leftovers(most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.trim_leftovers(most integer) TO hansard_retention;


--
-- Name: FUNCTION trim_notices(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.trim_notices() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.trim_notices() TO hansard_service;


--
-- Name: TABLE websocket_tickets; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.websocket_tickets TO hansard_service;


--
-- Name: COLUMN websocket_tickets.used_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(used_at) ON TABLE hansard.websocket_tickets TO hansard_service;


--
-- Name: FUNCTION trim_websocket_tickets(); Type: ACL; Schema: hansard; Owner: hansard_owner
--

REVOKE ALL ON FUNCTION hansard.trim_websocket_tickets() FROM PUBLIC;
GRANT ALL ON FUNCTION hansard.trim_websocket_tickets() TO hansard_service;


--
-- Name: TABLE canvas_audit; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.canvas_audit TO hansard_service;


--
-- Name: COLUMN canvas_audit.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.audit_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(audit_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.occurred_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(occurred_at) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.request_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(request_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.actor; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(actor) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.actor_role; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(actor_role) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.key_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(key_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.component_type; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(component_type) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.action; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(action) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.outcome; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(outcome) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.refusal; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(refusal) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(agent_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.user_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(user_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.canvas_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(canvas_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(session_id) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: COLUMN canvas_audit.audit_metadata; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(audit_metadata) ON TABLE hansard.canvas_audit TO hansard_analyst;


--
-- Name: TABLE access_log; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.access_log TO hansard_analyst;


--
-- Name: TABLE agent_registry; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.agent_registry TO hansard_service;


--
-- Name: COLUMN agent_registry.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(agent_id) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.name; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(name) ON TABLE hansard.agent_registry TO hansard_service;
GRANT SELECT(name) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.status; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(status) ON TABLE hansard.agent_registry TO hansard_service;
GRANT SELECT(status) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.registered; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(registered) ON TABLE hansard.agent_registry TO hansard_service;
GRANT SELECT(registered) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.created_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(created_at) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.updated_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(updated_at) ON TABLE hansard.agent_registry TO hansard_service;
GRANT SELECT(updated_at) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: COLUMN agent_registry.autonomous_since; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(autonomous_since) ON TABLE hansard.agent_registry TO hansard_service;
GRANT SELECT(autonomous_since) ON TABLE hansard.agent_registry TO hansard_analyst;


--
-- Name: TABLE agent_maturity; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.agent_maturity TO hansard_analyst;


--
-- Name: TABLE agents; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.agents TO hansard_analyst;


--
-- Name: TABLE audit_log; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.audit_log TO hansard_analyst;


--
-- Name: TABLE daily_activity; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.daily_activity TO hansard_analyst;


--
-- Name: TABLE event_redactions; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.event_redactions TO hansard_analyst;


--
-- Name: TABLE events; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.events TO hansard_analyst;


--
-- Name: TABLE recording_flags; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recording_flags TO hansard_service;


--
-- Name: COLUMN recording_flags.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: COLUMN recording_flags.flag_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(flag_id) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: COLUMN recording_flags.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: COLUMN recording_flags.flag_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(flag_reason) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: COLUMN recording_flags.flagged_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(flagged_by) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: COLUMN recording_flags.flagged_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(flagged_at) ON TABLE hansard.recording_flags TO hansard_analyst;


--
-- Name: TABLE flags; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.flags TO hansard_analyst;


--
-- Name: TABLE legal_holds; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT ON TABLE hansard.legal_holds TO hansard_service;


--
-- Name: COLUMN legal_holds.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.hold_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(hold_id) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(reason) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.placed_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(placed_at) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.placed_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(placed_by) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.lifted_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(lifted_at) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.lifted_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(lifted_by) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: COLUMN legal_holds.lift_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(lift_reason) ON TABLE hansard.legal_holds TO hansard_analyst;


--
-- Name: TABLE legal_holds; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.legal_holds TO hansard_analyst;


--
-- Name: TABLE purges; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.purges TO hansard_analyst;


--
-- Name: TABLE recordings; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.recordings TO hansard_analyst;


--
-- Name: TABLE recovery_attempts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recovery_attempts TO hansard_service;


--
-- Name: COLUMN recovery_attempts.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(session_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts."position"; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT("position") ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.entry_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(entry_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.occurred_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(occurred_at) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.recorded_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recorded_at) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.recorded_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recorded_by) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.error_type; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(error_type) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.strategy; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(strategy) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.attempt_number; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(attempt_number) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.success; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(success) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.rollback_performed; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(rollback_performed) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.next_action; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(next_action) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.duration_seconds; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(duration_seconds) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.agent_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(agent_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.user_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(user_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.canvas_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(canvas_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.event_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(event_id) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.event_seq; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(event_seq) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.payload_length; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(payload_length) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.redaction_policy; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(redaction_policy) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: COLUMN recovery_attempts.redacted_counts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(redacted_counts) ON TABLE hansard.recovery_attempts TO hansard_analyst;


--
-- Name: TABLE recovery_attempts; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.recovery_attempts TO hansard_analyst;


--
-- Name: TABLE recovery_retention; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.recovery_retention TO hansard_analyst;


--
-- Name: TABLE recovery_sessions; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.recovery_sessions TO hansard_analyst;


--
-- Name: TABLE recovery_statistics; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.recovery_statistics TO hansard_analyst;


--
-- Name: TABLE retention; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.retention TO hansard_analyst;


--
-- Name: TABLE tenant_policies; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.tenant_policies TO hansard_service;


--
-- Name: COLUMN tenant_policies.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.version; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(version) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.retention_days; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(retention_days) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.review_sample_percent; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(review_sample_percent) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.created_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(created_at) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.created_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(created_by) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.new_autonomy_reviews; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(new_autonomy_reviews) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.four_eyes; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(four_eyes) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.events_per_day; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(events_per_day) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.recordings_per_day; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recordings_per_day) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.retention_profile; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(retention_profile) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: COLUMN tenant_policies.minimum_retention_days; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(minimum_retention_days) ON TABLE hansard.tenant_policies TO hansard_analyst;


--
-- Name: TABLE retention_policies; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.retention_policies TO hansard_analyst;


--
-- Name: TABLE review_entries; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.review_entries TO hansard_service;


--
-- Name: COLUMN review_entries.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.entry_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(entry_id) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.review_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(review_id) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.kind; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(kind) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.actor; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(actor) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.occurred_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(occurred_at) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.review_status; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(review_status) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.overall_rating; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(overall_rating) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.performance_rating; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(performance_rating) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: COLUMN review_entries.safety_rating; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(safety_rating) ON TABLE hansard.review_entries TO hansard_analyst;


--
-- Name: TABLE reviews; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.review_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(review_id) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.recording_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(recording_id) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.source; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(source) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.state; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(state) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(state) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.opened_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(opened_at) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.due_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(due_at) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(due_at) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.claimed_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(claimed_by) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(claimed_by) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.claimed_until; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(claimed_until) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(claimed_until) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.review_status; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(review_status) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(review_status) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.decided_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_by) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(decided_by) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.decided_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_at) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(decided_at) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.decided_event_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_event_count) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(decided_event_count) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.decided_root; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_root) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.decided_recording_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_recording_at) ON TABLE hansard.reviews TO hansard_service;
GRANT SELECT(decided_recording_at) ON TABLE hansard.reviews TO hansard_analyst;


--
-- Name: COLUMN reviews.proposed_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(proposed_by) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.proposed_status; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(proposed_status) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.proposed_event_count; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(proposed_event_count) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.proposed_root; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(proposed_root) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: COLUMN reviews.proposed_recording_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(proposed_recording_at) ON TABLE hansard.reviews TO hansard_service;


--
-- Name: TABLE review_steps; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.review_steps TO hansard_analyst;


--
-- Name: TABLE reviews; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.reviews TO hansard_analyst;


--
-- Name: TABLE tenant; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.tenant TO hansard_analyst;


--
-- Name: TABLE version; Type: ACL; Schema: compliance; Owner: hansard_owner
--

GRANT SELECT ON TABLE compliance.version TO hansard_analyst;


--
-- Name: TABLE agent_owners; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.agent_owners TO hansard_service;


--
-- Name: COLUMN agent_owners.until; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(until) ON TABLE hansard.agent_owners TO hansard_service;


--
-- Name: COLUMN agent_owners.removed_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(removed_by) ON TABLE hansard.agent_owners TO hansard_service;


--
-- Name: TABLE analysts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.analysts TO hansard_service;


--
-- Name: COLUMN analysts.dropped_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(dropped_at) ON TABLE hansard.analysts TO hansard_service;


--
-- Name: COLUMN analysts.dropped_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(dropped_by) ON TABLE hansard.analysts TO hansard_service;


--
-- Name: TABLE daily_usage; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.daily_usage TO hansard_service;


--
-- Name: COLUMN daily_usage.claimed; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(claimed) ON TABLE hansard.daily_usage TO hansard_service;


--
-- Name: COLUMN daily_usage.last_grant; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(last_grant) ON TABLE hansard.daily_usage TO hansard_service;


--
-- Name: TABLE recording_deletions; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recording_deletions TO hansard_service;


--
-- Name: COLUMN recording_deletions.state; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(state) ON TABLE hansard.recording_deletions TO hansard_service;


--
-- Name: COLUMN recording_deletions.decided_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_at) ON TABLE hansard.recording_deletions TO hansard_service;


--
-- Name: COLUMN recording_deletions.decided_by; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(decided_by) ON TABLE hansard.recording_deletions TO hansard_service;


--
-- Name: COLUMN recording_deletions.refusal_reason; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(refusal_reason) ON TABLE hansard.recording_deletions TO hansard_service;


--
-- Name: TABLE recovery_alerts; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recovery_alerts TO hansard_service;


--
-- Name: COLUMN recovery_alerts.seen_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(seen_at) ON TABLE hansard.recovery_alerts TO hansard_service;


--
-- Name: TABLE recovery_files; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.recovery_files TO hansard_service;


--
-- Name: COLUMN recovery_files.tenant_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(tenant_id) ON TABLE hansard.recovery_files TO hansard_analyst;


--
-- Name: COLUMN recovery_files.session_id; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT(session_id) ON TABLE hansard.recovery_files TO hansard_analyst;


--
-- Name: TABLE redaction_policies; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.redaction_policies TO hansard_service;


--
-- Name: TABLE redaction_rules; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.redaction_rules TO hansard_service;


--
-- Name: TABLE users; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT SELECT,INSERT ON TABLE hansard.users TO hansard_service;


--
-- Name: COLUMN users.name; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(name) ON TABLE hansard.users TO hansard_service;


--
-- Name: COLUMN users.email; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(email) ON TABLE hansard.users TO hansard_service;


--
-- Name: COLUMN users.registered; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(registered) ON TABLE hansard.users TO hansard_service;


--
-- Name: COLUMN users.updated_at; Type: ACL; Schema: hansard; Owner: hansard_owner
--

GRANT UPDATE(updated_at) ON TABLE hansard.users TO hansard_service;


--
-- Name: TABLE applied; Type: ACL; Schema: hansard_migrations; Owner: postgres
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE hansard_migrations.applied TO hansard_migrator;
GRANT SELECT ON TABLE hansard_migrations.applied TO hansard_service;


--
-- PostgreSQL database dump complete
--
