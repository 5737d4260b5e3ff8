-- What did each agent do in a period, and how much of it failed or was flagged?
-- Given: from, until.
select
  r.agent_id,
  count(*) as recordings,
  count(*) filter (where r.status = 'failed') as failed,
  count(*) filter (where r.is_flagged) as flagged,
  sum(r.event_count) as events,
  sum(r.error_count) as errors
from compliance.recordings as r
where r.started_at >= :'from'::timestamptz
  and r.started_at < :'until'::timestamptz
group by r.agent_id
order by recordings desc, r.agent_id;
