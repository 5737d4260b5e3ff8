// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Every route, who may use it on what, and how it answers them: written down from the design and not
/// from the code. A route without a row here fails the tests.
enum RouteTable {
  /// What is declared of one route.
  struct Row: Sendable {
    /// By role; empty: anybody may, without a key too.
    var reach: [String: Reach]
    var ids: [String] = []
    /// Whether it leaves an audit entry when it is allowed.
    var isAudited = true
    /// The status when it is done.
    var success = 200
    /// Whether it makes what is not there.
    var isMaking = false

    /// - Parameter reach: A word for each of recorder, member, reviewer, auditor, admin.
    init(
      _ reach: String, ids: [String] = [], isAudited: Bool = true, success: Int = 200,
      isMaking: Bool = false
    ) {
      let words = reach.split(separator: " ").map { Reach(rawValue: String($0)) ?? .none }
      self.reach = Dictionary(uniqueKeysWithValues: zip(MatrixStage.roles, words))
      self.ids = ids
      self.isAudited = isAudited
      self.success = success
      self.isMaking = isMaking
    }

    /// Those that may use it on something.
    var roles: Set<String> { Set(reach.filter { $0.value != .none }.keys) }
  }

  private static let everyone = Row("", isAudited: false)
  private static let writing = "all own own none all"
  private static let flagging = "none own all none all"
  private static let reading = "none own flagged all all"
  private static let listing = "none own all all all"
  private static let watching = "none all all all all"
  private static let overseeing = "none none none all all"
  private static let administering = "none none none none all"
  private static let queueing = "none none all all all"
  /// Recovery sessions are for those whom they name.
  private static let recovering = "none own own all all"
  /// Nobody judges what was done in their own name.
  private static let judging = "none none others none others"

  /// By method and path.
  static let rows: [String: Row] = recordings.merging(governance) { $1 }
    .merging(recovery) { $1 }.merging(open) { $1 }

  private static let recordings: [String: Row] = [
    "GET /api/canvas/recording": Row(listing),
    "POST /api/canvas/recording/start": Row(writing, success: 201),
    "POST /api/canvas/recording/auto": Row(writing),
    "GET /api/canvas/recording/export": Row(listing),
    "GET /api/canvas/recording/ws": Row(watching),
    "POST /api/canvas/recording/ws-tickets": Row(watching, success: 201),
    "GET /api/canvas/recording/stream": Row(watching),
    "GET /api/canvas/recording/{id}/export": Row(reading, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}": Row(reading, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}/events": Row(reading, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}/replay": Row(reading, ids: ["recording_id"]),
    "POST /api/canvas/recording/{id}/event": Row(
      writing, ids: ["recording_id"], isAudited: false, success: 201),
    "POST /api/canvas/recording/{id}/events": Row(
      writing, ids: ["recording_id"], isAudited: false, success: 201),
    "POST /api/canvas/recording/{id}/stop": Row(writing, ids: ["recording_id"]),
    "POST /api/canvas/recording/{id}/flag": Row(flagging, ids: ["recording_id"]),
    "DELETE /api/canvas/recording/{id}": Row(administering, ids: ["recording_id"]),
  ]

  private static let governance: [String: Row] = [
    "GET /api/governance/agents": Row(overseeing),
    "GET /api/governance/agents/{id}": Row(overseeing, ids: ["agent_id"]),
    "PUT /api/governance/agents/{id}": Row(administering, ids: ["agent_id"], isMaking: true),
    "GET /api/governance/users": Row(overseeing),
    "GET /api/governance/users/{id}": Row(overseeing, ids: ["user_id"]),
    "PUT /api/governance/users/{id}": Row(administering, ids: ["user_id"], isMaking: true),
    "GET /api/governance/keys": Row(overseeing),
    "POST /api/governance/keys": Row(administering, success: 201),
    "GET /api/governance/keys/{id}": Row(overseeing, ids: ["key_id"]),
    "DELETE /api/governance/keys/{id}": Row(administering, ids: ["key_id"]),
    "POST /api/governance/keys/{id}/rotate": Row(administering, ids: ["key_id"], success: 201),
    "GET /api/governance/webhooks": Row(overseeing),
    "POST /api/governance/webhooks": Row(administering, success: 201),
    "GET /api/governance/webhooks/{id}": Row(overseeing, ids: ["webhook_id"]),
    "DELETE /api/governance/webhooks/{id}": Row(administering, ids: ["webhook_id"]),
    "POST /api/governance/webhooks/{id}/enable": Row(administering, ids: ["webhook_id"]),
    "GET /api/governance/redaction": Row(overseeing),
    "PUT /api/governance/redaction": Row(administering),
    "POST /api/governance/redaction/try": Row(overseeing),
    "GET /api/governance/audit": Row(overseeing),
    "GET /api/governance/audit/export": Row(overseeing),
    "GET /api/governance/policy": Row(overseeing),
    "PUT /api/governance/policy": Row(administering),
    "GET /api/governance/holds": Row(overseeing),
    "POST /api/governance/holds": Row(administering, success: 201),
    "GET /api/governance/holds/{id}": Row(overseeing, ids: ["hold_id"]),
    "DELETE /api/governance/holds/{id}": Row(administering, ids: ["hold_id"]),
    "GET /api/governance/deletions": Row(overseeing),
    "GET /api/governance/deletions/{id}": Row(overseeing, ids: ["deletion_id"]),
    "DELETE /api/governance/deletions/{id}": Row(administering, ids: ["deletion_id"]),
    "POST /api/governance/deletions/{id}/approve": Row(administering, ids: ["deletion_id"]),
    "GET /api/governance/certificates": Row(overseeing),
    "GET /api/governance/certificates/{id}": Row(overseeing, ids: ["purged_recording_id"]),
    "GET /api/governance/policy/retention-preview": Row(overseeing),
    "DELETE /api/governance/policy/retention-change": Row(administering),
    "GET /api/governance/reviews": Row(queueing),
    "GET /api/governance/reviews/{id}": Row(queueing, ids: ["review_id"]),
    "GET /api/governance/agents/{id}/review-metrics": Row(queueing, ids: ["agent_id"]),
    "POST /api/governance/reviews/claim": Row(judging),
    "POST /api/governance/reviews/{id}/claim": Row(judging, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/release": Row(judging, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/comment": Row(judging, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/decide": Row(judging, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/reopen": Row(judging, ids: ["review_id"]),
  ]

  private static let recovery: [String: Row] = [
    "POST /api/recovery/sessions": Row(writing, success: 201),
    "GET /api/recovery/sessions": Row(recovering),
    "DELETE /api/recovery/sessions": Row(administering),
    "GET /api/recovery/sessions/{id}": Row(recovering, ids: ["session_id"]),
    "DELETE /api/recovery/sessions/{id}": Row(administering, ids: ["session_id"]),
    "POST /api/recovery/sessions/{id}/attempts": Row(
      writing, ids: ["session_id"], success: 201, isMaking: true),
    "GET /api/recovery/sessions/{id}/history": Row(recovering, ids: ["session_id"]),
    "GET /api/recovery/sessions/{id}/statistics": Row(recovering, ids: ["session_id"]),
    "GET /api/recovery/sessions/{id}/report": Row(recovering, ids: ["session_id"]),
    "GET /api/recovery/sessions/{id}/export": Row(recovering, ids: ["session_id"]),
    "GET /api/recovery/statistics": Row(recovering),
    "GET /api/recovery/alerts": Row(overseeing),
  ]

  private static let open: [String: Row] = [
    "GET /api/canvas/recording/health": everyone, "GET /livez": everyone,
    "GET /readyz": everyone, "GET /metrics": everyone, "GET /openapi.yaml": everyone,
  ]
}
