-- migrate: destructive
-- The older schema has no tickets; those that are lost were good for half a minute.

set local role hansard_owner;

drop function hansard.trim_websocket_tickets();
drop table hansard.websocket_tickets;

reset role;
