-- migrate: destructive
-- The older schema has no place for webhooks: nothing is sent, and their secrets are lost.

set local role hansard_owner;

drop function hansard.due_webhooks(integer);
drop policy notices_due on hansard.notices;
drop table hansard.webhooks;

reset role;
