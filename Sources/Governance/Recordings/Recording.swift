// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres

/// A recording: one continuous stretch of an agent's work on behalf of one user.
package struct Recording: Sendable {
  /// Where a recording is in its life.
  package enum Status: String, Sendable, CaseIterable {
    /// Events are being appended.
    case recording
    /// Stopped, the work done.
    case completed
    /// Stopped, the work failed or was abandoned.
    case failed
  }

  /// The agent as it was when the recording started (**seed** `recording_metadata`).
  package struct Metadata: Sendable, Equatable {
    /// The agent's display name then.
    package var agentName: String
    /// The agent's maturity then.
    package var agentMaturity: Agent.Status
    /// When it started.
    package var startedAt: Timestamp
  }

  /// One entry of a recording's flag history; entries are never changed.
  package struct Flag: Sendable {
    /// The entry's id.
    package var id: FlagID
    /// Why it was flagged.
    package var reason: String
    /// Who flagged it: `Principal.actor`.
    package var flaggedBy: String
    /// When.
    package var flaggedAt: Timestamp
  }

  package var id: RecordingID
  package var agent: AgentID
  package var user: UserID
  package var canvas: CanvasID?
  package var session: SessionID?
  package var reason: String
  package var status: Status
  package var tags: [String]
  package var startedAt: Timestamp
  package var stoppedAt: Timestamp?
  package var durationSeconds: Double?
  package var summary: String?
  /// Live while recording, final afterwards; never counted by scanning events.
  package var eventCount: Int64
  package var metadata: Metadata
  package var isFlagged: Bool
  package var flagReason: String?
  package var flaggedBy: String?
  package var flaggedAt: Timestamp?
  package var expiresAt: Timestamp
  /// Before this nobody may have it purged.
  package var retainUntil: Timestamp?
  /// Whether a legal hold is on it: then it stays, whatever has expired.
  package var isHeld = false
  package var storageURL: String?
  package var createdAt: Timestamp
  package var updatedAt: Timestamp
}

/// What one asks for to start a recording by hand.
package struct RecordingDraft: Sendable {
  package var agent: AgentID
  /// nil: the user that the caller's key is bound to.
  package var user: UserID?
  package var canvas: CanvasID?
  package var session: SessionID?
  package var reason: RecordingText
  package var tags: [Tag]

  /// Creates a draft.
  package init(
    agent: AgentID, user: UserID?, canvas: CanvasID?, session: SessionID?, reason: RecordingText,
    tags: [Tag]
  ) {
    self.agent = agent
    self.user = user
    self.canvas = canvas
    self.session = session
    self.reason = reason
    self.tags = tags
  }
}

/// What a platform reports before an agent acts, so that autonomous work records itself.
package struct AutomaticDraft: Sendable {
  package var agent: AgentID
  package var user: UserID?
  package var canvas: CanvasID?
  package var session: SessionID?
  /// The action about to happen; becomes a tag.
  package var action: Tag
  /// Further tags: for the tenant's rules to go by, and for the recording.
  package var tags: [Tag]

  /// Creates a draft.
  package init(
    agent: AgentID, user: UserID?, canvas: CanvasID?, session: SessionID?, action: Tag,
    tags: [Tag] = []
  ) {
    self.agent = agent
    self.user = user
    self.canvas = canvas
    self.session = session
    self.action = action
    self.tags = tags
  }
}

/// The answer to an `AutomaticDraft`.
package struct AutomaticOutcome: Sendable {
  /// The recording to append to; nil when nothing is recorded.
  package var recording: RecordingID?
  /// True when this call started it.
  package var created: Bool
  /// Why, in words.
  package var decision: String
}
