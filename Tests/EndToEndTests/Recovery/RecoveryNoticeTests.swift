// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Attempts as they are logged, on the way to whom they concern.
@Suite(.serialized, .exclusive)
struct RecoveryNoticeTests {
  /// Nobody hears what they may not read, and whoever may read it hears of it.
  @Test func attemptsAreToldToWhoMayReadThem() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      var listeners: [String: LiveClient] = [:]
      for name in ["member", "other", "reviewer", "auditor", "admin"] {
        listeners[name] = try await stage.listen(name).client
      }
      let sessions = [
        ("s-1", #""alice""#), ("s-2", "null"), ("s-3", #""bob""#), ("s-4", #""rita""#),
        // Everybody hears of something in the end, and of what was before it before.
        ("a-1", #""alice""#), ("b-1", #""bob""#), ("r-1", #""rita""#),
      ]
      for (session, user) in sessions {
        let body = """
          {"error_type":"E","strategy":"fix","success":true,"duration_seconds":0.10,
           "user_id":\(user),"error_message":"canary"}
          """
        let answer = try await stage.client("recorder").send(
          .post, "\(RecoveryFlowTests.sessions)/\(session)/attempts", json: body)
        #expect(answer.status == 201, "\(answer.text)")
      }
      for (name, listener) in listeners {
        var readable: [String] = []
        for (session, _) in sessions {
          let path = "\(RecoveryFlowTests.sessions)/\(session)/history"
          let status = try await stage.client(name).send(.get, path).status
          if status == 200 { readable.append(session) }
        }
        var heard: [String] = []
        for _ in readable {
          let told = try await listener.next()
          #expect(told.type == "recovery:attempt_logged", "\(name)")
          heard.append(try told.data["session_id"]?.text() ?? "")
          #expect(told.data["duration_seconds"]?.raw == "0.10")
          #expect(told.data["error_message"] == nil)
        }
        #expect(heard == readable, "\(name)")
        let expected = ["member": 2, "other": 2, "reviewer": 2, "auditor": 7, "admin": 7]
        #expect(heard.count == expected[name], "\(name)")
        await listener.drop()
      }
    }
  }
}
