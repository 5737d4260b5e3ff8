-- Alerts of the recovery audit trail: what a tenant wants to be told of, and what it was told.

set local role hansard_owner;

-- The defaults are what holds for a tenant that has settled nothing, so that they hold for policies of before
-- too, and for what an older binary writes.
alter table hansard.tenant_policies
  add column alert_failures integer default 5,
  add column alert_failures_seconds integer default 600,
  add column alert_rate_percent integer,
  add column alert_rate_seconds integer,
  add column alert_rate_attempts integer,
  add column alert_escalations boolean not null default true,
  add column alert_repeat_seconds integer not null default 3600,
  add constraint tenant_policies_alert_failures_range check (
    (alert_failures is null) = (alert_failures_seconds is null)
    and alert_failures between 1 and 1000
    and alert_failures_seconds between 1 and 604800),
  add constraint tenant_policies_alert_rate_range check (
    (alert_rate_percent is null) = (alert_rate_seconds is null)
    and (alert_rate_percent is null) = (alert_rate_attempts is null)
    and alert_rate_percent between 1 and 100
    and alert_rate_seconds between 1 and 604800
    and alert_rate_attempts between 1 and 1000),
  add constraint tenant_policies_alert_repeat_range check (alert_repeat_seconds between 1 and 604800);
comment on column hansard.tenant_policies.alert_failures is
  'An alert is raised when so many attempts at one type of error failed within alert_failures_seconds; null: none.';
comment on column hansard.tenant_policies.alert_rate_percent is
  'An alert is raised when fewer than so many percent of an agent''s attempts within alert_rate_seconds '
  'succeeded, of which there are alert_rate_attempts at least; null: none.';
comment on column hansard.tenant_policies.alert_escalations is
  'Whether an alert is raised when a session escalates.';
comment on column hansard.tenant_policies.alert_repeat_seconds is
  'After so long an alert that lasts is raised again.';

-- Each alert that was raised. No foreign key to the session or to who is named: what was told stays said.
create table hansard.recovery_alerts (
  tenant_id uuid not null,
  kind text not null,
  subject text not null,
  number bigint not null,
  alert_id uuid not null,
  raised_at timestamptz not null,
  seen_at timestamptz not null,
  policy_version integer not null,
  threshold integer,
  window_seconds integer,
  attempts integer,
  failures integer,
  session_id text not null,
  entry_id text not null,
  error_type text not null,
  agent_id text,
  user_id text,
  recording_id uuid,
  constraint recovery_alerts_pkey primary key (tenant_id, kind, subject, number),
  constraint recovery_alerts_id_key unique (tenant_id, alert_id),
  constraint recovery_alerts_tenant_fkey
    foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint recovery_alerts_kind_known check (kind in ('failures', 'success_rate', 'escalation')),
  constraint recovery_alerts_subject_length check (octet_length(subject) <= 4096),
  constraint recovery_alerts_number_positive check (number >= 1),
  constraint recovery_alerts_times_in_order check (seen_at >= raised_at),
  constraint recovery_alerts_policy_version_range check (policy_version >= 0),
  constraint recovery_alerts_counts_complete check (
    (kind = 'escalation') = (threshold is null)
    and (kind = 'escalation') = (window_seconds is null)
    and (kind = 'escalation') = (failures is null)
    and (kind = 'success_rate') = (attempts is not null)
    and failures between 0 and coalesce(attempts, 1000)
    and attempts between 1 and 1000)
) with (fillfactor = 90);
comment on table hansard.recovery_alerts is
  'What was told as recovery:alert: of each kind and subject one after the other, numbered from 1 without gaps.';
comment on column hansard.recovery_alerts.subject is
  'A type of error, redacted (failures); an agent, empty for attempts of none (success_rate); a session (escalation).';
comment on column hansard.recovery_alerts.number is
  'Two transactions that raise the same alert raise the same number, and only one of them does.';
comment on column hansard.recovery_alerts.seen_at is
  'When its condition was last found to hold, to a quarter of the window: the alert is over some time after.';
comment on column hansard.recovery_alerts.threshold is
  'As the policy had it: how many failures, or percent; null of an escalation.';
comment on column hansard.recovery_alerts.attempts is
  'The agent''s attempts within the window, the latest thousand at the most.';
comment on column hansard.recovery_alerts.failures is
  'Those that failed, or the failures of the type of error, a thousand at the most.';
comment on column hansard.recovery_alerts.entry_id is 'The attempt that raised it, and what is known of that.';
-- Serves: the alerts of a tenant, newest first.
create index recovery_alerts_raised_at on hansard.recovery_alerts (tenant_id, raised_at, alert_id);

create trigger recovery_alerts_no_delete before delete on hansard.recovery_alerts
  for each row execute function hansard.refuse_change();
create trigger recovery_alerts_no_truncate before truncate on hansard.recovery_alerts
  for each statement execute function hansard.refuse_change();

alter table hansard.recovery_alerts enable row level security;
alter table hansard.recovery_alerts force row level security;
create policy recovery_alerts_isolation on hansard.recovery_alerts
  to hansard_owner, hansard_service, hansard_retention
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.recovery_alerts to hansard_service;
grant update (seen_at) on hansard.recovery_alerts to hansard_service;

-- An attempt counts for alerts from when it was made, or from when it was received where a client's clock is
-- ahead: so neither what is brought in from the past nor what claims to come from the future is the present.

-- Serves: how often attempts at a type of error have failed lately.
create index recovery_attempts_failures
  on hansard.recovery_attempts (tenant_id, error_type, (least(occurred_at, recorded_at)))
  where not success;
-- Serves: how often an agent's attempts have succeeded lately.
create index recovery_attempts_agent
  on hansard.recovery_attempts (tenant_id, agent_id, (least(occurred_at, recorded_at)));
-- As of the columns themselves: EXPLAIN would tell of what other tenants have.
alter index hansard.recovery_attempts_failures alter column 3 set statistics 0;
alter index hansard.recovery_attempts_agent alter column 3 set statistics 0;

reset role;
