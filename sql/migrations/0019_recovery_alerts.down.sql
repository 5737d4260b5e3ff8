-- migrate: destructive
-- The older schema has no alerts, and no place for what a tenant wants to be told of.

set local role hansard_owner;

drop index hansard.recovery_attempts_agent;
drop index hansard.recovery_attempts_failures;

drop table hansard.recovery_alerts;

alter table hansard.tenant_policies
  drop column alert_failures,
  drop column alert_failures_seconds,
  drop column alert_rate_percent,
  drop column alert_rate_seconds,
  drop column alert_rate_attempts,
  drop column alert_escalations,
  drop column alert_repeat_seconds;

reset role;
