// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// The members of a recovery session, or of its tombstone; the object around them is the caller's.
  mutating func members(of session: RecoverySession) {
    member("session_id", session.id.rawValue)
    member("session_start", session.startedAt)
    member("agent_id", session.agent?.rawValue)
    member("user_id", session.user?.rawValue)
    member("started_by", session.startedBy)
    key("attempt_count")
    int(session.attemptCount)
    member("expires_at", session.expiresAt)
    member("cleared_at", session.tombstone?.clearedAt)
    member("cleared_by", session.tombstone?.clearedBy)
    member("clear_cause", session.tombstone?.cause.rawValue)
    member("clear_reason", session.tombstone?.reason)
    key("cleared_attempts")
    int(session.tombstone?.attempts)
  }

  /// The receipt of an attempt.
  mutating func receipt(_ receipt: RecoveryReceipt) {
    object { writer in
      writer.member("session_id", receipt.session.rawValue)
      writer.member("entry_id", receipt.entry)
      writer.key("attempt_number")
      writer.int(receipt.number)
      writer.member("recorded_at", receipt.recordedAt)
      guard let event = receipt.event else { return }
      writer.member("recording_id", event.recording)
      writer.member("event_id", event.event)
      writer.key("seq")
      writer.int(event.seq)
    }
  }

  /// The fourteen members of an entry (**seed**, in its order); the object around them is the caller's.
  mutating func entryMembers(of attempt: RecoveryAttempt) {
    member("entry_id", attempt.entry)
    member("timestamp", attempt.timestamp)
    member("session_id", attempt.session.rawValue)
    member("error_type", attempt.errorType)
    member("strategy", attempt.strategy)
    key("attempt_number")
    int(attempt.number)
    key("success")
    bool(attempt.success)
    raw("changes_made", attempt.content[.changesMade], orElse: "[]")
    raw("files_modified", attempt.content[.filesModified], orElse: "[]")
    key("rollback_performed")
    bool(attempt.rollbackPerformed)
    member("next_action", attempt.nextAction)
    key("duration_seconds")
    raw(attempt.durationSeconds.utf8)
    raw("error_message", attempt.content[.errorMessage], orElse: #""""#)
    raw("recovery_message", attempt.content[.recoveryMessage], orElse: #""""#)
  }

  /// What else is known of an attempt; the object around them is the caller's.
  mutating func furtherMembers(of attempt: RecoveryAttempt) {
    for name in [
      RecoveryContent.Member.errorAfter, .source, .stackTrace, .file, .line, .context,
    ] { raw(name.rawValue, attempt.content[name], orElse: "null") }
    member("agent_id", attempt.agent?.rawValue)
    member("user_id", attempt.user?.rawValue)
    member("canvas_id", attempt.canvas?.rawValue)
    member("recording_id", attempt.event?.recording)
    member("event_id", attempt.event?.event)
    key("seq")
    int(attempt.event?.seq)
    member("recorded_at", attempt.recordedAt)
    member("recorded_by", attempt.recordedBy)
    key("redactions")
    counts(attempt.redactions)
  }

  /// The statistics of a session (**seed**, in its order).
  mutating func statistics(_ statistics: RecoveryStatistics, of session: RecoverySession) {
    object { writer in
      writer.member("session_id", session.id.rawValue)
      writer.member("session_start", session.startedAt)
      writer.counts(of: statistics)
      writer.shares(of: statistics)
      writer.durations(of: statistics)
      writer.member("files_modified", statistics.files)
      writer.ends(of: statistics)
    }
  }

  /// What attempts across sessions add up to.
  mutating func totals(_ totals: RecoveryTotals) {
    object { writer in
      writer.key("total_sessions")
      writer.int(totals.all.sessions)
      writer.counts(of: totals.all)
      writer.shares(of: totals.all)
      writer.durations(of: totals.all)
      writer.ends(of: totals.all)
      writer.member("group_by", totals.grouping?.rawValue)
      writer.key("groups")
      writer.array { writer in
        for group in totals.groups { writer.group(group) }
      }
      writer.key("groups_cut")
      writer.bool(totals.isCut)
    }
  }

  private mutating func group(_ group: RecoveryTotals.Group) {
    object { writer in
      writer.member("key", group.key)
      writer.key("total_sessions")
      writer.int(group.statistics.sessions)
      writer.counts(of: group.statistics)
      writer.durations(of: group.statistics)
      writer.ends(of: group.statistics)
    }
  }

  private mutating func counts(of statistics: RecoveryStatistics) {
    key("total_attempts")
    int(statistics.attempts)
    key("successful_attempts")
    int(statistics.successes)
    key("failed_attempts")
    int(statistics.failures)
    key("success_rate")
    raw(statistics.successRate.utf8)
  }

  private mutating func shares(of statistics: RecoveryStatistics) {
    shares("strategies_used", statistics.strategies)
    shares("error_type_distribution", statistics.errorTypes)
  }

  private mutating func shares(_ name: String, _ shares: [RecoveryStatistics.Share]) {
    key(name)
    object { writer in
      for share in shares {
        writer.key(share.word)
        writer.int(share.count)
      }
    }
  }

  private mutating func durations(of statistics: RecoveryStatistics) {
    key("total_duration_seconds")
    raw(statistics.totalSeconds.utf8)
    key("average_duration_seconds")
    raw(statistics.averageSeconds.utf8)
    key("files_modified_count")
    int(statistics.fileCount)
  }

  private mutating func ends(of statistics: RecoveryStatistics) {
    key("rollback_count")
    int(statistics.rollbacks)
    member("first_attempt_timestamp", statistics.firstAt)
    member("last_attempt_timestamp", statistics.lastAt)
  }

  private mutating func raw(_ name: String, _ value: JSONValue?, orElse text: String) {
    key(name)
    if let value { raw(value.rawBytes) } else { raw(text.utf8) }
  }
}
