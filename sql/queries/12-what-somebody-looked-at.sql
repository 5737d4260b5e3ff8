-- Whose recordings and recovery sessions did somebody look at in a period?
-- Given: actor, from, until.
select
  l.user_id,
  count(*) as looks,
  count(distinct l.recording_id) as recordings,
  count(distinct l.recovery_session_id) as recovery_sessions
from compliance.access_log as l
where l.actor = :'actor'
  and l.outcome = 'allowed'
  and l.occurred_at >= :'from'::timestamptz
  and l.occurred_at < :'until'::timestamptz
group by l.user_id
order by looks desc, l.user_id;
