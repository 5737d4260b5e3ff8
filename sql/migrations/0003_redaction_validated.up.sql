-- Looks at the events that were there before the checks of migration 2, while the service goes on.

set local role hansard_owner;

alter table hansard.recording_events
  validate constraint recording_events_redaction_policy_range;
alter table hansard.recording_events
  validate constraint recording_events_redactions_complete;
alter table hansard.recording_events
  validate constraint recording_events_payload_length_range;
alter table hansard.canvas_recordings validate constraint canvas_recordings_reason_length;
alter table hansard.canvas_recordings validate constraint canvas_recordings_summary_length;
alter table hansard.canvas_recordings validate constraint canvas_recordings_flag_reason_length;
alter table hansard.recording_flags validate constraint recording_flags_reason_length;

reset role;
