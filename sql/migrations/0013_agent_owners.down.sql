-- migrate: destructive
-- The older schema has no place for owners; the audit log keeps who they were. Agents and users stay.

set local role hansard_owner;

drop table hansard.agent_owners;

reset role;
