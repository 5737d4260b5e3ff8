-- How active was each agent on each day of a period?
-- Given: from, until.
select d.day, d.agent_id, d.recordings, d.users, d.events, d.errors
from compliance.daily_activity as d
where d.day >= (:'from'::timestamptz at time zone 'UTC')::date
  and d.day < (:'until'::timestamptz at time zone 'UTC')::date
order by d.day, d.agent_id;
