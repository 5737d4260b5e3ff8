-- Who changed the maturity of which agent in a period?
-- Given: from, until.
select m.valid_from as changed_at, m.agent_id, m.previous_maturity, m.maturity, m.changed_by
from compliance.agent_maturity as m
where m.valid_from >= :'from'::timestamptz
  and m.valid_from < :'until'::timestamptz
  and m.changed_by is not null
order by m.valid_from, m.agent_id;
