// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres

/// A recording as the database has it: the row and its live counters.
struct StoredRecording: Sendable {
  var recording: Recording
  /// Whether events are accepted.
  var isOpen: Bool
  var counts: EventCounts
  /// The database's clock when the row was read.
  var readAt: Timestamp
  /// The day that names the partition of its events, as `YYYY-MM-DD`.
  var partitionDay: String
  /// Whether the review queue has, or had, the recording: then reviewers read it as if flagged.
  var isInReview: Bool

  var facts: AccessFacts {
    AccessFacts(
      owner: recording.user, agent: recording.agent, isFlagged: recording.isFlagged || isInReview)
  }

  var mention: AuditMention {
    AuditMention(
      recording: recording.id, agent: recording.agent, user: recording.user,
      canvas: recording.canvas, session: recording.session)
  }

  /// - Throws: `recordingExpired` when the content is due to be destroyed; from that moment nobody
  ///   sees it again, however long the destruction takes. A legal hold puts that off.
  func requireUnexpired() throws(DomainError) {
    guard recording.status != .recording, !recording.isHeld, recording.expiresAt <= readAt else {
      return
    }
    throw DomainError(.recordingExpired, "The recording has reached the end of its retention.")
  }
}

/// What `recording_progress` counts, so that nothing scans events.
struct EventCounts: Sendable, Equatable {
  var events: Int64
  var errors: Int64
  var completions: Int64

  /// The generated summary (**seed**): `"2 events recorded, operation completed, errors occurred"`.
  var summary: String {
    var text = events == 1 ? "1 event recorded" : "\(events) events recorded"
    if completions > 0 { text += ", operation completed" }
    if errors > 0 { text += ", errors occurred" }
    return text
  }
}
