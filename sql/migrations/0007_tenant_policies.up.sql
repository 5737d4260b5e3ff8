-- Tenants' policies: how long recordings are kept, and which of them are reviewed at random.

set local role hansard_owner;

-- A policy is never changed: the next version takes its place, so that it can always be said what was
-- in force. A tenant without one has the deployment's defaults.
create table hansard.tenant_policies (
  tenant_id uuid not null,
  version integer not null,
  retention_days integer,
  review_sample_percent double precision not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  constraint tenant_policies_pkey primary key (tenant_id, version),
  constraint tenant_policies_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint tenant_policies_version_positive check (version > 0),
  constraint tenant_policies_retention_days_range check (retention_days between 1 and 36500),
  constraint tenant_policies_review_sample_range check (review_sample_percent between 0 and 100)
);
comment on column hansard.tenant_policies.retention_days is
  'Days that a stopped recording is kept, in tenants.retention_days too; null: the deployment''s default.';
comment on column hansard.tenant_policies.review_sample_percent is
  'How many of a hundred recordings that nothing else speaks against are reviewed.';

create trigger tenant_policies_append_only before update or delete on hansard.tenant_policies
  for each row execute function hansard.refuse_change();
create trigger tenant_policies_no_truncate before truncate on hansard.tenant_policies
  for each statement execute function hansard.refuse_change();

alter table hansard.tenant_policies enable row level security;
alter table hansard.tenant_policies force row level security;
create policy tenant_policies_isolation on hansard.tenant_policies
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.tenant_policies to hansard_service;
grant update (retention_days) on hansard.tenants to hansard_service;

alter table hansard.reviews
  drop constraint reviews_source_known,
  add constraint reviews_source_known
    check (source in ('flag', 'error', 'failure', 'sample')) not valid;

reset role;
