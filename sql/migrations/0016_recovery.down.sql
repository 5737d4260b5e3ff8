-- migrate: destructive
-- The older schema has no place for recovery sessions. What was told of attempts in recordings stays.

set local role hansard_owner;

drop function hansard.clear_recovery_sessions(text, text, text);
drop table hansard.recovery_attempts;
drop table hansard.recovery_keys;
drop table hansard.recovery_files;
drop table hansard.recovery_sessions;
drop function hansard.require_tombstone();
drop function hansard.add_recovery_files();
drop function hansard.forget_recovery_files();

reset role;
