-- Tickets: what opens one WebSocket for a page in a browser, which cannot send Authorization with it.

set local role hansard_owner;

create table hansard.websocket_tickets (
  tenant_id uuid not null,
  ticket_hash bytea not null,
  key_id uuid not null,
  token_expires_at timestamptz,
  issued_at timestamptz not null default clock_timestamp(),
  expires_at timestamptz not null,
  used_at timestamptz,
  constraint websocket_tickets_pkey primary key (tenant_id, ticket_hash),
  constraint websocket_tickets_key_fkey
    foreign key (tenant_id, key_id) references hansard.api_keys (tenant_id, key_id),
  constraint websocket_tickets_hash_length check (length(ticket_hash) = 32)
) with (fillfactor = 70);
comment on table hansard.websocket_tickets is
  'What opens one WebSocket, within half a minute; kept until it has expired.';
comment on column hansard.websocket_tickets.ticket_hash is
  'SHA-256 of the ticket''s secret, 256 random bits as text.';
comment on column hansard.websocket_tickets.key_id is
  'The API key that asked, or the entry that stands for a user''s tokens: whoever uses the ticket is it.';
comment on column hansard.websocket_tickets.token_expires_at is
  'When the token ends that asked: so does the connection; null for an API key.';
comment on column hansard.websocket_tickets.used_at is
  'When it was used, or had to make room for a newer one of its key.';
-- Serves: the newest tickets of a key.
create index websocket_tickets_key on hansard.websocket_tickets (tenant_id, key_id, issued_at);
-- Serves: the tickets that have expired.
create index websocket_tickets_expiry on hansard.websocket_tickets (tenant_id, expires_at);

alter table hansard.websocket_tickets enable row level security;
alter table hansard.websocket_tickets force row level security;
create policy websocket_tickets_isolation on hansard.websocket_tickets
  using (tenant_id = hansard.tenant()) with check (tenant_id = hansard.tenant());

create function hansard.trim_websocket_tickets() returns void
  language sql
  security definer
  set search_path = pg_catalog
begin atomic
  delete from hansard.websocket_tickets as t
  where t.tenant_id = hansard.tenant()
    and t.ticket_hash in (
      select o.ticket_hash
      from hansard.websocket_tickets as o
      where o.tenant_id = hansard.tenant()
        and o.expires_at <= now()
      order by o.expires_at
      limit 100
      for update skip locked);
end;
comment on function hansard.trim_websocket_tickets() is
  'Deletes tickets of the tenant that have expired, a hundred at the most.';
revoke all on function hansard.trim_websocket_tickets() from public;
grant execute on function hansard.trim_websocket_tickets() to hansard_service;

grant select, insert on hansard.websocket_tickets to hansard_service;
grant update (used_at) on hansard.websocket_tickets to hansard_service;

reset role;
