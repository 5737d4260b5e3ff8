-- How mature was each agent at a given time?
-- Given: until.
select m.agent_id, m.maturity, m.valid_from
from compliance.agent_maturity as m
where m.valid_from <= :'until'::timestamptz
  and (m.valid_until > :'until'::timestamptz or m.valid_until is null)
order by m.agent_id;
