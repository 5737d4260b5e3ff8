-- migrate: no-transaction
-- What the log of erasures names recovery sessions by. Made beside the service's writes.

set role hansard_owner;

drop index concurrently if exists hansard.recovery_keys_commitment;

-- Serves: whether a session's key that was destroyed is here.
create index concurrently recovery_keys_commitment
  on hansard.recovery_keys (tenant_id, commitment);

reset role;
