// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Protection
import TestSupport
import Testing

/// The service behind PgBouncer in transaction mode, set up as docs/operations.md has it.
@Suite(.serialized, .exclusive)
struct PoolerTests {
  @Test(.enabled(if: PgBouncer.program != nil, "pgbouncer is not installed: scripts/setup --test"))
  func everythingWorksBehindAPooler() async throws {
    let deployment = try await Deployment.shared()
    try await PgBouncer.with(to: deployment.postgres, size: 4) { bouncer in
      let environment = [
        "DATABASE_URL": bouncer.conninfo(user: "hansard_service"), "HANSARD_STATEMENT_CACHE": "off",
      ]
      try await deployment.withService(environment) { behind in
        try await deployment.withService { direct in
          let stage = try await LiveStage.make(behind, in: deployment)
          let (near, _) = try await stage.listen("auditor")
          let (far, _) = try await stage.on(direct).listen("auditor")
          // Many at once, so that transactions of several share a session of the server's.
          let ids = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<24 { group.addTask { try await record(stage) } }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
          }
          #expect(ids.count == 24)
          // Both are told of all, also from the instance that cannot be woken through the pooler.
          let id = try await stage.on(direct).client("recorder").startRecording()
          for client in [near, far] {
            var told: Set<String> = []
            while told.count < 25 {
              let notice = try await client.next("canvas:recording_started")
              told.insert(try notice.data["recording_id"]?.text() ?? "")
            }
            #expect(told == ids.union([id]))
          }
          // A key that ends is dead at once, and its connection soon.
          let revoked = try await stage.client("admin").send(
            .delete, "/api/governance/keys/\(stage.key("auditor").id)")
          #expect(revoked.status == 200)
          #expect(try await stage.client("auditor").send(.get, Paths.recordings).status == 401)
          #expect(try await near.closing() == 1008)
          #expect(try await far.closing() == 1008)
        }
      }
    }
  }

  /// From start to replay.
  private func record(_ stage: LiveStage) async throws -> String {
    let start = try await post(
      "/start", #"{"agent_id":"agent-1","user_id":"alice","reason":"end to end"}"#, stage)
    #expect(start.status == 201, "\(start.text)")
    let id = try start.text("recording_id")
    for number in 1...3 {
      let event = #"{"event_type":"step","event_data":{"n":\#(number)}}"#
      let appended = try await post("/\(id)/event", event, stage)
      #expect(appended.status == 201, "\(appended.text)")
    }
    let stopped = try await post("/\(id)/stop", "{}", stage)
    #expect(stopped.status == 200, "\(stopped.text)")
    let replay = try await settled {
      try await stage.client("admin").send(.get, Paths.recording(id, "replay"))
    }
    #expect(try replay.json["events"]?.elements.count == 3)
    return id
  }

  private func post(_ path: String, _ body: String, _ stage: LiveStage) async throws -> Answer {
    let name = UUID().uuidString
    return try await settled {
      try await stage.client("recorder").send(
        .post, Paths.recordings + path, json: body, headers: [("Idempotency-Key", name)])
    }
  }

  /// On a slow disk four sessions are not enough for all at once: who is told to come back does so.
  private func settled(_ send: () async throws -> Answer) async throws -> Answer {
    var answer = try await send()
    try await eventually("an answer") {
      guard answer.status == 503 else { return true }
      answer = try await send()
      return false
    }
    return answer
  }
}
