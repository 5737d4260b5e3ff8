-- migrate: no-transaction
-- The changes of agents' maturity, for compliance.agent_maturity. Made beside the service's writes; costs them
-- nothing but where an agent is registered or changed.

set role hansard_owner;

drop index concurrently if exists hansard.canvas_audit_agents;

-- Serves: what an agent's maturity was, and who changed it.
create index concurrently canvas_audit_agents
  on hansard.canvas_audit (tenant_id, agent_id, occurred_at)
  where action = 'manage_agents';

reset role;
