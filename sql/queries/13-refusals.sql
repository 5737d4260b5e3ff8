-- Who was refused what in a period?
-- Given: from, until.
select l.actor, l.action, l.refusal_reason, count(*) as refusals
from compliance.audit_log as l
where l.outcome = 'refused'
  and l.occurred_at >= :'from'::timestamptz
  and l.occurred_at < :'until'::timestamptz
group by l.actor, l.action, l.refusal_reason
order by refusals desc, l.actor, l.action, l.refusal_reason;
