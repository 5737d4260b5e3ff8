// Hansard
// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// A key that is revoked is refused at once by every instance, also by one that knows it well.
@Suite(.serialized, .exclusive)
struct RevocationTests {
  @Test func aRevokedKeyIsRefusedAtOnceEverywhere() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("revocation")
    let keeper = try await tenant.makeKey(.init("admin", user: "alice"))
    let key = try await tenant.makeKey(.init("admin", user: "alice"))
    try await deployment.withService { first in
      try await deployment.withService { second in
        let services = [first, second]
        var recordings: [String] = []
        for service in services {
          recordings.append(try await service.client(key.text).startRecording())
        }
        try await deployment.settleRetention()
        // Both instances have the key and the recordings in their caches now.
        for (service, recording) in zip(services, recordings) {
          let answers = try await everything(service.client(key.text), recording, stop: false)
          #expect(answers.filter { !(200...201).contains($0.status) }.map(\.text) == [])
        }
        let before = try await tables(deployment)
        try await tenant.revoke(key)
        for (service, recording) in zip(services, recordings) {
          let answers = try await everything(service.client(key.text), recording, stop: true)
          #expect(answers.map(\.status) == Array(repeating: 401, count: answers.count))
          #expect(Set(answers.map(\.code)) == ["unauthenticated"])
          #expect(answers.filter { $0.headers["www-authenticate"].isEmpty }.isEmpty)
        }
        // Nothing of it happened, and another key still works: the refusals were the key's.
        #expect(try await tables(deployment) == before)
        for (service, recording) in zip(services, recordings) {
          let answers = try await everything(service.client(keeper.text), recording, stop: true)
          let refused = answers.map(\.status).filter { !(200...201).contains($0) }
          #expect(refused == [404, 422])
        }
      }
    }
  }

  @Test func anExpiredKeyIsRefused() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("expiry")
    let draft = Tenant.Draft("auditor", expiresAt: "2020-01-01T00:00:00Z")
    let key = try await tenant.makeKey(draft)
    try await deployment.withService { service in
      let answer = try await service.client(key.text).send(.get, Paths.recordings)
      #expect(answer.status == 401)
    }
  }

  /// One request of each kind.
  private func everything(
    _ client: Client, _ recording: String, stop: Bool
  ) async throws -> [Answer] {
    let event = #"{"event_type":"step","event_data":{}}"#
    let agent = #"{"status":"student"}"#
    let flag = #"{"flag_reason":"look"}"#
    let start = #"{"agent_id":"agent-1","reason":"again"}"#
    let auto = #"{"agent_id":"agent-1","action":"act"}"#
    let policy = try await client.send(.get, "/api/governance/redaction")
    // A key that is revoked does not learn which version is in force, and none would help it.
    let tag = policy.headers["etag"].first ?? "\"redaction-0\""
    var answers = [
      try await client.send(.post, Paths.recording(recording, "event"), json: event),
      try await client.send(.post, Paths.recording(recording, "events"), json: "[\(event)]"),
      try await client.send(.post, Paths.recording(recording, "flag"), json: flag),
      try await client.send(.post, Paths.recordings + "/start", json: start),
      try await client.send(.post, Paths.recordings + "/auto", json: auto),
      try await client.send(.get, Paths.recordings),
      try await client.send(.get, Paths.recording(recording)),
      try await client.send(.get, Paths.recording(recording, "events")),
      try await client.send(.get, Paths.recording(recording, "replay")),
      try await client.send(.get, "/api/governance/agents"),
      try await client.send(.put, "/api/governance/agents/agent-1", json: agent),
      policy,
      try await client.send(
        .put, "/api/governance/redaction", json: "{}", headers: [("If-Match", tag)]),
      try await client.send(.post, "/api/governance/redaction/try", json: #"{"sample":1}"#),
    ]
    if stop {
      let nobodys = Paths.recording("0190b0a4-7c3d-7e55-9c11-0123456789ab", "event")
      answers.append(try await client.send(.post, nobodys, json: event))
      answers.append(try await client.send(.get, Paths.recordings + "?cursor=none"))
      answers.append(try await client.send(.post, Paths.recording(recording, "stop"), json: "{}"))
    }
    return answers
  }

  /// What a revoked key must not be able to change.
  private func tables(_ deployment: Deployment) async throws -> String {
    try await deployment.withDatabase { try await TableCounts.read($0).description }
  }
}
