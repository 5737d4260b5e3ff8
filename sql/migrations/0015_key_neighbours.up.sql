-- A key that is not there costs what one costs that is: always one row of the index and one of the table.

set local role hansard_owner;

create or replace function hansard.find_api_key(wanted uuid)
  returns table (
    tenant_id uuid, secret_hash bytea, role text, user_id text, agent_id text,
    is_live boolean)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select
    k.tenant_id, k.secret_hash, k.role, k.user_id, k.agent_id,
    k.key_id = wanted and k.revoked_at is null and (k.expires_at is null or k.expires_at > now())
  from hansard.api_keys as k
  where k.key_id <= wanted
  order by k.key_id desc
  limit 1;
end;
comment on function hansard.find_api_key(uuid) is
  'The one question that is asked before the tenant is known. Without such a key its neighbour is found, which is not live here: so that nobody can tell by the time.';

reset role;
