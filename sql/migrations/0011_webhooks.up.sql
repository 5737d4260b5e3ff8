-- Webhooks: where a tenant's notices are sent, and how far each has come.

set local role hansard_owner;

create table hansard.webhooks (
  tenant_id uuid not null,
  webhook_id uuid not null,
  url text not null,
  notice_types text[],
  tenant_key_id uuid not null,
  secret bytea not null,
  created_at timestamptz not null default now(),
  created_by text not null,
  disabled_at timestamptz,
  disabled_by text,
  disabled_reason text,
  place_xid bigint not null,
  place_id bigint not null,
  delivered_at timestamptz,
  failures integer not null default 0,
  failing_since timestamptz,
  last_failure text,
  attempt_at timestamptz not null default now(),
  leased_by uuid,
  leased_until timestamptz,
  constraint webhooks_pkey primary key (tenant_id, webhook_id),
  constraint webhooks_tenant_fkey foreign key (tenant_id) references hansard.tenants (tenant_id),
  constraint webhooks_tenant_key_fkey
    foreign key (tenant_id, tenant_key_id)
    references hansard.tenant_keys (tenant_id, tenant_key_id),
  constraint webhooks_url_length check (octet_length(url) between 8 and 2048),
  constraint webhooks_types_count check (cardinality(notice_types) between 1 and 64),
  constraint webhooks_secret_length check (length(secret) between 1 and 256),
  constraint webhooks_disabling_complete check (
    (disabled_at is null) = (disabled_by is null)
    and (disabled_at is null) = (disabled_reason is null)),
  constraint webhooks_disabled_reason_known check (disabled_reason in ('asked', 'gone', 'failing')),
  constraint webhooks_failures_not_negative check (failures >= 0),
  constraint webhooks_failing_complete check ((failures = 0) = (failing_since is null)),
  constraint webhooks_lease_complete check ((leased_by is null) = (leased_until is null))
) with (fillfactor = 70);
comment on table hansard.webhooks is
  'Where notices are sent; a webhook that is not wanted any more is disabled and stays.';
comment on column hansard.webhooks.notice_types is 'Which notices are sent; null: all.';
comment on column hansard.webhooks.secret is
  'XAES-256-GCM under the tenant key: what signs the messages.';
comment on column hansard.webhooks.place_xid is
  'The last notice that was delivered or passed over: what comes behind (place_xid, place_id) is to be told.';
comment on column hansard.webhooks.failures is 'Attempts that failed since the last that did not.';
comment on column hansard.webhooks.attempt_at is 'When the next attempt is due.';
comment on column hansard.webhooks.leased_by is
  'The instance that delivers at the moment; another one may once leased_until has passed.';
-- Serves: what is due, over all tenants.
create index webhooks_attempt_at on hansard.webhooks (attempt_at) where disabled_at is null;
-- Ciphertext: compressing it costs time and gains nothing.
alter table hansard.webhooks alter column secret set storage external;

alter table hansard.webhooks enable row level security;
alter table hansard.webhooks force row level security;
create policy webhooks_isolation on hansard.webhooks
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());
-- hansard_owner cannot log in: these open the tables to due_webhooks alone.
create policy webhooks_due on hansard.webhooks for select to hansard_owner using (true);
create policy notices_due on hansard.notices for select to hansard_owner using (true);

create function hansard.due_webhooks(most integer)
  returns table (tenant_id uuid, webhook_id uuid)
  language sql
  stable
  security definer
  set search_path = pg_catalog
begin atomic
  select w.tenant_id, w.webhook_id
  from hansard.webhooks as w
  where w.disabled_at is null
    and w.attempt_at <= clock_timestamp()
    and (w.leased_until is null or w.leased_until <= clock_timestamp())
    and (
      w.place_xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint
      or exists (
        select
        from hansard.notices as n
        where n.tenant_id = w.tenant_id
          and (n.xid, n.notice_id) > (w.place_xid, w.place_id)))
  order by w.attempt_at
  limit most;
end;
comment on function hansard.due_webhooks(integer) is
  'Which webhooks have something to tell and may be tried: asked of no tenant, and tells ids only.';
revoke all on function hansard.due_webhooks(integer) from public;
grant execute on function hansard.due_webhooks(integer) to hansard_service;

grant select, insert on hansard.webhooks to hansard_service;
grant update (
  disabled_at, disabled_by, disabled_reason, place_xid, place_id, delivered_at, failures,
  failing_since, last_failure, attempt_at, leased_by, leased_until)
  on hansard.webhooks to hansard_service;

reset role;
