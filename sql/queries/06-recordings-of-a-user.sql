-- What was done on behalf of a user in a period?
-- Given: user, from, until.
select r.recording_id, r.agent_id, r.agent_maturity, r.reason, r.status, r.started_at, r.event_count
from compliance.recordings as r
where r.user_id = :'user'
  and r.started_at >= :'from'::timestamptz
  and r.started_at < :'until'::timestamptz
order by r.started_at, r.recording_id;
