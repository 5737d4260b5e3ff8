// Hansard
// SPDX-License-Identifier: Apache-2.0

import Logging
import Postgres
import ServiceLifecycle
import TestSupport
import Testing

@testable import Governance

@Suite(.serialized, .database)
struct PartitionWorkerTests {
  private func partitions() async throws -> [String] {
    try await TestDatabase.current.psql(
      """
      select inhrelid::regclass from pg_inherits
      where inhparent = 'hansard.recording_events'::regclass
        and inhrelid <> 'hansard.recording_events_held'::regclass order by 1
      """
    ).split(separator: "\n").map(String.init)
  }

  @Test func makesTheWeeksAheadOnce() async throws {
    let metrics = Metrics()
    let database = Database(
      pool: TestDatabase.current.pool(role: "hansard_service"), observer: .quiet(metrics))
    let worker = PartitionWorker(database: database, retentionDays: 30)
    #expect(await worker.makePartitions())
    let made = try await partitions()
    #expect(made.count == 30 / 7 + 7)
    #expect(await worker.makePartitions())
    #expect(try await partitions() == made)
    #expect(metrics.sample("hansard_partitions_made_total") == Double(made.count))
    await database.pool.close()
  }

  @Test func severalAtOnceMakeEachOnce() async throws {
    let workers = (0..<4).map { _ in
      PartitionWorker(database: Fixture.database(), retentionDays: 30)
    }
    let outcomes = await withTaskGroup { group in
      for worker in workers { group.addTask { await worker.makePartitions() } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(outcomes == [true, true, true, true])
    #expect(try await partitions().count == 30 / 7 + 7)
  }

  /// Every day belongs to the partition of its ISO week, also around New Year and whatever the
  /// session's time zone.
  @Test(arguments: ["UTC", "Pacific/Auckland", "America/Anchorage"])
  func aWeekGoesFromMondayToSunday(zone: String) async throws {
    let bounds = try await TestDatabase.current.psql(
      """
      set timezone = '\(zone)';
      select count(*) from (
        select hansard.ensure_event_partition(d::date)
        from generate_series(date '2026-12-20', '2027-01-20', '1 day') as d) as made;
      select inhrelid::regclass || ' ' || pg_get_expr(c.relpartbound, c.oid)
      from pg_inherits join pg_class as c on c.oid = inhrelid
      where inhparent = 'hansard.recording_events'::regclass
        and inhrelid <> 'hansard.recording_events_held'::regclass order by 1
      """)
    #expect(
      bounds == """
        32
        hansard.recording_events_2026w51 FOR VALUES FROM ('2026-12-14') TO ('2026-12-21')
        hansard.recording_events_2026w52 FOR VALUES FROM ('2026-12-21') TO ('2026-12-28')
        hansard.recording_events_2026w53 FOR VALUES FROM ('2026-12-28') TO ('2027-01-04')
        hansard.recording_events_2027w01 FOR VALUES FROM ('2027-01-04') TO ('2027-01-11')
        hansard.recording_events_2027w02 FOR VALUES FROM ('2027-01-11') TO ('2027-01-18')
        hansard.recording_events_2027w03 FOR VALUES FROM ('2027-01-18') TO ('2027-01-25')

        """)
  }

  @Test func aStartMakesThePartitionThatIsMissing() async throws {
    try await Fixture.run(with: .retention(days: 400)) { fixture in
      #expect(try await partitions() == [])
      let ids = try await withThrowingTaskGroup { group in
        for number in 0..<10 {
          let party = number.isMultiple(of: 2) ? fixture.acme : fixture.globex
          group.addTask { (try await fixture.recordings.started(by: party), party) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(try await partitions().count == 1)
      for (id, party) in ids {
        try await fixture.recordings.appendOne(.of(), to: id, by: party.recorder)
      }
    }
  }

  @Test func aFailureIsReportedAndTriedAgain() async throws {
    let metrics = Metrics()
    let database = Database(
      pool: TestDatabase.current.pool(role: "hansard_service"), observer: .quiet(metrics))
    let worker = PartitionWorker(
      database: database, retentionDays: 1, interval: .milliseconds(5))
    let rename = "alter function hansard.ensure_event_partition"
    try await TestDatabase.current.psql("\(rename)(date) rename to gone")
    try await withThrowingTaskGroup { group in
      group.addTask { try await worker.run() }
      try await eventually("two failures") {
        metrics.sample("hansard_duty_failures_total") ?? 0 >= 2
      }
      try await TestDatabase.current.psql(
        "alter function hansard.gone(date) rename to ensure_event_partition")
      try await eventually("the partitions") {
        try await self.partitions().count == 7
      }
      group.cancelAll()
      try await group.waitForAll()
    }
    await database.pool.close()
  }

  @Test func stopsWhenAskedTo() async throws {
    let database = Fixture.database()
    for round in 0..<40 {
      let worker = PartitionWorker(database: database, retentionDays: 0)
      let group = ServiceGroup(
        configuration: .init(
          services: [worker], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
      async let run: Void = group.run()
      if round.isMultiple(of: 2) { await Task.yield() }
      await group.triggerGracefulShutdown()
      try await run
    }
    await database.pool.close()
  }
}
