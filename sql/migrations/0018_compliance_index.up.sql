-- migrate: no-transaction
-- The changes of agents' maturity, for compliance.agent_maturity. And lists by two conditions in their order:
-- without statistics PostgreSQL cannot know which of two indexes is the narrower. Made beside the
-- service's writes, which pay only where an agent is changed, a recording started or flagged.

set role hansard_owner;

drop index concurrently if exists hansard.canvas_audit_agents;

-- Serves: what an agent's maturity was, and who changed it.
create index concurrently canvas_audit_agents
  on hansard.canvas_audit (tenant_id, agent_id, occurred_at)
  where action = 'manage_agents';

drop index concurrently if exists hansard.canvas_recordings_agent_user_started_at;

-- Serves: the recordings of an agent for a user, newest first.
create index concurrently canvas_recordings_agent_user_started_at
  on hansard.canvas_recordings (tenant_id, agent_id, user_id, started_at, recording_id);

drop index concurrently if exists hansard.canvas_recordings_agent_user;

drop index concurrently if exists hansard.canvas_recordings_agent_flagged;

-- Serves: what is flagged of an agent, newest first.
create index concurrently canvas_recordings_agent_flagged
  on hansard.canvas_recordings (tenant_id, agent_id, started_at, recording_id)
  where flagged_for_review;

drop index concurrently if exists hansard.canvas_recordings_user_flagged;

-- Serves: what is flagged of a user, newest first.
create index concurrently canvas_recordings_user_flagged
  on hansard.canvas_recordings (tenant_id, user_id, started_at, recording_id)
  where flagged_for_review;

drop index concurrently if exists hansard.reviews_due_at;

-- Serves: the reviews of all states, or those that are decided, by when they are or were due.
create index concurrently reviews_due_at on hansard.reviews (tenant_id, due_at, review_id);

reset role;
