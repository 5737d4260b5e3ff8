// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// The recovery audit trail on the way of real requests.
@Suite(.serialized, .exclusive)
struct RecoveryFlowTests {
  static let sessions = "/api/recovery/sessions"

  static func withClients(
    _ body: (_ recorder: Client, _ ann: Client, _ admin: Client) async throws -> Void
  ) async throws {
    let deployment = try await Deployment.shared()
    let keys = try await deployment.makeTenant("recovery").makeKeys([
      "recorder": .init("recorder"), "member": .init("member", user: "ann"),
      "admin": .init("admin"),
    ])
    try await deployment.withService { service in
      try await body(
        service.client(keys["recorder"]?.text), service.client(keys["member"]?.text),
        service.client(keys["admin"]?.text))
    }
  }

  static func attempt(_ further: String = "", success: Bool = true) -> String {
    """
    {"error_type":"SyntaxError","strategy":"fix","success":\(success),"duration_seconds":1.50,
     "user_id":"ann"\(further)}
    """
  }

  @Test func aSessionIsStartedFilledAndRead() async throws {
    try await Self.withClients { recorder, ann, _ in
      let started = try await recorder.send(
        .post, Self.sessions, json: #"{"session_id":"s:1","agent_id":"bot","user_id":"ann"}"#)
      #expect(started.status == 201, "\(started.text)")
      #expect(started.headers["location"] == ["/api/recovery/sessions/s%3A1"])
      let again = try await recorder.send(.post, Self.sessions, json: #"{"session_id":"s:1"}"#)
      #expect(again.status == 409 && again.code == "session_exists")
      let made = try await recorder.send(.post, Self.sessions)
      #expect(made.status == 201)
      #expect(try made.text("session_id").hasPrefix("session_"))

      let path = "\(Self.sessions)/s:1"
      let one = try await recorder.send(.post, "\(path)/attempts", json: Self.attempt())
      #expect(one.status == 201, "\(one.text)")
      #expect(try one.json["attempt_number"]?.integer() == 1)
      let two = try await recorder.send(
        .post, "\(path)/attempts",
        json: "[\(Self.attempt(#","entry_id":"entry_a""#)),\(Self.attempt(success: false))]")
      #expect(two.status == 201)
      #expect(try two.json.elements.map { $0["attempt_number"]?.integer() } == [2, 3])
      let replayed = try await recorder.send(
        .post, "\(path)/attempts", json: Self.attempt(#","entry_id":"entry_a""#))
      #expect(replayed.status == 200)

      let page = try await ann.send(.get, "\(path)/history?limit=2")
      #expect(page.status == 200 && page.headers["link"].count == 1)
      let entries = Array(try page.json.elements)
      #expect(
        entries[0].members.map(\.key).prefix(14) == [
          "entry_id", "timestamp", "session_id", "error_type", "strategy", "attempt_number",
          "success", "changes_made", "files_modified", "rollback_performed", "next_action",
          "duration_seconds", "error_message", "recovery_message",
        ])
      #expect(entries.count == 2 && entries[0]["duration_seconds"]?.raw == "1.50")
      #expect(try await recorder.send(.get, "\(path)/history").status == 403)
      #expect(try await ann.send(.get, "\(Self.sessions)/other/history").status == 404)
    }
  }

  @Test func aNamedRequestIsDoneOnce() async throws {
    try await Self.withClients { recorder, ann, _ in
      let path = "\(Self.sessions)/s-1"
      let name = [("Idempotency-Key", "once")]
      let first = try await recorder.send(
        .post, "\(path)/attempts", json: Self.attempt(), headers: name)
      let again = try await recorder.send(
        .post, "\(path)/attempts", json: Self.attempt(), headers: name)
      #expect(first.body == again.body && again.status == 201)
      #expect(again.headers["idempotent-replayed"] == ["true"])
      #expect(try await ann.send(.get, "\(path)/history").json.elements.map(\.self).count == 1)
      let other = try await recorder.send(
        .post, "\(path)/attempts", json: Self.attempt(success: false), headers: name)
      #expect(other.status == 422)
    }
  }

  @Test func clearingNeedsAReasonAndLeavesATombstone() async throws {
    try await Self.withClients { recorder, ann, admin in
      let path = "\(Self.sessions)/s-1"
      _ = try await recorder.send(.post, "\(path)/attempts", json: Self.attempt())
      _ = try await recorder.send(.post, "\(Self.sessions)/s-2/attempts", json: Self.attempt())
      #expect(try await admin.send(.delete, path, json: "{}").code == "missing_field")
      let reason = #"{"reason":"no longer needed"}"#
      #expect(try await ann.send(.delete, path, json: reason).status == 403)
      let cleared = try await admin.send(.delete, path, json: reason)
      #expect(cleared.status == 200)
      #expect(try cleared.json["cleared_attempts"]?.raw == "1")
      #expect(try await admin.send(.get, "\(path)/history").code == "session_cleared")
      #expect(try await admin.send(.get, path).text("clear_reason") == "no longer needed")
      #expect(
        try await admin.send(.post, Self.sessions, json: #"{"session_id":"s-1"}"#).status == 409)
      let all = try await admin.send(.delete, Self.sessions, json: reason)
      #expect(all.text == #"{"cleared_sessions":1,"cleared_attempts":1}"#)
      #expect(try await admin.send(.get, Self.sessions).text == "[]")
      let tombstones = try await admin.send(.get, "\(Self.sessions)?cleared=true&limit=1")
      #expect(try tombstones.json.elements.map(\.self).count == 1)
      #expect(tombstones.headers["link"].first?.contains("cleared=true") == true)
    }
  }

  @Test func attemptsAddUpAcrossSessions() async throws {
    try await Self.withClients { recorder, ann, admin in
      for number in 1...3 {
        _ = try await recorder.send(
          .post, "\(Self.sessions)/s-\(number)/attempts",
          json: Self.attempt(#","agent_id":"a\#(number % 2)""#, success: number > 1))
      }
      for client in [ann, admin] {
        let totals = try await client.send(.get, "/api/recovery/statistics?group_by=agent").json
        #expect(totals["total_sessions"]?.raw == "3" && totals["success_rate"]?.raw == "66.67")
        #expect(totals["total_duration_seconds"]?.raw == "4.5")
        let groups = Array(try #require(totals["groups"]).elements)
        #expect(groups.map { $0["key"]?.raw } == [#""a0""#, #""a1""#])
        #expect(groups.map { $0["success_rate"]?.raw } == ["100.0", "50.0"])
      }
      let bad = try await admin.send(.get, "/api/recovery/statistics?group_by=moon")
      #expect(bad.status == 422 && bad.text.contains("agent, strategy, error_type, day"))
      #expect(try await recorder.send(.get, "/api/recovery/statistics").status == 403)
    }
  }
}
