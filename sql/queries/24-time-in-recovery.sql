-- How much time did each agent spend in recovery on each day of a period, and how much of it in vain?
-- Given: from, until.
select
  (a.occurred_at at time zone 'UTC')::date as day,
  a.agent_id,
  count(*) as attempts,
  round(sum(a.duration_seconds), 3) as seconds,
  round(coalesce(sum(a.duration_seconds) filter (where not a.success), 0), 3) as seconds_in_vain
from compliance.recovery_attempts as a
where a.occurred_at >= :'from'::timestamptz
  and a.occurred_at < :'until'::timestamptz
group by (a.occurred_at at time zone 'UTC')::date, a.agent_id
order by day, a.agent_id;
