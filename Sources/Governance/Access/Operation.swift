// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Everything a principal may ask for; the raw value is the `action` of its audit entry.
package enum Operation: String, Sendable, CaseIterable {
  case startRecording = "start_recording"
  case startAutomatically = "auto_recording"
  case appendEvents = "record_event"
  case stopRecording = "stop_recording"
  /// By the service itself, of what nobody has stopped.
  case completeAbandoned = "complete_abandoned_recording"
  case flagRecording = "flag_recording"
  case readRecording = "read_recording"
  case readEvents = "read_events"
  case replayRecording = "replay_recording"
  case exportRecording = "export_recording"
  case listRecordings = "list_recordings"
  case exportRecordings = "export_recordings"
  case watchNotices = "watch_notices"
  case createTicket = "create_ws_ticket"
  case followRecording = "follow_recording"
  case readAgents = "read_agents"
  case manageAgents = "manage_agents"
  case readUsers = "read_users"
  case manageUsers = "manage_users"
  case readKeys = "read_keys"
  case createKey = "create_key"
  case rotateKey = "rotate_key"
  case revokeKey = "revoke_key"
  case readAnalysts = "read_analysts"
  case createAnalyst = "create_analyst"
  case dropAnalyst = "drop_analyst"
  /// By operators, on the keys that everything is wrapped under.
  case rotateMasterKey = "rotate_master_key"
  case rotateTenantKey = "rotate_tenant_key"
  case shredTenantKeys = "shred_tenant_keys"
  /// By operators, in a database that was restored.
  case reapplyErasures = "reapply_erasures"
  case readWebhooks = "read_webhooks"
  case createWebhook = "create_webhook"
  case enableWebhook = "enable_webhook"
  case disableWebhook = "disable_webhook"
  case readRedaction = "read_redaction_policy"
  case manageRedaction = "set_redaction_policy"
  case tryRedaction = "try_redaction"
  case readPolicy = "read_policy"
  case managePolicy = "set_policy"
  case previewRetention = "preview_retention"
  case undoRetention = "undo_retention_change"
  /// By the service itself, when a policy comes into force for what has stopped before.
  case applyRetention = "apply_retention_change"
  case readAudit = "read_audit"
  case exportAudit = "export_audit"
  case placeHold = "place_hold"
  case liftHold = "lift_hold"
  case readHolds = "read_holds"
  case deleteRecording = "delete_recording"
  case approveDeletion = "approve_deletion"
  case refuseDeletion = "refuse_deletion"
  case readDeletions = "read_deletions"
  case readCertificates = "read_purge_certificates"
  case readReviews = "read_reviews"
  case readReviewMetrics = "read_review_metrics"
  case claimReview = "claim_review"
  case releaseReview = "release_review"
  case commentReview = "comment_review"
  case decideReview = "decide_review"
  case reopenReview = "reopen_review"
  case startRecovery = "start_recovery_session"
  case logRecovery = "log_recovery_attempt"
  case listRecoveries = "list_recovery_sessions"
  case findRecovery = "read_recovery_session"
  case readRecoveryHistory = "read_recovery_history"
  case readRecoveryStatistics = "read_recovery_statistics"
  case reportRecovery = "report_recovery"
  case exportRecovery = "export_recovery"
  case clearRecovery = "clear_recovery_session"
  case clearRecoveries = "clear_recovery_sessions"
  /// By the service itself, at the end of their retention.
  case purgeRecoveries = "purge_recovery_sessions"
  /// Likewise.
  case purgeRecordings = "purge_recordings"
  /// By the service itself, where a policy says so.
  case archiveRecording = "archive_recording"
  case totalRecoveries = "read_recovery_totals"
  case readRecoveryAlerts = "read_recovery_alerts"

  /// What the operation works on, as the audit log has it (**seed** `component_type`).
  package var component: String {
    switch self {
    case .readAgents, .manageAgents, .readReviewMetrics: "agent_registry"
    case .readUsers, .manageUsers: "users"
    case .readKeys, .createKey, .rotateKey, .revokeKey: "api_keys"
    case .rotateMasterKey, .rotateTenantKey, .shredTenantKeys, .reapplyErasures: "tenant_keys"
    case .readAnalysts, .createAnalyst, .dropAnalyst: "analysts"
    case .readWebhooks, .createWebhook, .enableWebhook, .disableWebhook: "webhooks"
    case .readRedaction, .manageRedaction, .tryRedaction: "redaction_policy"
    case .readPolicy, .managePolicy, .previewRetention, .undoRetention, .applyRetention:
      "tenant_policy"
    case .readAudit, .exportAudit: "canvas_audit"
    case .watchNotices, .createTicket: "notices"
    case .placeHold, .liftHold, .readHolds: "legal_holds"
    case .approveDeletion, .refuseDeletion, .readDeletions: "recording_deletions"
    case .readCertificates: "purge_certificates"
    case .readReviews, .claimReview, .releaseReview, .commentReview, .decideReview, .reopenReview:
      "reviews"
    case .startRecovery, .logRecovery, .listRecoveries, .findRecovery, .readRecoveryHistory,
      .readRecoveryStatistics, .reportRecovery, .exportRecovery, .clearRecovery, .clearRecoveries,
      .purgeRecoveries, .totalRecoveries, .readRecoveryAlerts:
      "recovery_audit"
    default: "canvas_recording"
    }
  }

  /// Whether it shows what is in a recording or a recovery session, so that its audit entry says who looked.
  package var readsContent: Bool {
    switch self {
    case .readRecording, .readEvents, .replayRecording, .exportRecording, .followRecording: true
    case .readRecoveryHistory, .readRecoveryStatistics, .reportRecovery, .exportRecovery: true
    default: false
    }
  }

  /// Whether it leaves an audit entry when it is allowed; a refusal always does. Events are their own
  /// record.
  package var isAudited: Bool { self != .appendEvents }

  /// What kind of id names the thing that it works on, where a path has one.
  package var idName: String {
    switch component {
    case "agent_registry": "agent_id"
    case "users": "user_id"
    case "api_keys": "key_id"
    case "reviews": "review_id"
    case "webhooks": "webhook_id"
    case "legal_holds": "hold_id"
    case "recording_deletions": "deletion_id"
    case "purge_certificates": "purged_recording_id"
    case "analysts": "login"
    case "recovery_audit": "session_id"
    default: "recording_id"
    }
  }
}
