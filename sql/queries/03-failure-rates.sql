-- Which agents fail most often, of those that ended ten recordings or more in a period?
-- Given: from, until.
select
  r.agent_id,
  count(*) as ended,
  round(100.0 * count(*) filter (where r.status = 'failed') / count(*), 2) as failed_percent
from compliance.recordings as r
where r.started_at >= :'from'::timestamptz
  and r.started_at < :'until'::timestamptz
  and r.status <> 'recording'
group by r.agent_id
having count(*) >= 10
order by failed_percent desc, r.agent_id;
