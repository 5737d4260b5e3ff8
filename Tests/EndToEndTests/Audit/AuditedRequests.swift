// Hansard
// SPDX-License-Identifier: Apache-2.0

/// How each route is asked so that it does what it is for. A route behind the gate without a row here
/// fails the tests.
enum AuditedRequests {
  /// What the id in a path names.
  enum Thing: Sendable {
    case recording, agent, user, key, webhook, recovery, openReview, claimedReview, decidedReview
    case stoppedRecording, purgedRecording, hold, deletion
  }

  struct Request: Sendable {
    var thing: Thing?
    /// With `{id}` where it names the thing.
    var body: String?
    /// What it cannot do without.
    var query = ""
    var headers: [(String, String)] = []

    init(
      _ thing: Thing? = nil, body: String? = nil, query: String = "",
      headers: [(String, String)] = []
    ) {
      self.query = query
      self.thing = thing
      self.body = body
      self.headers = headers
    }
  }

  /// By method and path.
  static let rows: [String: Request] = recordings.merging(registers) { $1 }.merging(reviews) { $1 }
    .merging(recovery) { $1 }.merging(retention) { $1 }

  private static let reason = #"{"reason":"canary"}"#
  private static let event = #"{"event_type":"step","event_data":"canary"}"#

  private static let recordings: [String: Request] = [
    "GET /api/canvas/recording": .init(),
    "GET /api/canvas/recording/export": .init(),
    "GET /api/canvas/recording/ws": .init(),
    "POST /api/canvas/recording/ws-tickets": .init(),
    "GET /api/canvas/recording/stream": .init(),
    "POST /api/canvas/recording/start": .init(
      body: #"{"agent_id":"agent-1","user_id":"alice","reason":"canary"}"#),
    "POST /api/canvas/recording/auto": .init(
      body: #"{"agent_id":"agent-1","user_id":"alice","action":"canary"}"#),
    "GET /api/canvas/recording/{id}": .init(.recording),
    "GET /api/canvas/recording/{id}/events": .init(.recording),
    "GET /api/canvas/recording/{id}/replay": .init(.recording),
    "GET /api/canvas/recording/{id}/export": .init(.recording),
    "POST /api/canvas/recording/{id}/event": .init(.recording, body: event),
    "POST /api/canvas/recording/{id}/events": .init(.recording, body: "[\(event)]"),
    "POST /api/canvas/recording/{id}/stop": .init(.recording, body: "{}"),
    "POST /api/canvas/recording/{id}/flag": .init(.recording, body: #"{"flag_reason":"canary"}"#),
    "DELETE /api/canvas/recording/{id}": .init(.stoppedRecording, body: reason),
  ]

  private static let registers: [String: Request] = [
    "GET /api/governance/agents": .init(),
    "GET /api/governance/agents/{id}": .init(.agent),
    "PUT /api/governance/agents/{id}": .init(.agent, body: #"{"status":"paused"}"#),
    "GET /api/governance/agents/{id}/review-metrics": .init(.agent),
    "GET /api/governance/users": .init(),
    "GET /api/governance/users/{id}": .init(.user),
    "PUT /api/governance/users/{id}": .init(.user, body: #"{"name":"canary"}"#),
    "GET /api/governance/keys": .init(),
    "POST /api/governance/keys": .init(body: #"{"role":"recorder"}"#),
    "GET /api/governance/keys/{id}": .init(.key),
    "DELETE /api/governance/keys/{id}": .init(.key),
    "POST /api/governance/keys/{id}/rotate": .init(.key, body: "{}"),
    "GET /api/governance/webhooks": .init(),
    "POST /api/governance/webhooks": .init(
      body: #"{"url":"https://hooks.example.com/canary","types":["webhook:disabled"]}"#),
    "GET /api/governance/webhooks/{id}": .init(.webhook),
    "DELETE /api/governance/webhooks/{id}": .init(.webhook),
    "POST /api/governance/webhooks/{id}/enable": .init(.webhook),
    "GET /api/governance/redaction": .init(),
    "PUT /api/governance/redaction": .init(
      body: #"{"switched_off":["phone"]}"#, headers: [("If-Match", "\"redaction-0\"")]),
    "POST /api/governance/redaction/try": .init(body: #"{"sample":"canary"}"#),
    "GET /api/governance/audit": .init(),
    "GET /api/governance/audit/export": .init(),
    "GET /api/governance/policy": .init(),
    "PUT /api/governance/policy": .init(
      body: #"{"retention_days":30}"#, headers: [("If-Match", "\"policy-0\"")]),
    "GET /api/governance/policy/retention-preview": .init(query: "?retention_days=30"),
    "DELETE /api/governance/policy/retention-change": .init(),
  ]

  private static let retention: [String: Request] = [
    "GET /api/governance/holds": .init(),
    "POST /api/governance/holds": .init(
      .recording, body: #"{"recording_id":"{id}","reason":"canary"}"#),
    "GET /api/governance/holds/{id}": .init(.hold),
    "DELETE /api/governance/holds/{id}": .init(.hold, body: reason),
    "GET /api/governance/deletions": .init(),
    "GET /api/governance/deletions/{id}": .init(.deletion),
    "DELETE /api/governance/deletions/{id}": .init(.deletion, body: reason),
    "POST /api/governance/deletions/{id}/approve": .init(.deletion),
    "GET /api/governance/certificates": .init(),
    "GET /api/governance/certificates/{id}": .init(.purgedRecording),
  ]

  private static let reviews: [String: Request] = [
    "GET /api/governance/reviews": .init(),
    "GET /api/governance/reviews/{id}": .init(.openReview),
    "POST /api/governance/reviews/claim": .init(),
    "POST /api/governance/reviews/{id}/claim": .init(.openReview),
    "POST /api/governance/reviews/{id}/release": .init(.claimedReview),
    "POST /api/governance/reviews/{id}/comment": .init(
      .openReview, body: #"{"comment":"canary"}"#),
    "POST /api/governance/reviews/{id}/decide": .init(
      .claimedReview, body: #"{"review_status":"approved","feedback":"canary"}"#),
    "POST /api/governance/reviews/{id}/reopen": .init(
      .decidedReview, body: #"{"reason":"canary"}"#),
  ]

  private static let attempt = """
    {"error_type":"E","strategy":"fix","success":true,"duration_seconds":1,"agent_id":"agent-1",
     "user_id":"alice","error_message":"canary"}
    """

  private static let recovery: [String: Request] = [
    "POST /api/recovery/sessions": .init(body: #"{"agent_id":"agent-1","user_id":"alice"}"#),
    "GET /api/recovery/sessions": .init(),
    "DELETE /api/recovery/sessions": .init(body: #"{"reason":"canary"}"#),
    "GET /api/recovery/sessions/{id}": .init(.recovery),
    "DELETE /api/recovery/sessions/{id}": .init(.recovery, body: #"{"reason":"canary"}"#),
    "POST /api/recovery/sessions/{id}/attempts": .init(.recovery, body: attempt),
    "GET /api/recovery/sessions/{id}/history": .init(.recovery),
    "GET /api/recovery/sessions/{id}/statistics": .init(.recovery),
    "GET /api/recovery/sessions/{id}/report": .init(.recovery),
    "GET /api/recovery/sessions/{id}/export": .init(.recovery),
    "GET /api/recovery/statistics": .init(),
    "GET /api/recovery/alerts": .init(),
  ]
}
