-- Which kinds of secrets and personal data were redacted in a period?
-- Given: from, until.
with chosen as materialized (
  select r.recording_id, r.expires_on
  from compliance.recordings as r
  where r.started_at >= :'from'::timestamptz
    and r.started_at < :'until'::timestamptz
)
select
  x.family,
  sum(x.redaction_count) as redactions,
  count(*) as events,
  count(distinct x.recording_id) as recordings
from chosen as r
join compliance.event_redactions as x
  on x.recording_id = r.recording_id
  and x.expires_on = r.expires_on
where x.expires_on >= (select min(c.expires_on) from chosen as c)
  and x.expires_on <= (select max(c.expires_on) from chosen as c)
group by x.family
order by redactions desc, x.family;
