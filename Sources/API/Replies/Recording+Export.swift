// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// A recording without its events, taken away in a list.
extension Recording: Exportable {
  static let exportColumns = [
    "recording_id", "agent_id", "user_id", "canvas_id", "session_id", "reason", "status", "tags",
    "started_at", "stopped_at", "duration_seconds", "summary", "event_count",
    "flagged_for_review", "flag_reason", "flagged_by", "flagged_at", "expires_at",
    "retain_until", "on_hold",
  ]

  var exportCells: [String?] {
    [
      id.description, agent.rawValue, user.rawValue,
      canvas?.rawValue, session?.rawValue, reason,
      status.rawValue, tags.joined(separator: " "),
      startedAt.rfc3339, stoppedAt?.rfc3339,
      durationSeconds?.description, summary,
      String(eventCount), String(isFlagged), flagReason,
      flaggedBy, flaggedAt?.rfc3339, expiresAt.rfc3339,
      retainUntil?.rfc3339, String(isHeld),
    ]
  }

  func writeMembers(to writer: inout JSONWriter) { writer.members(of: self) }
}
