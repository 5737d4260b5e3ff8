// Hansard
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct GroupCommitTests {
  @Test func sixtyFourAppendersMakeOneSequenceWithoutGaps() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let (appenders, each) = (64, 12)
      try await withThrowingTaskGroup { group in
        for appender in 0..<appenders {
          group.addTask {
            for number in 0..<each {
              try await recordings.appendOne(
                .of("[\(appender),\(number)]"), to: id, by: acme.recorder)
            }
          }
        }
        try await group.waitForAll()
      }
      let events = try await recordings.allEvents(of: id, by: acme.ann)
      #expect(events.map(\.seq) == Array(1...Int64(appenders * each)))
      for appender in 0..<appenders {
        let own = events.map(\.text).filter { $0.hasPrefix("[\(appender),") }
        #expect(own == (0..<each).map { "[\(appender),\($0)]" })
      }
      // They shared transactions: otherwise there is no group commit.
      let commits = try #require(fixture.metrics.sample("hansard_commit_duration_seconds_count"))
      #expect(commits < Double(appenders * each) / 2)
      #expect(fixture.metrics.sample("hansard_events_total") == Double(appenders * each))
    }
  }

  @Test func batchesOfManyRecordingsAndTenantsKeepTheirOrder() async throws {
    try await Fixture.run { fixture in
      let recordings = fixture.recordings
      var ids: [(RecordingID, Party)] = []
      for party in [fixture.acme, fixture.globex] {
        for _ in 0..<6 { ids.append((try await recordings.started(by: party), party)) }
      }
      try await withThrowingTaskGroup { group in
        for (id, party) in ids {
          for batch in 0..<5 {
            group.addTask {
              _ = try await recordings.append(
                (0..<7).map { try .of("[\(batch),\($0)]") }, to: id, by: party.recorder)
            }
          }
        }
        try await group.waitForAll()
      }
      for (id, party) in ids {
        let events = try await recordings.allEvents(of: id, by: party.ann)
        #expect(events.map(\.seq) == Array(1...35))
        // A batch lies in one piece.
        for start in stride(from: 0, to: 35, by: 7) {
          let batch = events[start].text.dropFirst().prefix { $0 != "," }
          #expect(events[start..<start + 7].map(\.text) == (0..<7).map { "[\(batch),\($0)]" })
        }
      }
    }
  }

  @Test func oneBadRequestFailsAlone() async throws {
    try await Fixture.run(with: .oneLane) { fixture in
      let (recordings, acme, globex) = (fixture.recordings, fixture.acme, fixture.globex)
      let full = try await recordings.started(by: acme)
      let good = [
        (try await recordings.started(by: acme), acme),
        (try await recordings.started(by: globex), globex),
      ]
      try await TestDatabase.current.psql(
        """
        update hansard.recording_progress set event_count = 16777214 where recording_id = '\(full)'
        """)
      let drafts = try (0..<3).map { _ in try EventDraft.of() }
      let blocker = try await Blocker.holding(good[0].0)
      try await withThrowingTaskGroup { group in
        // The first group waits at the lock, so that the rest gather into one behind it.
        group.addTask {
          _ = try await recordings.append(drafts, to: good[0].0, by: acme.recorder)
        }
        try await blocker.untilSomebodyWaits()
        for (id, party) in good {
          group.addTask { _ = try await recordings.append(drafts, to: id, by: party.recorder) }
        }
        group.addTask {
          let code = try await refusal {
            try await recordings.append(drafts, to: full, by: acme.recorder)
          }
          #expect(code == .recordingNotOpen)
        }
        try await blocker.release()
        try await group.waitForAll()
      }
      let counts = try await TestDatabase.current.psql(
        "select event_count from hansard.recording_progress order by event_count")
      #expect(counts == "3\n6\n16777214\n")
      // The last place can still be taken.
      let last = try await recordings.appendOne(.of(), to: full, by: acme.recorder)
      #expect(last.seq == 16_777_215)
    }
  }

  @Test func writersOfTwoInstancesDoNotDeadlock() async throws {
    try await Fixture.run { fixture in
      let parties = [fixture.acme, fixture.globex]
      var requests: [AppendRequest] = []
      for party in parties {
        let id = try await fixture.recordings.started(by: party)
        let context = try #require(await fixture.recordings.contexts.find(id, of: party.tenant))
        let event = try await fixture.sealed(.of(), in: context, by: party.recorder)
        requests.append(
          AppendRequest(
            tenant: party.tenant, recording: id, key: party.recorder.principal.key, events: [event])
        )
      }
      let groups = [requests, requests.reversed()]
      try await withThrowingTaskGroup { tasks in
        for group in groups {
          tasks.addTask {
            let connection = try await TestDatabase.current.connect(role: "hansard_service")
            for _ in 0..<60 { try await Self.send(group, on: connection) }
            await connection.close()
          }
        }
        // A deadlock would be an error here: nothing is retried.
        try await tasks.waitForAll()
      }
    }
  }

  private static func send(
    _ requests: [AppendRequest], on connection: PostgresConnection
  ) async throws {
    let queue = AppendQueue(bounds: .init())
    try await withThrowingTaskGroup { group in
      for (index, request) in requests.enumerated() {
        group.addTask { _ = try await queue.submit(request) }
        try await eventually("accepted") { queue.count == index + 1 }
      }
      var members = AppendGroup(await queue.take() ?? [])
      members.isResent = true
      _ = try members.answers(in: try await connection.transact(members.queries))
      for member in members.members { member.continuation.resume(returning: []) }
      try await group.waitForAll()
    }
  }

  @Test func theWriterStoresWhatWaitsWhenItIsStopped() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      for _ in 0..<5 { try await self.startAndStop(id, acme, key: fixture) }
    }
  }

  private func startAndStop(_ id: RecordingID, _ party: Party, key fixture: Fixture) async throws {
    let settings = TestDatabase.current.settings(role: "hansard_service")
    let writer = EventWriter(options: .init(lanes: 2), observer: .quiet()) {
      try await PostgresConnection.connect(settings)
    }
    let context = try #require(await fixture.recordings.contexts.find(id, of: party.tenant))
    let event = try await fixture.sealed(.of(), in: context, by: party.recorder)
    let request = AppendRequest(
      tenant: party.tenant, recording: id, key: party.recorder.principal.key, events: [event])
    try await withThrowingTaskGroup { group in
      group.addTask {
        let receipts = try await writer.append(request)
        #expect(receipts.map(\.event) == [event.id])
        return true
      }
      group.addTask {
        try await writer.run()
        return false
      }
      // The answer comes first, then the end.
      let isAnswer = [try await group.next()]
      group.cancelAll()
      #expect(isAnswer + [try await group.next()] == [true, false])
    }
    await #expect(throws: DomainError.queueFull) { try await writer.append(request) }
  }
}

/// Holds a recording's counters, so that a writer that comes to it waits.
struct Blocker {
  let connection: PostgresConnection

  static func holding(_ recording: RecordingID) async throws -> Blocker {
    let connection = try await TestDatabase.current.connect(role: "postgres")
    _ = try await connection.execute(Query("begin"))
    _ = try await connection.execute(
      Query(
        "select 1 from hansard.recording_progress where recording_id = $1 for update",
        recording.uuid))
    return Blocker(connection: connection)
  }

  func untilSomebodyWaits() async throws {
    let database = TestDatabase.current
    try await eventually("a waiting backend") {
      try await database.psql(
        """
        select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'
        """) != "0\n"
    }
  }

  func release() async throws {
    _ = try await connection.execute(Query("commit"))
    await connection.close()
  }
}

extension Metrics {
  /// The value of a sample without labels.
  func sample(_ name: String) -> Double? {
    text().split(separator: "\n").first { $0.hasPrefix(name + " ") }
      .flatMap { $0.split(separator: " ").last }.flatMap { Double(String($0)) }
  }
}
