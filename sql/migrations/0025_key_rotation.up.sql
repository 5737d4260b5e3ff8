-- Rotation of keys: a tenant may have several for a while, one of which is active. What is wrapped under another is
-- wrapped anew by compare and swap, and a key goes when nothing is wrapped under it any more. And the destruction of
-- all keys of a tenant.

set local role hansard_owner;

alter table hansard.tenant_keys
  add column recognition bytea,
  add constraint tenant_keys_recognition_length check (length(recognition) = 216) not valid;
comment on column hansard.tenant_keys.state is
  'active: what is new is wrapped under it; rotating: another has taken its place, and what is under it is wrapped anew.';
comment on column hansard.tenant_keys.recognition is
  'Under this key: the three keys by which redacted secrets, requests and files are recognised again, taken over from the key before; null: they are derived from this one.';

-- Master keys -------------------------------------------------------------------------------------

create function hansard.master_key_references()
  returns table (master_key_id text, fingerprint bytea, tenant_keys bigint)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select k.master_key_id, k.master_key_fingerprint, count(*)
  from hansard.tenant_keys as k
  group by k.master_key_id, k.master_key_fingerprint
  order by k.master_key_id, k.master_key_fingerprint;
end;
comment on function hansard.master_key_references() is
  'How many tenant keys are wrapped under each master key: asked of no tenant, and tells numbers only.';
revoke all on function hansard.master_key_references() from public;
grant execute on function hansard.master_key_references() to hansard_retention;

create function hansard.tenants_under_other_master_keys(current_key text, after uuid, most integer)
  returns table (tenant_id uuid)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select distinct k.tenant_id
  from hansard.tenant_keys as k
  where k.master_key_id <> current_key
    and (after is null or k.tenant_id > after)
  order by k.tenant_id
  limit most;
end;
comment on function hansard.tenants_under_other_master_keys(text, uuid, integer) is
  'So many tenants with a key that is wrapped under another master key, in the order of their ids, after one: asked of no tenant, and tells ids only.';
revoke all on function hansard.tenants_under_other_master_keys(text, uuid, integer) from public;
grant execute on function hansard.tenants_under_other_master_keys(text, uuid, integer) to hansard_retention;

create function hansard.rewrap_tenant_key(
  wanted uuid, known bytea, fresh bytea, master_key text, fingerprint bytea)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
begin
  update hansard.tenant_keys as k
  set
    wrapped = fresh,
    master_key_id = master_key,
    master_key_fingerprint = fingerprint
  where k.tenant_id = hansard.tenant()
    and k.tenant_key_id = wanted
    and k.wrapped = known;
  return found;
end
$$;
comment on function hansard.rewrap_tenant_key(uuid, bytea, bytea, text, bytea) is
  'Puts a tenant key under another master key, if it is still wrapped as was known; false: somebody else was first.';
revoke all on function hansard.rewrap_tenant_key(uuid, bytea, bytea, text, bytea) from public;
grant execute on function hansard.rewrap_tenant_key(uuid, bytea, bytea, text, bytea) to hansard_retention;

-- Tenant keys -------------------------------------------------------------------------------------

create function hansard.active_tenant_key()
  returns table (
    tenant_key_id uuid, master_key_id text, master_key_fingerprint bytea, wrapped bytea,
    recognition bytea)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
begin
  -- Where the key was replaced at this moment, the statement that waited has not seen the next one yet.
  for attempt in 1..3 loop
    return query
    select k.tenant_key_id, k.master_key_id, k.master_key_fingerprint, k.wrapped, k.recognition
    from hansard.tenant_keys as k
    where k.tenant_id = hansard.tenant()
      and k.state = 'active'
    for key share;
    exit when found;
  end loop;
end
$$;
comment on function hansard.active_tenant_key() is
  'The key that new things are wrapped under. It may be replaced, but does not go before the transaction that asked is over.';
revoke all on function hansard.active_tenant_key() from public;
grant execute on function hansard.active_tenant_key() to hansard_service;

create function hansard.replace_tenant_key(
  replaced uuid, key_id uuid, master_key text, fingerprint bytea, wrapped_key bytea, recognition_keys bytea)
  returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  if exists (
    select
    from hansard.tenant_keys as k
    where k.tenant_id = this_tenant
      and k.state = 'rotating') then
    return false;
  end if;
  update hansard.tenant_keys as k
  set state = 'rotating'
  where k.tenant_id = this_tenant
    and k.tenant_key_id = replaced
    and k.state = 'active';
  if not found then
    return false;
  end if;
  insert into hansard.tenant_keys (
    tenant_id, tenant_key_id, master_key_id, master_key_fingerprint, wrapped, recognition)
  values (this_tenant, key_id, master_key, fingerprint, wrapped_key, recognition_keys);
  return true;
end
$$;
comment on function hansard.replace_tenant_key(uuid, uuid, text, bytea, bytea, bytea) is
  'Makes another key the active one; false: the one to replace is not, or one that was replaced before is still there.';
revoke all on function hansard.replace_tenant_key(uuid, uuid, text, bytea, bytea, bytea) from public;
grant execute on function hansard.replace_tenant_key(uuid, uuid, text, bytea, bytea, bytea) to hansard_retention;

-- What is wrapped is locked in one order, so that two who wrap it anew do not wait for each other crosswise.

create function hansard.rewrap_recording_keys(target uuid, names text[], known bytea[], fresh bytea[])
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.recording_keys as k
  where k.tenant_id = this_tenant
    and k.recording_id = any (names::uuid[])
  order by k.recording_id
  for no key update;
  update hansard.recording_keys as k
  set
    tenant_key_id = target,
    wrapped = n.fresh
  from unnest(names::uuid[], known, fresh) as n (name, known, fresh)
  where k.tenant_id = this_tenant
    and k.recording_id = n.name
    and k.wrapped = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function hansard.rewrap_recording_keys(uuid, text[], bytea[], bytea[]) is
  'Puts data keys of recordings, by their ids, under another tenant key, if they are still wrapped as was known; says how many.';
revoke all on function hansard.rewrap_recording_keys(uuid, text[], bytea[], bytea[]) from public;
grant execute on function hansard.rewrap_recording_keys(uuid, text[], bytea[], bytea[]) to hansard_retention;

create function hansard.rewrap_recovery_keys(target uuid, names text[], known bytea[], fresh bytea[])
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.recovery_keys as k
  where k.tenant_id = this_tenant
    and k.session_id = any (names)
  order by k.session_id
  for no key update;
  update hansard.recovery_keys as k
  set
    tenant_key_id = target,
    wrapped = n.fresh
  from unnest(names, known, fresh) as n (name, known, fresh)
  where k.tenant_id = this_tenant
    and k.session_id = n.name
    and k.wrapped = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function hansard.rewrap_recovery_keys(uuid, text[], bytea[], bytea[]) is
  'As rewrap_recording_keys, for data keys of recovery sessions, by their names.';
revoke all on function hansard.rewrap_recovery_keys(uuid, text[], bytea[], bytea[]) from public;
grant execute on function hansard.rewrap_recovery_keys(uuid, text[], bytea[], bytea[]) to hansard_retention;

create function hansard.rewrap_webhook_secrets(target uuid, names text[], known bytea[], fresh bytea[])
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.webhooks as w
  where w.tenant_id = this_tenant
    and w.webhook_id = any (names::uuid[])
  order by w.webhook_id
  for no key update;
  update hansard.webhooks as w
  set
    tenant_key_id = target,
    secret = n.fresh
  from unnest(names::uuid[], known, fresh) as n (name, known, fresh)
  where w.tenant_id = this_tenant
    and w.webhook_id = n.name
    and w.secret = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function hansard.rewrap_webhook_secrets(uuid, text[], bytea[], bytea[]) is
  'As rewrap_recording_keys, for what signs the messages to webhooks, by their ids.';
revoke all on function hansard.rewrap_webhook_secrets(uuid, text[], bytea[], bytea[]) from public;
grant execute on function hansard.rewrap_webhook_secrets(uuid, text[], bytea[], bytea[]) to hansard_retention;

create function hansard.rewrap_answers(target uuid, names text[], known bytea[], fresh bytea[])
  returns bigint
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
  moved bigint;
begin
  perform
  from hansard.idempotency_keys as i
  join unnest(names) as n (name)
    on i.key_id = left(n.name, 36)::uuid
    and i.name_hash = decode(substr(n.name, 37), 'hex')
  where i.tenant_id = this_tenant
  order by i.key_id, i.name_hash
  for no key update of i;
  update hansard.idempotency_keys as i
  set
    tenant_key_id = target,
    answer = n.fresh
  from unnest(names, known, fresh) as n (name, known, fresh)
  where i.tenant_id = this_tenant
    and i.key_id = left(n.name, 36)::uuid
    and i.name_hash = decode(substr(n.name, 37), 'hex')
    and i.answer = n.known;
  get diagnostics moved = row_count;
  return moved;
end
$$;
comment on function hansard.rewrap_answers(uuid, text[], bytea[], bytea[]) is
  'As rewrap_recording_keys, for answers that are kept, by their API key''s id and then, in hexadecimal, the hash of their name.';
revoke all on function hansard.rewrap_answers(uuid, text[], bytea[], bytea[]) from public;
grant execute on function hansard.rewrap_answers(uuid, text[], bytea[], bytea[]) to hansard_retention;

create function hansard.remove_tenant_key(wanted uuid) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  this_tenant constant uuid := hansard.tenant();
begin
  -- Waits for those who were told that it is active, and may yet wrap something under it.
  perform
  from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = wanted
    and k.state = 'rotating'
  for update;
  if not found then
    return false;
  end if;
  if exists (
      select
      from hansard.recording_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = wanted)
    or exists (
      select
      from hansard.recovery_keys as r
      where r.tenant_id = this_tenant
        and r.tenant_key_id = wanted)
    or exists (
      select
      from hansard.webhooks as w
      where w.tenant_id = this_tenant
        and w.tenant_key_id = wanted)
    or exists (
      select
      from hansard.idempotency_keys as i
      where i.tenant_id = this_tenant
        and i.tenant_key_id = wanted) then
    return false;
  end if;
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
    and k.tenant_key_id = wanted;
  return true;
end
$$;
comment on function hansard.remove_tenant_key(uuid) is
  'Destroys a key that was replaced, if nothing is wrapped under it any more.';
revoke all on function hansard.remove_tenant_key(uuid) from public;
grant execute on function hansard.remove_tenant_key(uuid) to hansard_retention;

-- Destruction -------------------------------------------------------------------------------------

create function hansard.shred_tenant_keys(reason text, actor text)
  returns table (
    verdict text, tenant_keys bigint, recordings bigint, recovery_sessions bigint, webhooks bigint)
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
#variable_conflict use_column
declare
  this_tenant constant uuid := hansard.tenant();
begin
  -- Who starts something has been told the active key: waits for them, and lets nobody start meanwhile.
  perform
  from hansard.tenant_keys as k
  where k.tenant_id = this_tenant
  order by k.tenant_key_id
  for update;
  -- The counters first, as everywhere: from here on nobody places a hold.
  perform
  from hansard.recording_progress as p
  where p.tenant_id = this_tenant
  order by p.recording_id
  for update;
  if exists (
    select
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.hold_count > 0) then
    verdict := 'held';
    return next;
    return;
  end if;
  if exists (
    select
    from hansard.canvas_recordings as r
    where r.tenant_id = this_tenant
      and r.retain_until > clock_timestamp()) then
    verdict := 'retained';
    return next;
    return;
  end if;

  -- What is open ends: nothing that is appended could be read by anybody.
  update hansard.canvas_recordings as r
  set
    status = 'failed',
    stopped_at = c.now,
    duration_seconds = greatest(0, extract(epoch from c.now - r.started_at)),
    summary = 'The keys of the tenant were destroyed.',
    event_count = p.event_count,
    updated_at = c.now
  from hansard.recording_progress as p,
    (select clock_timestamp() as now) as c
  where r.tenant_id = this_tenant
    and r.status = 'recording'
    and p.tenant_id = this_tenant
    and p.recording_id = r.recording_id;
  update hansard.recording_progress as p
  set is_open = false
  where p.tenant_id = this_tenant
    and p.is_open;

  delete from hansard.recording_keys as k
  where k.tenant_id = this_tenant;
  get diagnostics recordings = row_count;
  select s.sessions
  into recovery_sessions
  from hansard.clear_recovery_sessions(null, actor, reason) as s;
  delete from hansard.idempotency_keys as i
  where i.tenant_id = this_tenant;
  delete from hansard.webhooks as w
  where w.tenant_id = this_tenant;
  get diagnostics webhooks = row_count;
  delete from hansard.tenant_keys as k
  where k.tenant_id = this_tenant;
  get diagnostics tenant_keys = row_count;
  verdict := 'shredded';
  return next;
end
$$;
comment on function hansard.shred_tenant_keys(text, text) is
  'Destroys all keys of the tenant, ends its open recordings, and clears its recovery sessions: shredded; or does nothing: held, retained (some recording is).';
revoke all on function hansard.shred_tenant_keys(text, text) from public;
grant execute on function hansard.shred_tenant_keys(text, text) to hansard_retention;

reset role;
