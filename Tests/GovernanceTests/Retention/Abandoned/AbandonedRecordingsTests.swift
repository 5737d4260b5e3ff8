// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A recording that nobody has stopped is completed as failed, and says so itself.
@Suite(.serialized, .database)
struct AbandonedRecordingsTests {
  @Test func itIsCompletedLikeAnyOther() async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let id = try await recordings.started(by: acme)
      try await recordings.appendOne(.of(), to: id, by: acme.recorder)
      let last = try await TestDatabase.current.psql(
        """
        select to_char(last_event_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
        from hansard.recording_progress
        """)
      try await AbandonedGround.close([id])
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil && run.tally.abandonedRecordings == 1)
      #expect(fixture.metrics.sample("hansard_recordings_abandoned_total") == 1)

      let found = try await recordings.find(id, by: acme.admin).recording
      #expect(found.status == .failed && found.eventCount == 2)
      #expect(found.summary == "2 events recorded")
      #expect(found.expiresAt == found.stoppedAt?.adding(days: 90))
      let events = try await recordings.allEvents(of: id, by: acme.admin)
      #expect(events.map(\.type) == ["step", "recording_abandoned"])
      let told = #"{"reason":"open_too_long","last_event_at":"\#(last.dropLast())"}"#
      #expect(events.last?.text == told)
      #expect(try await StoredLeaves.check(id) == events.map(\.leafHash))
      #expect(try await AbandonedGround.findings() == [])

      // Whoever comes back is told that it is over, and another run has nothing to do.
      #expect(
        try await refusal { try await recordings.appendOne(.of(), to: id, by: acme.recorder) }
          == .recordingNotOpen)
      #expect(
        try await refusal {
          try await recordings.stop(id, status: .completed, summary: nil, by: acme.recorder)
        } == .recordingNotOpen)
      #expect(await fixture.hansard.retention.run().tally == RetentionTally())
    }
  }

  /// One step on each side of each boundary.
  @Test(arguments: [nil, Duration.seconds(3600)])
  func nothingIsCompletedTooEarly(idle: Duration?) async throws {
    try await Fixture.run(with: Adjustment { $0.recordings.abandonedAfter = idle }) { fixture in
      func set(_ name: String, closes: String, lastEvent: String?) async throws {
        let id = try await fixture.recordings.started(by: fixture.acme, session: name)
        let last = lastEvent.map { "clock_timestamp() - interval '\($0)'" } ?? "null"
        try await TestDatabase.current.psql(
          """
          update hansard.recording_progress
          set closes_at = clock_timestamp() + interval '\(closes)', last_event_at = \(last)
          where recording_id = '\(id)';
          \(AbandonedGround.startedBefore)
          """)
      }
      try await set("late", closes: "-1 second", lastEvent: "1 second")
      try await set("young", closes: "1 hour", lastEvent: "59 minutes")
      try await set("quiet", closes: "1 hour", lastEvent: "61 minutes")
      // Without an event since they started, seven days before they close.
      try await set("silent", closes: "6 days 22 hours 59 minutes", lastEvent: nil)
      try await set("new", closes: "6 days 23 hours 1 minute", lastEvent: nil)
      #expect(await fixture.hansard.retention.run().failure == nil)
      let failed = try await TestDatabase.current.psql(
        """
        select string_agg(r.session_id || ' ' || (a.audit_metadata ->> 'reason'), ', '
          order by r.session_id)
        from hansard.canvas_recordings as r
        join hansard.canvas_audit as a using (tenant_id, recording_id)
        where r.status = 'failed' and a.action = 'complete_abandoned_recording'
        """)
      #expect(
        failed
          == (idle == nil
            ? "late open_too_long\n"
            : "late open_too_long, quiet no_event_since, silent no_event_since\n"))
      let done = try await AbandonedGround.unfinished()
      #expect(done == (idle == nil ? 4 : 2))
    }
  }

  /// Keys that were damaged, however many and however old, keep nobody else waiting.
  @Test func whatCannotBeSealedKeepsNobodyWaiting() async throws {
    try await Fixture.run { fixture in
      let damaged = try await AbandonedGround.abandon(60, fixture)
      try await TestDatabase.current.psql(
        """
        set session_replication_role = replica;
        update hansard.recording_keys set wrapped = set_byte(wrapped, 30, get_byte(wrapped, 30) # 1)
        """)
      try await AbandonedGround.close(damaged, "-2 hours")
      let whole = try await fixture.recordings.started(by: fixture.acme)
      try await AbandonedGround.close([whole])
      try await fixture.withTwin { twin in
        let first = await twin.retention.run()
        #expect(first.tally.abandonedRecordings == 1)
        // It is told of, and tried again.
        let second = await twin.retention.run()
        #expect((second.failure as? DomainError)?.code == .integrityFailure)
      }
      #expect(
        try await fixture.recordings.find(whole, by: fixture.acme.admin).recording.status == .failed
      )
      #expect(try await AbandonedGround.findings() == ["abandoned and not completed: 120"])
    }
  }

  /// A clock that jumps must not end what is being recorded.
  @Test func nothingIsCompletedByAClockThatIsNotKnownToBeRight() async throws {
    try await Fixture.run { fixture in
      _ = try await AbandonedGround.abandon(1, fixture)
      try await TestDatabase.current.psql(
        "update hansard.retention_clock set last_now = clock_timestamp() - interval '2 hours'")
      let kind = RetentionKind.abandoned(fixture.recordings)
      await #expect(throws: DomainError.self) { try await kind.purge(fixture.acme.tenant) }
      #expect(try await AbandonedGround.findings() == ["abandoned and not completed: 2"])
    }
  }
}
