// Hansard
// SPDX-License-Identifier: Apache-2.0

import Postgres
import TestSupport
import Testing

@testable import Governance

/// What an append costs does not depend on how many events there are.
@Suite(.serialized, .database)
struct AppendCostTests {
  /// What one append of one event asks of the tables that it reads.
  private struct Cost {
    /// Scans of whole tables.
    var scans: Int64
    /// Rows read, and entries of indexes.
    var rows: Int64
    /// Pages of tables and indexes: also those of an index that is gone through without fetching.
    var pages: Int64
  }

  /// Of one append of one event to `recording`, on a connection that has no plans yet.
  private func cost(
    of recording: RecordingID, _ fixture: Fixture, id: EventID?
  ) async throws -> Cost {
    let party = fixture.acme
    let context = try #require(await fixture.recordings.contexts.find(recording, of: party.tenant))
    let event = try await fixture.sealed(.of(id: id), in: context, by: party.recorder)
    let request = AppendRequest(
      tenant: party.tenant, recording: recording, key: party.recorder.principal.key,
      events: [event])
    let connection = try await TestDatabase.current.connect(role: "hansard_service")
    let results = try await connection.transact([
      .setTenant(party.tenant), .appendEvents([request], mayBeKnown: false), Self.statistics,
    ])
    await connection.close()
    let row = try #require(results.last?.first)
    return Cost(scans: try row.decode(0), rows: try row.decode(1), pages: try row.decode(2))
  }

  private static let statistics = Query(
    """
    select
      coalesce(sum(pg_stat_get_xact_numscans(c.oid)) filter (where c.relkind = 'r'), 0)::bigint,
      coalesce(
        sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid)),
        0)::bigint,
      coalesce(sum(pg_stat_get_xact_blocks_fetched(c.oid)), 0)::bigint
    from pg_class as c
    where c.relnamespace = 'hansard'::regnamespace
      and (c.relname like 'recording_events%' or c.relname like 'recording_progress%'
        or c.relname like 'canvas_recordings%')
    """)

  /// What PostgreSQL knows of the tables when they are asked.
  enum Knowledge: String, CaseIterable {
    /// So many other recordings that reading them all would not pay, and statistics of everything.
    case all = """
      set session_replication_role = replica;
      insert into hansard.recording_progress (tenant_id, recording_id, closes_at, expires_on)
      select gen_random_uuid(), gen_random_uuid(), now(), now()
      from generate_series(1, 20000);
      analyze
      """
    /// As until ANALYZE comes for the first time.
    case none = """
      update pg_class set reltuples = -1, relpages = 0 where relname like 'recording_events%'
      """
    /// As where it came when there was next to nothing.
    case little = """
      update pg_class set reltuples = 1, relpages = 1 where relname like 'recording_events%'
      """
  }

  @Test(arguments: Knowledge.allCases)
  func anAppendToManyEventsCostsNoMoreThanTheFirst(_ knowledge: Knowledge) async throws {
    try await Fixture.run { fixture in
      let (recordings, acme) = (fixture.recordings, fixture.acme)
      let (long, short) = try await (recordings.started(by: acme), recordings.started(by: acme))
      let first = try await cost(of: short, fixture, id: .make())
      for _ in 0..<20 {
        _ = try await recordings.append(
          (0..<1000).map { _ in try .of() }, to: long, by: acme.recorder)
      }
      try await TestDatabase.current.psql(knowledge.rawValue)
      for (recording, id) in [(long, nil), (short, nil), (long, EventID.make()), (short, .make())] {
        let found = try await cost(of: recording, fixture, id: id)
        #expect(
          found.scans == 0 && found.rows <= first.rows + 10
            && found.pages <= first.pages + 40,
          "\(found), \(first)")
      }
    }
  }
}
