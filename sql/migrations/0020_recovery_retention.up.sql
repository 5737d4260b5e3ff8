-- Retention of recovery sessions: what has expired is purged by whoever acts as hansard_retention, which may do
-- nothing but ask for it. The service's login takes that role for a transaction.

-- Roles are cluster-wide, so another database's migration may have done it, or be doing it at this moment.
do $member$
begin
  if not pg_catalog.pg_has_role('hansard_service', 'hansard_retention', 'member') then
    grant hansard_retention to hansard_service;
  end if;
exception
  when unique_violation then null;
  when internal_error then null; -- "tuple concurrently updated": the other one granted it
  when insufficient_privilege then
    -- Without it nothing would ever be purged, and only the log would say so.
    raise exception 'have a superuser say "grant hansard_retention to hansard_service" first'
      using errcode = 'insufficient_privilege';
end
$member$;

set local role hansard_owner;

alter table hansard.recovery_sessions
  add column cleared_on_expiry boolean not null default false,
  add column has_remains boolean not null default false,
  add constraint recovery_sessions_expiry_has_come check (
    not cleared_on_expiry or (cleared_at is not null and cleared_at >= expires_at)),
  add constraint recovery_sessions_remains_of_cleared check (
    not has_remains or cleared_at is not null);
comment on column hansard.recovery_sessions.cleared_on_expiry is
  'Whether the tombstone was left at the end of the retention, rather than by an admin.';
comment on column hansard.recovery_sessions.has_remains is
  'Attempts are still there whose key is destroyed; they are deleted in steps.';

-- Those of a time when this migration had been applied before, and was taken back. The owner sees all
-- tenants' rows while row level security is not forced; the change of that has locked the table already.
alter table hansard.recovery_sessions no force row level security;
update hansard.recovery_sessions
set cleared_on_expiry = true
where cleared_by = 'system'
  and cleared_at >= expires_at;
alter table hansard.recovery_sessions force row level security;

-- Serves: the sessions whose attempts are still to be deleted.
create index recovery_sessions_remains
  on hansard.recovery_sessions (tenant_id, cleared_at)
  where has_remains;

-- hansard_owner cannot log in: this opens the table to its functions alone, for due_recovery_purges and
-- recovery_retention; all others name the tenant.
create policy recovery_sessions_due on hansard.recovery_sessions
  for select to hansard_owner using (true);

grant select (cleared_on_expiry) on hansard.recovery_sessions to hansard_analyst;
create or replace view compliance.purges with (security_invoker = true) as
  select
    'recovery_session'::text as subject,
    s.session_id as subject_id,
    s.agent_id,
    s.user_id,
    s.started_at,
    s.cleared_at as purged_at,
    s.cleared_by as purged_by,
    case when s.cleared_on_expiry then 'expired' else 'cleared' end as cause,
    s.clear_reason as reason,
    s.cleared_attempts as destroyed_count
  from hansard.recovery_sessions as s
  where s.cleared_at is not null;
comment on column compliance.purges.cause is
  'cleared: somebody asked for it; expired: the end of its retention. Others may follow.';

-- What is due -------------------------------------------------------------------------------------

-- One step of the index for each tenant with sessions, however many it has.
create function hansard.due_recovery_purges(after uuid, upto uuid, most integer)
  returns table (tenant_id uuid)
  language plpgsql
  stable
  security definer
  set search_path = pg_catalog
as $$
declare
  moment constant timestamptz := clock_timestamp();
  place uuid := coalesce(after, '00000000-0000-0000-0000-000000000000');
  last constant uuid := coalesce(upto, 'ffffffff-ffff-ffff-ffff-ffffffffffff');
  found_count integer := 0;
  live record;
  remains_of uuid;
begin
  while found_count < most loop
    select s.tenant_id, s.expires_at
    into live
    from hansard.recovery_sessions as s
    where s.cleared_at is null
      and s.tenant_id > place
    order by s.tenant_id, s.expires_at
    limit 1;
    select s.tenant_id
    into remains_of
    from hansard.recovery_sessions as s
    where s.has_remains
      and s.tenant_id > place
    order by s.tenant_id
    limit 1;
    place := least(live.tenant_id, remains_of);
    exit when place is null or place > last;
    if place = remains_of or (place = live.tenant_id and live.expires_at <= moment) then
      tenant_id := place;
      found_count := found_count + 1;
      return next;
    end if;
  end loop;
end
$$;
comment on function hansard.due_recovery_purges(uuid, uuid, integer) is
  'Tenants with recovery sessions to purge, in the order of their ids, after one and up to another: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_recovery_purges(uuid, uuid, integer) from public;
grant execute on function hansard.due_recovery_purges(uuid, uuid, integer) to hansard_retention;

-- Purging -----------------------------------------------------------------------------------------

create function hansard.purge_recovery_sessions(most integer)
  returns table (sessions bigint, attempts bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moment constant timestamptz := clock_timestamp();
  held text[];
  purged text[];
begin
  -- A session that somebody is adding to or clearing is left for the next time, and the others go ahead.
  select array_agg(d.session_id)
  into held
  from (
    select s.session_id
    from hansard.recovery_sessions as s
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and s.expires_at <= moment
    order by s.expires_at
    limit most
    for update skip locked
  ) as d;

  -- Asked again, now that nobody else can change the answer.
  with tombstones as (
    update hansard.recovery_sessions as s
    set
      cleared_at = clock_timestamp(),
      cleared_by = 'system',
      clear_reason = 'The end of its retention.',
      cleared_attempts = s.attempt_count,
      attempt_count = 0,
      cleared_on_expiry = true,
      has_remains = s.attempt_count > 0
    where s.tenant_id = this_tenant
      and s.session_id = any (held)
      and s.cleared_at is null
      and s.expires_at <= clock_timestamp()
    returning s.session_id, s.cleared_attempts
  )
  select array_agg(t.session_id), count(*), coalesce(sum(t.cleared_attempts), 0)::bigint
  into purged, sessions, attempts
  from tombstones as t;

  -- From here on the attempts are noise.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (purged);
  return next;
end
$$;
comment on function hansard.purge_recovery_sessions(integer) is
  'Destroys the data keys of so many sessions of the tenant that have expired, the longest expired ones first, and leaves tombstones; counts what is lost with them.';
revoke all on function hansard.purge_recovery_sessions(integer) from public;
grant execute on function hansard.purge_recovery_sessions(integer) to hansard_retention;

-- For the functions below, whose caller holds the sessions' rows.
create function hansard.delete_recovery_attempts(purged text[], most integer)
  returns table (attempts bigint, is_cut boolean)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  -- Large payloads are many rows behind the table.
  bytes_left bigint := 67108864;
  one text;
  last bigint;
  bytes bigint;
  gone bigint;
begin
  attempts := 0;
  is_cut := false;
  foreach one in array coalesce(purged, '{}') loop
    -- At least one, however large it is.
    select max(p.position), sum(p.payload_length)
    into last, bytes
    from (
      select
        x.position,
        x.payload_length,
        sum(x.payload_length::bigint) over (order by x.position) - x.payload_length as before
      from (
        select a.position, a.payload_length
        from hansard.recovery_attempts as a
        where a.tenant_id = this_tenant
          and a.session_id = one
        order by a.position
        limit most - attempts
      ) as x
    ) as p
    where p.before < bytes_left;
    -- Their guard looks for the tombstone.
    delete from hansard.recovery_attempts as a
    where a.tenant_id = this_tenant
      and a.session_id = one
      and a.position <= last;
    get diagnostics gone = row_count;
    attempts := attempts + gone;
    bytes_left := bytes_left - coalesce(bytes, 0);
    is_cut := exists (
      select
      from hansard.recovery_attempts as a
      where a.tenant_id = this_tenant
        and a.session_id = one);
    exit when is_cut;
    update hansard.recovery_sessions as s
    set has_remains = false
    where s.tenant_id = this_tenant
      and s.session_id = one;
  end loop;
  return next;
end
$$;
comment on function hansard.delete_recovery_attempts(text[], integer) is
  'Deletes so many attempts, or 64 MiB, of sessions of the tenant that have been purged; says whether there are more.';
revoke all on function hansard.delete_recovery_attempts(text[], integer) from public;

create function hansard.sweep_recovery_attempts(most integer)
  returns table (attempts bigint, is_cut boolean)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  held text[];
begin
  select array_agg(d.session_id)
  into held
  from (
    select s.session_id
    from hansard.recovery_sessions as s
    where s.tenant_id = hansard.tenant()
      and s.has_remains
    order by s.cleared_at
    limit 100
    for update skip locked
  ) as d;
  select r.attempts, r.is_cut or coalesce(cardinality(held), 0) = 100
  into attempts, is_cut
  from hansard.delete_recovery_attempts(held, most) as r;
  return next;
end
$$;
comment on function hansard.sweep_recovery_attempts(integer) is
  'Deletes so many attempts of the tenant''s purged sessions; says whether there may be more.';
revoke all on function hansard.sweep_recovery_attempts(integer) from public;
grant execute on function hansard.sweep_recovery_attempts(integer) to hansard_retention;

-- As before, but that a tenant with millions of attempts does not wait until they are deleted.
create or replace function hansard.clear_recovery_sessions(wanted text, actor text, reason text)
  returns table (sessions bigint, attempts bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  cleared text[];
  filled text[];
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
      attempt_count = 0,
      has_remains = s.attempt_count > 0
    where s.tenant_id = this_tenant
      and s.cleared_at is null
      and (wanted is null or s.session_id = wanted)
    returning s.session_id, s.cleared_attempts
  )
  select
    array_agg(t.session_id), array_agg(t.session_id) filter (where t.cleared_attempts > 0), count(*),
    coalesce(sum(t.cleared_attempts), 0)::bigint
  into cleared, filled, sessions, attempts
  from tombstones as t;

  -- From here on the attempts are noise. What is known of files goes with the key.
  delete from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (cleared);
  -- A few are deleted at once; of many the rest is left to the retention worker.
  perform
  from hansard.delete_recovery_attempts(filled[1:100], 10000);
  return next;
end
$$;
comment on function hansard.clear_recovery_sessions(text, text, text) is
  'Destroys the data key of one session of the tenant, or of all (null), and leaves tombstones; deletes some attempts.';

create function hansard.recovery_retention()
  returns table (
    due bigint, oldest_due timestamptz, remains bigint, purged bigint, last_purged_at timestamptz)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    count(*) filter (where s.cleared_at is null and s.expires_at <= now()),
    min(s.expires_at) filter (where s.cleared_at is null and s.expires_at <= now()),
    count(*) filter (where s.has_remains),
    count(*) filter (where s.cleared_on_expiry),
    max(s.cleared_at) filter (where s.cleared_on_expiry)
  from hansard.recovery_sessions as s;
end;
comment on function hansard.recovery_retention() is
  'How retention of recovery sessions stands over all tenants: numbers and times only.';
revoke all on function hansard.recovery_retention() from public;
grant execute on function hansard.recovery_retention() to hansard_retention;

reset role;
