-- Tombstones stay and say 'system'; so does the service's right to act as hansard_retention, which other databases
-- of the server may need. Attempts that nobody can read any more would never be deleted: they go now.

set local role hansard_owner;

drop function hansard.recovery_retention();
drop function hansard.sweep_recovery_attempts(integer);
drop function hansard.purge_recovery_sessions(integer);
drop function hansard.due_recovery_purges(uuid, uuid, integer);
drop policy recovery_sessions_due on hansard.recovery_sessions;

-- The owner sees the rows of all tenants while row level security is not forced.
alter table hansard.recovery_sessions no force row level security;
alter table hansard.recovery_attempts no force row level security;
delete from hansard.recovery_attempts as a
using hansard.recovery_sessions as s
where s.tenant_id = a.tenant_id
  and s.session_id = a.session_id
  and s.has_remains;
alter table hansard.recovery_attempts force row level security;
alter table hansard.recovery_sessions force row level security;

create or replace view compliance.purges with (security_invoker = true) as
  select
    'recovery_session'::text as subject,
    s.session_id as subject_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.cleared_at as purged_at,
    s.cleared_by as purged_by,
    'cleared'::text as cause,
    s.clear_reason as reason,
    s.cleared_attempts as destroyed_count
  from hansard.recovery_sessions as s
  where s.cleared_at is not null;
comment on column compliance.purges.cause is 'cleared: somebody asked for it. Others may follow.';

drop index hansard.recovery_sessions_remains;
alter table hansard.recovery_sessions
  drop constraint recovery_sessions_remains_of_cleared,
  drop constraint recovery_sessions_expiry_has_come,
  drop column has_remains,
  drop column cleared_on_expiry;

reset role;
