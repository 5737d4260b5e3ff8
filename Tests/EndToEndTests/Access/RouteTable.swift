// Hansard
// SPDX-License-Identifier: Apache-2.0

/// Every route and who may ever use it, written down from the design and not from the code. A route
/// without a row here fails the tests.
enum RouteTable {
  /// What is declared of one route.
  struct Row: Sendable, Equatable {
    /// Those that may ask for a flagged recording, of their own or of somebody else, or for a thing
    /// without an owner; empty: anybody may.
    var roles: Set<String>
    var ids: [String] = []
    /// Whether it leaves an audit entry when it is allowed.
    var isAudited = true
  }

  private static let everyone = Row(roles: [], isAudited: false)
  private static let writers: Set = ["recorder", "member", "reviewer", "admin"]
  private static let flaggers: Set = ["member", "reviewer", "admin"]
  private static let readers: Set = ["member", "reviewer", "auditor", "admin"]
  private static let overseers: Set = ["auditor", "admin"]
  private static let admins: Set = ["admin"]
  private static let watchers: Set = ["reviewer", "auditor", "admin"]
  private static let judges: Set = ["reviewer", "admin"]

  /// By method and path.
  static let rows: [String: Row] = recordings.merging(governance) { $1 }.merging(open) { $1 }

  private static let recordings: [String: Row] = [
    "GET /api/canvas/recording": Row(roles: readers),
    "POST /api/canvas/recording/start": Row(roles: writers),
    "POST /api/canvas/recording/auto": Row(roles: writers),
    "GET /api/canvas/recording/export": Row(roles: readers),
    "GET /api/canvas/recording/ws": Row(roles: readers),
    "GET /api/canvas/recording/stream": Row(roles: readers),
    "GET /api/canvas/recording/{id}/export": Row(roles: readers, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}": Row(roles: readers, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}/events": Row(roles: readers, ids: ["recording_id"]),
    "GET /api/canvas/recording/{id}/replay": Row(roles: readers, ids: ["recording_id"]),
    "POST /api/canvas/recording/{id}/event": Row(
      roles: writers, ids: ["recording_id"], isAudited: false),
    "POST /api/canvas/recording/{id}/events": Row(
      roles: writers, ids: ["recording_id"], isAudited: false),
    "POST /api/canvas/recording/{id}/stop": Row(roles: writers, ids: ["recording_id"]),
    "POST /api/canvas/recording/{id}/flag": Row(roles: flaggers, ids: ["recording_id"]),
  ]

  private static let governance: [String: Row] = [
    "GET /api/governance/agents": Row(roles: overseers),
    "GET /api/governance/agents/{id}": Row(roles: overseers, ids: ["agent_id"]),
    "PUT /api/governance/agents/{id}": Row(roles: admins, ids: ["agent_id"]),
    "GET /api/governance/users": Row(roles: overseers),
    "GET /api/governance/users/{id}": Row(roles: overseers, ids: ["user_id"]),
    "PUT /api/governance/users/{id}": Row(roles: admins, ids: ["user_id"]),
    "GET /api/governance/keys": Row(roles: overseers),
    "POST /api/governance/keys": Row(roles: admins),
    "GET /api/governance/keys/{id}": Row(roles: overseers, ids: ["key_id"]),
    "DELETE /api/governance/keys/{id}": Row(roles: admins, ids: ["key_id"]),
    "POST /api/governance/keys/{id}/rotate": Row(roles: admins, ids: ["key_id"]),
    "GET /api/governance/webhooks": Row(roles: overseers),
    "POST /api/governance/webhooks": Row(roles: admins),
    "GET /api/governance/webhooks/{id}": Row(roles: overseers, ids: ["webhook_id"]),
    "DELETE /api/governance/webhooks/{id}": Row(roles: admins, ids: ["webhook_id"]),
    "POST /api/governance/webhooks/{id}/enable": Row(roles: admins, ids: ["webhook_id"]),
    "GET /api/governance/redaction": Row(roles: overseers),
    "PUT /api/governance/redaction": Row(roles: admins),
    "POST /api/governance/redaction/try": Row(roles: overseers),
    "GET /api/governance/audit": Row(roles: overseers),
    "GET /api/governance/audit/export": Row(roles: overseers),
    "GET /api/governance/policy": Row(roles: overseers),
    "PUT /api/governance/policy": Row(roles: admins),
    "GET /api/governance/reviews": Row(roles: watchers),
    "GET /api/governance/reviews/{id}": Row(roles: watchers, ids: ["review_id"]),
    "GET /api/governance/agents/{id}/review-metrics": Row(roles: watchers, ids: ["agent_id"]),
    "POST /api/governance/reviews/claim": Row(roles: judges),
    "POST /api/governance/reviews/{id}/claim": Row(roles: judges, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/release": Row(roles: judges, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/comment": Row(roles: judges, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/decide": Row(roles: judges, ids: ["review_id"]),
    "POST /api/governance/reviews/{id}/reopen": Row(roles: judges, ids: ["review_id"]),
  ]

  private static let open: [String: Row] = [
    "GET /api/canvas/recording/health": everyone, "GET /livez": everyone,
    "GET /readyz": everyone, "GET /metrics": everyone, "GET /openapi.yaml": everyone,
  ]
}
