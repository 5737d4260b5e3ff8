-- What kinds of events are in the recordings of a period, and how large are they?
-- Given: from, until.
with chosen as materialized (
  select r.recording_id, r.expires_on
  from compliance.recordings as r
  where r.started_at >= :'from'::timestamptz
    and r.started_at < :'until'::timestamptz
)
select e.event_type, count(*) as events, sum(e.payload_bytes) as payload_bytes
from chosen as r
join compliance.events as e
  on e.recording_id = r.recording_id
  and e.expires_on = r.expires_on
where e.expires_on >= (select min(c.expires_on) from chosen as c)
  and e.expires_on <= (select max(c.expires_on) from chosen as c)
group by e.event_type
order by events desc, e.event_type;
