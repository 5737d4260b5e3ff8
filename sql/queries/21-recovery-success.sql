-- How often did attempts to recover succeed in a period, by type of error and strategy?
-- Given: from, until.
select
  a.error_type,
  a.strategy,
  count(*) as attempts,
  count(*) filter (where a.success) as succeeded,
  round(100.0 * count(*) filter (where a.success) / count(*), 2) as success_percent
from compliance.recovery_attempts as a
where a.occurred_at >= :'from'::timestamptz
  and a.occurred_at < :'until'::timestamptz
group by a.error_type, a.strategy
order by attempts desc, a.error_type, a.strategy;
