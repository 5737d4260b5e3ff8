// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Keys over HTTP: made, shown once, rotated with both live, revoked on every instance at once; and
/// who looked at a recording.
@Suite(.serialized, .exclusive)
struct KeyFlowTests {
  private static let keys = "/api/governance/keys"

  /// The same at the command line.
  @Test func aKeyIsRotatedByACommand() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let tenant = try await deployment.makeTenant("rotated")
      let old = try await tenant.makeKey(.init("recorder", agent: "agent-1"))
      let made = try await deployment.answer(
        ["key", "rotate", old.id, "--grace", "60", "--tenant", tenant.id])
      let new = try #require(try made["key"]?.text())
      #expect(try made["agent_id"]?.text() == "agent-1")
      for text in [old.text, new] { _ = try await service.client(text).startRecording() }
    }
  }

  @Test func aKeyLivesFromItsMakingToItsEnd() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let admin = stage.client(.admin)
      let draft = #"{"role":"recorder","name":"ci","agent_id":"agent-1"}"#
      let made = try await admin.send(.post, Self.keys, json: draft)
      #expect(made.status == 201)
      let id = try made.text("key_id")
      #expect(made.headers["location"] == ["\(Self.keys)/\(id)"])
      let recording = try await service.client(try made.text("key")).startRecording()

      // Shown once.
      let shown = try await admin.send(.get, "\(Self.keys)/\(id)")
      #expect(try shown.json["key"] == nil)
      #expect(try shown.text("agent_id") == "agent-1")
      #expect(try await admin.send(.get, Self.keys).text.contains(id))
      #expect(!(try await admin.send(.get, Self.keys).text.contains("hsd_")))

      // Both are live.
      let rotated = try await admin.send(.post, "\(Self.keys)/\(id)/rotate", json: "{}")
      #expect(rotated.status == 201)
      #expect(try rotated.text("agent_id") == "agent-1")
      for text in [try made.text("key"), try rotated.text("key")] {
        #expect(try await append(to: recording, service.client(text)) == 201)
      }
      #expect(
        try await admin.send(.get, "\(Self.keys)/\(id)").json["expires_at"]?.isNull == false)

      // Revoked, the old one opens nothing; the new one goes on.
      #expect(try await admin.send(.delete, "\(Self.keys)/\(id)").status == 200)
      #expect(try await append(to: recording, service.client(try made.text("key"))) == 401)
      #expect(try await append(to: recording, service.client(try rotated.text("key"))) == 201)
      let again = try await admin.send(.post, "\(Self.keys)/\(id)/rotate", json: "{}")
      #expect(again.status == 409 && again.code == "key_not_live")

      // What ends, ends with its successor too.
      let expiring = #"{"role":"recorder","expires_at":"2090-01-01T00:00:00Z"}"#
      let mortal = try await admin.send(.post, Self.keys, json: expiring).text("key_id")
      let heir = try await admin.send(.post, "\(Self.keys)/\(mortal)/rotate", json: "{}")
      #expect(try heir.text("expires_at") == "2090-01-01T00:00:00.000000Z")

      // Without grace the old one ends at once.
      let next = try rotated.text("key_id")
      let immediate = #"{"grace_seconds":0}"#
      #expect(
        try await admin.send(.post, "\(Self.keys)/\(next)/rotate", json: immediate).status == 201)
      #expect(try await append(to: recording, service.client(try rotated.text("key"))) == 401)
    }
  }

  @Test(arguments: [
    (#"{}"#, "missing_field"), (#"{"role":"king"}"#, "bad_value"),
    (#"{"role":"member"}"#, "missing_field"),
    (#"{"role":"admin","agent_id":"a"}"#, "validation_failed"),
    (#"{"role":"admin","rank":1}"#, "unknown_field"),
    (#"{"role":"admin","expires_at":"soon"}"#, "bad_timestamp"),
    (#"{"role":"recorder","user_id":"a b"}"#, "bad_id"),
  ])
  func aDraftThatIsNoneIsRefused(_ draft: String, _ code: String) async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let answer = try await stage.client(.admin).send(.post, Self.keys, json: draft)
      #expect(answer.status == 422 && answer.code == code, "\(answer.text)")
    }
  }

  @Test func whoLookedAtARecordingIsOneCall() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await MatrixStage.make(service)
      let admin = stage.client(.admin)
      let id = try await admin.startRecording(agent: MatrixStage.agent, user: "alice")
      for caller in [Matrix.Caller.member, .auditor, .reviewer] {
        _ = try await stage.client(caller).send(.get, Paths.recording(id, "replay"))
      }
      let path = "/api/governance/audit?recording_id=\(id)"
      let looked = try await stage.client(.auditor).send(.get, "\(path)&reads_content=true")
      let found = try looked.json.elements.map {
        try "\($0["actor_role"]?.text() ?? "") \($0["outcome"]?.text() ?? "")"
      }
      #expect(found == ["reviewer refused", "auditor allowed", "member allowed"])
      // Page by page, the same lines in the same order.
      var next: String? = "\(path)&limit=1"
      var actions: [String] = []
      while let page = next, actions.count < 20 {
        let answer = try await stage.client(.auditor).send(.get, page)
        actions += try answer.json.elements.map { try $0["action"]?.text() ?? "" }
        next = answer.next
      }
      let reads = Array(repeating: "replay_recording", count: 3)
      #expect(actions.filter { $0 != "read_audit" } == reads + ["start_recording"])
    }
  }

  private func append(to recording: String, _ client: Client) async throws -> Int {
    let event = #"{"event_type":"step","event_data":1}"#
    return try await client.send(.post, Paths.recording(recording, "event"), json: event).status
  }
}
