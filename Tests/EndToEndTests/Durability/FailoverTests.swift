// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

/// The primary dies and its synchronous standby takes over: the service finds it by itself, and
/// what was acknowledged is there.
@Suite(.serialized, .exclusive)
struct FailoverTests {
  /// A round copies the whole primary.
  @Test(.timeLimit(.minutes(Effort.minutes(kinds: 2))))
  func noAcknowledgedEventIsLostWithASynchronousStandby() async throws {
    let rounds = Effort.rounds(standard: 2)
    let report = try await Failover(rounds: rounds).run()
    let slowest = report.resumptions.max() ?? .zero
    print(
      "failover: \(rounds) promotions, seed \(Effort.seed): writes resumed within "
        + "\(slowest.milliseconds) ms of the promotion, "
        + "\((report.pauses.max() ?? .zero).milliseconds) ms of the kill; \(report.summary)")
    #expect(report.findings == [])
    #expect(report.surprises == [])
    #expect(report.wrongLeaves == 0)
    #expect(report.stored >= 100 * rounds)
    #expect(report.resumptions.count == rounds)
    #expect(slowest <= .seconds(5))
  }

  /// Without anybody waiting for the standby, a failover must be seen to lose.
  @Test(.timeLimit(.minutes(5)))
  func theComparisonNoticesAStandbyThatNobodyWaitsFor() async throws {
    let report = try await Failover(rounds: 1, isSynchronous: false).run()
    let lost = report.findings.losses
    print("failover to an asynchronous standby: \(lost.count) lost; \(report.summary)")
    #expect(!lost.isEmpty)
  }

  /// Who cancels the wait for the standby gets a commit on one server only. That is no receipt, and
  /// neither is the answer to the same event sent again while there is no standby.
  @Test(.timeLimit(.minutes(2)))
  func acknowledgesNothingWhoseWaitForTheStandbyWasCancelled() async throws {
    try await Deployment.with { deployment in
      let key = try await deployment.makeTenant("wait").makeKey(.init("admin", user: "alice")).text
      try await deployment.withService { service in
        let client = service.client(key)
        let recording = try await client.startRecording()
        let psql = Psql(postgres: deployment.postgres, database: "postgres")
        try await psql.run([
          "-c", "alter system set synchronous_standby_names = 'nobody'",
          "-c", "select pg_reload_conf()",
        ])
        let body =
          #"{"event_id":"5f0d4b5e-6d0a-4f3c-9a53-0a7b1a2b3c4d","event_type":"e","event_data":{}}"#
        for _ in 0..<2 {
          async let answer = client.send(.post, Paths.recording(recording, "event"), json: body)
          try await eventually("a cancelled wait") {
            try await psql.run([
              "-c",
              """
              select count(*) from (
                select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'
              ) as cancelled
              """,
            ]).hasPrefix("1")
          }
          let refused = try await answer
          #expect(refused.status == 503)
          #expect(refused.code == "outcome_unknown")
          #expect(!refused.headers["retry-after"].isEmpty)
        }
        try await psql.run([
          "-c", "set synchronous_commit = local",
          "-c", "alter system reset synchronous_standby_names", "-c", "select pg_reload_conf()",
        ])
        try await eventually("a receipt") {
          let answer = try await client.send(
            .post, Paths.recording(recording, "event"), json: body)
          return answer.status == 200
        }
        #expect(try await client.allEvents(of: recording).count == 1)
      }
    }
  }
}
