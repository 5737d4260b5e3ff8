-- migrate: no-transaction

set role hansard_owner;

drop index concurrently if exists hansard.canvas_audit_agents;

drop index concurrently if exists hansard.canvas_recordings_agent_user;

-- Serves: the recordings of an agent for a user.
create index concurrently canvas_recordings_agent_user
  on hansard.canvas_recordings (tenant_id, agent_id, user_id);

drop index concurrently if exists hansard.canvas_recordings_agent_user_started_at;

drop index concurrently if exists hansard.canvas_recordings_agent_flagged;

drop index concurrently if exists hansard.canvas_recordings_user_flagged;

drop index concurrently if exists hansard.reviews_due_at;

reset role;
