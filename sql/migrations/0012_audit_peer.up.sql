-- Audit entries say which network their caller's connection came from.

set local role hansard_owner;

-- Not validated: what was there before has no peer, and to look at it would hold up a large log for long.
alter table hansard.canvas_audit
  add column peer cidr,
  add constraint canvas_audit_peer_is_network
    check (masklen(peer) = case family(peer) when 4 then 24 else 48 end) not valid;
comment on column hansard.canvas_audit.peer is
  'The /24 or /48 of the other end of the connection, which is a proxy where there is one before the service; '
  'null: operators'' commands, the service itself, and what was before there was this column.';

reset role;
