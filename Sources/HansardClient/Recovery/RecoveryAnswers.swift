// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

/// An attempt as it is stored: the fourteen fields of every form, and what else was said of it.
/// Texts are redacted.
public struct RecoveryEntry: Sendable, Hashable {
  /// `entry_…`
  public var entryID: String
  /// When, RFC 3339.
  public var timestamp: String
  /// Its session.
  public var sessionID: String
  /// The kind of error that it was about.
  public var errorType: String
  /// How it was tried.
  public var strategy: RecoveryStrategy
  /// Its number in the session.
  public var attemptNumber: Int
  /// Whether it worked.
  public var success: Bool
  /// What was changed.
  public var changesMade: [String]
  /// Paths of what was changed.
  public var filesModified: [String]
  /// Whether changes were undone.
  public var rollbackPerformed: Bool
  /// What was done next.
  public var nextAction: String?
  /// How long it took.
  public var durationSeconds: Double
  /// What the error said.
  public var errorMessage: String?
  /// What the recovery said.
  public var recoveryMessage: String?
  /// The error that was there afterwards: one JSON value, since the service takes any. A
  /// ``RecoveryAttempt`` sends a string.
  public var errorAfter: [UInt8]?
  /// Who reported the error: `linter`.
  public var source: String?
  /// Where it came from.
  public var stackTrace: String?
  /// The file that it was in.
  public var file: String?
  /// The line.
  public var line: Int?
  /// Anything else: one JSON value, byte for byte as it was sent but for what was redacted.
  public var context: [UInt8]?
  /// Which agent tried; the session's where the attempt named none.
  public var agentID: String?
  /// In whose name; the session's user where the attempt named none.
  public var userID: String?
  /// Where.
  public var canvasID: String?
  /// The recording that tells of it in its timeline, if it was made in one.
  public var recordingID: String?
}

/// The statistics of a session.
public struct RecoveryStatistics: Sendable, Hashable {
  /// Which session.
  public var sessionID: String
  /// When it began, RFC 3339.
  public var sessionStart: String?
  /// All attempts.
  public var totalAttempts: Int
  /// Those that worked.
  public var successfulAttempts: Int
  /// Those that did not.
  public var failedAttempts: Int
  /// Per cent, two decimals.
  public var successRate: Double
  /// How often each strategy was used.
  public var strategiesUsed: [String: Int]
  /// How often each kind of error came.
  public var errorTypeDistribution: [String: Int]
  /// Seconds in all, three decimals.
  public var totalDurationSeconds: Double
  /// Seconds on average, three decimals.
  public var averageDurationSeconds: Double
  /// How many different files were changed.
  public var filesModifiedCount: Int
  /// Which.
  public var filesModified: [String]
  /// How often changes were undone.
  public var rollbackCount: Int
  /// The earliest attempt.
  public var firstAttemptTimestamp: String?
  /// The latest.
  public var lastAttemptTimestamp: String?
}

/// The forms of an export.
public enum RecoveryExportFormat: String, Sendable, Hashable, CaseIterable {
  /// One object with its entries.
  case json
  /// A row of names, and one for each entry.
  case csv
}

/// The service's word that an attempt is kept.
public struct RecoveryReceipt: Sendable, Hashable {
  /// Its session.
  public var sessionID: String
  /// Its id.
  public var entryID: String
  /// Its number in the session.
  public var attemptNumber: Int
  /// When it was stored, RFC 3339: the first time, where it had been sent before.
  public var recordedAt: String
  /// The recording that tells of it in its timeline, if it was made in one.
  public var recordingID: String?
  /// The event's place there.
  public var seq: Int64?
}

extension RecoveryEntry {
  init(_ value: JSONValue) throws(HansardClientError) {
    entryID = try value.needText("entry_id")
    timestamp = try value.needText("timestamp")
    sessionID = try value.needText("session_id")
    errorType = try value.needText("error_type")
    strategy = RecoveryStrategy(rawValue: try value.needText("strategy"))
    attemptNumber = value.count("attempt_number")
    success = value["success"]?.bool() ?? false
    changesMade = value.texts("changes_made")
    filesModified = value.texts("files_modified")
    rollbackPerformed = value["rollback_performed"]?.bool() ?? false
    nextAction = value.optionalText("next_action")
    durationSeconds = value["duration_seconds"]?.double() ?? 0
    errorMessage = value.optionalText("error_message")
    recoveryMessage = value.optionalText("recovery_message")
    errorAfter = value.optionalJSON("error_after")
    source = value.optionalText("source")
    stackTrace = value.optionalText("stack_trace")
    file = value.optionalText("file")
    line = value["line"]?.integer().flatMap { Int(exactly: $0) }
    context = value.optionalJSON("context")
    agentID = value.optionalText("agent_id")
    userID = value.optionalText("user_id")
    canvasID = value.optionalText("canvas_id")
    recordingID = value.optionalText("recording_id")
  }
}

extension RecoveryStatistics {
  init(_ value: JSONValue) throws(HansardClientError) {
    sessionID = try value.needText("session_id")
    sessionStart = value.optionalText("session_start")
    totalAttempts = Int(clamping: try value.needInteger("total_attempts"))
    successfulAttempts = value.count("successful_attempts")
    failedAttempts = value.count("failed_attempts")
    successRate = value["success_rate"]?.double() ?? 0
    strategiesUsed = value.counts("strategies_used")
    errorTypeDistribution = value.counts("error_type_distribution")
    totalDurationSeconds = value["total_duration_seconds"]?.double() ?? 0
    averageDurationSeconds = value["average_duration_seconds"]?.double() ?? 0
    filesModifiedCount = value.count("files_modified_count")
    filesModified = value.texts("files_modified")
    rollbackCount = value.count("rollback_count")
    firstAttemptTimestamp = value.optionalText("first_attempt_timestamp")
    lastAttemptTimestamp = value.optionalText("last_attempt_timestamp")
  }
}

extension RecoveryReceipt {
  init(_ value: JSONValue) throws(HansardClientError) {
    sessionID = try value.needText("session_id")
    entryID = try value.needText("entry_id")
    attemptNumber = Int(clamping: try value.needInteger("attempt_number"))
    recordedAt = try value.needText("recorded_at")
    recordingID = value.optionalText("recording_id")
    seq = value["seq"]?.integer()
  }
}
