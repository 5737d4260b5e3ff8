// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport

/// Requests that change something, each of which must be done once however often it is sent, and what is counted
/// to see that.
struct NamedDeeds: Sendable {
  struct Deed: Sendable {
    let path: String
    let body: String
    let key: String
    /// The action of its audit entry.
    let action: String
    /// Counts its effects within the tenant.
    let effects: String
  }

  /// How often a deed has been done.
  struct Traces: Equatable, Sendable {
    var effects: Int64
    var auditLines: Int64
  }

  let tenant: Tenant
  let all: [Deed]

  /// A start, a key, a key's successor and a verdict, to be done by a tenant of their own.
  static func make(_ name: String, in deployment: Deployment, _ service: Service) async throws
    -> NamedDeeds
  {
    let tenant = try await deployment.makeTenant(name)
    let admin = try await tenant.makeKey(.init("admin", user: "alice")).text
    let rita = try await tenant.makeKey(.init("reviewer", user: "rita")).text
    let (client, reviewer) = (service.client(admin), service.client(rita))
    let draft = #"{"role":"recorder","name":"old"}"#
    let old = try await client.send(.post, "/api/governance/keys", json: draft).text("key_id")
    let recording = try await client.startRecording()
    _ = try await client.send(
      .post, Paths.recording(recording, "flag"), json: #"{"flag_reason":"look"}"#)
    let claimed = try await reviewer.send(.post, "\(ReviewStage.reviews)/claim")
    let review = "\(ReviewStage.reviews)/\(try claimed.text("review_id"))"
    func count(_ table: String, _ condition: String) -> String {
      "select count(*) from hansard.\(table) where tenant_id = '\(tenant.id)' and \(condition)"
    }
    return NamedDeeds(
      tenant: tenant,
      all: [
        Deed(
          path: Paths.recordings + "/start",
          body: #"{"agent_id":"agent-1","user_id":"alice","reason":"crash"}"#, key: admin,
          action: "start_recording", effects: count("canvas_recordings", "reason = 'crash'")),
        Deed(
          path: "/api/governance/keys", body: #"{"role":"recorder","name":"crash"}"#, key: admin,
          action: "create_key", effects: count("api_keys", "name = 'crash'")),
        Deed(
          path: "/api/governance/keys/\(old)/rotate", body: "{}", key: admin,
          action: "rotate_key", effects: count("api_keys", "name = 'old'")),
        Deed(
          path: "\(review)/decide", body: #"{"review_status":"approved"}"#, key: rita,
          action: "decide_review", effects: count("review_entries", "kind = 'decided'")),
      ])
  }

  /// Sends a deed to whoever listens at `url`.
  func send(_ deed: Deed, to url: String, isNamed: Bool) async throws -> Answer {
    try await Client(url: url, key: deed.key).send(
      .post, deed.path, json: deed.body,
      headers: isNamed ? [("Idempotency-Key", "crash-\(deed.action)")] : [])
  }

  func traces(of deed: Deed) async throws -> Traces {
    let lines = """
      select count(*)
      from hansard.canvas_audit
      where tenant_id = '\(tenant.id)'
        and action = '\(deed.action)'
      """
    return Traces(
      effects: try await tenant.deployment.value(deed.effects),
      auditLines: try await tenant.deployment.value(lines))
  }

  func traces() async throws -> [Traces] {
    var traces: [Traces] = []
    for deed in all { traces.append(try await self.traces(of: deed)) }
    return traces
  }
}

extension NamedDeeds.Traces {
  static func - (left: Self, right: Self) -> Self {
    .init(effects: left.effects - right.effects, auditLines: left.auditLines - right.auditLines)
  }

  static let once = Self(effects: 1, auditLines: 1)
  static let twice = Self(effects: 2, auditLines: 2)
}
