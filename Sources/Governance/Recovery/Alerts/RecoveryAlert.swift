// Hansard
// SPDX-License-Identifier: Apache-2.0

package import Postgres
package import Protection

/// An alert that was raised.
package struct RecoveryAlert: Sendable {
  package enum Kind: String, Sendable, CaseIterable {
    /// Attempts at a type of error failed again and again.
    case failures
    /// Too few of an agent's attempts succeeded.
    case successRate = "success_rate"
    /// A session escalated.
    case escalation
  }

  /// What it was raised for; alerts of the same subject are told once.
  package struct Subject: Sendable, Hashable {
    package var kind: Kind
    /// A type of error, an agent or a session, by its kind; empty for attempts of no agent.
    package var name: String
  }

  /// The attempt that raised it.
  package struct Cause: Sendable {
    package var session: SessionID
    package var entry: String
    package var errorType: String
    package var agent: AgentID?
    package var user: UserID?
    package var recording: RecordingID?
  }

  package var id: RecoveryAlertID
  package var subject: Subject
  /// Which one of its subject, from 1.
  package var number: Int64
  package var raisedAt: Timestamp
  /// The version of the tenant's policy that wanted it; 0: none was ever set.
  package var policyVersion: Int
  /// As the policy had it: how many failures, or percent; nil of an escalation.
  package var threshold: Int?
  package var windowSeconds: Int?
  /// The agent's attempts within the window, the latest thousand at the most; only of a rate.
  package var attempts: Int?
  /// Those of them that failed, or the failures of the type of error, a thousand at the most.
  package var failures: Int?
  package var cause: Cause
}

/// See `TenantKind`.
package enum RecoveryAlertKind {}
/// An alert.
package typealias RecoveryAlertID = ServerID<RecoveryAlertKind>

/// Which alerts to list; every condition given must hold.
package struct RecoveryAlertFilter: Sendable {
  package var kind: RecoveryAlert.Kind?
  /// At or after.
  package var raisedAfter: Timestamp?
  /// Before.
  package var raisedBefore: Timestamp?

  /// Creates a filter that lets every alert through.
  package init() {}
}

extension RecoveryAlert {
  /// Percent, with two decimals at the most, as statistics have it; nil where it is no rate.
  package var successRate: String? {
    guard let attempts, let failures, attempts > 0 else { return nil }
    let hundredths = (20_000 * (attempts - failures) + attempts) / (2 * attempts)
    let decimals = hundredths % 100
    return DecimalText.trimmed("\(hundredths / 100).\(decimals < 10 ? "0" : "")\(decimals)")
  }

  /// Writes its members, as they are shown and told; the object around them is the caller's.
  package func writeMembers(to writer: inout JSONWriter) {
    writer.member("alert_id", id)
    writer.member("alert_type", subject.kind.rawValue)
    writer.member("subject", subject.name.isEmpty ? nil : subject.name)
    writer.key("alert_number")
    writer.int(number)
    writer.member("raised_at", raisedAt)
    for (name, count) in [
      ("policy_version", policyVersion), ("threshold", threshold),
      ("window_seconds", windowSeconds), ("attempts", attempts), ("failures", failures),
    ] {
      writer.key(name)
      writer.int(count)
    }
    writer.key("success_rate")
    writer.raw((successRate ?? "null").utf8)
    writer.member("session_id", cause.session.rawValue)
    writer.member("entry_id", cause.entry)
    writer.member("error_type", cause.errorType)
    writer.member("agent_id", cause.agent?.rawValue)
    writer.member("user_id", cause.user?.rawValue)
    writer.member("recording_id", cause.recording)
  }
}

extension NoticeDraft {
  /// An alert was raised. An escalation concerns the user of its session; what adds up sessions of several
  /// users is for those who may read them all.
  static func alerted(_ alert: RecoveryAlert) -> NoticeDraft {
    let user = alert.subject.kind == .escalation ? alert.cause.user : nil
    return NoticeDraft(.recoveryAlert, of: alert.cause.recording, user) { writer in
      alert.writeMembers(to: &writer)
    }
  }
}
