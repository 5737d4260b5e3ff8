-- A check cannot be made invalid again: it is replaced by one that never was.

set local role hansard_owner;

alter table hansard.recording_events
  drop constraint recording_events_redaction_policy_range,
  add constraint recording_events_redaction_policy_range
    check (redaction_policy >= 0) not valid,
  drop constraint recording_events_redactions_complete,
  add constraint recording_events_redactions_complete check (
    (redacted_families is null) = (redacted_counts is null)
    and cardinality(redacted_families) = cardinality(redacted_counts)) not valid,
  drop constraint recording_events_payload_length_range,
  add constraint recording_events_payload_length_range
    check (payload_length between 1 and 2097152) not valid;
alter table hansard.canvas_recordings
  drop constraint canvas_recordings_reason_length,
  add constraint canvas_recordings_reason_length
    check (octet_length(reason) between 1 and 8000) not valid,
  drop constraint canvas_recordings_summary_length,
  add constraint canvas_recordings_summary_length
    check (octet_length(summary) <= 32000) not valid,
  drop constraint canvas_recordings_flag_reason_length,
  add constraint canvas_recordings_flag_reason_length
    check (octet_length(flag_reason) between 1 and 16000) not valid;
alter table hansard.recording_flags
  drop constraint recording_flags_reason_length,
  add constraint recording_flags_reason_length
    check (octet_length(flag_reason) between 1 and 16000) not valid;

reset role;
