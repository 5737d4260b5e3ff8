// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Testing

/// An acknowledged event is there afterwards, whatever was killed: once, unaltered, in its place.
@Suite(.serialized, .exclusive)
struct KillLoopTests {
  @Test(.timeLimit(.minutes(max(30, Effort.minutes(kinds: 5)))))
  func noAcknowledgedEventIsLostWhateverIsKilled() async throws {
    let report = try await KillLoop(rounds: Effort.killRounds).run()
    print(
      "kill loop: \(Effort.killRounds) rounds, seed \(Effort.seed): \(report.summary); "
        + "\(report.lives) whole lives, \(report.oneShots) one-shots, "
        + "\(report.lostAnswers) lost answers")
    report.expectKeptPromises()
    #expect(report.oneShots >= 5 * Effort.killRounds)
    #expect(report.lives >= Effort.killRounds / 4)
    #expect(report.lostAnswers >= Effort.killRounds / 5)
    #expect(report.stored >= 20 * Effort.killRounds)
  }

  /// The same loop must notice a service that acknowledges before the commit.
  @Test(.timeLimit(.minutes(5)))
  func theLoopNoticesAcknowledgementsBeforeTheCommit() async throws {
    let loop = KillLoop(
      rounds: 4, victims: [.postgres, .immediateStop], environment: EarlyReceipts.environment)
    var lost: [Testimony.Finding] = []
    // A kill meets the milliseconds between receipt and commit about every other time: now and then
    // four in a row do not.
    for _ in 0..<3 where lost.isEmpty {
      let report = try await loop.run()
      lost = report.findings.losses
      print("kill loop with the planted defect: \(lost.count) lost; \(report.summary)")
    }
    #expect(!lost.isEmpty)
  }

  /// The rules that hold the lives of recordings together notice each of them being broken.
  @Test func contradictionsAreNoticed() async throws {
    let breaches = [
      "delete from hansard.recording_keys", "update hansard.recording_progress set is_open = true",
      "update hansard.recording_progress set event_count = 7",
      "delete from hansard.recording_flags",
      "update hansard.canvas_audit set outcome = 'refused', refusal = 'x', "
        + "governance_check_passed = false where action = 'stop_recording'",
      "delete from hansard.canvas_audit where action = 'start_recording'",
    ]
    try await Deployment.with { deployment in
      let tenant = try await deployment.makeTenant("contradictions")
      let key = try await tenant.makeKey(.init("admin", user: "alice")).text
      try await deployment.withService { service in
        let lifecycle = Lifecycle()
        try await lifecycle.live(service.client(key)) { lifecycle.count > 0 }
        try await deployment.withDatabase { connection in
          #expect(try await lifecycle.faults(connection) == [])
          _ = try await connection.execute(Query("set session_replication_role = replica"))
          for breach in breaches {
            _ = try await connection.execute(Query("begin"))
            _ = try await connection.execute(Query(breach, prepared: false))
            #expect(try await Lifecycle.contradictions(connection) != [], "\(breach)")
            _ = try await connection.execute(Query("rollback"))
          }
          _ = try await connection.execute(Query("truncate hansard.canvas_recordings cascade"))
          #expect(try await lifecycle.faults(connection).contains { $0.hasPrefix("lost") })
        }
      }
    }
  }
}
