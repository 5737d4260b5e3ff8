-- Tenants' policies: how fast requests may come, how much may be recorded in a day, and what is recorded
-- by itself.

set local role hansard_owner;

alter table hansard.tenant_policies
  add column tenant_requests_per_minute integer,
  add column tenant_burst integer,
  add column key_requests_per_minute integer,
  add column key_burst integer,
  add column events_per_day bigint,
  add column recordings_per_day bigint,
  add column automatic_rules jsonb,
  add constraint tenant_policies_tenant_rate_range check (
    (tenant_requests_per_minute is null) = (tenant_burst is null)
    and tenant_requests_per_minute between 1 and 1000000
    and tenant_burst between 1 and 1000000),
  add constraint tenant_policies_key_rate_range check (
    (key_requests_per_minute is null) = (key_burst is null)
    and key_requests_per_minute between 1 and 1000000
    and key_burst between 1 and 1000000),
  add constraint tenant_policies_quotas_range check (
    events_per_day between 1 and 1000000000000
    and recordings_per_day between 1 and 1000000000000),
  add constraint tenant_policies_automatic_rules_count check (
    case
      when jsonb_typeof(automatic_rules) = 'array'
      then jsonb_array_length(automatic_rules) between 1 and 100
      else automatic_rules is null
    end);
comment on column hansard.tenant_policies.tenant_requests_per_minute is
  'Requests of all keys together that come back each minute, on each instance; null: no limit.';
comment on column hansard.tenant_policies.tenant_burst is 'Requests of all keys that may come at once.';
comment on column hansard.tenant_policies.key_requests_per_minute is
  'Requests of one key that come back each minute, on each instance; null: no limit.';
comment on column hansard.tenant_policies.key_burst is 'Requests of one key that may come at once.';
comment on column hansard.tenant_policies.events_per_day is
  'Events that may be recorded from midnight to midnight UTC, on all instances together; null: no limit.';
comment on column hansard.tenant_policies.recordings_per_day is
  'Recordings that may be started likewise; null: no limit.';
comment on column hansard.tenant_policies.automatic_rules is
  'Which actions are recorded by themselves, the first rule that fits deciding: '
  '[{maturity, actions, tags, record}]; null: those of autonomous agents.';

create table hansard.daily_usage (
  tenant_id uuid not null,
  day date not null,
  kind text not null,
  claimed bigint not null,
  last_grant bigint not null,
  constraint daily_usage_pkey primary key (tenant_id, day, kind),
  constraint daily_usage_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint daily_usage_kind_known check (kind in ('events', 'recordings')),
  constraint daily_usage_claimed_not_negative check (claimed >= 0),
  constraint daily_usage_last_grant_not_negative check (last_grant >= 0)
) with (fillfactor = 50);
comment on table hansard.daily_usage is
  'What tenants with a quota have used of it, by day (UTC), counted while there is a quota.';
comment on column hansard.daily_usage.claimed is
  'What instances have claimed: what was used, and what they hold for the moment.';
comment on column hansard.daily_usage.last_grant is 'What the last claim was given.';

alter table hansard.daily_usage enable row level security;
alter table hansard.daily_usage force row level security;
create policy daily_usage_isolation on hansard.daily_usage
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.daily_usage to hansard_service;
grant update (claimed, last_grant) on hansard.daily_usage to hansard_service;

reset role;
