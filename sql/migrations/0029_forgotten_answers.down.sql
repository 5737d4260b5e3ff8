-- migrate: compatible-with: 20
-- Answers that were emptied stay so: their requests are not done again.

set local role hansard_owner;

drop trigger recovery_keys_forget on hansard.recovery_keys;
drop trigger recording_keys_forget on hansard.recording_keys;
drop function hansard.forget_of_recovery_sessions();
drop function hansard.forget_of_recordings();
drop index hansard.idempotency_keys_session;
drop index hansard.idempotency_keys_recording;
comment on column hansard.idempotency_keys.answer is
  'XAES-256-GCM under the tenant key: status, location and body.';
alter table hansard.idempotency_keys
  drop constraint idempotency_keys_one_subject,
  drop column session_id,
  drop column recording_id;

reset role;
