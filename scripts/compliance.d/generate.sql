-- Hansard
-- SPDX-License-Identifier: Apache-2.0
--
-- Records of one tenant, the same for the same numbers: for tests of sql/queries and for measuring them. Run by
-- a superuser with psql, on a migrated database that nobody else uses:
--
--   psql -v tenant=UUID -v recordings=N -v events=N -v agents=N -v users=N -v days=N -v until=TIME \
--     -f generate.sql
--
-- `recordings` begin in `days` days before `until`, evenly, with about `events` events each, and a tenth as many
-- recovery sessions with about five attempts each.

\set QUIET on
-- Nothing refers to what is not there; asking for each row would take most of the time.
set session_replication_role = replica;
set synchronous_commit = off;
set timezone = 'UTC';

-- 0 to modulus - 1, by number and purpose.
create function pg_temp.pick(number bigint, purpose integer, modulus integer) returns integer
  language sql
  immutable
  return ((((number * 2654435761 + purpose * 1013904223::bigint) & 4294967295) >> 8) % modulus)::integer;

create function pg_temp.id(kind text, number bigint) returns uuid
  language sql
  immutable
  return md5(kind || number)::uuid;

insert into hansard.tenants (tenant_id, name, retention_days, created_at)
values (:'tenant', 'tenant ' || left(:'tenant', 8), 90, :'until'::timestamptz - :days * interval '1 day');

insert into hansard.users (tenant_id, user_id, registered)
select :'tenant', 'user-' || n, true
from generate_series(0, :users - 1) as n;

-- An agent that is named by a recording before it is registered is a student until then.
insert into hansard.agent_registry (
  tenant_id, agent_id, name, status, registered, created_at, updated_at, autonomous_since)
select
  :'tenant', 'agent-' || n, 'Agent ' || n,
  case n % 4 when 0 then 'autonomous' when 1 then 'supervised' when 2 then 'student' else 'paused' end,
  n % 4 <> 2, :'until'::timestamptz - :days * interval '1 day' - interval '1 hour', now(),
  case n % 4 when 0 then :'until'::timestamptz - (1 + n % :days) * interval '1 day' / 2 end
from generate_series(0, :agents - 1) as n;

insert into hansard.canvas_audit (
  tenant_id, audit_id, occurred_at, request_id, actor, actor_role, component_type, action, outcome, agent_id,
  audit_metadata, governance_check_passed)
select
  :'tenant', pg_temp.id(:'tenant' || 'put' || step.place, n),
  :'until'::timestamptz - (1 + n % :days) * interval '1 day' / step.place,
  pg_temp.id(:'tenant' || 'put request' || step.place, n), 'user:admin-' || n % 3, 'admin', 'agent_registry',
  'manage_agents', 'allowed', 'agent-' || n,
  case step.place
    when 1 then '{"status_before":"student","status_after":"supervised"}'::jsonb
    else jsonb_build_object(
      'status_before', 'supervised', 'status_after',
      case n % 4 when 0 then 'autonomous' when 1 then 'supervised' else 'paused' end)
  end,
  true
from generate_series(0, :agents - 1) as n
cross join (values (1), (2)) as step (place)
where n % 4 <> 2;

insert into hansard.tenant_policies (
  tenant_id, version, retention_days, review_sample_percent, created_at, created_by, four_eyes)
select
  :'tenant', n, case n when 1 then 30 else 90 end, n, :'until'::timestamptz - (4 - n) * interval '20 days',
  'user:admin-' || n % 3, n = 3
from generate_series(1, 3) as n;

select count(hansard.ensure_event_partition(week::date)) as partitions
from generate_series(
  :'until'::timestamptz - :days * interval '1 day', :'until'::timestamptz + interval '130 days',
  interval '1 week') as week \gset

-- Every 100th is open, 4 of 100 fail, 3 of 100 are flagged.
create temp table made as
select
  n,
  pg_temp.id(:'tenant' || 'recording', n) as recording_id,
  'agent-' || pg_temp.pick(n, 1, :agents) as agent_id,
  'user-' || pg_temp.pick(n, 2, :users) as user_id,
  :'until'::timestamptz - ((n + 1) * (:days * 86400.0 / :recordings)) * interval '1 second' as started_at,
  (30 + pg_temp.pick(n, 3, 7200))::double precision as seconds,
  case when n % 100 = 7 then 'recording' when pg_temp.pick(n, 4, 100) < 4 then 'failed' else 'completed' end
    as status,
  pg_temp.pick(n, 5, 100) < 3 as flagged,
  1 + pg_temp.pick(n, 6, 2 * :events - 1) as events
from generate_series(0, :recordings - 1) as n;

insert into hansard.canvas_recordings (
  tenant_id, id, recording_id, agent_id, user_id, canvas_id, session_id, reason, status, tags, started_at,
  stopped_at, duration_seconds, summary, event_count, recording_metadata, flagged_for_review, flag_reason,
  flagged_by, flagged_at, expires_at, expires_on, created_at, updated_at)
select
  :'tenant', recording_id, recording_id, agent_id, user_id, 'canvas-' || n % 50, 'session-' || n / 3,
  'reason ' || n % 11, status, array['tag-' || n % 5], started_at,
  case when status <> 'recording' then started_at + seconds * interval '1 second' end,
  case when status <> 'recording' then seconds end,
  case when status <> 'recording' then 'summary ' || n end,
  case when status <> 'recording' then events else 0 end,
  jsonb_build_object(
    'agent_name', agent_id, 'agent_maturity', case n % 4 when 0 then 'autonomous' else 'supervised' end),
  flagged, case when flagged then 'flag reason ' || n % 7 end,
  case when flagged then 'user:user-' || n % 5 end,
  case when flagged then started_at + interval '3 hours' end,
  started_at + seconds * interval '1 second' + interval '90 days',
  ((started_at + interval '98 days') at time zone 'UTC')::date, started_at, started_at + interval '3 hours'
from made
order by n desc;

insert into hansard.recording_progress (
  tenant_id, recording_id, is_open, closes_at, expires_on, event_count, error_count, completion_count,
  last_event_at)
select
  :'tenant', recording_id, status = 'recording', started_at + interval '7 days',
  ((started_at + interval '98 days') at time zone 'UTC')::date, events, events / 8, 1,
  started_at + interval '20 seconds'
from made
order by n desc;

insert into hansard.recording_events (
  tenant_id, recording_id, seq, event_id, event_type, occurred_at, recorded_at, recorded_by, payload,
  payload_length, content_mac, leaf_hash, expires_on, redaction_policy, redacted_families, redacted_counts)
select
  :'tenant', m.recording_id, s.seq, pg_temp.id(:'tenant' || 'event' || m.n || '.', s.seq),
  case
    when s.seq = m.events then 'operation_complete'
    when s.seq % 8 = 0 then 'error'
    when (m.n + s.seq) % 500 = 0 then 'permission_denied'
    else 'tool_call'
  end,
  m.started_at + s.seq * interval '1 second', m.started_at + s.seq * interval '1 second',
  'key:' || pg_temp.id('key', m.n % 3), decode(repeat('ab', 72), 'hex'), 32, decode(repeat('cd', 32), 'hex'),
  decode(repeat('ef', 32), 'hex'), ((m.started_at + interval '98 days') at time zone 'UTC')::date, 0,
  case
    when (m.n + s.seq) % 13 = 0 then array['email', 'password']
    when (m.n + s.seq) % 7 = 0 then array['email']
  end,
  case when (m.n + s.seq) % 13 = 0 then array[1, 2] when (m.n + s.seq) % 7 = 0 then array[1] end
from made as m
cross join lateral generate_series(1, m.events) as s (seq)
order by m.n desc, s.seq;

insert into hansard.recording_flags (tenant_id, flag_id, recording_id, flag_reason, flagged_by, flagged_at)
select
  :'tenant', pg_temp.id(:'tenant' || 'flag', n), recording_id, 'flag reason ' || n % 7, 'user:user-' || n % 5,
  started_at + interval '3 hours'
from made
where flagged;

-- One of six waits; one of ten was reopened and decided again.
create temp table reviewed as
select
  m.*,
  pg_temp.id(:'tenant' || 'review', n) as review_id,
  case when flagged then 'flag' else 'failure' end as source,
  started_at + interval '3 hours' as opened_at,
  pg_temp.pick(n, 7, 6) > 0 as decided,
  pg_temp.pick(n, 8, 10) = 0 as reopened,
  (1 + pg_temp.pick(n, 9, 100)) * interval '1 hour' as waited,
  (array['approved', 'approved', 'rejected', 'needs_changes'])[1 + pg_temp.pick(n, 10, 4)] as verdict,
  'user:reviewer-' || pg_temp.pick(n, 11, 6) as reviewer
from made as m
where flagged or status = 'failed';

insert into hansard.reviews (
  tenant_id, review_id, recording_id, source, state, opened_at, due_at, review_status, decided_by, decided_at,
  decided_event_count, decided_root, decided_recording_at)
select
  :'tenant', review_id, recording_id, source, case when decided then 'decided' else 'open' end, opened_at,
  opened_at + interval '3 days', case when decided then verdict end, case when decided then reviewer end,
  case when decided
    then opened_at + waited + case when reopened then waited + interval '1 day' else interval '0' end
  end,
  case when decided then events end, case when decided then decode(repeat('ab', 32), 'hex') end,
  case when decided then started_at + interval '3 hours' end
from reviewed;

insert into hansard.review_entries (
  tenant_id, entry_id, review_id, kind, actor, occurred_at, review_status, overall_rating, event_count,
  merkle_root)
select
  :'tenant', pg_temp.id(:'tenant' || 'entry' || step.place, r.n), r.review_id, step.kind,
  case step.kind when 'opened' then 'system' else r.reviewer end,
  r.opened_at + step.pauses * r.waited + step.more,
  case step.kind when 'decided' then r.verdict end,
  case step.kind when 'decided' then 1 + pg_temp.pick(r.n, 12, 5) end,
  case step.kind when 'decided' then r.events end,
  case step.kind when 'decided' then decode(repeat('ab', 32), 'hex') end
from reviewed as r
join (
  values
    (1, 'opened', 0, interval '0', false, false), (2, 'decided', 1, interval '0', true, false),
    (3, 'reopened', 1, interval '1 day', true, true), (4, 'decided', 2, interval '1 day', true, true)
) as step (place, kind, pauses, more, when_decided, when_reopened)
  on (r.decided or not step.when_decided)
  and (r.reopened or not step.when_reopened);

-- A start for each recording, a stop for those that have one, and for one of five that somebody looked, of
-- whom one of nine was refused.
insert into hansard.canvas_audit (
  tenant_id, audit_id, occurred_at, request_id, actor, actor_role, key_id, component_type, action, outcome,
  refusal, recording_id, agent_id, user_id, audit_metadata, governance_check_passed)
select
  :'tenant', pg_temp.id(:'tenant' || step.action, m.n), m.started_at + step.after,
  pg_temp.id(:'tenant' || 'request' || step.action, m.n),
  case when step.looks then 'user:user-' || m.n % 40 else 'key:' || pg_temp.id('key', m.n % 3) end,
  case when step.looks then 'reviewer' else 'recorder' end, pg_temp.id('key', m.n % 3), 'canvas_recording',
  step.action, case when step.looks and m.n % 9 = 0 then 'refused' else 'allowed' end,
  case when step.looks and m.n % 9 = 0 then 'This is not your recording.' end, m.recording_id, m.agent_id,
  m.user_id, '{}', not (step.looks and m.n % 9 = 0)
from made as m
join (
  values
    ('start_recording', interval '0', false), ('stop_recording', interval '2 hours', false),
    ('replay_recording', interval '5 hours', true)
) as step (action, after, looks)
  on (step.action <> 'stop_recording' or m.status <> 'recording')
  and (not step.looks or m.n % 5 = 0);

-- One of three is told of in a recording; one of 25 was cleared; one of 50 was purged when it had expired, and
-- another one of 50 has expired and is still there. No other ever does.
create temp table recovered as
select
  n,
  'recovery-' || n as session_id,
  'agent-' || pg_temp.pick(n, 20, :agents) as agent_id,
  'user-' || pg_temp.pick(n, 21, :users) as user_id,
  :'until'::timestamptz - ((n + 1) * (:days * 864000.0 / :recordings)) * interval '1 second' as started_at,
  1 + pg_temp.pick(n, 22, 9) as attempts,
  n % 25 = 13 or n % 50 = 37 as cleared,
  n % 50 = 37 as lapsed,
  case when n % 3 = 0 then pg_temp.id(:'tenant' || 'recording', n * 10) end as recording_id,
  case n % 50
    when 11 then interval '1 day'
    when 37 then interval '2 days'
    else interval '36500 days'
  end as kept
from generate_series(0, :recordings / 10 - 1) as n;

insert into hansard.recovery_sessions (
  tenant_id, session_id, id, agent_id, user_id, started_at, started_by, attempt_count, last_attempt_number,
  expires_at, cleared_at, cleared_by, clear_reason, cleared_attempts, cleared_on_expiry)
select
  :'tenant', session_id, pg_temp.id(:'tenant' || 'recovery', n), agent_id, user_id, started_at,
  'key:' || pg_temp.id('key', n % 3), case when cleared then 0 else attempts end, attempts,
  started_at + kept,
  case
    when lapsed then started_at + kept + interval '1 hour'
    when cleared then started_at + interval '5 days'
  end,
  case when lapsed then 'system' when cleared then 'user:admin-' || n % 3 end,
  case when lapsed then 'The end of its retention.' when cleared then 'clear reason ' || n % 4 end,
  case when cleared then attempts end, lapsed
from recovered
order by n desc;

insert into hansard.recovery_attempts (
  tenant_id, session_id, position, entry_id, occurred_at, recorded_at, recorded_by, error_type, strategy,
  attempt_number, success, rollback_performed, next_action, duration_seconds, agent_id, user_id, recording_id,
  event_id, event_seq, payload, payload_length, content_mac, redaction_policy, redacted_families,
  redacted_counts)
select
  :'tenant', r.session_id, s.position, 'entry-' || s.position, r.started_at + s.position * interval '37 seconds',
  r.started_at + s.position * interval '38 seconds', 'key:' || pg_temp.id('key', r.n % 3),
  (array['SyntaxError', 'ImportError', 'Timeout', 'AssertionError', 'PermissionError'])[
    1 + pg_temp.pick(r.n + s.position / 4, 24, 5)],
  case
    when s.position = 8 then 'escalate'
    else (array['fix', 'retry', 'alternative', 'rollback'])[1 + pg_temp.pick(r.n * 16 + s.position, 25, 4)]
  end,
  s.position, w.success, pg_temp.pick(r.n * 16 + s.position, 27, 8) = 0,
  case when w.success then 'complete' when s.position = r.attempts then 'escalate' else 'retry' end,
  pg_temp.pick(r.n * 16 + s.position, 28, 100000) * 0.0005, r.agent_id, r.user_id, r.recording_id,
  case when r.recording_id is not null then pg_temp.id(:'tenant' || 'told' || r.n || '.', s.position) end,
  case when r.recording_id is not null then s.position end, decode(repeat('ab', 340), 'hex'), 300,
  decode(repeat('cd', 32), 'hex'), 0, case when r.n % 9 = 0 then array['email'] end,
  case when r.n % 9 = 0 then array[2] end
from recovered as r
cross join lateral generate_series(1, r.attempts) as s (position)
cross join lateral (
  select s.position = r.attempts and pg_temp.pick(r.n, 26, 10) < 7 as success
) as w
where not r.cleared
order by r.n desc, s.position;

insert into hansard.canvas_audit (
  tenant_id, audit_id, occurred_at, request_id, actor, actor_role, key_id, component_type, action, outcome,
  agent_id, user_id, session_id, audit_metadata, governance_check_passed)
select
  :'tenant', pg_temp.id(:'tenant' || 'report', n), started_at + interval '6 hours',
  pg_temp.id(:'tenant' || 'report request', n), 'user:user-' || n % 40, 'auditor', pg_temp.id('key', n % 3),
  'recovery_audit', 'report_recovery', 'allowed', agent_id, user_id, session_id, '{}', true
from recovered
where n % 5 = 0;

insert into hansard.recovery_files (tenant_id, session_id, digest)
select :'tenant', r.session_id, decode(md5('file' || r.n || '.' || f.number), 'hex')
from recovered as r
cross join lateral generate_series(1, pg_temp.pick(r.n, 29, 4)) as f (number)
where not r.cleared;

drop table made, reviewed, recovered;
reset session_replication_role;
reset synchronous_commit;
