-- Who looked at a recording, or tried to?
-- Given: recording.
select l.occurred_at, l.actor, l.actor_role, l.action, l.outcome, l.refusal_reason
from compliance.access_log as l
where l.recording_id = :'recording'::uuid
order by l.occurred_at, l.audit_id;
