// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

extension StoredRecording {
  /// The columns that `init(_:)` reads, of `canvas_recordings` as r and `recording_progress` as p.
  ///
  /// Not `exists`: PostgreSQL may answer that by a table of all the tenant's reviews, for a page of recordings.
  static let columns = """
    r.recording_id, r.agent_id, r.user_id, r.canvas_id, r.session_id, r.reason, r.status, r.tags,
    r.started_at, r.stopped_at, r.duration_seconds, r.summary,
    r.recording_metadata ->> 'agent_name', r.recording_metadata ->> 'agent_maturity',
    r.flagged_for_review, r.flag_reason, r.flagged_by, r.flagged_at, r.expires_at, r.storage_url,
    r.created_at, r.updated_at, r.retain_until, r.hold_count > 0, p.is_open, p.event_count,
    p.error_count, p.completion_count, clock_timestamp(), p.expires_on::text, (
      select true
      from hansard.reviews as v
      where v.tenant_id = r.tenant_id
        and v.recording_id = r.recording_id
    ) is not null
    """

  /// Reads `columns`.
  init(_ row: Row) throws {
    var column = row.reader()
    recording = try Recording(reading: &column)
    isOpen = try column.next()
    counts = EventCounts(
      events: try column.next(), errors: try column.next(), completions: try column.next())
    readAt = try column.next()
    partitionDay = try column.next()
    isInReview = try column.next()
    recording.eventCount = counts.events
  }
}

extension Recording {
  fileprivate init(reading column: inout RowReader) throws {
    id = try column.serverID()
    agent = try column.callerID()
    user = try column.callerID()
    canvas = try column.optionalCallerID()
    session = try column.optionalCallerID()
    reason = try column.next()
    status = try column.word()
    tags = try column.next()
    startedAt = try column.next()
    stoppedAt = try column.next()
    durationSeconds = try column.next()
    summary = try column.next()
    metadata = Metadata(
      agentName: try column.next(), agentMaturity: try column.word(), startedAt: startedAt)
    isFlagged = try column.next()
    flagReason = try column.next()
    flaggedBy = try column.next()
    flaggedAt = try column.next()
    expiresAt = try column.next()
    storageURL = try column.next()
    createdAt = try column.next()
    updatedAt = try column.next()
    retainUntil = try column.next()
    isHeld = try column.next()
    eventCount = 0
  }
}

extension Recording.Metadata {
  /// `{"agent_name": …, "agent_maturity": …, "started_at": …}` (**seed**).
  var json: JSONText {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("agent_name")
    writer.string(agentName)
    writer.key("agent_maturity")
    writer.string(agentMaturity.rawValue)
    writer.key("started_at")
    writer.string(startedAt.rfc3339)
    writer.endObject()
    return JSONText(String(decoding: writer.bytes, as: UTF8.self))
  }
}

extension Recording.Flag {
  /// Reads flag_id, flag_reason, flagged_by, flagged_at.
  init(reading row: Row) throws {
    var column = row.reader()
    id = try column.serverID()
    reason = try column.next()
    flaggedBy = try column.next()
    flaggedAt = try column.next()
  }
}
