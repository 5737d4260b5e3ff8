-- migrate: destructive
-- The older schema has no limits, no rules, and counts nothing by the day.

set local role hansard_owner;

drop table hansard.daily_usage;

alter table hansard.tenant_policies
  drop column tenant_requests_per_minute,
  drop column tenant_burst,
  drop column key_requests_per_minute,
  drop column key_burst,
  drop column events_per_day,
  drop column recordings_per_day,
  drop column automatic_rules;

reset role;
