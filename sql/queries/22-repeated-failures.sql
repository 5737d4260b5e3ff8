-- Which errors failed three times or more, or were escalated, in one recovery session of a period?
-- Given: from, until.
select
  a.session_id,
  s.agent_id,
  a.error_type,
  count(*) filter (where not a.success) as failures,
  count(*) filter (where a.next_action = 'escalate' or a.strategy = 'escalate') as escalations,
  bool_or(a.success) as was_solved
from compliance.recovery_sessions as s
join compliance.recovery_attempts as a
  on a.session_id = s.session_id
where s.started_at >= :'from'::timestamptz
  and s.started_at < :'until'::timestamptz
group by a.session_id, s.agent_id, a.error_type
having count(*) filter (where not a.success) >= 3
  or count(*) filter (where a.next_action = 'escalate' or a.strategy = 'escalate') > 0
order by failures desc, a.session_id, a.error_type
limit 100;
