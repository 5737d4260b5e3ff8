-- migrate: destructive
-- The older schema has no place for the answers: a request that comes again is done again.

set local role hansard_owner;

drop function hansard.trim_idempotency_keys();
drop table hansard.idempotency_keys;

reset role;
