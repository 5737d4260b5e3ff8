-- Which reviews are overdue, and since when?
-- Given: until.
select v.review_id, v.recording_id, v.agent_id, v.source, v.opened_at, v.due_at
from compliance.reviews as v
where v.state <> 'decided'
  and v.due_at < :'until'::timestamptz
order by v.due_at, v.review_id
limit 100;
