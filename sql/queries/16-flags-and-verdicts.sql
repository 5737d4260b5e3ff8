-- What became of what was flagged in a period?
-- Given: from, until.
select
  f.flagged_by,
  count(*) as flags,
  count(*) filter (where v.verdict = 'approved') as approved,
  count(*) filter (where v.verdict = 'rejected') as rejected,
  count(*) filter (where v.verdict = 'needs_changes') as needs_changes,
  count(*) filter (where v.verdict is null) as undecided
from compliance.flags as f
left join compliance.reviews as v on v.recording_id = f.recording_id
where f.flagged_at >= :'from'::timestamptz
  and f.flagged_at < :'until'::timestamptz
group by f.flagged_by
order by flags desc, f.flagged_by;
