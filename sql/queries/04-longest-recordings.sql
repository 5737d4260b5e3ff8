-- Which twenty recordings of a period took longest?
-- Given: from, until.
select r.recording_id, r.agent_id, r.user_id, r.started_at, r.duration_seconds
from compliance.recordings as r
where r.started_at >= :'from'::timestamptz
  and r.started_at < :'until'::timestamptz
  and r.status <> 'recording'
order by r.duration_seconds desc, r.recording_id
limit 20;
