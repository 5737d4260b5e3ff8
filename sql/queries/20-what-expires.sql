-- What expires on which day of a period, and what of it waits for a review?
-- Given: from, until.
select
  (t.expires_at at time zone 'UTC')::date as day,
  count(*) as recordings,
  count(v.review_id) as awaiting_review
from compliance.retention as t
left join compliance.reviews as v
  on v.recording_id = t.recording_id
  and v.state <> 'decided'
where t.expires_at >= :'from'::timestamptz
  and t.expires_at < :'until'::timestamptz
  and t.status <> 'recording'
group by (t.expires_at at time zone 'UTC')::date
order by day;
