// Hansard
// SPDX-License-Identifier: Apache-2.0

import EmbeddedPostgres
import Postgres
import Protection
import TestSupport
import Testing

/// A primary that was replaced comes back and takes writes like any other. Who has seen the one that was promoted
/// in its place does not use it.
@Suite(.serialized, .exclusive)
struct OldPrimaryTests {
  @Test(.timeLimit(.minutes(3)))
  func nothingIsWrittenToAnOldPrimary() async throws {
    try await Deployment.with { deployment in
      try await ServerPair.with(deployment) { pair in
        let tenant = try await deployment.makeTenant("old primary")
        let key = try await tenant.makeKey(.init("admin", user: "alice")).text
        try await deployment.withService(["DATABASE_URL": pair.conninfo]) { service in
          let client = service.client(key)
          let recording = try await client.startRecording()
          let standby = try await pair.makeStandby(isSynchronous: true)
          #expect(try await append(1, to: recording, client).status == 201)
          await pair.primary.kill()
          try await pair.promote(standby)
          try await eventuallyAppends(2, to: recording, client)

          try await comeBack(deployment)
          let before = try await events(of: deployment)
          try await endSessions(on: pair)
          var acknowledged = [1, 2]
          try await eventually("a refusal of the old primary") {
            let answer = try await append(3, to: recording, client)
            // By a session that had not ended yet.
            if answer.status == 201 { acknowledged.append(3) }
            return answer.code == "unsafe_database"
          }
          for number in 4...9 {
            #expect(try await append(number, to: recording, client).status == 503)
          }
          #expect(try await client.send(.get, "/readyz").text.contains("unsafe_database"))
          #expect(try await events(of: deployment) == before)
          // The control: somebody who has not seen the other one does write there.
          try await deployment.withService(["DATABASE_URL": pair.conninfo]) { stranger in
            try await eventuallyAppends(10, to: recording, stranger.client(key))
          }
          #expect(try await events(of: deployment) == before + 1)

          await deployment.postgres.stop(.immediate)
          try await eventuallyAppends(11, to: recording, client)
          let numbers = try await client.allEvents(of: recording).map {
            $0["data"]?["n"]?.integer()
          }
          #expect(numbers == (acknowledged + [11]).map { Int64($0) })
        }
      }
    }
  }

  /// The first of the two addresses that services are given answers again, and waits for no standby.
  private func comeBack(_ deployment: Deployment) async throws {
    try await deployment.postgres.restart()
    try await Psql(postgres: deployment.postgres, database: "postgres").run([
      "-c", "alter system reset synchronous_standby_names", "-c", "select pg_reload_conf()",
    ])
  }

  /// Services have to connect anew.
  private func endSessions(on pair: ServerPair) async throws {
    try await pair.withPrimary { connection in
      _ = try await connection.execute(
        Query(
          """
          select pg_terminate_backend(pid)
          from pg_stat_activity
          where usename = 'hansard_service'
          """))
    }
  }

  private func events(of deployment: Deployment) async throws -> Int64 {
    try await deployment.value("select count(*) from hansard.recording_events")
  }

  /// The id makes it one event, however often it is sent.
  private func append(
    _ number: Int, to recording: String, _ client: Client
  ) async throws -> Answer {
    let id = "5f0d4b5e-6d0a-4f3c-9a53-0a7b1a2b3c\(number + 10)"
    return try await client.send(
      .post, Paths.recording(recording, "event"),
      json: #"{"event_id":"\#(id)","event_type":"e","event_data":{"n":\#(number)}}"#)
  }

  private func eventuallyAppends(
    _ number: Int, to recording: String, _ client: Client
  ) async throws {
    try await eventually("a receipt for \(number)") {
      let status = try await append(number, to: recording, client).status
      return status == 200 || status == 201
    }
  }
}
