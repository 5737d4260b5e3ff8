-- What did an agent try in recovery sessions of a period, and which recordings tell of it?
-- Given: agent, from, until.
select
  a.session_id,
  a.recording_id,
  r.status as recording_status,
  count(*) as attempts,
  count(*) filter (where a.success) as succeeded,
  min(a.occurred_at) as first_at
from compliance.recovery_sessions as s
join compliance.recovery_attempts as a
  on a.session_id = s.session_id
left join compliance.recordings as r
  on r.recording_id = a.recording_id
where s.started_at >= :'from'::timestamptz
  and s.started_at < :'until'::timestamptz
  and a.agent_id = :'agent'
group by a.session_id, a.recording_id, r.status
order by first_at, a.session_id, a.recording_id;
