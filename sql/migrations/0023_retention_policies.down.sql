-- migrate: destructive: changes of retention; one that waits is not applied (hansard.retention_changes)
-- migrate: destructive: profiles and minimums of policies
-- migrate: compatible-with: 20
-- What recordings were given stays: until when they are kept, and that they were closed.

set local role hansard_owner;

drop view compliance.tenant;
create view compliance.tenant with (security_invoker = true) as
  select t.name, t.retention_days, t.created_at
  from hansard.tenants as t;
comment on view compliance.tenant is 'The tenant that this login reads: one row.';
comment on column compliance.tenant.name is 'Its name.';
comment on column compliance.tenant.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default.';
comment on column compliance.tenant.created_at is 'When it was made.';
grant select on compliance.tenant to hansard_analyst;

drop view compliance.retention_policies;
create view compliance.retention_policies with (security_invoker = true) as
  select
    y.version,
    y.retention_days,
    y.review_sample_percent,
    y.new_autonomy_reviews,
    y.four_eyes as requires_four_eyes,
    y.events_per_day,
    y.recordings_per_day,
    y.created_by as set_by,
    y.created_at as valid_from,
    lead(y.created_at) over (partition by y.tenant_id order by y.version) as valid_until
  from hansard.tenant_policies as y;
comment on view compliance.retention_policies is
  'The tenant''s policies, which of them was in force when, and who set them.';
comment on column compliance.retention_policies.version is 'Counts from 1.';
comment on column compliance.retention_policies.retention_days is
  'Days that a stopped recording is kept; null: the deployment''s default.';
comment on column compliance.retention_policies.review_sample_percent is
  'How many of a hundred ordinary recordings are reviewed.';
comment on column compliance.retention_policies.new_autonomy_reviews is
  'How many recordings of a newly autonomous agent are reviewed.';
comment on column compliance.retention_policies.requires_four_eyes is
  'Whether a verdict needs two reviewers.';
comment on column compliance.retention_policies.events_per_day is 'Quota; null: none.';
comment on column compliance.retention_policies.recordings_per_day is 'Quota; null: none.';
comment on column compliance.retention_policies.set_by is 'Who set it.';
comment on column compliance.retention_policies.valid_from is 'When it came into force.';
comment on column compliance.retention_policies.valid_until is 'When the next one did; null: it is in force.';
grant select on compliance.retention_policies to hansard_analyst;

drop function hansard.append_final_event(
  uuid, uuid, text, timestamptz, text, bytea, integer, bytea, bytea, integer, text, text);
drop function hansard.claim_abandoned_recording(uuid, interval, interval);
drop function hansard.abandoned_recordings(interval, interval, timestamptz, uuid, integer);
drop function hansard.due_abandoned_recordings(uuid, uuid, integer, interval, interval);
drop function hansard.apply_retention_change(integer, integer);
drop function hansard.due_retention_changes(uuid, uuid, integer);
drop table hansard.retention_changes;

alter table hansard.tenants drop column minimum_retention_days;
alter table hansard.tenant_policies
  drop column retention_profile,
  drop column minimum_retention_days;
comment on column hansard.tenant_policies.retention_days is
  'Days that a stopped recording is kept, in tenants.retention_days too; null: the deployment''s default.';

reset role;
