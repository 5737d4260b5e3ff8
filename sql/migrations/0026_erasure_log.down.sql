-- migrate: destructive: erasures that the log of erasures does not have yet (hansard.erasures)
-- migrate: compatible-with: 20
-- The files of the log stay; what is erased from now on is not written to them. When this migration is applied again,
-- the database finds the files and goes on behind the last one.

set local role hansard_owner;

drop function hansard.erase_again(uuid[], bytea[], uuid[], text, text);
drop function hansard.surviving_erasures(uuid[], uuid[], bytea[], uuid[]);
drop policy recovery_keys_due on hansard.recovery_keys;
drop policy recording_keys_due on hansard.recording_keys;
drop function hansard.settle_erasures(bigint);
drop function hansard.cut_erasures(bigint, integer);
drop function hansard.erasure_log_position();
drop function hansard.erasure_log_state();
drop trigger tenant_keys_erasure on hansard.tenant_keys;
drop trigger recovery_keys_erasure on hansard.recovery_keys;
drop trigger recording_keys_erasure on hansard.recording_keys;
drop function hansard.note_erasure();
drop table hansard.erasure_log;
drop table hansard.erasures;

reset role;
