-- migrate: destructive
-- The older schema has no analysts: their logins stay in the server and read nothing.

set local role hansard_owner;

drop schema compliance cascade;

do $back$
declare
  policy record;
  counted record;
begin
  for policy in
    select p.tablename, p.policyname, p.roles
    from pg_catalog.pg_policies as p
    where p.schemaname = 'hansard'
      and p.roles && '{hansard_analyst,hansard_retention}'
    order by p.tablename, p.policyname
  loop
    if policy.roles = '{hansard_analyst}' then
      execute format('drop policy %I on hansard.%I', policy.policyname, policy.tablename);
    else
      execute format('alter policy %I on hansard.%I to public', policy.policyname, policy.tablename);
    end if;
  end loop;
  for counted in
    select a.attrelid::regclass as relation, a.attname
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    where c.relnamespace = 'hansard'::regnamespace
      and a.attstattarget = 0
      and a.attnum > 0
      and not a.attisdropped
    order by a.attrelid, a.attnum
  loop
    execute format('alter table %s alter column %I set statistics -1', counted.relation, counted.attname);
  end loop;
  for counted in
    select distinct a.attrelid::regclass as relation, c.relname
    from pg_catalog.pg_attribute as a
    join pg_catalog.pg_class as c on c.oid = a.attrelid
    cross join lateral aclexplode(a.attacl) as g
    where c.relnamespace = 'hansard'::regnamespace
      and g.grantee = 'hansard_analyst'::regrole
    order by c.relname
  loop
    -- Of a table this takes the grants on its columns too.
    execute format('revoke select on %s from hansard_analyst', counted.relation);
  end loop;
end
$back$;

alter function hansard.append_events reset enable_bitmapscan;
alter function hansard.append_events_one_by_one reset enable_bitmapscan;

drop function hansard.analyst_tenant();
drop table hansard.analysts;

create or replace function hansard.ensure_event_partition(wanted date) returns boolean
  language plpgsql
  security definer
  set search_path = pg_catalog
as $$
declare
  first_day constant date := date_trunc('week', wanted::timestamp)::date;
  partition_name constant text :=
    'recording_events_' || to_char(first_day::timestamp, 'IYYY"w"IW');
begin
  if to_regclass('hansard.' || partition_name) is not null then
    return false;
  end if;
  -- One maker at a time; attaching takes a lock that lets appends go on.
  perform pg_advisory_xact_lock(hashtextextended('hansard.ensure_event_partition', 0));
  -- Asked of the table: to_regclass would repeat its first answer from the session's cache, which an
  -- advisory lock does not refresh.
  if exists (
    select
    from pg_class as c
    where c.relnamespace = to_regnamespace('hansard')
      and c.relname = partition_name) then
    return false;
  end if;
  execute format(
    'create table hansard.%I (like hansard.recording_events including all)', partition_name);
  execute format(
    'create index %I on hansard.%I (tenant_id, recording_id)
       where event_type = ''permission_denied''',
    partition_name || '_denials', partition_name);
  execute format('alter table hansard.%I enable row level security', partition_name);
  execute format('alter table hansard.%I force row level security', partition_name);
  execute format(
    'create trigger %I before truncate on hansard.%I
       for each statement execute function hansard.refuse_change()',
    partition_name || '_no_truncate', partition_name);
  execute format(
    'alter table hansard.recording_events attach partition hansard.%I
       for values from (%L) to (%L)',
    partition_name, first_day, first_day + 7);
  return true;
end
$$;

reset role;
