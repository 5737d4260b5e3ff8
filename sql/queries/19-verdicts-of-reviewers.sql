-- How much did each reviewer decide in a period, and how?
-- Given: from, until.
select
  s.actor,
  count(*) as decisions,
  count(*) filter (where s.verdict = 'approved') as approved,
  count(*) filter (where s.verdict = 'rejected') as rejected,
  round(avg(s.overall_rating), 2) as mean_rating
from compliance.review_steps as s
where s.step = 'decided'
  and s.occurred_at >= :'from'::timestamptz
  and s.occurred_at < :'until'::timestamptz
group by s.actor
order by decisions desc, s.actor;
