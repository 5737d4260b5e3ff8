// Hansard
// SPDX-License-Identifier: Apache-2.0

import HansardJSON

extension HansardClient {
  /// What a recording is started with.
  public struct RecordingDraft: Sendable, Hashable {
    /// Whose actions are recorded.
    public var agentID: String
    /// Why, in words.
    public var reason: String
    /// In whose name; nil where the key says so.
    public var userID: String?
    /// Where.
    public var canvasID: String?
    /// In which session of the user's.
    public var sessionID: String?
    /// Words by which it can be found again: 32 of 64 bytes at most.
    public var tags: [String]

    /// A draft without tags.
    public init(
      agentID: String, reason: String, userID: String? = nil, canvasID: String? = nil,
      sessionID: String? = nil, tags: [String] = []
    ) {
      self.agentID = agentID
      self.reason = reason
      self.userID = userID
      self.canvasID = canvasID
      self.sessionID = sessionID
      self.tags = tags
    }
  }

  /// An action of an agent that is recorded if the agent, or the tenant's rules, are so.
  public struct Action: Sendable, Hashable {
    /// Who acts.
    public var agentID: String
    /// What they do: it becomes a tag.
    public var name: String
    /// In whose name; nil where the key says so.
    public var userID: String?
    /// Where.
    public var canvasID: String?
    /// In which session: actions of one share a recording.
    public var sessionID: String?
    /// More tags.
    public var tags: [String]

    /// An action without further tags.
    public init(
      agentID: String, name: String, userID: String? = nil, canvasID: String? = nil,
      sessionID: String? = nil, tags: [String] = []
    ) {
      self.agentID = agentID
      self.name = name
      self.userID = userID
      self.canvasID = canvasID
      self.sessionID = sessionID
      self.tags = tags
    }
  }

  /// What became of an ``Action``.
  public struct AutomaticRecording: Sendable, Hashable {
    /// The recording to append to; nil: this action is not recorded.
    public var recordingID: String?
    /// Whether it was started by this action.
    public var created: Bool
    /// Why, in words.
    public var decision: String
  }

  /// Which recordings are wanted; every condition that is given must hold.
  public struct RecordingFilter: Sendable, Hashable {
    /// Whose actions they hold.
    public var agentID: String?
    /// In which session.
    public var sessionID: String?
    /// `recording`, `completed` or `failed`.
    public var status: String?

    /// A filter that lets every recording through, unless conditions are given.
    public init(agentID: String? = nil, sessionID: String? = nil, status: String? = nil) {
      self.agentID = agentID
      self.sessionID = sessionID
      self.status = status
    }
  }

  /// How a recording ends.
  public enum Ending: String, Sendable, Hashable {
    /// The work was done.
    case completed
    /// It was not.
    case failed
  }

  /// A recording without its events. Times are RFC 3339 in UTC, as the service wrote them.
  public struct Recording: Sendable, Hashable, Identifiable {
    /// Its id.
    public var id: String
    /// Whose actions it holds.
    public var agentID: String
    /// Whose name they were done in.
    public var userID: String?
    /// Where.
    public var canvasID: String?
    /// In which session.
    public var sessionID: String?
    /// Why it was started.
    public var reason: String
    /// `recording`, `completed` or `failed`.
    public var status: String
    /// Its tags.
    public var tags: [String]
    /// When it began.
    public var startedAt: String
    /// When it ended.
    public var stoppedAt: String?
    /// How long it took.
    public var durationSeconds: Double?
    /// How many events it has; nil where the answer does not say.
    public var eventCount: Int?
    /// What it says of itself.
    public var summary: String?
    /// Until when it is kept.
    public var expiresAt: String?
  }

  /// The service's word that an event is committed.
  public struct Receipt: Sendable, Hashable {
    /// In which recording.
    public var recordingID: String
    /// The event's own id.
    public var eventID: String
    /// Its place, from 1 and without gaps.
    public var seq: Int64
    /// When.
    public var recordedAt: String
    /// SHA-256 over what is stored, in hexadecimal: evidence for the client to keep.
    public var leafHash: String
  }
}

extension HansardClient.Recording {
  init(_ value: JSONValue) throws(HansardClientError) {
    id = try value.needText("recording_id")
    agentID = try value.needText("agent_id")
    userID = value.optionalText("user_id")
    canvasID = value.optionalText("canvas_id")
    sessionID = value.optionalText("session_id")
    reason = value.optionalText("reason") ?? ""
    status = try value.needText("status")
    tags = value.texts("tags")
    startedAt = try value.needText("started_at")
    stoppedAt = value.optionalText("stopped_at")
    durationSeconds = value["duration_seconds"]?.double()
    eventCount = value["event_count"]?.integer().flatMap { Int(exactly: $0) }
    summary = value.optionalText("summary")
    expiresAt = value.optionalText("expires_at")
  }
}

extension HansardClient.Receipt {
  init(_ value: JSONValue) throws(HansardClientError) {
    recordingID = try value.needText("recording_id")
    eventID = try value.needText("event_id")
    seq = try value.needInteger("seq")
    recordedAt = try value.needText("recorded_at")
    leafHash = try value.needText("leaf_hash")
  }
}
