-- migrate: no-transaction

set role hansard_owner;

drop index concurrently if exists hansard.canvas_audit_agents;

reset role;
