-- Who answers for an agent: nobody reviews the recordings of an agent of their own.

set local role hansard_owner;

-- A period per row. One that has ended stays: who owned an agent while it was recorded does not review that
-- recording later either.
create table hansard.agent_owners (
  tenant_id uuid not null,
  agent_id text not null,
  user_id text not null,
  since timestamptz not null default clock_timestamp(),
  added_by text not null,
  until timestamptz,
  removed_by text,
  constraint agent_owners_pkey primary key (tenant_id, agent_id, user_id, since),
  constraint agent_owners_agent_fkey
    foreign key (tenant_id, agent_id) references hansard.agent_registry (tenant_id, agent_id),
  constraint agent_owners_user_fkey
    foreign key (tenant_id, user_id) references hansard.users (tenant_id, user_id),
  constraint agent_owners_removal_complete check ((until is null) = (removed_by is null)),
  constraint agent_owners_period_ordered check (until >= since)
);
comment on table hansard.agent_owners is
  'Who owns which agent, and did: nobody reviews the recordings of an agent of their own.';
comment on column hansard.agent_owners.until is
  'When they ceased to own it; null while they do.';
comment on column hansard.agent_owners.added_by is 'The actor, as in the audit log.';
-- Serves: the owners of an agent. Says: nobody owns an agent twice at once.
create unique index agent_owners_current on hansard.agent_owners (tenant_id, agent_id, user_id)
  where until is null;

alter table hansard.agent_owners enable row level security;
alter table hansard.agent_owners force row level security;
create policy agent_owners_isolation on hansard.agent_owners
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

grant select, insert on hansard.agent_owners to hansard_service;
grant update (until, removed_by) on hansard.agent_owners to hansard_service;

reset role;
