// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

/// What expires is destroyed within a minute by a service as it comes, with the interval of its default.
@Suite(.serialized)
struct PromptDestructionTests {
  private static let count = 60
  /// As a service has it that is told nothing; the others of these tests look once an hour.
  private static let standard = ["HANSARD_RETENTION_INTERVAL_SECONDS": "30"]

  @Test(.timeLimit(.minutes(4))) func keysGoWithinAMinuteOfTheExpiry() async throws {
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("prompt")
      let key = try await tenant.makeKey(.init("admin", user: "root")).text
      try await deployment.withService(Self.standard) { service in
        let client = service.client(key)
        var recordings: [String] = []
        for number in 0..<Self.count {
          recordings.append(try await client.make(.stoppedRecording))
          let logged = try await client.send(
            .post, "\(RecoveryFlowTests.sessions)/s-\(number)/attempts",
            json: RecoveryFlowTests.attempt())
          #expect(logged.status == 201, "\(logged.text)")
        }
        let kept = try await client.make(.stoppedRecording)
        #expect(try await keys(in: deployment) == [Int64(Self.count) + 1, Int64(Self.count)])

        try await expire(recordings, in: deployment)
        let expired = ContinuousClock.now
        try await eventually(within: .seconds(60), "no keys of what has expired") {
          try await keys(in: deployment) == [1, 0]
        }
        print("retention: \(2 * Self.count) keys destroyed \(ContinuousClock.now - expired) after")
        for id in recordings {
          let gone = try await client.send(.get, Paths.recording(id))
          #expect(gone.status == 410 && gone.code == "recording_expired")
        }
        #expect(try await client.send(.get, Paths.recording(kept)).status == 200)
      }
    }
  }

  /// Data keys of recordings and of recovery sessions.
  private func keys(in deployment: Deployment) async throws -> [Int64] {
    try await [
      deployment.value("select count(*) from hansard.recording_keys"),
      deployment.value("select count(*) from hansard.recovery_keys"),
    ]
  }

  private func expire(_ recordings: [String], in deployment: Deployment) async throws {
    let list = recordings.map { "'\($0)'" }.joined(separator: ", ")
    try await deployment.withDatabase { connection in
      for statement in [
        """
        update hansard.canvas_recordings set expires_at = clock_timestamp()
        where recording_id in (\(list))
        """,
        "update hansard.recovery_sessions set expires_at = clock_timestamp()",
      ] {
        _ = try await connection.execute(Query(statement, prepared: false))
      }
    }
  }
}
