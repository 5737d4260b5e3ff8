// Hansard
// SPDX-License-Identifier: Apache-2.0

import Foundation
import Postgres
import TestSupport
import Testing

@testable import Governance

/// What it costs to get rid of nine tenths of all events: by dropped partitions, and by deleting them.
///
/// With `HANSARD_MEASURE_EVENTS=2000000` as a release measures it.
@Suite(.serialized, .database)
struct PurgeCostTests {
  private static let events =
    ProcessInfo.processInfo.environment["HANSARD_MEASURE_EVENTS"].flatMap { Int($0) } ?? 100_000
  private static let weeks = 3

  private func megabytes(_ sql: String) async throws -> Double {
    let bytes = try await TestDatabase.current.psql(sql)
    return (Double(bytes.dropLast()) ?? -1) / 1_048_576
  }

  private static let partitioned = """
    select coalesce(sum(pg_total_relation_size(inhrelid)), 0) from pg_inherits
    where inhparent = 'hansard.recording_events'::regclass
    """
  private static let control = "select pg_total_relation_size('control')"

  private func seconds(_ work: () async throws -> Void) async throws -> Double {
    let elapsed = try await ContinuousClock().measure(work)
    return Double(elapsed.microseconds) / 1_000_000
  }

  /// The same events in a table of their own, with the same indexes.
  private func makeControl() async throws {
    try await TestDatabase.current.psql(
      """
      create table control (like hansard.recording_events including all);
      insert into control select * from hansard.recording_events;
      create table gone as select tenant_id, recording_id from hansard.canvas_recordings
      where expires_at < now();
      analyze gone
      """)
    try await TestDatabase.current.psql("vacuum analyze control")
  }

  @Test(.timeLimit(.minutes(20)))
  func droppingCostsNoTimeAndLeavesNothing() async throws {
    try await Fixture.run { fixture in
      let perRecording = 1000
      let gone = Self.events * 9 / 10 / Self.weeks / perRecording
      for week in 1...Self.weeks {
        try await PlantedRecordings(
          name: "gone", count: gone, events: perRecording, expiringIn: "-\(week) hours",
          partitionIn: -7 * week - 1
        ).plant(of: fixture.acme.tenant)
      }
      try await PlantedRecordings(
        name: "kept", count: Self.events / 10 / perRecording, events: perRecording,
        expiringIn: "1 day"
      ).plant(of: fixture.acme.tenant)
      try await makeControl()
      let before = try await megabytes(Self.partitioned)
      // Certificates first, by the worker; somebody reads, so that the partitions stay for the moment.
      let reader = try await TestDatabase.current.connect(role: "postgres")
      _ = try await reader.execute(.begin)
      _ = try await reader.execute(Query("select 1 from hansard.recording_events limit 1"))
      let certified = try await seconds {
        let run = await fixture.hansard.retention.run()
        #expect(run.tally.recordings == Int64(gone * Self.weeks) && run.tally.partitions == 0)
      }
      _ = try await reader.execute(.commit)
      await reader.close()
      let dropped = try await seconds {
        #expect(await fixture.hansard.retention.run().tally.partitions == Int64(Self.weeks))
      }
      let after = try await megabytes(Self.partitioned)
      let deleted = try await seconds {
        try await TestDatabase.current.psql(
          """
          delete from control as c using gone as g
          where g.tenant_id = c.tenant_id and g.recording_id = c.recording_id
          """)
      }
      let bloated = try await megabytes(Self.control)
      let vacuumed = try await seconds { try await TestDatabase.current.psql("vacuum control") }
      let left = try await megabytes(Self.control)
      print(
        """
        purge of \(Self.events * 9 / 10) of \(Self.events) events, \(Int(before)) MB: \
        certificates \(certified) s; dropping \(Self.weeks) partitions \(dropped) s, \
        \(Int(after)) MB left; delete \(deleted) s, \(Int(bloated)) MB left, after \
        vacuum (\(vacuumed) s) \(Int(left)) MB
        """)
      #expect(dropped / Double(Self.weeks) < 2)
      #expect(dropped < deleted + vacuumed)
      #expect(after < before / 5 && bloated > before / 2)
      #expect(try await PlantedRecordings.findings() == [])
    }
  }
}
