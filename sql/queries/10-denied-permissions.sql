-- Which agents were denied permissions in a period, and in how many recordings?
-- Given: from, until.
with chosen as materialized (
  select r.recording_id, r.agent_id, r.expires_on
  from compliance.recordings as r
  where r.started_at >= :'from'::timestamptz
    and r.started_at < :'until'::timestamptz
)
select r.agent_id, count(*) as denials, count(distinct r.recording_id) as recordings
from chosen as r
join compliance.events as e
  on e.recording_id = r.recording_id
  and e.expires_on = r.expires_on
where e.expires_on >= (select min(c.expires_on) from chosen as c)
  and e.expires_on <= (select max(c.expires_on) from chosen as c)
  and e.event_type = 'permission_denied'
group by r.agent_id
order by denials desc, r.agent_id;
