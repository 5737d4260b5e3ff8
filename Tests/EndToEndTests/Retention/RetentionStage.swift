// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// A tenant with admins who hold, delete and look, and those who see less.
struct RetentionStage: Sendable {
  let deployment: Deployment
  let service: Service
  let tenant: Tenant
  /// By who they are.
  private let keys: [String: String]

  static let holds = "/api/governance/holds"
  static let deletions = "/api/governance/deletions"
  static let certificates = "/api/governance/certificates"

  /// Lends one with a service of its own.
  static func with(_ name: String, _ body: (RetentionStage) async throws -> Void) async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant(name)
    let other = try await deployment.makeTenant("\(name), another")
    var keys = try await tenant.makeKeys([
      "root": .init("admin", user: "root"), "zoe": .init("admin", user: "zoe"),
      "auditor": .init("auditor"), "alice": .init("member", user: "alice"),
      "bob": .init("member", user: "bob"), "reviewer": .init("reviewer", user: "rita"),
      "recorder": .init("recorder"), "otherRecorder": .init("recorder", agent: "agent-2"),
    ]).mapValues(\.text)
    keys["stranger"] = try await other.makeKey(.init("admin", user: "root")).text
    try await deployment.withService { service in
      try await body(
        RetentionStage(deployment: deployment, service: service, tenant: tenant, keys: keys))
    }
  }

  func client(_ name: String) -> Client { service.client(keys[name]) }

  /// A recording of alice's that has stopped, with an event.
  func stopped() async throws -> String {
    try await client("root").make(.stoppedRecording)
  }

  /// Asks for a deletion.
  func delete(_ id: String, by name: String = "root") async throws -> Answer {
    try await client(name).send(
      .delete, Paths.recording(id), Array(#"{"reason":"asked for"}"#.utf8))
  }

  /// Places a hold.
  func hold(_ id: String, by name: String = "root") async throws -> Answer {
    try await client(name).send(
      .post, Self.holds, json: "{\"recording_id\":\"\(id)\",\"reason\":\"a case\"}")
  }

  func send(_ method: Client.Method, _ path: String, by name: String = "root") async throws
    -> Answer
  {
    try await client(name).send(method, path, Array(#"{"reason":"enough"}"#.utf8))
  }

  /// Has the policy want four eyes.
  func wantFourEyes() async throws {
    let answer = try await client("root").send(
      .put, "/api/governance/policy", json: #"{"four_eyes":true}"#,
      headers: [("If-Match", "\"policy-0\"")])
    guard answer.status == 200 else { throw TestSupportError(answer.text) }
  }
}
