-- migrate: destructive
-- The older schema does not say where callers came from.

set local role hansard_owner;

alter table hansard.canvas_audit drop column peer;

reset role;
