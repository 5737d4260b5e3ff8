-- migrate: destructive: what rotated tenant keys have taken over: redacted secrets, files and requests are recognised anew
-- migrate: compatible-with: 20
-- Rotate tenant keys when all instances know how: an older version does not recognise what the new key took over.
-- What is wrapped stays as it is and opens as before. A rotation that is not over stays so until this migration is
-- applied again.

set local role hansard_owner;

drop function hansard.shred_tenant_keys(text, text);
drop function hansard.remove_tenant_key(uuid);
drop function hansard.rewrap_answers(uuid, text[], bytea[], bytea[]);
drop function hansard.rewrap_webhook_secrets(uuid, text[], bytea[], bytea[]);
drop function hansard.rewrap_recovery_keys(uuid, text[], bytea[], bytea[]);
drop function hansard.rewrap_recording_keys(uuid, text[], bytea[], bytea[]);
drop function hansard.replace_tenant_key(uuid, uuid, text, bytea, bytea, bytea);
drop function hansard.active_tenant_key();
drop function hansard.rewrap_tenant_key(uuid, bytea, bytea, text, bytea);
drop function hansard.tenants_under_other_master_keys(text, uuid, integer);
drop function hansard.master_key_references();

comment on column hansard.tenant_keys.state is null;
alter table hansard.tenant_keys drop column recognition;

reset role;
