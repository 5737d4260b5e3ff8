-- Requests that are done once: the answers to those that their clients have named.

set local role hansard_owner;

create table hansard.idempotency_keys (
  tenant_id uuid not null,
  key_id uuid not null,
  name_hash bytea not null,
  request_hash bytea not null,
  tenant_key_id uuid not null,
  answer bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  constraint idempotency_keys_pkey primary key (tenant_id, key_id, name_hash),
  constraint idempotency_keys_key_fkey
    foreign key (tenant_id, key_id) references hansard.api_keys (tenant_id, key_id),
  constraint idempotency_keys_tenant_key_fkey
    foreign key (tenant_id, tenant_key_id)
    references hansard.tenant_keys (tenant_id, tenant_key_id),
  constraint idempotency_keys_name_hash_length check (length(name_hash) = 32),
  constraint idempotency_keys_request_hash_length check (length(request_hash) = 32)
);
comment on table hansard.idempotency_keys is
  'What was answered to requests with an Idempotency-Key, for 24 hours; committed with what was done.';
comment on column hansard.idempotency_keys.key_id is 'The API key that asked: names are its own.';
comment on column hansard.idempotency_keys.name_hash is
  'SHA-256 of the Idempotency-Key, which may be anything.';
comment on column hansard.idempotency_keys.request_hash is
  'HMAC-SHA-256 of what was asked for, under a key of the tenant: a secret in it is not to be guessed.';
comment on column hansard.idempotency_keys.answer is
  'XAES-256-GCM under the tenant key: status, location and body.';
-- Serves: the answers that have expired.
create index idempotency_keys_expiry on hansard.idempotency_keys (tenant_id, expires_at);
-- Ciphertext: compressing it costs time and gains nothing.
alter table hansard.idempotency_keys alter column answer set storage external;

alter table hansard.idempotency_keys enable row level security;
alter table hansard.idempotency_keys force row level security;
create policy idempotency_keys_isolation on hansard.idempotency_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

create function hansard.trim_idempotency_keys() returns void
  language sql
  security definer
  set search_path = pg_catalog
begin atomic
  delete from hansard.idempotency_keys as i
  where i.tenant_id = hansard.tenant()
    and (i.key_id, i.name_hash) in (
      select k.key_id, k.name_hash
      from hansard.idempotency_keys as k
      where k.tenant_id = hansard.tenant()
        and k.expires_at <= now()
      order by k.expires_at
      limit 100
      for update skip locked);
end;
comment on function hansard.trim_idempotency_keys() is
  'Deletes answers of the tenant that have expired, a hundred at the most.';
revoke all on function hansard.trim_idempotency_keys() from public;
grant execute on function hansard.trim_idempotency_keys() to hansard_service;

grant select, insert on hansard.idempotency_keys to hansard_service;
grant update (request_hash, tenant_key_id, answer, created_at, expires_at)
  on hansard.idempotency_keys to hansard_service;

reset role;
