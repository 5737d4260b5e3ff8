// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection

/// What subscribers are told: something that happened in their tenant, and is committed.
///
/// One object for all who are told: handing it to thousands costs counting one reference each.
package final class Notice: Sendable {
  /// What happened; the raw value is the message's `type`.
  package enum Kind: String, Sendable, CaseIterable {
    /// **seed**
    case recordingStarted = "canvas:recording_started"
    /// **seed**
    case recordingStopped = "canvas:recording_stopped"
    case recordingFlagged = "canvas:recording_flagged"
    case recordingReviewed = "canvas:recording_reviewed"
    case attemptLogged = "recovery:attempt_logged"
    case recoveryAlert = "recovery:alert"
    /// A webhook was disabled by the service.
    case webhookDisabled = "webhook:disabled"
  }

  /// Its place in the order of the tenant's notices.
  let place: NoticePlace
  /// The user whom it concerns; nil: only those who are told of everything.
  let owner: UserID?
  /// The message's `type`.
  package let type: String
  /// nil: a kind that this version does not know.
  let kind: Kind?
  /// The message's `data`, a JSON object.
  package let content: [UInt8]
  /// When it happened.
  let createdAt: Timestamp
  /// Hands out everything behind this notice.
  package let cursor: Cursor
  /// The whole message `{"id", "type", "data"}`, written once for all who are told.
  package let message: [UInt8]

  init(
    place: NoticePlace, type: String, owner: UserID?, content: [UInt8], createdAt: Timestamp,
    cursor: Cursor
  ) {
    self.place = place
    self.type = type
    kind = Kind(rawValue: type)
    self.owner = owner
    self.content = content
    self.createdAt = createdAt
    self.cursor = cursor
    var writer = JSONWriter(reservingCapacity: content.count + 160)
    writer.object { writer in
      writer.member("id", cursor.text)
      writer.member("type", type)
      writer.key("data")
      writer.raw(content)
    }
    message = writer.bytes
  }

  /// About what it takes to keep, in bytes.
  var weight: Int { 200 + content.count + message.count }
}

/// A place in the order in which notices are told: by transaction, then by number.
struct NoticePlace: Sendable, Hashable, Comparable {
  /// The transaction that wrote it.
  var xid: Int64
  /// Its number.
  var id: Int64

  /// Before all notices.
  static let first = NoticePlace(xid: 0, id: 0)

  static func < (first: NoticePlace, second: NoticePlace) -> Bool {
    (first.xid, first.id) < (second.xid, second.id)
  }
}

/// A notice to be committed with what it is about.
struct NoticeDraft: Sendable {
  let kind: Notice.Kind
  let recording: RecordingID?
  /// The user whom it concerns; nil: only those who are told of everything.
  let owner: UserID?
  /// A JSON object.
  let content: [UInt8]

  private init(
    _ kind: Notice.Kind, _ recording: RecordingID, _ owner: UserID,
    _ members: (inout JSONWriter) -> Void
  ) {
    self.init(kind, of: recording, owner) { writer in
      writer.member("recording_id", recording)
      members(&writer)
    }
  }

  /// One that is of no recording.
  init(_ kind: Notice.Kind, _ members: (inout JSONWriter) -> Void) {
    self.init(kind, of: nil, nil, members)
  }

  init(
    _ kind: Notice.Kind, of recording: RecordingID?, _ owner: UserID?,
    _ members: (inout JSONWriter) -> Void
  ) {
    var writer = JSONWriter()
    writer.object(members)
    self.kind = kind
    self.recording = recording
    self.owner = owner
    content = writer.bytes
  }
}

extension NoticeDraft {
  /// A recording was started (**seed**, field for field).
  static func started(_ recording: Recording) -> NoticeDraft {
    NoticeDraft(.recordingStarted, recording.id, recording.user) { writer in
      writer.member("agent_id", recording.agent.rawValue)
      writer.member("agent_name", recording.metadata.agentName)
      writer.member("reason", recording.reason)
      writer.member("canvas_id", recording.canvas?.rawValue)
    }
  }

  /// A recording was stopped (**seed**, field for field).
  static func stopped(_ recording: Recording) -> NoticeDraft {
    NoticeDraft(.recordingStopped, recording.id, recording.user) { writer in
      writer.member("status", recording.status.rawValue)
      writer.key("duration_seconds")
      writer.double(recording.durationSeconds)
      writer.key("event_count")
      writer.int(recording.eventCount)
      writer.member("summary", recording.summary)
      writer.member("expires_at", recording.expiresAt)
    }
  }

  /// A recording was flagged.
  static func flagged(_ recording: Recording) -> NoticeDraft {
    NoticeDraft(.recordingFlagged, recording.id, recording.user) { writer in
      writer.member("agent_id", recording.agent.rawValue)
      writer.member("flag_reason", recording.flagReason)
      writer.member("flagged_by", recording.flaggedBy)
      writer.member("flagged_at", recording.flaggedAt)
    }
  }

  /// A review was decided; what the reviewer wrote is for those who may see the review.
  static func reviewed(_ review: Review) -> NoticeDraft {
    NoticeDraft(.recordingReviewed, review.recording, review.owner) { writer in
      writer.member("agent_id", review.agent.rawValue)
      writer.member("review_id", review.id)
      writer.member("review_status", review.verdict?.rawValue)
      writer.member("reviewed_by", review.decidedBy)
      writer.member("reviewed_at", review.decidedAt)
      writer.key("event_count")
      writer.int(review.decidedEventCount)
    }
  }
}
