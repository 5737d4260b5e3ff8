// Hansard
// SPDX-License-Identifier: Apache-2.0

/// The columns of version 1 of schema compliance, each with its view and type.
///
/// Only added to: a column that is renamed, removed or of another type is another version.
enum ComplianceColumns {
  static let versionOne: Set<String> = Set(
    columns.split(separator: "\n").map(String.init))

  private static let columns = """
    access_log.audit_id uuid
    access_log.occurred_at timestamp with time zone
    access_log.request_id uuid
    access_log.actor text
    access_log.actor_role text
    access_log.key_id uuid
    access_log.action text
    access_log.outcome text
    access_log.refusal_reason text
    access_log.recording_id uuid
    access_log.agent_id text
    access_log.user_id text
    access_log.recovery_session_id text

    agent_maturity.agent_id text
    agent_maturity.previous_maturity text
    agent_maturity.maturity text
    agent_maturity.valid_from timestamp with time zone
    agent_maturity.valid_until timestamp with time zone
    agent_maturity.changed_by text
    agent_maturity.changed_by_role text

    agents.agent_id text
    agents.name text
    agents.maturity text
    agents.is_registered boolean
    agents.autonomous_since timestamp with time zone
    agents.created_at timestamp with time zone
    agents.updated_at timestamp with time zone

    audit_log.audit_id uuid
    audit_log.occurred_at timestamp with time zone
    audit_log.request_id uuid
    audit_log.actor text
    audit_log.actor_role text
    audit_log.key_id uuid
    audit_log.component text
    audit_log.action text
    audit_log.outcome text
    audit_log.refusal_reason text
    audit_log.is_emergency_bypass boolean
    audit_log.recording_id uuid
    audit_log.agent_id text
    audit_log.user_id text
    audit_log.canvas_id text
    audit_log.session_id text

    daily_activity.day date
    daily_activity.agent_id text
    daily_activity.recordings bigint
    daily_activity.completed bigint
    daily_activity.failed bigint
    daily_activity.still_open bigint
    daily_activity.flagged bigint
    daily_activity.users bigint
    daily_activity.events numeric
    daily_activity.errors numeric
    daily_activity.duration_seconds double precision

    event_redactions.recording_id uuid
    event_redactions.seq bigint
    event_redactions.event_type text
    event_redactions.occurred_at timestamp with time zone
    event_redactions.family text
    event_redactions.redaction_count integer
    event_redactions.expires_on date

    events.recording_id uuid
    events.seq bigint
    events.event_id uuid
    events.event_type text
    events.occurred_at timestamp with time zone
    events.recorded_at timestamp with time zone
    events.recorded_by text
    events.payload_bytes integer
    events.redaction_count bigint
    events.redaction_policy_version integer
    events.expires_on date

    flags.flag_id uuid
    flags.recording_id uuid
    flags.agent_id text
    flags.user_id text
    flags.flagged_at timestamp with time zone
    flags.flagged_by text
    flags.flag_reason text

    purges.subject text
    purges.subject_id text
    purges.agent_id text
    purges.user_id text
    purges.started_at timestamp with time zone
    purges.purged_at timestamp with time zone
    purges.purged_by text
    purges.cause text
    purges.reason text
    purges.destroyed_count bigint

    recordings.recording_id uuid
    recordings.agent_id text
    recordings.agent_maturity text
    recordings.user_id text
    recordings.canvas_id text
    recordings.session_id text
    recordings.reason text
    recordings.tags text[]
    recordings.status text
    recordings.started_at timestamp with time zone
    recordings.stopped_at timestamp with time zone
    recordings.duration_seconds double precision
    recordings.event_count bigint
    recordings.error_count bigint
    recordings.completion_count bigint
    recordings.last_event_at timestamp with time zone
    recordings.is_flagged boolean
    recordings.flag_reason text
    recordings.flagged_by text
    recordings.flagged_at timestamp with time zone
    recordings.expires_at timestamp with time zone
    recordings.expires_on date
    recordings.updated_at timestamp with time zone

    recovery_attempts.session_id text
    recovery_attempts.position bigint
    recovery_attempts.entry_id text
    recovery_attempts.occurred_at timestamp with time zone
    recovery_attempts.recorded_at timestamp with time zone
    recovery_attempts.recorded_by text
    recovery_attempts.agent_id text
    recovery_attempts.user_id text
    recovery_attempts.canvas_id text
    recovery_attempts.error_type text
    recovery_attempts.strategy text
    recovery_attempts.attempt_number bigint
    recovery_attempts.success boolean
    recovery_attempts.rollback_performed boolean
    recovery_attempts.next_action text
    recovery_attempts.duration_seconds numeric
    recovery_attempts.recording_id uuid
    recovery_attempts.event_id uuid
    recovery_attempts.event_seq bigint
    recovery_attempts.payload_bytes integer
    recovery_attempts.redaction_count bigint
    recovery_attempts.redaction_policy_version integer

    recovery_retention.session_id text
    recovery_retention.agent_id text
    recovery_retention.user_id text
    recovery_retention.started_at timestamp with time zone
    recovery_retention.retention_days double precision
    recovery_retention.expires_at timestamp with time zone
    recovery_retention.is_expired boolean

    recovery_sessions.session_id text
    recovery_sessions.agent_id text
    recovery_sessions.user_id text
    recovery_sessions.started_at timestamp with time zone
    recovery_sessions.started_by text
    recovery_sessions.attempt_count bigint
    recovery_sessions.expires_at timestamp with time zone
    recovery_sessions.is_expired boolean
    recovery_sessions.purged_at timestamp with time zone

    recovery_statistics.session_id text
    recovery_statistics.agent_id text
    recovery_statistics.user_id text
    recovery_statistics.session_start timestamp with time zone
    recovery_statistics.total_attempts bigint
    recovery_statistics.successful_attempts bigint
    recovery_statistics.failed_attempts bigint
    recovery_statistics.success_rate numeric
    recovery_statistics.total_duration_seconds numeric
    recovery_statistics.average_duration_seconds numeric
    recovery_statistics.files_modified_count bigint
    recovery_statistics.rollback_count bigint
    recovery_statistics.first_attempt_timestamp timestamp with time zone
    recovery_statistics.last_attempt_timestamp timestamp with time zone

    retention.recording_id uuid
    retention.agent_id text
    retention.user_id text
    retention.status text
    retention.started_at timestamp with time zone
    retention.stopped_at timestamp with time zone
    retention.retention_days double precision
    retention.expires_at timestamp with time zone
    retention.is_expired boolean
    retention.expires_on date

    retention_policies.version integer
    retention_policies.retention_days integer
    retention_policies.review_sample_percent double precision
    retention_policies.new_autonomy_reviews integer
    retention_policies.requires_four_eyes boolean
    retention_policies.events_per_day bigint
    retention_policies.recordings_per_day bigint
    retention_policies.set_by text
    retention_policies.valid_from timestamp with time zone
    retention_policies.valid_until timestamp with time zone
    retention_policies.retention_profile text
    retention_policies.minimum_retention_days integer

    review_steps.step_id uuid
    review_steps.review_id uuid
    review_steps.recording_id uuid
    review_steps.step text
    review_steps.actor text
    review_steps.occurred_at timestamp with time zone
    review_steps.verdict text
    review_steps.overall_rating integer
    review_steps.performance_rating integer
    review_steps.safety_rating integer

    reviews.review_id uuid
    reviews.recording_id uuid
    reviews.agent_id text
    reviews.user_id text
    reviews.source text
    reviews.state text
    reviews.is_stale boolean
    reviews.opened_at timestamp with time zone
    reviews.reopened_at timestamp with time zone
    reviews.due_at timestamp with time zone
    reviews.is_late boolean
    reviews.claimed_by text
    reviews.claimed_until timestamp with time zone
    reviews.verdict text
    reviews.decided_by text
    reviews.decided_at timestamp with time zone
    reviews.turnaround_hours double precision

    tenant.name text
    tenant.retention_days integer
    tenant.created_at timestamp with time zone
    tenant.minimum_retention_days integer

    version.version integer
    """
}
