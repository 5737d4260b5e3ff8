-- Which recordings have been open for longer than a day?
-- Given: until.
select r.recording_id, r.agent_id, r.started_at, r.last_event_at, r.event_count
from compliance.recordings as r
where r.status = 'recording'
  and r.started_at >= :'until'::timestamptz - interval '30 days'
  and r.started_at < :'until'::timestamptz - interval '1 day'
order by r.started_at, r.recording_id;
