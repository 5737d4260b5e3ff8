-- migrate: no-transaction
-- migrate: compatible-with: 20

set role hansard_owner;

drop index concurrently if exists hansard.recovery_keys_commitment;

reset role;
