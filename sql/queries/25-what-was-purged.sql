-- What was purged in a period, by whom, and why?
-- Given: from, until.
select
  p.subject,
  p.cause,
  p.purged_by,
  p.reason,
  count(*) as purged,
  sum(p.destroyed_count) as destroyed
from compliance.purges as p
where p.purged_at >= :'from'::timestamptz
  and p.purged_at < :'until'::timestamptz
group by p.subject, p.cause, p.purged_by, p.reason
order by purged desc, p.purged_by, p.reason;
