// Hansard
// SPDX-License-Identifier: Apache-2.0

import Governance
import Protection

extension JSONWriter {
  /// The members of a recording, in the order of the seed; the object around them is the caller's.
  mutating func members(of recording: Recording) {
    member("recording_id", recording.id)
    member("agent_id", recording.agent.rawValue)
    member("user_id", recording.user.rawValue)
    member("canvas_id", recording.canvas?.rawValue)
    member("session_id", recording.session?.rawValue)
    member("reason", recording.reason)
    member("status", recording.status.rawValue)
    member("tags", recording.tags)
    member("started_at", recording.startedAt)
    member("stopped_at", recording.stoppedAt)
    key("duration_seconds")
    double(recording.durationSeconds)
    member("summary", recording.summary)
    key("event_count")
    int(recording.eventCount)
    member("recording_metadata", recording.metadata)
    key("flagged_for_review")
    bool(recording.isFlagged)
    member("flag_reason", recording.flagReason)
    member("flagged_by", recording.flaggedBy)
    member("flagged_at", recording.flaggedAt)
    member("expires_at", recording.expiresAt)
    member("retain_until", recording.retainUntil)
    key("on_hold")
    bool(recording.isHeld)
    member("storage_url", recording.storageURL)
    member("created_at", recording.createdAt)
    member("updated_at", recording.updatedAt)
  }

  /// What a recording's start answers with.
  mutating func startMembers(of recording: Recording) {
    member("recording_id", recording.id)
    member("agent_id", recording.agent.rawValue)
    member("user_id", recording.user.rawValue)
    member("canvas_id", recording.canvas?.rawValue)
    member("session_id", recording.session?.rawValue)
    member("reason", recording.reason)
    member("status", recording.status.rawValue)
    member("tags", recording.tags)
    member("started_at", recording.startedAt)
    member("expires_at", recording.expiresAt)
  }

  /// The member `recording_metadata`: the agent as it was at the start.
  mutating func member(_ name: String, _ metadata: Recording.Metadata) {
    key(name)
    object { writer in
      writer.member("agent_name", metadata.agentName)
      writer.member("agent_maturity", metadata.agentMaturity.rawValue)
      writer.member("started_at", metadata.startedAt)
    }
  }

  /// The member `flags`: the whole history, oldest first.
  mutating func member(_ name: String, _ flags: [Recording.Flag]) {
    key(name)
    array { writer in
      for flag in flags {
        writer.object { writer in
          writer.member("flag_id", flag.id)
          writer.member("flag_reason", flag.reason)
          writer.member("flagged_by", flag.flaggedBy)
          writer.member("flagged_at", flag.flaggedAt)
        }
      }
    }
  }
}
