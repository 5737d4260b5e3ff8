-- What happened in a recording, step by step?
-- Given: recording.
select e.seq, e.event_type, e.occurred_at, e.recorded_by, e.payload_bytes, e.redaction_count
from compliance.recordings as r
join compliance.events as e
  on e.recording_id = r.recording_id
  and e.expires_on = r.expires_on
where r.recording_id = :'recording'::uuid
order by e.occurred_at, e.seq;
