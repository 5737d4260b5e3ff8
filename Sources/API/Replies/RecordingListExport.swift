// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

/// A list of recordings without their events, written page by page.
struct RecordingListExport: Export {
  let pages: ExportPages<Recording>
  /// Whether it goes on behind what was taken before.
  let isContinued: Bool

  /// An array.
  @Sendable func json(_ emit: Reply.Emit) async throws {
    var writer = JSONWriter()
    writer.beginArray()
    try await pages.forEach { recordings in
      for recording in recordings { writer.object { $0.members(of: recording) } }
      try await emit(writer.takeBytes())
    }
    writer.endArray()
    try await emit(writer.takeBytes())
  }

  /// A line for each.
  @Sendable func lines(_ emit: Reply.Emit) async throws {
    try await pages.forEach { recordings in
      try await emit(
        recordings.flatMap { recording in JSONLine.make { $0.members(of: recording) } })
    }
  }

  private static let columns = [
    "recording_id", "agent_id", "user_id", "canvas_id", "session_id", "reason", "status", "tags",
    "started_at", "stopped_at", "duration_seconds", "summary", "event_count",
    "flagged_for_review", "flag_reason", "flagged_by", "flagged_at", "expires_at",
  ]

  /// A row of names, then a row for each.
  @Sendable func rows(_ emit: Reply.Emit) async throws {
    var csv = CSVWriter()
    if !isContinued { csv.row(Self.columns) }
    try await pages.forEach { recordings in
      for recording in recordings { csv.row(Self.cells(of: recording)) }
      try await emit(csv.takeBytes())
    }
  }

  private static func cells(of recording: Recording) -> [String?] {
    [
      recording.id.description, recording.agent.rawValue, recording.user.rawValue,
      recording.canvas?.rawValue, recording.session?.rawValue, recording.reason,
      recording.status.rawValue, recording.tags.joined(separator: " "),
      recording.startedAt.rfc3339, recording.stoppedAt?.rfc3339,
      recording.durationSeconds?.description, recording.summary,
      String(recording.eventCount), String(recording.isFlagged), recording.flagReason,
      recording.flaggedBy, recording.flaggedAt?.rfc3339, recording.expiresAt.rfc3339,
    ]
  }
}
