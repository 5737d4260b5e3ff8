// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct AutomaticTests {
  private func makeAutonomous(_ fixture: Fixture, _ agent: String = "bot") async throws {
    _ = try await fixture.hansard.agents.put(
      try #require(AgentID(agent)), name: nil, status: .autonomous, by: fixture.acme.admin)
  }

  private func count() async throws -> String {
    try await TestDatabase.current.psql("select count(*) from hansard.canvas_recordings")
  }

  @Test func onlyAutonomousAgentsAreRecordedByThemselves() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      for status in Agent.Status.allCases where status != .autonomous {
        _ = try await fixture.hansard.agents.put(
          try #require(AgentID("bot")), name: nil, status: status, by: acme.admin)
        let outcome = try await recordings.startAutomatically(.by(), by: acme.recorder)
        #expect(outcome.recording == nil && !outcome.created)
        #expect(outcome.decision.contains(status.rawValue))
      }
      let unknown = try await recordings.startAutomatically(.by(agent: "new"), by: acme.recorder)
      #expect(unknown.recording == nil)
      #expect(try await count() == "0\n")
      try await makeAutonomous(fixture)
      let outcome = try await recordings.startAutomatically(
        .by(session: "s", action: "browse"), by: acme.recorder)
      let id = try #require(outcome.recording)
      let recording = try await recordings.find(id, by: acme.ann).recording
      #expect(outcome.created && recording.reason == "autonomous_action")
      #expect(recording.tags == ["autonomous", "governance", "browse"])
      #expect(recording.metadata.agentMaturity == .autonomous)
    }
  }

  @Test func aSessionGoesOnInOneRecording() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      try await makeAutonomous(fixture)
      try await makeAutonomous(fixture, "other")
      func auto(_ draft: AutomaticDraft) async throws -> AutomaticOutcome {
        try await recordings.startAutomatically(draft, by: acme.recorder)
      }
      let first = try await auto(.by(session: "s", action: "browse"))
      let second = try await auto(.by(canvas: "c", session: "s", action: "click"))
      let again = try await auto(.by(session: "s", action: "browse"))
      #expect(first.created && !second.created && !again.created)
      #expect(first.recording == second.recording && first.recording == again.recording)
      let id = try #require(first.recording)
      #expect(
        try await recordings.find(id, by: acme.ann).recording.tags
          == ["autonomous", "governance", "browse", "click"])
      // Another session, user, agent or canvas is another recording.
      let others = [
        try await auto(.by(session: "s2")), try await auto(.by(user: "bob", session: "s")),
        try await auto(.by(agent: "other", session: "s")), try await auto(.by(canvas: "s")),
      ]
      #expect(others.map(\.created) == [true, true, true, true])
      #expect(Set(others.map(\.recording) + [id]).count == 5)
      // When it has stopped, the next action starts a new one.
      _ = try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
      let next = try await auto(.by(session: "s"))
      #expect(next.created && next.recording != id)
    }
  }

  @Test func theCanvasStandsInForTheSession() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      try await makeAutonomous(fixture)
      func auto(_ draft: AutomaticDraft) async throws -> AutomaticOutcome {
        try await recordings.startAutomatically(draft, by: acme.recorder)
      }
      let first = try await auto(.by(canvas: "c", action: "one"))
      let second = try await auto(.by(canvas: "c", action: "two"))
      #expect(first.recording != nil && first.recording == second.recording)
      let alone = [try await auto(.by()), try await auto(.by())]
      #expect(alone.allSatisfy { $0.created } && alone[0].recording != alone[1].recording)
      // A recording by hand in the session is nobody else's.
      _ = try await recordings.started(by: acme, session: "s")
      #expect(try await auto(.by(session: "s")).created)
    }
  }

  @Test func actionsBeyondWhatTagsCanHoldStillGoOn() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      try await makeAutonomous(fixture)
      let first = try await recordings.startAutomatically(.by(session: "s"), by: acme.recorder)
      try await TestDatabase.current.psql(
        """
        update hansard.canvas_recordings
        set tags = (select array_agg('t' || n) from generate_series(1, 999) as n)
        """)
      let next = try await recordings.startAutomatically(
        .by(session: "s", action: "more"), by: acme.recorder)
      #expect(next.recording == first.recording && !next.created)
    }
  }

  /// Twenty at once; returns how many different recordings they were told.
  private func twenty(_ fixture: Fixture) async throws -> Int {
    let (recordings, acme) = (fixture.recordings, fixture.acme)
    let outcomes = try await withThrowingTaskGroup { group in
      for number in 0..<20 {
        group.addTask {
          try await recordings.startAutomatically(
            .by(session: "s", action: "a\(number)"), by: acme.recorder)
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes.allSatisfy { $0.recording != nil })
    return Set(outcomes.map(\.recording)).count
  }

  @Test func twentyAtOnceStartOneRecording() async throws {
    try await Fixture.run { fixture in
      try await makeAutonomous(fixture)
      #expect(try await twenty(fixture) == 1)
      #expect(try await count() == "1\n")
      let tags = try await TestDatabase.current.psql(
        "select cardinality(tags) from hansard.canvas_recordings")
      #expect(tags == "22\n")
    }
  }

  /// The planted defect: it is the unique index that decides, and without it the test above is red.
  @Test func withoutTheUniqueIndexNothingIsRecordedRatherThanTwice() async throws {
    try await Fixture.run { fixture in
      try await makeAutonomous(fixture)
      try await TestDatabase.current.psql("drop index hansard.canvas_recordings_open_automatic")
      let code = try await refusal { try await twenty(fixture) }
      #expect(code == .internalError)
      #expect(try await count() == "0\n")
    }
  }
}
