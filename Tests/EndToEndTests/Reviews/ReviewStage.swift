// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// A tenant with an admin who records, and two reviewers.
struct ReviewStage: Sendable {
  static let reviews = "/api/governance/reviews"

  static let decision = #"""
    {"review_status":"needs_changes","overall_rating":4,"safety_rating":2,"feedback":"Careful.",
     "identified_issues":["slow"],"positive_patterns":["asks first"],"lessons_learned":"Ask."}
    """#

  let deployment: Deployment
  let tenant: Tenant
  let admin: Client
  let rita: Client
  let rosa: Client
  let auditor: Client
  let client: @Sendable (String) -> Client

  /// A recording of alice's with an event, flagged or not.
  func record(
    flagged: Bool, user: String = "alice", agent: String = "agent-1"
  ) async throws -> String {
    let id = try await admin.startRecording(agent: agent, user: user)
    let event = #"{"event_type":"step","event_data":1}"#
    _ = try await admin.send(.post, Paths.recording(id, "event"), json: event)
    if flagged {
      let reason = #"{"flag_reason":"look"}"#
      _ = try await admin.send(.post, Paths.recording(id, "flag"), json: reason)
    }
    return id
  }

  func review(of recording: String) async throws -> JSONValue? {
    try await auditor.send(.get, Self.reviews + "?limit=500").json.elements.first {
      try $0["recording_id"]?.text() == recording
    }
  }

  func id(of recording: String) async throws -> String {
    try #require(try await review(of: recording)?["review_id"]).text()
  }

  /// Makes one with a service, for the time of `body`.
  static func with(_ name: String, _ body: (ReviewStage) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let keys = try await tenant.makeKeys([
      "admin": .init("admin", user: "root"), "rita": .init("reviewer", user: "rita"),
      "rosa": .init("reviewer", user: "rosa"), "auditor": .init("auditor"),
    ])
    try await deployment.withService { service in
      func client(_ name: String) -> Client { service.client(keys[name]?.text) }
      try await body(
        ReviewStage(
          deployment: deployment, tenant: tenant, admin: client("admin"), rita: client("rita"),
          rosa: client("rosa"), auditor: client("auditor"), client: { service.client($0) }))
    }
  }
}
