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
comment on column hansard.idempotency_keys.request_hash is 'SHA-256 of what was asked for.';
comment on column hansard.idempotency_keys.answer is
  'XAES-256-GCM under the tenant key: status, location and body.';
-- Ciphertext: compressing it costs time and gains nothing.
alter table hansard.idempotency_keys alter column answer set storage external;

alter table hansard.idempotency_keys enable row level security;
alter table hansard.idempotency_keys force row level security;
create policy idempotency_keys_isolation on hansard.idempotency_keys
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.idempotency_keys to hansard_service;
grant update (request_hash, tenant_key_id, answer, created_at, expires_at)
  on hansard.idempotency_keys to hansard_service;

reset role;
