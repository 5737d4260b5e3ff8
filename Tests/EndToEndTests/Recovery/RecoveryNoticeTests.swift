// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// Attempts as they are logged, on the way to whom they concern.
@Suite(.serialized, .exclusive)
struct RecoveryNoticeTests {
  @Test func attemptsAreToldToTheUserAndToOverseers() async throws {
    let deployment = try await Deployment.shared()
    try await deployment.withService { service in
      let stage = try await LiveStage.make(service, in: deployment)
      var listeners: [String: LiveClient] = [:]
      for name in ["member", "other", "reviewer", "auditor", "admin"] {
        listeners[name] = try await stage.listen(name).client
      }
      for (session, user) in [("s-1", #""alice""#), ("s-2", "null"), ("s-3", #""bob""#)] {
        let body = """
          {"error_type":"E","strategy":"fix","success":true,"duration_seconds":0.10,
           "user_id":\(user),"error_message":"canary"}
          """
        let answer = try await stage.client("recorder").send(
          .post, "\(RecoveryFlowTests.sessions)/\(session)/attempts", json: body)
        #expect(answer.status == 201, "\(answer.text)")
      }
      for (name, sessions) in [
        ("member", ["s-1"]), ("other", ["s-3"]), ("reviewer", ["s-1", "s-2", "s-3"]),
        ("auditor", ["s-1", "s-2", "s-3"]), ("admin", ["s-1", "s-2", "s-3"]),
      ] {
        let listener = try #require(listeners[name])
        for session in sessions {
          let told = try await listener.next()
          #expect(told.type == "recovery:attempt_logged", "\(name)")
          #expect(try told.data["session_id"]?.text() == session, "\(name)")
          #expect(told.data["duration_seconds"]?.raw == "0.10")
          #expect(told.data["error_message"] == nil)
        }
        await listener.drop()
      }
    }
  }
}
