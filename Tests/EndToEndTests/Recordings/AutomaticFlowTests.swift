// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Recordings that start by themselves, the switches that keep them from it, and what the service
/// says of its health.
@Suite(.serialized, .exclusive)
struct AutomaticFlowTests {
  private static let answer = Shape([
    "recording_id": .optionalText, "created": .bool, "decision": .text,
  ])

  @Test func onlyAutonomousAgentsAreRecordedByThemselves() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("automatic")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    try await deployment.withService { service in
      let client = service.client(key)
      for status in ["student", "intern", "supervised", "paused", "deprecated"] {
        try await tenant.makeAgent("a-\(status)", status: status)
        let value = try expect(try await auto(client, agent: "a-\(status)"), 200, Self.answer)
        #expect(value["recording_id"]?.isNull == true)
        #expect(value["created"]?.bool() == false)
        #expect(try value["decision"]?.text().contains(status) == true)
      }
      // Seen for the first time: a student.
      #expect(try await auto(client, agent: "a-new").json["recording_id"]?.isNull == true)
      #expect(try await client.send(.get, Paths.recordings).text == "[]")
      try await tenant.makeAgent("a-autonomous", status: "autonomous")
      let started = try expect(try await auto(client, agent: "a-autonomous"), 200, Self.answer)
      #expect(started["created"]?.bool() == true)
      let next = try expect(try await auto(client, agent: "a-autonomous"), 200, Self.answer)
      #expect(next["created"]?.bool() == false)
      #expect(next["recording_id"]?.raw == started["recording_id"]?.raw)
      let list = try await client.send(.get, Paths.recordings).json
      let tags = [#"["autonomous","governance","send_mail"]"#]
      #expect(list.elements.map { $0["tags"]?.raw } == tags)
    }
  }

  /// A session stands for the canvas; without both each action is its own recording; a stopped one
  /// is not taken up again.
  @Test func whatMakesTwoActionsOneRecording() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("automatic scopes")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    try await tenant.makeAgent("robot", status: "autonomous")
    try await deployment.withService { service in
      let client = service.client(key)
      func id(_ context: String, user: String = "alice") async throws -> String {
        try await auto(client, agent: "robot", user: user, context: context).text("recording_id")
      }
      let session = try await id(#"{"session_id":"s"}"#)
      let canvas = try await id(#"{"canvas_id":"s"}"#)
      #expect(try await id(#"{"session_id":"s","canvas_id":"other"}"#) == session)
      #expect(try await id(#"{"canvas_id":"s","any":{"thing":[1]}}"#) == canvas)
      let apart = [
        session, canvas, try await id("{}"), try await id("{}"),
        try await id(#"{"session_id":"t"}"#), try await id(#"{"session_id":"s"}"#, user: "bob"),
      ]
      #expect(Set(apart).count == apart.count)
      _ = try await client.send(.post, Paths.recording(session, "stop"), json: "{}")
      #expect(try await id(#"{"session_id":"s"}"#) != session)
    }
  }

  /// Switched off, nothing is started and no id is made up; what runs already goes on.
  @Test func aServiceThatIsSwitchedOffStartsNothing() async throws {
    let deployment = try await Deployment.shared()
    let tenant = try await deployment.makeTenant("switched off")
    let key = try await tenant.makeKey(.init("admin", user: "alice")).text
    try await tenant.makeAgent("robot", status: "autonomous")
    let open = try await deployment.withService { service in
      try await service.client(key).startRecording()
    }
    let off = ["CANVAS_RECORDING_ENABLED": "false"]
    try await deployment.withService(off) { service in
      let client = service.client(key)
      let start = #"{"agent_id":"robot","reason":"r"}"#
      let refused = try await client.send(.post, Paths.recordings + "/start", json: start)
      #expect(refused.status == 503)
      #expect(refused.code == "recording_disabled")
      let answer = try expect(try await auto(client, agent: "robot"), 200, Self.answer)
      #expect(answer["recording_id"]?.isNull == true)
      let event = #"{"event_type":"step","event_data":1}"#
      #expect(
        try await client.send(.post, Paths.recording(open, "event"), json: event).status == 201)
      #expect(try await client.send(.get, Paths.recordings).json.elements.count == 1)
    }
  }

  @Test func healthIsToldToEverybody() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let nobody = service.client(nil)
      let shape = Shape(["status": .text, "service": .text, "timestamp": .time])
      let health = try expect(try await nobody.send(.get, Paths.recordings + "/health"), 200, shape)
      #expect(try health["status"]?.text() == "healthy")
      #expect(try health["service"]?.text() == "canvas_recording")
      for client in [nobody, Client(url: service.adminURL, key: nil)] {
        for path in ["/livez", "/readyz"] {
          #expect(try await client.send(.get, path).status == 200)
        }
        let metrics = try await client.send(.get, "/metrics")
        #expect(
          metrics.headers["content-type"].first?.hasPrefix("text/plain; version=0.0.4") == true)
        let lines = metrics.text.split(separator: "\n")
        #expect(lines.count > 10)
        let line = /(# (HELP|TYPE) .+|[a-z_]+(\{[^}]*\})? [0-9.e+-]+)/
        #expect(lines.filter { $0.wholeMatch(of: line) == nil } == [])
      }
      // The admin port has nothing else.
      let admin = Client(url: service.adminURL, key: nil)
      #expect(try await admin.send(.get, Paths.recordings).status == 404)
    }
  }

  private func auto(
    _ client: Client, agent: String, user: String = "alice",
    context: String = #"{"session_id":"s"}"#
  ) async throws -> Answer {
    let body =
      #"{"agent_id":"\#(agent)","user_id":"\#(user)","action":"send_mail","context":\#(context)}"#
    return try await client.send(.post, Paths.recordings + "/auto", json: body)
  }
}
