// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// Partitions whose week is over go, and nothing with them that is to be kept.
@Suite(.serialized, .database)
struct EventPartitionTests {
  private func partitions() async throws -> Int {
    let count = try await TestDatabase.current.psql(
      "select count(*) from hansard.past_event_partitions()")
    return Int(count.dropLast()) ?? -1
  }

  @Test func goWithWhatWasPurged() async throws {
    try await Fixture.run { fixture in
      for days in [-8, -15, -22] {
        try await PlantedRecordings(
          name: "p", count: 3, events: 2, expiringIn: "\(days) days", partitionIn: days
        ).plant(of: fixture.acme.tenant)
      }
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil)
      #expect(run.tally.recordings == 9 && run.tally.events == 18 && run.tally.partitions == 3)
      #expect(try await partitions() == 0)
      #expect(try await PlantedRecordings.findings() == [])
      let again = await fixture.hansard.retention.run()
      #expect(again.tally == RetentionTally())
    }
  }

  /// What was recorded is read as before, wherever it lies by then.
  @Test func whatIsHeldOutlivesItsPartition() async throws {
    try await Fixture.run { fixture in
      let recording = try await fixture.recordings.started(by: fixture.acme)
      for number in 1...2 {
        try await fixture.recordings.appendOne(
          .of("{\"n\":\(number)}"), to: recording, by: fixture.acme.recorder)
      }
      _ = try await fixture.recordings.stop(
        recording, status: .completed, summary: nil, by: fixture.acme.recorder)
      let leaves = try await StoredLeaves.check(recording)
      try await Self.age(recording, days: 30)
      try await TestDatabase.current.psql(
        """
        set hansard.tenant_id = '\(fixture.acme.tenant)';
        select hansard.place_hold(gen_random_uuid(), '\(recording)', 'x', 'x')
        """)
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil && run.tally.recordings == 0 && run.tally.partitions > 0)
      let place = try await TestDatabase.current.psql(
        """
        select distinct tableoid::regclass, expires_on from hansard.recording_events
        where recording_id = '\(recording)'
        """)
      #expect(place == "hansard.recording_events_held|9999-12-31\n")
      #expect(try await StoredLeaves.check(recording) == leaves)
      let events = try await fixture.recordings.allEvents(of: recording, by: fixture.acme.admin)
      #expect(events.count == 2)
      // Lifted, it has expired long ago: it goes, and its events one by one.
      try await TestDatabase.current.psql(
        """
        set hansard.tenant_id = '\(fixture.acme.tenant)';
        select hansard.lift_hold(hold_id, 'x', 'x') from hansard.legal_holds
        """)
      #expect(await fixture.hansard.retention.run().tally.recordings == 1)
      #expect(try await PlantedRecordings.findings() == [])
    }
  }

  /// Sets a recording and everything of it back by days, its partition too.
  static func age(_ recording: RecordingID, days: Int) async throws {
    let (day, wanted) = ("current_date - \(days)", "where recording_id = '\(recording)'")
    try await TestDatabase.current.psql(
      """
      select hansard.ensure_event_partition(\(day));
      set session_replication_role = replica;
      update hansard.recording_progress set expires_on = \(day) \(wanted);
      update hansard.canvas_recordings set expires_on = \(day),
        started_at = started_at - interval '200 days', stopped_at = stopped_at - interval '200 days',
        expires_at = clock_timestamp() - interval '\(days) days' \(wanted);
      update hansard.recording_events set expires_on = \(day) \(wanted)
      """)
  }

  /// Somebody has taken an event away: what is left of the recording is evidence, and is not destroyed.
  @Test func aRecordingWithMissingEventsKeepsItsPartition() async throws {
    try await Fixture.run { fixture in
      try await PlantedRecordings(
        name: "p", count: 2, events: 3, expiringIn: "-8 days", partitionIn: -8
      ).plant(of: fixture.acme.tenant)
      try await TestDatabase.current.psql(
        """
        set session_replication_role = replica;
        delete from hansard.recording_events as e
        using hansard.canvas_recordings as r
        where r.recording_id = e.recording_id and r.reason = 'p-1' and e.seq = 2
        """)
      let run = await fixture.hansard.retention.run()
      #expect(run.failure == nil && run.tally.recordings == 1 && run.tally.partitions == 0)
      #expect(fixture.metrics.sample("hansard_integrity_failures_total") ?? 0 > 0)
      #expect(try await partitions() == 1)
    }
  }

  /// Whoever reads for long keeps a partition, and appends do not wait behind what cannot be dropped.
  @Test(.timeLimit(.minutes(5)))
  func aLongReaderHoldsUpNobodyElse() async throws {
    try await Fixture.run { fixture in
      let recording = try await fixture.recordings.started(by: fixture.acme)
      try await PlantedRecordings(
        name: "p", count: 1, events: 1, expiringIn: "-8 days", partitionIn: -8
      ).plant(of: fixture.acme.tenant)
      let reader = try await TestDatabase.current.connect(role: "postgres")
      _ = try await reader.execute(.begin)
      _ = try await reader.execute(Query("select count(*) from hansard.recording_events"))
      async let run = fixture.hansard.retention.run()
      var longest = Duration.zero
      let end = ContinuousClock.now + .seconds(2)
      while ContinuousClock.now < end {
        let elapsed = try await ContinuousClock().measure {
          try await fixture.recordings.appendOne(
            .of(), to: recording, by: fixture.acme.recorder)
        }
        longest = max(longest, elapsed)
      }
      #expect(await run.tally.partitions == 0)
      #expect(longest < .seconds(1), "\(longest)")
      _ = try await reader.execute(.commit)
      await reader.close()
      #expect(await fixture.hansard.retention.run().tally.partitions == 1)
    }
  }
}
