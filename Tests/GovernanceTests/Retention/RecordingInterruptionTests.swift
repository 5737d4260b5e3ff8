// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// A run that purges, sweeps, moves and drops is killed at every message between it and the database; the next one
/// goes on.
@Suite(.serialized, .database)
struct RecordingInterruptionTests {
  private static let application = "hansard-cut-recordings"

  /// Something for each step: what expired and goes with its partition, what is deleted in steps, and a partition
  /// of the past that holds what was purged, what is held and what is kept for longer.
  private static func furnish(_ number: Int, _ fixture: Fixture) async throws {
    let tenant = fixture.acme.tenant
    let planted = [
      PlantedRecordings(name: "soon-\(number)", count: 2, events: 3, expiringIn: "-1 hour"),
      PlantedRecordings(
        name: "late-\(number)", count: 2, events: 3, expiringIn: "-1 hour", partitionIn: 100),
      PlantedRecordings(
        name: "past-\(number)", count: 1, events: 3, expiringIn: "-8 days", partitionIn: -8),
      PlantedRecordings(
        name: "held-\(number)", count: 1, events: 3, expiringIn: "-8 days", partitionIn: -8),
      PlantedRecordings(
        name: "longer-\(number)", count: 1, events: 3, expiringIn: "20 days", partitionIn: -8),
    ]
    try await TestDatabase.current.psql(
      """
      \(planted.map { $0.sql(of: tenant) }.joined(separator: "\n"))
      set hansard.tenant_id = '\(tenant)';
      select hansard.place_hold(gen_random_uuid(), recording_id, 'x', 'x')
      from hansard.canvas_recordings where reason like 'held-\(number)-%'
      """)
  }

  /// What a run that is cut leaves, and what is left when another has gone on; nil where there was no such
  /// message.
  private static func findings(
    _ cut: CuttingRelay.Cut, _ number: Int, _ fixture: Fixture
  ) async throws -> [String]? {
    let database = TestDatabase.current
    try await furnish(number, fixture)
    let wasCut = try await CuttingRelay.with(to: database, cutting: cut) { relay in
      var settings = fixture.settings
      settings.database.conninfo = relay.conninfo(role: "hansard_service")
      settings.database.applicationName = application
      let instance = Hansard(settings, observer: .quiet())
      let run = await instance.retention.run()
      let isRunCut = relay.isCut
      await instance.close()
      #expect((run.failure == nil) == !isRunCut)
      return relay.isCut
    }
    // The server may be at what it was sent for a while.
    try await eventually("a server that is done") {
      try await database.psql(
        "select count(*) from pg_stat_activity where application_name = '\(application)'") == "0\n"
    }
    let left = try await PlantedRecordings.findings(isOver: false)
    let run = await fixture.hansard.retention.run()
    let failure = run.failure.map { ["failed afterwards: \($0)"] } ?? []
    let findings = left + failure + (try await PlantedRecordings.findings())
    return wasCut ? findings + (try await misplaced(number)) : nil
  }

  /// What is not where it belongs when all is done.
  private static func misplaced(_ number: Int) async throws -> [String] {
    let places = try await TestDatabase.current.psql(
      """
      select string_agg(x.name || ' ' || x.place, ', ' order by x.name)
        || ', ' || (select count(*) from hansard.past_event_partitions()) || ' of the past'
      from (
        select split_part(r.reason, '-', 1) as name,
          coalesce(string_agg(distinct case
            when e.expires_on = '9999-12-31' then 'held'
            when e.expires_on > current_date then 'ahead' else 'past' end, '+'), 'nowhere') as place
        from hansard.canvas_recordings as r
        left join hansard.recording_events as e using (tenant_id, recording_id)
        where r.reason ~ '-\(number)-'
        group by 1
      ) as x
      """)
    return places == "held held, longer ahead, 0 of the past\n" ? [] : ["places: \(places)"]
  }

  @Test(.timeLimit(.minutes(20)), arguments: [false, true])
  func aRunThatIsCutAtAnyMessageIsGoneOnWith(isSent: Bool) async throws {
    try await Fixture.run { fixture in
      try await PlantedRecordings(name: "kept", count: 3, events: 2, expiringIn: "1 hour")
        .plant(of: fixture.acme.tenant)
      var number = 1
      while let findings = try await Self.findings(
        isSent ? .after(number) : .before(number), number, fixture)
      {
        #expect(findings == [], "cut at \(number)")
        number += 1
      }
      // The harness itself: it has cut often enough to have met every message.
      #expect(number > 60)
      print("retention: \(number - 1) messages, cut \(isSent ? "after" : "before") each")
      let kept = try await TestDatabase.current.psql(
        "select count(*) from hansard.canvas_recordings where reason like 'kept-%'")
      #expect(kept == "3\n")
    }
  }

  /// The planted defect: a purge that leaves keys to a later step, which need not come.
  @Test(.timeLimit(.minutes(5)))
  func aPurgeThatLeavesKeysIsNoticed() async throws {
    try await Fixture.run { fixture in
      try await TestDatabase.current.psql(
        "alter table hansard.recording_keys drop constraint recording_keys_recording_fkey")
      try await Mutant.make(
        "destroy_recordings",
        [
          (
            of: """
            delete from hansard.recording_keys as k
              where k.tenant_id = this_tenant
            """,
            to: """
            delete from hansard.recording_keys as k
              where k.tenant_id is null
            """
          )
        ])
      let findings = try #require(try await Self.findings(.before(1), 1, fixture))
      #expect(findings == ["certificates of what is there, or parts of it: 5"])
    }
  }
}
