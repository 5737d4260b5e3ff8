-- migrate: destructive
-- The older schema has no place for notices: subscribers hear of nothing that happens meanwhile.

set local role hansard_owner;

drop function hansard.trim_notices();
drop table hansard.notices;

reset role;
