-- How long did reviews take that were decided in a period, by their cause?
-- Given: from, until.
select
  v.source,
  count(*) as decided,
  percentile_disc(0.5) within group (order by v.turnaround_hours) as median_hours,
  percentile_disc(0.95) within group (order by v.turnaround_hours) as p95_hours,
  count(*) filter (where v.is_late) as late
from compliance.reviews as v
where v.decided_at >= :'from'::timestamptz
  and v.decided_at < :'until'::timestamptz
group by v.source
order by v.source;
