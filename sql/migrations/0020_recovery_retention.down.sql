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

create or replace function hansard.clear_recovery_sessions(wanted text, actor text, reason text)
  returns table (sessions bigint, attempts bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  cleared text[];
begin
  -- In one order, so that two who clear everything do not wait for each other.
  perform
  from hansard.recovery_sessions as s
  where s.tenant_id = this_tenant
    and s.cleared_at is null
    and (wanted is null or s.session_id = wanted)
  order by s.session_id
  for no key update;

  with tombstones as (
    update hansard.recovery_sessions as s
    set
      cleared_at = clock_timestamp(),
      cleared_by = actor,
      clear_reason = reason,
      cleared_attempts = s.attempt_count,
      attempt_count = 0
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and (wanted is null or s.session_id = wanted)
    returning s.session_id, s.cleared_attempts
  )
  select array_agg(t.session_id), count(*), coalesce(sum(t.cleared_attempts), 0)::bigint
  into cleared, sessions, attempts
  from tombstones as t;

  -- The key first: from here on the rest is noise. What is known of files goes with it.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (cleared);
  delete from hansard.recovery_attempts as a
  where a.tenant_id = this_tenant
    and a.session_id = any (cleared);
  return next;
end
$$;
comment on function hansard.clear_recovery_sessions(text, text, text) is
  'Destroys the attempts and the data key of one session of the tenant, or of all (null), and leaves tombstones.';

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

drop function hansard.delete_recovery_attempts(text[], integer);
drop index hansard.recovery_sessions_remains;
revoke select (cleared_on_expiry) on hansard.recovery_sessions from hansard_analyst;
alter table hansard.recovery_sessions
  drop constraint recovery_sessions_remains_of_cleared,
  drop constraint recovery_sessions_expiry_has_come,
  drop column has_remains,
  drop column cleared_on_expiry;

reset role;
