-- migrate: no-transaction
-- What retention looks for. Made beside the service's writes.

set role hansard_owner;

drop index concurrently if exists hansard.canvas_recordings_expiry;

-- Serves: the recordings whose retention is over.
create index concurrently canvas_recordings_expiry
  on hansard.canvas_recordings (tenant_id, expires_at)
  where stopped_at is not null and hold_count = 0;

drop index concurrently if exists hansard.canvas_recordings_partition;

-- Serves: the recordings whose events lie in a partition. Not on recording_progress: appends would be tempted by a
-- second index that begins with the tenant.
create index concurrently canvas_recordings_partition
  on hansard.canvas_recordings (tenant_id, expires_on);

drop index concurrently if exists hansard.canvas_recordings_open;

-- Serves: the recordings that have been open for longest.
create index concurrently canvas_recordings_open
  on hansard.canvas_recordings (tenant_id, started_at)
  where stopped_at is null;

drop index concurrently if exists hansard.canvas_recordings_unarchived;

-- Serves: the recordings that have stopped and are not archived, the first stopped first.
create index concurrently canvas_recordings_unarchived
  on hansard.canvas_recordings (tenant_id, stopped_at)
  where stopped_at is not null and storage_url is null and hold_count = 0;

reset role;
