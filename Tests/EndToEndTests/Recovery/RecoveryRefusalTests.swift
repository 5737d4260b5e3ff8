// Hansard
// SPDX-License-Identifier: Apache-2.0

import Protection
import TestSupport
import Testing

/// What is not accepted as a recovery attempt, and how that is said.
@Suite(.serialized, .exclusive)
struct RecoveryRefusalTests {
  @Test(arguments: [
    (#","changes_made":"one""#, "/changes_made", "wrong_type"),
    (#","files_modified":["a",1]"#, "/files_modified/1", "wrong_type"),
    (#","attempt_number":0"#, "/attempt_number", "bad_value"),
    (#","timestamp":"yesterday""#, "/timestamp", "bad_timestamp"),
    (#","timestamp":"2026-01-01T00:00:00""#, "/timestamp", "bad_timestamp"),
    (#","rollback_performed":"no""#, "/rollback_performed", "wrong_type"),
    (#","entry_id":"a/b""#, "/entry_id", "bad_id"),
    (#","recording_id":"x""#, "/recording_id", "bad_uuid"),
    (#","line":-1"#, "/line", "bad_value"), (#","typo":1"#, "/typo", "unknown_field"),
    (#","error_message":7"#, "/error_message", "wrong_type"),
    (#","next_action":"a\u0007""#, "/next_action", "bad_value"),
  ])
  func eachBadAttemptIsNamed(further: String, pointer: String, code: String) async throws {
    try await RecoveryFlowTests.withClients { recorder, _, admin in
      let path = "\(RecoveryFlowTests.sessions)/s-1"
      let single = try await recorder.send(
        .post, "\(path)/attempts", json: RecoveryFlowTests.attempt(further))
      #expect(single.status == 422 && single.code == code, "\(single.text)")
      #expect(try single.json["errors"]?.elements.map { try $0["pointer"]?.text() } == [pointer])
      let batch = try await recorder.send(
        .post, "\(path)/attempts",
        json: "[\(RecoveryFlowTests.attempt()),\(RecoveryFlowTests.attempt(further))]")
      #expect(
        try batch.json["errors"]?.elements.map { try $0["pointer"]?.text() } == ["/1" + pointer])
      #expect(try await admin.send(.get, path).status == 404)
    }
  }

  @Test(arguments: [
    ("-1", 422), ("1e10", 422), ("\"1\"", 422), ("null", 422), ("NaN", 400), ("Infinity", 400),
    ("1e-401", 422),
  ])
  func durationsAreFiniteAndNotNegative(duration: String, status: Int) async throws {
    try await RecoveryFlowTests.withClients { recorder, _, _ in
      let body = """
        {"error_type":"E","strategy":"fix","success":true,"duration_seconds":\(duration)}
        """
      let answer = try await recorder.send(
        .post, "\(RecoveryFlowTests.sessions)/s-1/attempts", json: body)
      #expect(answer.status == status, "\(answer.text)")
    }
  }

  @Test func batchesAreBounded() async throws {
    try await RecoveryFlowTests.withClients { recorder, _, _ in
      let path = "\(RecoveryFlowTests.sessions)/s-1/attempts"
      for (body, status, code) in [
        ("[]", 422, "empty_batch"), ("7", 422, "wrong_type"),
        (
          "[" + Array(repeating: "{}", count: 1001).joined(separator: ",") + "]", 422,
          "too_many_events"
        ),
        (
          RecoveryFlowTests.attempt(
            #","context":"\#(String(repeating: "x", count: 131_000))","error_after":"#
              + #""\#(String(repeating: "x", count: 131_072))""#), 413, "event_too_large"
        ),
      ] {
        let answer = try await recorder.send(.post, path, json: body)
        #expect(answer.status == status && answer.code == code, "\(answer.text.prefix(300))")
      }
      let many =
        "[" + Array(repeating: RecoveryFlowTests.attempt(), count: 1000).joined(separator: ",")
        + "]"
      #expect(try await recorder.send(.post, path, json: many).status == 201)
    }
  }
}
