// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres

/// Everything about a recording that is settled before the database is asked.
struct StartPlan: Sendable {
  let id: RecordingID
  let agent: AgentID
  let user: UserID
  let canvas: CanvasID?
  let session: SessionID?
  let reason: String
  let tags: [String]
  /// What an automatic recording was asked for, redacted; its last tag.
  let action: String?
  /// What makes two automatic recordings one: the session, else the canvas; nil: nothing does.
  let scope: String?

  var facts: AccessFacts { AccessFacts(owner: user, agent: agent) }

  var mention: AuditMention {
    AuditMention(
      agent: agent, user: user, canvas: canvas, session: session,
      details: action.map { ["requested_action": $0] } ?? [:])
  }
}

extension StartPlan {
  /// The reason of every automatic recording (**seed**).
  static let automaticReason = "autonomous_action"

  /// - Parameters:
  ///   - action: the draft's, redacted. Nil: no tags.
  ///   - tags: the draft's, redacted.
  init(automatic draft: AutomaticDraft, action: String?, tags: [String], user: UserID) {
    self.init(
      id: .make(), agent: draft.agent, user: user, canvas: draft.canvas, session: draft.session,
      reason: Self.automaticReason,
      tags: action.map {
        ([Tag.autonomous.rawValue, Tag.governance.rawValue, $0] + tags).withoutRepeats
      } ?? [],
      action: action,
      scope: draft.session.map { "s:\($0)" } ?? draft.canvas.map { "c:\($0)" })
  }
}

/// What the database knows about the parties of a new recording.
struct StartParty: Sendable {
  let agentName: String
  let agentStatus: Agent.Status
  let retentionDays: Int?
  let minimumDays: Int?
  /// The database's clock.
  let readAt: Timestamp
  let tenantKey: WrappedTenantKey?
  /// The tenant's, for an automatic recording.
  var rules = AutomaticRules(version: 0, rules: [])
}

extension [String] {
  /// The words without repetition, in the order of their first appearance.
  var withoutRepeats: [String] {
    var seen: Set<[UInt8]> = []
    // By their bytes: Swift takes canonically equivalent texts for equal.
    return filter { seen.insert(Array<UInt8>($0.utf8)).inserted }
  }
}

/// The dates that follow from a start.
struct StartTimes: Sendable {
  let startedAt: Timestamp
  /// From here on no event is accepted.
  let closesAt: Timestamp
  /// Provisional until the recording stops: as if it stopped at once.
  let expiresAt: Timestamp
  /// Before this nobody may have it purged, as if it stopped at once; nil: there is no such time.
  let retainUntil: Timestamp?
  /// The day after the latest possible expiry, UTC; the events' partition follows from it.
  let expiresOn: Timestamp

  /// - Parameter minimumDays: Kept at least, also where the deployment's period has become less.
  init(startedAt: Timestamp, retentionDays: Int, minimumDays: Int? = nil, maximumOpenDays: Int) {
    let retentionDays = max(retentionDays, minimumDays ?? 1)
    self.startedAt = startedAt
    retainUntil = minimumDays.map { startedAt.adding(days: $0) }
    closesAt = startedAt.adding(days: maximumOpenDays)
    expiresAt = startedAt.adding(days: retentionDays)
    expiresOn = closesAt.adding(days: retentionDays).adding(days: 1)
  }
}
