-- migrate: no-transaction
-- migrate: compatible-with: 20

set role hansard_owner;

drop index concurrently if exists hansard.canvas_recordings_expiry;

drop index concurrently if exists hansard.canvas_recordings_partition;

drop index concurrently if exists hansard.canvas_recordings_open;

drop index concurrently if exists hansard.canvas_recordings_unarchived;

reset role;
