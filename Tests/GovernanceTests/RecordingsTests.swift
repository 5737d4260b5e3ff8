// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct RecordingsTests {
  @Test func oneRecordingGoesThroughItsLife() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let before = Timestamp.now()
      let started = try await recordings.start(
        .by(canvas: "board", session: "s1", tags: ["x", "y", "x"]), by: acme.recorder)
      #expect(started.status == .recording && started.eventCount == 0 && !started.isFlagged)
      #expect(started.agent.rawValue == "bot" && started.user.rawValue == "ann")
      #expect(started.canvas?.rawValue == "board" && started.session?.rawValue == "s1")
      #expect(started.tags == ["x", "y"] && started.reason == "a reason")
      #expect(started.metadata.agentName == "bot" && started.metadata.agentMaturity == .student)
      #expect(started.startedAt.seconds(since: before) > -5)
      #expect(started.expiresAt == started.startedAt.adding(days: 90))

      let receipts = try await recordings.append(
        [.of(#"{"n":1}"#), .of("[2]", type: "error"), .of("3", type: "operation_complete")],
        to: started.id, by: acme.recorder)
      #expect(receipts.map(\.seq) == [1, 2, 3])
      #expect(receipts.allSatisfy { !$0.isReplay && $0.leafHash.count == 32 })

      let stopped = try await recordings.stop(
        started.id, status: .completed, summary: nil, by: acme.recorder)
      #expect(stopped.status == .completed && stopped.eventCount == 3)
      #expect(stopped.summary == "3 events recorded, operation completed, errors occurred")
      let stoppedAt = try #require(stopped.stoppedAt)
      let duration = try #require(stopped.durationSeconds)
      #expect(abs(duration - stoppedAt.seconds(since: started.startedAt)) < 0.000_002)
      #expect(stopped.expiresAt == stoppedAt.adding(days: 90))

      let reading = try await recordings.find(started.id, by: acme.ann)
      #expect(reading.recording.status == .completed && reading.flags.isEmpty)
      let events = try await recordings.allEvents(of: started.id, by: acme.ann)
      #expect(events.map(\.text) == [#"{"n":1}"#, "[2]", "3"])
      #expect(events.map(\.type) == ["step", "error", "operation_complete"])
      #expect(events.map(\.leafHash) == receipts.map(\.leafHash))
      #expect(events.map(\.id) == receipts.map(\.event))
      #expect(events.map(\.recordedAt) == receipts.map(\.recordedAt))
    }
  }

  @Test(
    arguments: [
      ([], nil, "0 events recorded"),
      (["step"], nil, "1 event recorded"),
      (["step", "error"], nil, "2 events recorded, errors occurred"),
      (["operation_complete"], nil, "1 event recorded, operation completed"),
      (["step"], "mine", "mine"),
    ] as [([String], String?, String)])
  func stopSummarises(types: [String], given: String?, summary: String) async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      for type in types {
        try await recordings.appendOne(.of(type: type), to: id, by: acme.recorder)
      }
      let text = try given.map { try RecordingText.reason($0) }
      let stopped = try await recordings.stop(id, status: .failed, summary: text, by: acme.recorder)
      #expect(stopped.summary == summary && stopped.status == .failed)
    }
  }

  @Test func aResultIsNeverRewritten() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let first = try await recordings.stop(
        id, status: .failed, summary: .reason("first"), by: acme.recorder)
      let again = try await refusal {
        try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
      }
      #expect(again == .recordingNotOpen)
      let late = try await refusal {
        try await recordings.append([.of()], to: id, by: acme.recorder)
      }
      #expect(late == .recordingNotOpen)
      let reading = try await recordings.find(id, by: acme.ann)
      #expect(reading.recording.summary == "first" && reading.recording.eventCount == 0)
      #expect(reading.recording.updatedAt == first.updatedAt)
      #expect(
        try await TestDatabase.current.psql("select count(*) from hansard.recording_events")
          == "0\n")
    }
  }

  @Test func manyStopsAtOnceStopOnce() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      let outcomes = await withTaskGroup(of: DomainError.Code?.self) { group in
        for number in 0..<12 {
          group.addTask {
            do {
              let summary = try RecordingText.reason("by \(number)")
              _ = try await recordings.stop(
                id, status: .completed, summary: summary, by: acme.recorder)
              return nil
            } catch {
              return (error as? DomainError)?.code ?? .internalError
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count { $0 == nil } == 1)
      #expect(outcomes.count { $0 == .recordingNotOpen } == 11)
    }
  }

  @Test func whatIsNotThereIsNotFound() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme, globex) = (fixture.recordings, fixture.acme, fixture.globex)
      let theirs = try await recordings.started(by: globex)
      for id in [RecordingID.make(), theirs] {
        let codes = [
          try await refusal { try await recordings.append([.of()], to: id, by: acme.admin) },
          try await refusal {
            try await recordings.stop(id, status: .completed, summary: nil, by: acme.admin)
          },
          try await refusal { try await recordings.find(id, by: acme.admin) },
          try await refusal {
            try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: acme.admin)
          },
          try await refusal {
            try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.admin)
          },
          try await refusal { try await recordings.flag(id, reason: .reason("x"), by: acme.admin) },
        ]
        #expect(codes == Array(repeating: .notFound, count: 6))
      }
      #expect(try await recordings.find(theirs, by: globex.ann).recording.status == .recording)
    }
  }

  @Test func aStartNeedsAnOwnerAndAStopAnEnd() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let missing = try await domainError {
        try await recordings.start(.by(user: nil), by: acme.recorder)
      }
      #expect(
        missing.code == .validationFailed && missing.violations.map(\.pointer) == ["/user_id"])
      let own = try await recordings.start(.by(user: nil), by: acme.ann)
      #expect(own.user.rawValue == "ann")
      let status = try await domainError {
        try await recordings.stop(own.id, status: .recording, summary: nil, by: acme.ann)
      }
      #expect(status.violations.map(\.pointer) == ["/status"])
    }
  }

  @Test func aDeploymentMayHaveRecordingSwitchedOff() async throws {
    try await Fixture.run(with: .recordingDisabled) { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let code = try await refusal { try await recordings.start(.by(), by: acme.recorder) }
      #expect(code == .recordingDisabled)
      let outcome = try await recordings.startAutomatically(.by(), by: acme.recorder)
      #expect(outcome.recording == nil && !outcome.created && !outcome.decision.isEmpty)
      #expect(
        try await TestDatabase.current.psql("select count(*) from hansard.canvas_recordings")
          == "0\n")
    }
  }

  @Test func whoIsNamedFirstAppearsUnregistered() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      _ = try await recordings.started(by: acme, agent: "newcomer", user: "zoe")
      let agent = try await fixture.hansard.agents.find(
        try #require(AgentID("newcomer")), by: acme.admin)
      #expect(!agent.isRegistered && agent.status == .student && agent.name == "newcomer")
      let user = try await fixture.hansard.users.list(by: acme.admin).first {
        $0.id.rawValue == "zoe"
      }
      #expect(user?.isRegistered == false)
      // An agent that was registered keeps what it was registered as.
      _ = try await fixture.hansard.agents.put(
        try #require(AgentID("newcomer")), name: DisplayName("The New One"), status: .supervised,
        by: acme.admin)
      let second = try await recordings.start(.by(agent: "newcomer"), by: acme.recorder)
      #expect(second.metadata.agentName == "The New One")
      #expect(second.metadata.agentMaturity == .supervised)
    }
  }

  @Test func aTenantsOwnRetentionGoesFirst() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      try await TestDatabase.current.psql(
        "update hansard.tenants set retention_days = 1000 where tenant_id = '\(acme.tenant)'")
      // Its partition lies beyond what is made ahead: the start makes it.
      let started = try await recordings.start(.by(), by: acme.recorder)
      #expect(started.expiresAt == started.startedAt.adding(days: 1000))
      try await recordings.appendOne(.of(), to: started.id, by: acme.recorder)
      let stopped = try await recordings.stop(
        started.id, status: .completed, summary: nil, by: acme.recorder)
      #expect(stopped.expiresAt == stopped.stoppedAt?.adding(days: 1000))
      let column = try await TestDatabase.current.psql(
        """
        select expires_on > (expires_at at time zone 'UTC')::date - 1
          and expires_on <= (started_at at time zone 'UTC')::date + 1008
        from hansard.canvas_recordings
        """)
      #expect(column == "t\n")
    }
  }

  @Test func anExpiredRecordingIsGone() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      _ = try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
      try await TestDatabase.current.psql(
        "update hansard.canvas_recordings set expires_at = now() - interval '1 second'")
      let codes = [
        try await refusal { try await recordings.find(id, by: acme.ann) },
        try await refusal {
          try await recordings.events(of: id, afterSeq: 0, limit: .standard, by: acme.ann)
        },
        try await refusal {
          try await recordings.replay(of: id, limit: .standard, cursor: nil, by: acme.ann)
        },
        try await refusal { try await recordings.flag(id, reason: .reason("x"), by: acme.ann) },
      ]
      #expect(codes == Array(repeating: .recordingExpired, count: 4))
    }
  }

  @Test func flagsAreKeptAsHistoryAndTagsStay() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme, tags: ["a", "b"])
      let first = try await recordings.flag(id, reason: .reason("one"), by: acme.ann)
      #expect(first.recording.isFlagged && first.recording.tags == ["a", "b", "flagged_review"])
      #expect(first.recording.flagReason == "one" && first.recording.flaggedBy == "user:ann")
      let second = try await recordings.flag(id, reason: .reason("two"), by: acme.reviewer)
      #expect(second.recording.tags == ["a", "b", "flagged_review"])
      #expect(second.recording.flagReason == "two" && second.recording.flaggedBy == "user:rita")
      #expect(second.flags.map(\.reason) == ["one", "two"])
      #expect(second.flags.map(\.flaggedBy) == ["user:ann", "user:rita"])
      #expect(second.recording.flaggedAt == second.flags.last?.flaggedAt)
      // A flag is no end: events go on, and a stop keeps it.
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      let stopped = try await recordings.stop(
        id, status: .completed, summary: nil, by: acme.recorder)
      #expect(stopped.isFlagged && stopped.tags.last == "flagged_review")
      let reading = try await recordings.find(id, by: acme.reviewer)
      #expect(reading.flags.map(\.reason) == ["one", "two"])
    }
  }
}
