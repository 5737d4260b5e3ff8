// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import Protection
import TestSupport
import Testing

/// More work than there are connections for: some is refused at once, none waits for ever, and
/// afterwards everything is as before.
@Suite(.serialized, .exclusive)
struct OverloadTests {
  /// A lock that somebody else holds keeps every connection of the service busy. The others are
  /// refused for want of one, sooner than those that have one run into its deadline of 5 s.
  @Test(.timeLimit(.minutes(2)))
  func whatFindsNoConnectionIsRefusedSoon() async throws {
    try await BadInputGround.with { ground in
      let client = ground.service.client(ground.admin)
      let memory = ground.service.residentBytes
      _ = try await ground.connection.execute(Query("begin"))
      _ = try await ground.connection.execute(
        Query("lock table hansard.canvas_recordings in access exclusive mode", prepared: false))
      let answers = try await withThrowingTaskGroup(of: (Answer, Duration).self) { group in
        for _ in 0..<400 {
          group.addTask {
            let start = ContinuousClock.now
            let answer = try await client.send(.get, Paths.recordings + "?limit=1")
            return (answer, .now - start)
          }
        }
        // The lock is held until most of them have been answered.
        var answers: [(Answer, Duration)] = []
        while answers.count < 380, let answer = try await group.next() { answers.append(answer) }
        #expect(await ground.service.probe("/livez")?.status == 200)
        _ = try await ground.connection.execute(Query("commit"))
        for try await answer in group { answers.append(answer) }
        return answers
      }
      let refused = answers.filter { $0.0.status != 200 }
      let slowest = answers.map(\.1).max() ?? .zero
      print("overload: \(refused.count) of 400 refused, the slowest answer after \(slowest)")
      #expect(Set(refused.map(\.0.status)) == [503])
      #expect(Set(refused.map(\.0.code)).isSubset(of: ["overloaded", "database_unavailable"]))
      #expect(refused.filter { $0.0.headers["retry-after"].isEmpty }.isEmpty)
      #expect(refused.count >= 380)
      #expect(slowest < .seconds(4))
      #expect(ground.service.residentBytes < memory + 64 << 20)
      try await eventually(within: .seconds(5), "a service as before") {
        try await client.send(.get, Paths.recordings).status == 200
      }
    }
  }

  /// Clients that do not wait for their answer: what they sent is stored or not, and nothing else.
  @Test(.timeLimit(.minutes(2)))
  func clientsThatLeaveBeforeTheAnswerHarmNothing() async throws {
    try await BadInputGround.with { ground in
      let openFiles = ground.service.openFiles
      let client = ground.service.client(ground.admin)
      let recording = try await client.startRecording()
      let request = ground.post(Paths.recording(recording, "event"), BadInputGround.rightBody)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for index in 0..<400 {
          group.addTask {
            // Some leave within the request, some behind it.
            let bytes = index % 4 == 0 ? request.bytes.dropLast(index % 30 + 1) : request.bytes[...]
            _ = try await RawConnection.exchange(
              .init(
                port: ground.service.settings.ports.main, bytes: Array(bytes), closesOutput: false,
                limit: .milliseconds(index % 5)))
          }
        }
        try await group.waitForAll()
      }
      let body = BadInputGround.rightBody
      try await eventually(within: .seconds(10), "a service as before") {
        try await client.send(.post, Paths.recording(recording, "event"), json: body).status == 201
          && ground.service.openFiles <= openFiles + 10
      }
      let events = try await client.allEvents(of: recording)
      #expect(events.map { $0["seq"]?.integer() } == (1...events.count).map { Int64($0) })
      #expect(events.count > 1)
      #expect(await ground.service.probe("/readyz")?.status == 200)
    }
  }
}
